//! Files of UCDP GED: reading and importing.

use std::io::Write as _;
use std::path::PathBuf;

use allegiance_import::ged::{
    ActorCount, ActorCounts, ActorTable, GedEvent, ReadGedError, Wanted, import_ged, read_actors, read_ged, read_wanted,
};

use allegiance_fixtures::{Folder, Luck, Row, spoil, table};

const WAR: &[Row<'_>] = &[
    Row::PLAIN,
    Row { id: "8", kind: "3", sides: ["IS", "Civilians"], dead: ["0", "0", "4", "0"], ..Row::PLAIN },
    Row { id: "9", kind: "1", sides: ["Government of Syria", "Rebels"], ..Row::PLAIN },
    Row { id: "10", sides: ["IS", "Islamic State"], ..Row::PLAIN },
    Row { id: "11", dates: ["2014-02-01", "2014-02-28"], ..Row::PLAIN },
];

struct Files(Folder);

impl Files {
    fn new() -> Self {
        Self(Folder::new())
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        self.0.write(name, text);
        self.0.path().join(name)
    }

    fn read(&self, text: impl AsRef<[u8]>) -> Result<Vec<GedEvent>, ReadGedError> {
        read_ged(&self.put("ged.csv", text))
    }

    /// Every message, without the folder's path.
    fn messages(&self, result: Result<impl Sized, ReadGedError>) -> String {
        let lines: Vec<String> = match result.err().expect("it is refused") {
            ReadGedError::Invalid(problems) => problems.iter().map(ToString::to_string).collect(),
            error => vec![error.to_string()],
        };
        lines.join("\n").replace(&format!("{}/", self.0.path().display()), "")
    }
}

fn actors(rows: &[(&str, &str)]) -> ActorTable {
    rows.iter().map(|(actor, group)| ((*actor).to_owned(), (!group.is_empty()).then(|| (*group).to_owned()))).collect()
}

#[test]
fn every_column_survives_reading() {
    let files = Files::new();
    let text = table(WAR);
    let events = files.read(&text).unwrap();
    assert_eq!(events.len(), 5);
    let event = &events[4];
    assert_eq!((event.row.id, event.row.violence as u8, event.row.where_prec, event.row.date_prec), (11, 2, 1, 1));
    assert_eq!(
        (event.row.date_start.to_string(), event.row.date_end.to_string()),
        ("2014-02-01".into(), "2014-02-28".into())
    );
    assert_eq!(event.row.middle().to_string(), "2014-02-14");
    assert_eq!((event.row.low, event.row.best, event.row.high), (6, 6, 6));
    assert_eq!(event.cells.len(), 49);
    assert!(events[1].is_one_sided() && events[1].row.gwno_a.is_none());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    assert_eq!(files.read(packed.finish().unwrap()).unwrap(), events);
}

#[test]
fn mistakes_name_line_column_and_what_is_allowed() {
    let files = Files::new();
    let good = table(&WAR[..2]);
    let cases = [
        (
            good.replacen(",1.0,1.0,2014-01-03,", ",1.0,6,2014-01-03,", 1),
            "ged.csv:2: date_prec is \"6\"; must be a whole number from 1 to 5",
        ),
        (
            good.replacen(",6.0,6.0,6.0,,", ",6.0,-1,6.0,,", 1),
            "ged.csv:2: high is \"-1\"; must be a whole number from 0 to 1000000",
        ),
        (
            good.replacen("2014-01-03,2014-01-03", "2014-01-03,2014-13-03", 1),
            "ged.csv:2: date_end is \"2014-13-03\"; must be a date of the calendar such as 2014-01-12",
        ),
        (
            good.replacen("POINT,1.0,Syria", "POINT,259201,Syria", 1),
            "ged.csv:2: priogrid_gid is \"259201\"; must be a whole number from 1 to 259200",
        ),
        (good.replacen("\n8,", "\n7,", 1), "ged.csv:4: id is 7, which line 2 has too; must be unique"),
        (
            good.replacen("\"Civilians\",1.0", "\"Rebels\",1.0", 1),
            "ged.csv:4: side_b is \"Rebels\" where type_of_violence is 3; must be Civilians where it is 3, and only there",
        ),
        (
            good.replacen(",side_a,", ",side,", 1),
            "ged.csv:1: the header lacks the column \"side_a\"; needed are id, side_a, side_b, latitude, longitude, \
             country, deaths_a, deaths_b, deaths_civilians, deaths_unknown, and date_start and date_end or year, named \
             as in UCDP GED; rename the columns of the file, or add what is missing; deaths that nobody counted apart \
             are 0 in deaths_a and deaths_b and stand in deaths_unknown",
        ),
        (String::new(), "ged.csv: is empty; must be a table of UCDP GED with a header"),
    ];
    for (text, message) in cases {
        assert_ne!(text, good, "{message}");
        assert_eq!(files.messages(files.read(text)), message);
    }
}

#[test]
fn files_that_are_no_text_are_refused() {
    let files = Files::new();
    assert_eq!(
        files.messages(files.read(b"PK\x03\x04\xff")),
        "ged.csv is a zip archive or a workbook of Excel; unpack it, or save the sheet as CSV"
    );
    assert!(
        files.messages(files.read([0x1f, 0x8b, 8, 0, 1])).starts_with("ged.csv begins as gzip but can't be unpacked: ")
    );
    let absent = files.messages(read_ged(&files.0.path().join("none.csv")));
    assert!(absent.contains("none.csv"), "{absent}");
}

#[test]
fn an_import_keeps_what_is_mapped_and_counts_the_rest() {
    let files = Files::new();
    let path = files.put("ged.csv", table(WAR));
    let until = read_ged(&path).unwrap()[0].row.date_start.plus_days(20);
    let wanted = Wanted { country: Some("Syria"), to: Some(until), ..Wanted::default() };
    let (events, notes) = read_wanted(&path, wanted).unwrap();
    assert_eq!((events.len(), notes.n_elsewhere, notes.notes.len()), (4, 1, 0));
    let mut map =
        actors(&[("IS", "isis"), ("Islamic State", "isis"), ("Rebels", "district_rebels"), ("Nusra", "nusra")]);
    let import = import_ged(&events, &map);
    let kept: Vec<u64> = import.kept.iter().map(|event| event.row.id).collect();
    assert_eq!((kept, import.n_within_group, import.n_unmapped), (vec![7, 8], 1, 1));
    assert_eq!(import.unused, ["Nusra"]);
    let government = ActorCount { actor: "Government of Syria".to_owned(), n_events: 1, n_deaths: 6, hint: None };
    assert_eq!(import.unmapped, [government]);
    map.insert("Government of Syria".to_owned(), None);
    let import = import_ged(&events, &map);
    assert_eq!((import.n_unmapped, import.n_left_out, import.unmapped.len()), (0, 1, 0));
    let mut counts = ActorCounts::default();
    for event in &events {
        counts.add(&event.row);
    }
    let counts: Vec<(String, usize)> =
        counts.sorted(&[]).into_iter().map(|count| (count.actor, count.n_events)).collect();
    let expected = [("IS", 3), ("Rebels", 2), ("Government of Syria", 1), ("Islamic State", 1)];
    assert_eq!(counts, expected.map(|(actor, n)| (actor.to_owned(), n)));
}

#[test]
fn what_a_file_does_not_hold_is_a_mistake_and_not_an_empty_answer() {
    let files = Files::new();
    let path = files.put("ged.csv", table(WAR));
    let refusal = |wanted: Wanted<'_>| files.messages(read_wanted(&path, wanted));
    assert_eq!(
        refusal(Wanted { country: Some("Siria"), ..Wanted::default() }),
        "ged.csv:2: has no event of the country \"Siria\"; its countries are only Syria; did you mean \"Syria\"?"
    );
    let late = read_ged(&path).unwrap()[0].row.date_start.plus_days(900);
    assert_eq!(
        refusal(Wanted { country: Some("Syria"), from: Some(late), ..Wanted::default() }),
        "ged.csv:2: has no event of Syria from 2016-06-21; it has them from 2014-01-03 to 2014-02-14"
    );
}

#[test]
fn events_at_zero_and_zero_are_told_by_identifier_and_line() {
    let files = Files::new();
    let path = files.put("ged.csv", table(&[Row::PLAIN, Row { id: "8", point: ["0", "0.0"], ..Row::PLAIN }]));
    let (events, notes) = read_wanted(&path, Wanted::default()).unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(notes.notes, ["1 event at latitude and longitude 0, off Africa: 8 (line 4)"]);
}

#[test]
fn a_side_against_itself_counts_once_and_is_within_one_group() {
    let files = Files::new();
    let events = files.read(table(&[Row { sides: ["XXX482", "XXX482"], ..Row::PLAIN }])).unwrap();
    let mut counts = ActorCounts::default();
    for event in &events {
        counts.add(&event.row);
    }
    let only = ActorCount { actor: "XXX482".to_owned(), n_events: 1, n_deaths: 6, hint: None };
    assert_eq!(counts.sorted(&[]), [only]);
    assert_eq!(import_ged(&events, &actors(&[("XXX482", "x")])).n_within_group, 1);
}

#[test]
fn an_imported_table_reads_back_and_replays() {
    let files = Files::new();
    let events = files.read(table(WAR)).unwrap();
    let map = actors(&[
        ("IS", "isis"),
        ("Islamic State", "isis"),
        ("Rebels", "district_rebels"),
        ("Government of Syria", ""),
    ]);
    let import = import_ged(&events, &map);
    let csv = import.events_csv();
    let again = files.read(&csv).unwrap();
    assert_eq!(again.len(), 3);
    for (again, kept) in again.iter().zip(&import.kept) {
        assert_eq!(again.cells, kept.cells);
    }
    files.put("events.csv", &csv);
    let toml = import.scenario_toml(&map, Some("one-village"));
    assert_eq!(
        toml,
        "format = 1\nid = \"one-village-ged\"\nextends = \"one-village\"\n\n[operations]\nmode = \"observed\"\n\n\
         [tables]\nevents = \"events.csv\"\n\n[actors]\n\"IS\" = \"isis\"\n\"Rebels\" = \"district_rebels\"\n"
    );
    files.put("scenario.toml", toml);
    let setup = allegiance_scenario::load(files.0.path().to_str().unwrap()).unwrap().setup;
    assert_eq!(setup.events.len(), 3);
}

#[test]
fn actor_tables_are_read_with_their_mistakes() {
    let files = Files::new();
    let read = |text: &str| read_actors(&files.put("actors.csv", text));
    let table = read("actor,group\n\"Government of Syria\",regime\nIS,\n").unwrap();
    assert_eq!(table, actors(&[("Government of Syria", "regime"), ("IS", "")]));
    // As spreadsheets of other countries and data frames write what was filled in.
    for other in [
        "sep=;\r\nactor;group\r\nGovernment of Syria;regime\r\nIS;\r\n",
        "actor;group\n\"Government of Syria\";regime\n;\nIS;\n",
        "actor\tgroup\nGovernment of Syria\tregime\nIS\t\n",
        "\"\",actor,group\n0,Government of Syria,regime\n1,IS,\n",
    ] {
        assert_eq!(read(other).unwrap(), table, "{other}");
    }
    assert_eq!(
        files.messages(read("sep=;\nactor;group\n;isis\n")),
        "actors.csv:3: actor is empty; must be the name of a side"
    );
    assert_eq!(
        files.messages(read("actor,group\nIS,isis\nIS,isis\n,isis\nPYD,the ypg\n")),
        "actors.csv:3: actor \"IS\" is there twice; must be unique\n\
         actors.csv:4: actor is empty; must be the name of a side\n\
         actors.csv:5: group is \"the ypg\"; must be the identifier of a group (1 to 64 letters, digits, _ or -), or empty to leave the side's events out"
    );
    assert_eq!(
        files.messages(read("actor,grp\nIS,isis\n")),
        "actors.csv:1: the header has the unknown column \"grp\"; the header must be actor,group\n\
         actors.csv:1: the header lacks the column \"group\"; the header must be actor,group"
    );
}

#[test]
fn a_table_of_another_data_set_is_told_so_once() {
    let files = Files::new();
    let acled = "event_id_cnty,event_date,year,event_type,sub_event_type,actor1,inter1,country,admin1,fatalities\n";
    assert_eq!(
        files.messages(files.read(acled)),
        "ged.csv:1: the header is that of ACLED, which isn't read: its fatalities aren't told apart by side, so that \
         nobody knows whose they were, and its terms restrict passing on what is made of it; take UCDP GED, which is \
         free to use and has the dead of each side"
    );
    let few = files
        .messages(files.read("id,year,date_est,side_a,side_b,latitude,longitude\n1,2014,2014-01-02,IS,PYD,36,37\n"));
    let start = "ged.csv:1: the header lacks the columns \"country\", \"deaths_a\", \"deaths_b\", \"deaths_civilians\", \"deaths_unknown\"; ";
    assert!(few.starts_with(start), "{few}");
}

#[test]
fn a_spoiled_file_is_refused_or_gives_events_in_their_bounds() {
    let files = Files::new();
    let mut luck = Luck(49);
    let text = table(WAR);
    let (mut n_read, mut n_refused) = (0, 0);
    for _ in 0..400 {
        match files.read(spoil(&text, &mut luck)) {
            Ok(events) => {
                n_read += 1;
                for event in events {
                    assert!((1..=7).contains(&event.row.where_prec));
                    assert!(event.row.date_start <= event.row.middle() && event.row.middle() <= event.row.date_end);
                    assert!(event.row.latitude_deg.abs() <= 90.0 && event.row.longitude_deg.abs() <= 180.0);
                }
            }
            Err(error) => {
                n_refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    assert!(n_read > 20 && n_refused > 20, "{n_read} {n_refused}");
}
