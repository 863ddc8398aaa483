//! Run folders read back: whole, damaged, foreign and missing.

use crate::world::{TemporaryFolder, input, options, run, setup};
use allegiance_model::ids::PlaceId;
use allegiance_model::tables::{Incidents, Persons, Records};
use allegiance_model::{Model, World};
use allegiance_replay::Silent;
use allegiance_runs::{FinishedRun, ReadRunError};
use std::path::{Path, PathBuf};

fn finished(folder: &TemporaryFolder, name: &str, n_days: u32) -> PathBuf {
    let out = folder.join(name);
    run(&input(n_days), &options(out.clone(), 3), &Silent).expect("it runs");
    out
}

fn simulated(n_days: u32, replicate: u32) -> Records {
    let world = World::build(setup(n_days));
    let mut model = Model::new(&world, replicate);
    while !model.is_finished() {
        model.step();
    }
    model.into_records().expect("every bound holds")
}

fn rewrite(path: &Path, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs_err::read(path).expect("the file is there");
    change(&mut bytes);
    fs_err::write(path, bytes).expect("it can be written");
}

fn message(error: &ReadRunError, folder: &TemporaryFolder) -> String {
    let here = folder.join("");
    error.to_string().replace(here.to_str().expect("a path in UTF-8"), "")
}

#[test]
fn what_is_read_equals_what_was_simulated() {
    let folder = TemporaryFolder::new("read-whole");
    let run = FinishedRun::open(&finished(&folder, "run", 12)).unwrap();
    for replicate in run.replicates() {
        let records = run.records(replicate).unwrap();
        assert!(!records.persons.person.is_empty());
        assert_eq!(records, simulated(12, replicate), "replicate {replicate}");
    }
    let groups: Vec<&str> = run.groups().iter().map(|group| group.id.as_str()).collect();
    assert_eq!(groups, ["isis", "rebels", "state"]);
    assert_eq!(run.place(PlaceId(2)).name, "DANA");
    assert_eq!(run.find_place("dana"), Some(PlaceId(2)));
    assert_eq!(run.find_place("nowhere"), None);
    assert_eq!(run.date(3).to_string(), "2014-01-04");
}

#[test]
fn folders_that_hold_no_finished_run_are_told_apart() {
    let folder = TemporaryFolder::new("read-nothing");
    let open = |name: &str| message(&FinishedRun::open(&folder.join(name)).unwrap_err(), &folder);
    assert_eq!(open("run"), "there is no folder run");
    fs_err::create_dir_all(folder.join("run.partial")).unwrap();
    assert_eq!(open("run"), "the run run isn't finished: its parts are in run.partial; resume it first");
    fs_err::create_dir_all(folder.join("empty")).unwrap();
    fs_err::write(folder.join("file"), "").unwrap();
    assert_eq!(open("empty"), "empty isn't a run folder: it holds no run.json");
    assert_eq!(open("file"), "file isn't a run folder: it holds no run.json");
    fs_err::create_dir_all(folder.join("broken")).unwrap();
    fs_err::write(folder.join("broken/run.json"), "{\"format_version\": 1").unwrap();
    assert!(open("broken").starts_with("broken/run.json isn't what a run writes: EOF"));
    fs_err::write(folder.join("broken/run.json"), [0xff, 0xfe]).unwrap();
    assert_eq!(open("broken"), "broken/run.json isn't what a run writes: it isn't UTF-8");
    fs_err::write(folder.join("broken/run.json"), "{\"format_version\": 99}").unwrap();
    assert_eq!(
        open("broken"),
        concat!(
            "broken/run.json has format version 99, and Allegiance ",
            env!("CARGO_PKG_VERSION"),
            " reads version 1; read it with the Allegiance that wrote it"
        )
    );
}

#[test]
fn damaged_tables_are_named() {
    let folder = TemporaryFolder::new("read-damaged");
    let out = finished(&folder, "run", 4);
    let other = finished(&folder, "other", 5);
    let persons = out.join("persons.parquet");
    let whole = fs_err::read(&persons).unwrap();
    fs_err::write(&persons, &whole[..whole.len() - 1]).unwrap();
    let error = FinishedRun::open(&out).unwrap().table::<Persons>(1).unwrap_err();
    let told = message(&error, &folder);
    assert!(told.starts_with("run/persons.parquet isn't what was written: its SHA-256 is "), "{told}");
    // What is told of tables in runs of early versions, which have no digests of their files.
    fs_err::remove_file(out.join("SHA256SUMS")).unwrap();
    let read = || {
        let run = FinishedRun::open(&out).unwrap();
        run.table::<Persons>(1).unwrap_err()
    };
    for n_bytes in [0, 3, whole.len() / 2, whole.len() - 1] {
        fs_err::write(&persons, &whole[..n_bytes]).unwrap();
        let error = read();
        assert!(matches!(error, ReadRunError::Damaged { .. }), "{error:?}");
        assert_eq!(message(&error, &folder), "the table run/persons.parquet is damaged");
    }
    fs_err::copy(other.join("persons.parquet"), &persons).unwrap();
    assert_eq!(
        message(&read(), &folder),
        "the table run/persons.parquet isn't the one that run.json speaks of: \
         it was written by another run"
    );
    fs_err::copy(out.join("incidents.parquet"), &persons).unwrap();
    assert!(matches!(read(), ReadRunError::ForeignTable { .. }));
    fs_err::remove_file(&persons).unwrap();
    assert!(read().to_string().contains("persons.parquet"));
    fs_err::remove_file(out.join("places.parquet")).unwrap();
    let error = FinishedRun::open(&out).unwrap_err();
    assert!(error.to_string().contains("places.parquet"), "{error}");
}

#[test]
fn flipped_bytes_give_errors_or_rows_but_no_panic() {
    let folder = TemporaryFolder::new("read-flipped");
    let out = finished(&folder, "run", 4);
    let persons = out.join("persons.parquet");
    let whole = fs_err::read(&persons).unwrap();
    let (mut n_refused, mut n_flips) = (0, 0);
    for at in (0..whole.len()).step_by(whole.len() / 150 + 1) {
        rewrite(&persons, |bytes| {
            bytes.clone_from(&whole);
            bytes[at] ^= 0x5a;
        });
        n_flips += 1;
        let run = FinishedRun::open(&out).unwrap();
        n_refused += u32::from(run.table::<Persons>(0).is_err());
    }
    assert_eq!(n_refused, n_flips);
    // Early runs have no digests of their files.
    fs_err::remove_file(out.join("SHA256SUMS")).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 150 + 1) {
        rewrite(&persons, |bytes| {
            bytes.clone_from(&whole);
            bytes[at] ^= 0x5a;
        });
        FinishedRun::open(&out).unwrap().table::<Persons>(0).ok();
    }
}

#[test]
fn only_replicates_of_the_run_can_be_read() {
    let folder = TemporaryFolder::new("read-replicate");
    let run = FinishedRun::open(&finished(&folder, "run", 4)).unwrap();
    assert_eq!(
        run.table::<Incidents>(3).unwrap_err().to_string(),
        "there is no replicate 3: the run has 3, numbered from 0"
    );
}

#[test]
fn a_replicate_is_read_without_touching_the_others() {
    let folder = TemporaryFolder::new("read-pruned");
    let out = finished(&folder, "run", 4);
    // The first row group, of replicate 0, follows the four bytes of the magic.
    rewrite(&out.join("persons.parquet"), |bytes| {
        bytes[4..64].fill(0xff);
    });
    let run = FinishedRun::open(&out).unwrap();
    assert!(matches!(run.table::<Persons>(2), Err(ReadRunError::Changed(_))), "the whole file is checked");
    // In a run of an early version, without digests of its files.
    fs_err::remove_file(out.join("SHA256SUMS")).unwrap();
    let run = FinishedRun::open(&out).unwrap();
    assert!(run.table::<Persons>(0).is_err());
    let persons = run.table::<Persons>(2).unwrap();
    assert_eq!(persons, simulated(4, 2).persons);
}
