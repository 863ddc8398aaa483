//! Parquet files and digests.

use crate::world::{ISIS, TemporaryFolder, group_day, input, rich_records, setup};
use allegiance_model::case::{Case, Clashes, Layer, Measure};
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{Change, Mechanism, Policy, RelationKind, ReportedAs, Setup, TimelineEntry};
use allegiance_model::tables::{Rank, Records};
use allegiance_record::digest::{digest_of_setup, digest_of_table};
use allegiance_record::observe::{Gazetteer, observe, reported_table};
use allegiance_record::places::places_table;
use allegiance_record::table::{Names, OutputCells, TableData, tables_of};
use allegiance_record::{ObservationParameters, PatternValues, ReplicateSummary};
use allegiance_runs::Threads;
use allegiance_runs::merge::merge_parts;
use allegiance_runs::parquet_table::{RunLabels, metadata_of, schema_of};
use allegiance_runs::read_run::{FileKind, TableFile};
use allegiance_runs::run_folder::{RunFolder, RunIdentity, write_table};
use parquet::basic::{Compression, LogicalType, Repetition};
use parquet::data_type::Int32Type;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::{Field, Row};
use parquet::schema::parser::parse_message_type;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn tables(setup: &Setup, records: &Records, replicate: u32) -> Vec<TableData> {
    let gazetteer = Gazetteer::of(setup);
    let events = observe(records, setup, &gazetteer, &ObservationParameters::default(), replicate);
    let mut tables = tables_of(records, &Names::of(setup));
    tables.push(reported_table(&events, setup, &gazetteer));
    tables
}

fn table(setup: &Setup, records: &Records, name: &str) -> TableData {
    let all = tables(setup, records, 0);
    all.into_iter().find(|table| table.name == name).expect("there is such a table")
}

fn labels() -> RunLabels {
    RunLabels {
        version: "0.1.0".to_owned(),
        scenario_id: "four-places".to_owned(),
        scenario_hash: "ab".repeat(32),
        setup_digest: "cd".repeat(32),
        seed: 7,
        about: "Simulated: synthetic people; not a forecast.",
    }
}

fn rows_of(path: &Path) -> Vec<Row> {
    let (file, _) = fs_err::File::open(path).expect("the file is there").into_parts();
    let reader = SerializedFileReader::new(file).expect("it is Parquet");
    reader.get_row_iter(None).expect("it has rows").map(|row| row.expect("a row can be read")).collect()
}

fn field(row: &Row, name: &str) -> Field {
    let found = row.get_column_iter().find(|(column, _)| *column == name);
    found.expect("there is such a column").1.clone()
}

/// Writes three replicates of rich records as parts and merges them.
fn merged(folder: &TemporaryFolder) -> PathBuf {
    let setup = setup(12);
    let identity = RunIdentity {
        format_version: 1,
        engine_version: "0.1.0".to_owned(),
        scenario_hash: String::new(),
        setup_digest: String::new(),
        seed: 7,
        n_days: 12,
        observation_digest: String::new(),
        tables_written: None,
    };
    let start = setup.start.days_since_1970();
    let run = RunFolder::open(&folder.join("run"), &identity, (false, false), &[]).expect("a new folder");
    for replicate in [2, 0, 1] {
        let records = rich_records(&setup, replicate);
        let tables = tables(&setup, &records, replicate);
        run.keep(replicate, start, (tables, Threads(2)), ReplicateSummary::default(), PatternValues::default())
            .expect("a replicate is kept");
    }
    let out = folder.join("merged");
    fs_err::create_dir_all(&out).expect("a folder");
    for table in tables(&setup, &Records::default(), 0) {
        let name = table.name;
        let table = table.with_file_columns(Some(0), start);
        let parts: Vec<PathBuf> = (0..3).map(|replicate| run.part(replicate, name)).collect();
        let schema = schema_of(&table).expect("a schema");
        let path = out.join(format!("{name}.parquet"));
        merge_parts(&parts, &path, schema, metadata_of(&table, &labels())).expect("parts merge");
    }
    let places = places_table(&setup);
    write_table(&out.join("places.parquet"), &places, metadata_of(&places, &labels())).expect("places are written");
    out
}

#[test]
fn merged_files_say_what_the_records_said() {
    let folder = TemporaryFolder::new("merged");
    let out = merged(&folder);
    let rows = rows_of(&out.join("incidents.parquet"));
    assert_eq!(rows.len(), 3 * 24);
    let first = &rows[24];
    assert_eq!(field(first, "replicate"), Field::Int(1));
    assert_eq!(field(first, "day"), Field::Int(0));
    assert_eq!(field(first, "date"), Field::Date(16_071));
    assert_eq!(field(first, "place"), Field::Str("saraqib".to_owned()));
    assert_eq!(field(first, "kind"), Field::Str("assault".to_owned()));
    assert_eq!(field(first, "perpetrator"), Field::Str("rebels".to_owned()));
    assert_eq!(field(first, "target"), Field::Str("isis".to_owned()));
    assert_eq!(field(first, "dead_target"), Field::Int(3));
    assert_eq!(field(first, "p_attackers_win"), Field::Double(0.5));
    assert_eq!(field(first, "attackers_won"), Field::Bool(true));
    assert_eq!(field(&rows[25], "target"), Field::Null);
    let replicates: Vec<Field> = rows.iter().map(|row| field(row, "replicate")).collect();
    assert!(replicates.is_sorted_by_key(|replicate| format!("{replicate}")));

    let persons = rows_of(&out.join("persons.parquet"));
    assert_eq!(field(&persons[0], "home"), Field::Str("rami".to_owned()));
    assert_eq!(field(&persons[1], "home"), Field::Null);
    assert_eq!(field(&persons[1], "is_foreign"), Field::Bool(true));
    assert_eq!(rows_of(&out.join("allegiance.parquet")).len(), 3 * 6);
    assert_eq!(rows_of(&out.join("places.parquet")).len(), 4);
}

#[test]
fn no_column_of_any_table_is_unsigned() {
    let folder = TemporaryFolder::new("signed");
    let out = merged(&folder);
    for table in ["incidents", "allegiance", "exposures", "groups", "displacement", "beliefs", "persons", "places"] {
        for (name, cell) in rows_of(&out.join(format!("{table}.parquet"))).iter().flat_map(Row::get_column_iter) {
            assert!(!matches!(cell, Field::UInt(_) | Field::ULong(_)), "{table}.{name} is unsigned");
        }
    }
}

#[test]
fn counts_of_tables_of_version_1_which_were_unsigned_are_read_as_signed() {
    let folder = TemporaryFolder::new("unsigned");
    let path = folder.join("old.parquet");
    let schema = parse_message_type("message old { required int32 n_members (integer(32, false)); }").unwrap();
    let mut writer = SerializedFileWriter::new(
        fs_err::File::create(&path).unwrap().into_parts().0,
        Arc::new(schema),
        Arc::default(),
    )
    .unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[7, 4], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let old = TableFile::open(&path).unwrap();
    assert_eq!(old.columns()[0].kind, FileKind::Signed);
    assert!(matches!(&old.read(0).unwrap()[..], [OutputCells::Signed(members)] if *members == [Some(7), Some(4)]));
}

#[test]
fn files_carry_types_and_one_row_group_a_replicate() {
    let folder = TemporaryFolder::new("metadata");
    let out = merged(&folder);
    let (file, _) = fs_err::File::open(out.join("incidents.parquet")).unwrap().into_parts();
    let reader = SerializedFileReader::new(file).unwrap();
    let metadata = reader.metadata().file_metadata();
    assert_eq!(reader.metadata().num_row_groups(), 3);
    assert_eq!(metadata.created_by(), Some("allegiance"));
    let schema = metadata.schema_descr();
    let column = |name: &str| {
        let found = schema.columns().iter().find(|column| column.name() == name);
        found.expect("there is such a column").self_type_ptr()
    };
    let logical = |name: &str| column(name).get_basic_info().logical_type_ref().cloned();
    assert_eq!(schema.column(0).name(), "replicate");
    assert_eq!(logical("date"), Some(LogicalType::Date));
    assert_eq!(logical("dead_target"), None);
    assert_eq!(logical("place"), Some(LogicalType::String));
    assert_eq!(column("target").get_basic_info().repetition(), Repetition::OPTIONAL);
    assert_eq!(column("place").get_basic_info().repetition(), Repetition::REQUIRED);
    let chunk = reader.metadata().row_group(0).column(4);
    assert_eq!(chunk.compression(), Compression::SNAPPY);
    assert!(chunk.dictionary_page_offset().is_some());
}

#[test]
fn files_say_what_run_and_which_columns_they_hold() {
    let folder = TemporaryFolder::new("pairs");
    let out = merged(&folder);
    let (file, _) = fs_err::File::open(out.join("incidents.parquet")).unwrap().into_parts();
    let reader = SerializedFileReader::new(file).unwrap();
    let metadata = reader.metadata().file_metadata();
    let schema = metadata.schema_descr();
    let pairs = metadata.key_value_metadata().unwrap();
    let value = |key: &str| {
        let found = pairs.iter().find(|pair| pair.key == format!("allegiance.{key}"));
        found.and_then(|pair| pair.value.clone()).expect("there is such a key")
    };
    assert_eq!((value("seed"), value("table")), ("7".to_owned(), "incidents".to_owned()));
    assert_eq!(value("format_version"), "2", "counts are signed since");
    assert!(value("note").contains("not a forecast"));
    let columns: Vec<serde_json::Value> = serde_json::from_str(&value("columns")).unwrap();
    assert_eq!(columns.len(), schema.num_columns());
    assert_eq!(columns[3]["name"], "date");
    let dead = columns.iter().find(|column| column["name"] == "dead_target").unwrap();
    assert_eq!(
        (&dead["unit"], &dead["meaning"]),
        (&"persons".into(), &"Members of the target side killed, those who died of wounds counted.".into())
    );
}

#[test]
fn long_tables_are_split_into_row_groups() {
    let folder = TemporaryFolder::new("long");
    let setup = setup(1);
    let mut records = Records::default();
    let n_rows = allegiance_runs::parquet_table::MAX_ROWS_PER_GROUP + 3;
    for _ in 0..n_rows {
        records.groups.push(group_day(0, ISIS, 5, 1, 0, 0));
    }
    let table = table(&setup, &records, "groups");
    let path = folder.join("groups.parquet");
    write_table(&path, &table, Vec::new()).unwrap();
    let sizes: Vec<i64> = reader_sizes(&path);
    assert_eq!(sizes, [n_rows as i64 - 3, 3]);
}

fn reader_sizes(path: &Path) -> Vec<i64> {
    let (file, _) = fs_err::File::open(path).expect("the file is there").into_parts();
    let reader = SerializedFileReader::new(file).expect("it is Parquet");
    reader.metadata().row_groups().iter().map(parquet::file::metadata::RowGroupMetaData::num_rows).collect()
}

#[test]
fn table_digests_see_every_cell_and_nothing_else() {
    let setup = setup(12);
    let records = rich_records(&setup, 0);
    let digest = |records: &Records, name: &str| digest_of_table(&table(&setup, records, name));
    let before = digest(&records, "incidents");
    assert_eq!(before, digest(&records.clone(), "incidents"));
    assert_eq!(before.len(), 64);
    let mut changed = records.clone();
    changed.incidents.dead_target[5] += 1;
    assert_ne!(before, digest(&changed, "incidents"));
    assert_eq!(digest(&records, "groups"), digest(&changed, "groups"));
    let mut emptied = records.clone();
    emptied.incidents.target[0] = None;
    assert_ne!(before, digest(&emptied, "incidents"));
    // A value that moves from one row to the next isn't the same content.
    let (mut early, mut late) = (records.clone(), records.clone());
    (early.incidents.p_attackers_win[0], early.incidents.p_attackers_win[1]) = (Some(0.5), None);
    (late.incidents.p_attackers_win[0], late.incidents.p_attackers_win[1]) = (None, Some(0.5));
    assert_ne!(digest(&early, "incidents"), digest(&late, "incidents"));
    // Negative zero isn't zero: digests are of bits.
    let mut signed = records.clone();
    signed.groups.momentum[0] = 0.0;
    let zero = digest(&signed, "groups");
    signed.groups.momentum[0] = -0.0;
    assert_ne!(zero, digest(&signed, "groups"));
}

type SetupChange = Box<dyn Fn(&mut Setup)>;

fn of_case(change: fn(&mut Case)) -> SetupChange {
    Box::new(move |setup| setup.case.iter_mut().for_each(change))
}

fn of_measure(at: usize, change: fn(&mut Measure)) -> SetupChange {
    Box::new(move |setup| setup.case.iter_mut().for_each(|case| change(&mut case.patterns[at].measure)))
}

fn of_clashes(change: fn(&mut Clashes)) -> SetupChange {
    Box::new(move |setup| {
        let case = setup.case.as_mut().expect("the setup has a case");
        if let Measure::Deaths(clashes) = &mut case.patterns[0].measure {
            change(clashes);
        }
    })
}

/// Changes of what reports name, and of kinds of groups.
fn changes_of_record() -> Vec<SetupChange> {
    vec![
        Box::new(|s| s.country.name.push('a')),
        Box::new(|s| s.country.conflict = Some("Hills".to_owned())),
        Box::new(|s| s.country.gw_number += 1),
        Box::new(|s| s.country.region.push('a')),
        Box::new(|s| s.country.conflict = Some(String::new())),
        Box::new(|s| s.places_are_real = None),
        Box::new(|s| s.places_are_real = Some(false)),
        Box::new(|s| s.kinds[0].id.push('x')),
        Box::new(|s| s.kinds[0].is_state = !s.kinds[0].is_state),
        Box::new(|s| s.kinds[0].stays_home = !s.kinds[0].stays_home),
        Box::new(|s| s.kinds[1].reported_as = ReportedAs::LocalDefence),
        Box::new(|s| s.constituencies[0].push('x')),
        Box::new(|s| s.axes[0].id.push('x')),
        Box::new(|s| s.axes[0].meaning.push('x')),
        Box::new(|s| s.axes[0].mean += 0.5),
        Box::new(|s| s.axes[0].weight += 0.5),
        Box::new(|s| s.axes[0].against.push(GroupId(1))),
        Box::new(|s| s.axes[0].is_home_rule = true),
        Box::new(|s| s.groups[0].cause[2] += 0.5),
    ]
}

/// Changes of what is known of the war, each part of it once.
fn changes_of_case() -> Vec<SetupChange> {
    vec![
        Box::new(|s| s.case = None),
        of_case(|case| case.title.push('x')),
        of_case(|case| case.about.push('x')),
        of_case(|case| case.note.push('x')),
        of_case(|case| case.parameters.push("combat.decisiveness".to_owned())),
        of_case(|case| case.left_out[0].0.push('x')),
        of_case(|case| case.left_out[0].1.push('x')),
        of_case(|case| case.patterns.truncate(11)),
        of_case(|case| case.patterns[3].id.push('x')),
        of_case(|case| case.patterns[3].name.push('x')),
        of_case(|case| case.patterns[3].layer = Layer::Happened),
        of_case(|case| case.patterns[3].low += 0.01),
        of_case(|case| case.patterns[3].high += 0.01),
        of_case(|case| case.patterns[3].digits += 1),
        of_case(|case| case.patterns[3].weight += 0.01),
        of_case(|case| case.patterns[3].source.push('x')),
        of_clashes(|clashes| clashes.group = GroupId(1)),
        of_clashes(|clashes| clashes.against.push(GroupId(2))),
        of_clashes(|clashes| clashes.from = clashes.from.plus_days(1)),
        of_clashes(|clashes| clashes.n_days += 1),
        of_measure(1, |measure| {
            if let Measure::EarlyDeathsShare(_, n_days) = measure {
                *n_days += 1;
            }
        }),
        of_measure(5, |measure| {
            if let Measure::PlacesLost { places, .. } = measure {
                places.truncate(2);
            }
        }),
        of_measure(5, |measure| {
            if let Measure::PlacesLost { area, .. } = measure {
                area.push('x');
            }
        }),
        of_measure(5, |measure| {
            if let Measure::PlacesLost { n_days, .. } = measure {
                *n_days += 1;
            }
        }),
        of_measure(6, |measure| *measure = Measure::FirstMembers(GroupId(1))),
        of_measure(7, |measure| *measure = Measure::FirstForeignShare(GroupId(1))),
        // The same numbers under another name.
        of_measure(6, |measure| *measure = Measure::FirstForeignShare(ISIS)),
        of_measure(8, |measure| *measure = Measure::QuietDesertions { quiet_days: 31 }),
        of_measure(9, |measure| *measure = Measure::QuietSwitching { quiet_days: 30, switch_days: 31 }),
        of_measure(9, |measure| *measure = Measure::QuietSwitching { quiet_days: 31, switch_days: 30 }),
        of_measure(10, |measure| *measure = Measure::IdeologyFirst(vec![ISIS])),
        of_measure(11, |measure| *measure = Measure::ProspectsNamed(vec![ISIS])),
    ]
}

fn changes_from_off_the_map() -> Vec<SetupChange> {
    vec![
        Box::new(|s| s.timeline.push(entry(inflow(Rank::RankAndFile, false)))),
        Box::new(|s| s.timeline.push(entry(inflow(Rank::UnitCommander, false)))),
        Box::new(|s| s.timeline.push(entry(inflow(Rank::RankAndFile, true)))),
        Box::new(|s| s.timeline.push(entry(Change::Arms { group: GroupId(1), discipline: 2.0 }))),
        Box::new(|s| s.timeline.push(entry(Change::Revenue { group: GroupId(1), usd_per_place_per_month: 2.0 }))),
        Box::new(|s| s.timeline.push(entry(Change::Shock { group: GroupId(1), log_odds: 2.0 }))),
        Box::new(|s| s.timeline.push(entry(Change::Conscripts { group: GroupId(1), men: 2 }))),
    ]
}

#[test]
fn every_field_of_a_setup_moves_its_digest() {
    let base = input(12).setup;
    let mut digests = BTreeSet::from([digest_of_setup(&base)]);
    let changes: Vec<SetupChange> = vec![
        Box::new(|s| s.seed = 8),
        Box::new(|s| s.n_days = 13),
        Box::new(|s| s.start = s.start.plus_days(1)),
        Box::new(|s| s.places[0].population += 1),
        Box::new(|s| s.places[0].district.push('x')),
        Box::new(|s| s.places[0].subdistrict.push('x')),
        Box::new(|s| s.places[0].control[0] -= 1e-9),
        Box::new(|s| s.places[1].latitude_deg += 1e-9),
        Box::new(|s| s.groups[0].name.push('x')),
        Box::new(|s| s.groups[0].discipline += 0.1),
        Box::new(|s| s.groups[0].recruits = false),
        Box::new(|s| s.groups[0].leavers_executed_share = Some(0.0)),
        Box::new(|s| s.groups[0].kin_reprisals_per_month = Some(0.0)),
        Box::new(|s| s.groups[1].answers.offer += 0.1),
        Box::new(|s| s.groups[1].foreign_share.leadership -= 0.1),
        Box::new(|s| s.relations[1] = RelationKind::Truce),
        Box::new(|s| s.garrisons[0].members += 1),
        Box::new(|s| s.theory.exit = allegiance_model::setup::ExitTheory::Constant),
        Box::new(|s| s.theory.belief = allegiance_model::setup::BeliefTheory::Fixed),
        Box::new(|s| {
            s.parameters.set("combat.decisiveness", 2.75).expect("it is allowed");
        }),
        Box::new(|s| s.switches.set(Mechanism::News, false)),
        Box::new(|s| s.timeline.push(entry(Change::Happening))),
        Box::new(|s| {
            s.timeline.push(entry(Change::Assault { group: GroupId(1), place: PlaceId(2) }));
        }),
        Box::new(|s| {
            s.timeline.push(entry(Change::Dissolve { group: GroupId(1) }));
        }),
        Box::new(|s| s.places[0].displaced_share = 0.1),
        Box::new(|s| s.groups[0].strike_mix.barrel += 0.1),
        Box::new(|s| {
            s.timeline.push(entry(Change::Pay { group: GroupId(1), usd_per_month: 2.0 }));
        }),
        Box::new(|s| {
            s.timeline.push(entry(Change::Strikes { group: GroupId(1), per_month: 2.0 }));
        }),
        Box::new(|s| {
            let policy = Policy::LeaversExecuted;
            s.timeline.push(entry(Change::Policy { policy, group: GroupId(1), value: 1.0 }));
        }),
    ];
    let others = changes_from_off_the_map().into_iter().chain(changes_of_record()).chain(changes_of_case());
    let changes: Vec<SetupChange> = changes.into_iter().chain(others).collect();
    let n_changes = changes.len();
    for change in changes {
        let mut setup = base.clone();
        change(&mut setup);
        digests.insert(digest_of_setup(&setup));
    }
    assert_eq!(digests.len(), n_changes + 1);
}

fn inflow(rank: Rank, is_foreign: bool) -> Change {
    Change::Inflow { group: GroupId(1), rank, is_foreign, per_month: 2.0 }
}

fn entry(change: Change) -> TimelineEntry {
    TimelineEntry { day: 3, change, place: None, note: "note".to_owned() }
}

/// Leaves the merged files where other programs can be pointed at them:
/// `cargo test -p allegiance-lab -- --ignored files_for_other_programs`.
#[test]
#[ignore = "writes files to look at with other programs"]
fn files_for_other_programs() {
    let folder = TemporaryFolder::new("others");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("for-other-programs");
    drop(fs_err::remove_dir_all(&kept));
    fs_err::rename(merged(&folder), kept).unwrap();
}
