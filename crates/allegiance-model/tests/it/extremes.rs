//! The engine at the ends of what it accepts: it ends, and every number that it
//! writes is a number.

use crate::worlds::{pick, run_setup, small_war};
use allegiance_model::random::{Draws, Purpose, Stream};
use allegiance_model::setup::{BeliefTheory, ExitTheory, FieldValue, GroupSetup, Setup, Takes};
use allegiance_model::tables::{Cells, Records};

fn assert_finite(records: &Records, what: &str) {
    for (table, columns) in Records::dictionary().iter().zip(records.tables()) {
        for column in columns {
            if let Cells::Real(values) = &column.cells {
                let bad = values.iter().flatten().filter(|value| !value.is_finite()).count();
                assert_eq!(bad, 0, "{}.{} isn't finite with {what}", table.name, column.info.name);
            }
        }
    }
}

/// A setup in which a third of the parameters lie at an end of what is accepted.
fn corner(stream: &mut Stream) -> (Setup, String) {
    let mut setup = small_war();
    setup.n_days = 12;
    let mut what = Vec::new();
    for info in Setup::dictionary() {
        let (low, high) = info.allowed();
        let value = match stream.below(6) {
            0 => low,
            1 => high,
            _ => continue,
        };
        setup.set_parameter(&info.path(), value).unwrap();
        what.push(format!("{}={value}", info.path()));
    }
    setup.theory.belief = pick(stream, BeliefTheory::ALL);
    setup.theory.exit = pick(stream, ExitTheory::ALL);
    what.push(format!("theory={}", setup.theory.belief.word()));
    what.push(format!("theory={}", setup.theory.exit.word()));
    (setup, what.join(" "))
}

#[test]
fn each_end_of_each_parameter_alone_gives_a_war_that_ends() {
    for info in Setup::dictionary().filter(|info| info.mechanism != "observation") {
        let (low, high) = info.allowed();
        for value in [low, high] {
            let mut setup = small_war();
            setup.n_days = 4;
            setup.set_parameter(&info.path(), value).unwrap();
            assert_finite(&run_setup(setup, 0), &format!("{}={value}", info.path()));
        }
    }
}

#[test]
fn ends_of_many_parameters_together_give_a_war_that_ends() {
    let mut stream = Draws::of_population(7).stream(Purpose::Observation, 0, 0, 0);
    for _ in 0..60 {
        let (setup, what) = corner(&mut stream);
        assert_finite(&run_setup(setup, 0), &what);
    }
}

#[test]
fn each_end_of_each_field_of_a_group_gives_a_war_that_ends() {
    for field in GroupSetup::FIELDS {
        let (Takes::Number(low, high) | Takes::NumberOr(low, high)) = field.takes else { continue };
        for value in [low, high] {
            let mut setup = small_war();
            setup.n_days = 4;
            assert!(setup.groups[0].set(field.name, FieldValue::Number(value)));
            assert_finite(&run_setup(setup, 0), &format!("{}={value}", field.name));
        }
    }
}
