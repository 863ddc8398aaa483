//! Benchmarks on the shipped scenarios: building a world, fighting a war,
//! writing tables, and checkpoints.
//!
//! ```console
//! $ cargo bench -p allegiance-cli
//! $ cargo bench -p allegiance-cli -- --save-baseline before
//! $ cargo bench -p allegiance-cli -- --baseline before
//! ```

use std::hint::black_box;
use std::time::Duration;

use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_model::{Model, World};
use allegiance_record::table::{Names, tables_of};
use allegiance_runs::checkpoint::through_bytes;
use allegiance_runs::parquet_table::{RunLabels, metadata_of, write_file};
use allegiance_scenario::{apply_change, load};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const VILLAGE: &str = "one-village";
const REGION: &str = "north-syria-2014";
/// Days of the region's war that are fought: enough for the outbreak of
/// fighting between ISIS and the rebels.
const REGION_DAYS: &str = "days=30";

fn setup_of(scenario: &str) -> Setup {
    load(scenario).expect("a built-in scenario loads").setup
}

fn region() -> Setup {
    let mut setup = setup_of(REGION);
    apply_change(&mut setup, REGION_DAYS).expect("the region can be run for so long");
    setup
}

/// A replicate at its end.
fn fight(world: &World, replicate: u32) -> Model<'_> {
    let mut model = Model::new(world, replicate);
    while !model.is_finished() {
        model.step();
    }
    model
}

fn build_worlds(criterion: &mut Criterion) {
    for scenario in [VILLAGE, REGION] {
        let setup = setup_of(scenario);
        criterion.bench_function(&format!("build/{scenario}"), |bencher| {
            bencher.iter_batched(|| setup.clone(), World::build, BatchSize::LargeInput);
        });
    }
}

fn fight_wars(criterion: &mut Criterion) {
    for (name, setup) in [(VILLAGE.to_owned(), setup_of(VILLAGE)), (format!("{REGION}, 30 days"), region())] {
        let world = World::build(setup);
        criterion.bench_function(&format!("replicate/{name}"), |bencher| {
            bencher.iter(|| black_box(fight(&world, 0)).day());
        });
    }
}

/// Writes every table of a record as Parquet, into memory; gives its bytes.
fn write_tables(records: &Records, names: &Names, labels: &RunLabels) -> usize {
    let write = |table| write_file(Vec::new(), table, metadata_of(table, labels)).expect("memory takes a table").len();
    tables_of(records, names).iter().map(write).sum()
}

fn write_records(criterion: &mut Criterion) {
    for (name, setup) in [(VILLAGE.to_owned(), setup_of(VILLAGE)), (format!("{REGION}, 30 days"), region())] {
        let names = Names::of(&setup);
        let labels = RunLabels {
            version: String::new(),
            scenario_id: name.clone(),
            scenario_hash: String::new(),
            setup_digest: String::new(),
            seed: setup.seed,
            about: setup.about(),
        };
        let world = World::build(setup);
        let records = fight(&world, 0).into_records().expect("every bound holds");
        criterion.bench_function(&format!("tables/{name}"), |bencher| {
            bencher.iter(|| write_tables(&records, &names, &labels));
        });
    }
}

fn save_and_restore(criterion: &mut Criterion) {
    let world = World::build(region());
    let model = fight(&world, 0);
    criterion.bench_function(&format!("checkpoint/{REGION}, 30 days"), |bencher| {
        bencher.iter(|| through_bytes(&model, &world, 0).expect("a state can be taken up").day());
    });
}

criterion_group! {
    name = shipped;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(5));
    targets = build_worlds, fight_wars, write_records, save_and_restore
}
criterion_main!(shipped);
