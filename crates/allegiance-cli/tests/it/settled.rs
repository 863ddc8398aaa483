//! The shipped scenario of a garrison that is cut off: its group ends by settlement and not by death.

use allegiance_model::setup::{Mechanism, Setup};
use allegiance_model::{Model, World};
use allegiance_record::outcomes::{Outcome, measure_outcomes};

/// The means of outcomes of the garrison over 40 replicates.
fn means<const N: usize>(setup: Setup, names: [&str; N]) -> [f64; N] {
    const N_REPLICATES: u32 = 40;
    let outcomes = names.map(|name| Outcome::parse(&format!("groups.garrison.{name}"), &setup).unwrap());
    let world = World::build(setup);
    let mut sums = [0.0; N];
    for replicate in 0..N_REPLICATES {
        let mut model = Model::new(&world, replicate);
        while !model.is_finished() {
            model.step();
        }
        let records = model.into_records().unwrap();
        for (sum, value) in sums.iter_mut().zip(measure_outcomes(&outcomes, &records, &world.setup, replicate)) {
            *sum += value / f64::from(N_REPLICATES);
        }
    }
    sums
}

#[test]
fn the_garrison_ends_by_settlement_in_most_histories_and_without_it_in_hardly_any() {
    let setup = allegiance_scenario::load("cut-off-garrison").unwrap().setup;
    let [ended, dead, left, members] = means(setup.clone(), ["ended", "dead", "left_with_unit", "members_end"]);
    assert!(ended >= 0.6, "it ends in {ended} of the histories");
    assert!(left > 2.0 * dead, "{left} leave with their unit, {dead} die");
    let mut without = setup;
    without.switches.set(Mechanism::Settlement, false);
    let [ended_without, left_without, members_without] = means(without, ["ended", "left_with_unit", "members_end"]);
    assert!(ended_without <= 0.1, "without settlement it ends in {ended_without}");
    assert!(left_without < 1.0 && members_without > members + 60.0, "{members_without} are left, with it {members}");
}
