//! Event files as publishers and common programs hand them out: each gives the
//! events of the official layout.

use std::io::Write as _;

use allegiance_fixtures::{Folder, Row, table};
use allegiance_import::ged::{Asked, DateOrder, ReadGedError, Wanted, read_ged, read_wanted, visit_wanted};
use allegiance_record::observe::RecordRow;

const WAR: &[Row<'_>] = &[
    Row { dates: ["2014-01-03", "2014-01-03"], ..Row::PLAIN },
    Row { id: "8", kind: "3", sides: ["IS", "Civilians"], dates: ["2014-01-25", "2014-01-26"], ..Row::PLAIN },
    Row { id: "9", kind: "1", sides: ["Government of Syria", "Rebels"], point: ["35.25", "36.5"], ..Row::PLAIN },
];

type Cells = Vec<Vec<String>>;

fn official() -> Cells {
    let text = table(WAR);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn written(cells: &Cells, separator: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
    for row in cells {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn column(cells: &Cells, name: &str) -> usize {
    cells[0].iter().position(|cell| cell == name).unwrap()
}

/// Changes each cell by its column and row, the header being row 0.
fn changed(change: impl Fn(&str, usize, &str) -> String) -> Cells {
    let cells = official();
    let names = cells[0].clone();
    cells
        .iter()
        .enumerate()
        .map(|(at, row)| row.iter().zip(&names).map(|(cell, name)| change(name, at, cell)).collect())
        .collect()
}

fn read(bytes: impl AsRef<[u8]>, asked: Asked) -> Result<(Vec<RecordRow>, Vec<String>), String> {
    let folder = Folder::new();
    folder.write("ged.csv", bytes);
    let mut rows = Vec::new();
    let path = folder.path().join("ged.csv");
    match visit_wanted(&path, Wanted { asked, ..Wanted::default() }, |row, _| rows.push(row)) {
        Ok(notes) => Ok((rows, notes.notes)),
        Err(ReadGedError::Invalid(problems)) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Err(lines.join("\n").replace(&format!("{}/", folder.path().display()), ""))
        }
        Err(error) => Err(error.to_string()),
    }
}

fn expected() -> Vec<RecordRow> {
    read(table(WAR), Asked::default()).unwrap().0
}

/// Reads a file that must give the official events; gives what was made of it.
fn same(bytes: impl AsRef<[u8]>) -> Vec<String> {
    let (rows, notes) = read(bytes, Asked::default()).unwrap_or_else(|message| panic!("{message}"));
    assert_eq!(rows, expected());
    notes
}

/// A row of tags below the header, as humanitarian tables have it.
fn with_tags(mut cells: Cells) -> Cells {
    let tag = |name: &String| match name.as_str() {
        "year" => "#date+year".to_owned(),
        "side_a" => "#group+name+first".to_owned(),
        "latitude" => "#geo+lat".to_owned(),
        "best" => "#affected+killed".to_owned(),
        "number" => "0".to_owned(),
        _ => String::new(),
    };
    let tags = cells[0].iter().map(tag).collect();
    cells.insert(1, tags);
    cells
}

#[test]
fn tables_of_hdx_have_more_columns_and_tags() {
    let mut cells = official();
    let at = column(&cells, "country") + 1;
    for (row, cells) in cells.iter_mut().enumerate() {
        cells.insert(at, if row == 0 { "iso3" } else { "SYR" }.to_owned());
    }
    let notes = same(written(&with_tags(cells.clone()), b','));
    assert_eq!(notes, ["columns passed over: iso3", "1 row of HXL tags passed over"]);
    // With the index that pandas writes, its header empty.
    for (row, cells) in cells.iter_mut().enumerate() {
        cells.insert(0, if row == 0 { String::new() } else { (row - 1).to_string() });
    }
    assert_eq!(same(written(&with_tags(cells), b',')).len(), 2);
}

#[test]
fn the_export_of_the_website_ends_rows_in_commas_and_has_the_month_first() {
    let date = |text: &str| {
        let [year, month, day]: [&str; 3] = text.split('-').collect::<Vec<_>>().try_into().unwrap();
        format!("{month}/{day}/{year} 00:00:00")
    };
    let mut cells = changed(|name, row, cell| match (name, row) {
        ("best" | "high" | "low", 0) => format!("{cell}_est"),
        ("active_year", 1..) => "True".to_owned(),
        ("date_start" | "date_end", 1..) => date(cell),
        _ => cell.to_owned(),
    });
    for (row, cells) in cells.iter_mut().enumerate() {
        cells.truncate(47);
        if row > 0 {
            cells.push(String::new());
        }
    }
    assert_eq!(same(written(&cells, b',')), ["dates read as month/day/year"]);
    // Events are written with the year first, so that the table reads back.
    let folder = Folder::new();
    folder.write("ged.csv", written(&cells, b','));
    let events = read_ged(&folder.path().join("ged.csv")).unwrap();
    assert_eq!(events[1].cells[38], "2014-01-25 00:00:00");
    // A file none of whose days is above 12 doesn't tell, and asks.
    cells.truncate(2);
    let message = read(written(&cells, b','), Asked::default()).unwrap_err();
    assert_eq!(
        message,
        "ged.csv:2: date_start is \"01/03/2014 00:00:00\", and no row tells whether the day or the month comes first, for no number is above 12; must be told; ask for dates month-first or day-first, or write the year first; UCDP's website writes the month first"
    );
    let day = |order| {
        let asked = Asked { dates: Some(order), ..Asked::default() };
        read(written(&cells, b','), asked).unwrap().0[0].date_start.to_string()
    };
    assert_eq!((day(DateOrder::MonthFirst), day(DateOrder::DayFirst)), ("2014-01-03".into(), "2014-03-01".into()));
}

#[test]
fn a_file_that_writes_dates_in_two_orders_is_refused() {
    let cells = changed(|name, row, cell| match (name, row) {
        ("date_start" | "date_end", 1) => "31/01/2014".to_owned(),
        ("date_start" | "date_end", 2) => "01/31/2014".to_owned(),
        ("date_start" | "date_end", 3) => "01/02/2014".to_owned(),
        _ => cell.to_owned(),
    });
    assert_eq!(
        read(written(&cells, b','), Asked::default()).unwrap_err(),
        "ged.csv:2: date_start has the day first, and line 4 the month; must be in one order in the whole file, best year-month-day"
    );
}

#[test]
fn candidate_releases_have_a_numbering_or_no_header() {
    let mut cells = official();
    for (row, cells) in cells.iter_mut().enumerate() {
        cells.insert(0, if row == 0 { "#".to_owned() } else { row.to_string() });
    }
    assert_eq!(same(written(&cells, b',')), ["columns passed over: #"]);
    let bare: Cells = official()[1..].to_vec();
    assert_eq!(same(written(&bare, b',')), ["no header: columns taken in the official order"]);
    let numbered: Cells = cells[1..].to_vec();
    assert_eq!(same(written(&numbered, b',')).len(), 1);
}

#[test]
fn row_names_of_r_stand_in_front_with_and_without_a_header() {
    let mut cells = official();
    for (row, cells) in cells.iter_mut().enumerate().skip(1) {
        cells.insert(0, row.to_string());
    }
    assert_eq!(
        same(written(&cells, b',')),
        ["the first cell of every row has no name in the header, and is passed over"]
    );
    cells[0].insert(0, String::new());
    assert_eq!(same(written(&cells, b',')).len(), 0);
    let with_na = changed(|_, _, cell| if cell.is_empty() { "NA" } else { cell }.to_owned());
    assert_eq!(same(written(&with_na, b',')).len(), 0);
}

#[test]
fn separators_and_line_ends_of_any_program_are_read() {
    let cells = official();
    assert_eq!(same(written(&cells, b'\t')), ["columns separated by tabs"]);
    let european = changed(|name, row, cell| match (name, row) {
        ("latitude" | "longitude", 1..) => cell.replace('.', ","),
        _ => cell.to_owned(),
    });
    assert_eq!(same(written(&european, b';')), ["columns separated by semicolons"]);
    assert_eq!(same(format!("sep=;\n{}", written(&european, b';'))).len(), 1);
    let unix = written(&cells, b',');
    let windows = unix.replace('\n', "\r\n");
    let (rows, _) = read(&windows, Asked::default()).unwrap();
    assert_eq!(rows.len(), 3);
    let wrong = windows.replacen(",1.0,2.0,3.0,0.0,6.0", ",x,2.0,3.0,0.0,6.0", 1);
    let line = unix.lines().position(|line| line.contains(",1.0,2.0,3.0,0.0,6.0")).unwrap() + 1;
    let allowed = "must be a whole number from 0 to 1000000";
    // A row begins a line before, for a cell of it has a line break.
    assert_eq!(
        read(wrong, Asked::default()).unwrap_err(),
        format!("ged.csv:{}: deaths_a is \"x\"; {allowed}", line - 1)
    );
}

#[test]
fn encodings_of_any_program_are_read() {
    let text = written(&official(), b',');
    let utf_16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(to_bytes).collect()
    };
    assert_eq!(same(utf_16(u16::to_le_bytes)), ["read as UTF-16 (little endian)"]);
    assert_eq!(same(utf_16(u16::to_be_bytes)), ["read as UTF-16 (big endian)"]);
    assert_eq!(same(format!("\u{feff}{text}")).len(), 0);
    let western: Vec<u8> = text
        .replace("\"here\"", "here")
        .replace(",here,", ",S?var?,")
        .bytes()
        .map(|b| if b == b'?' { 0xe9 } else { b })
        .collect();
    assert_eq!(same(&western), ["read as Windows-1252"]);
    let folder = Folder::new();
    folder.write("ged.csv", western);
    let (events, _) = read_wanted(&folder.path().join("ged.csv"), Wanted::default()).unwrap();
    assert_eq!(events[0].cells[25], "Sévaré");
}

#[test]
fn names_cut_for_a_shapefile_or_in_capitals_are_known() {
    let cut = changed(|name, row, cell| match (row, name) {
        (0, "conflict_new_id" | "conflict_name") => format!("conf_{}", name.len()),
        (0, _) => cell.chars().take(10).collect(),
        _ => cell.to_owned(),
    });
    assert_eq!(same(written(&cut, b',')).len(), 1);
    let capital =
        changed(|_, row, cell| if row == 0 { cell.to_uppercase().replace('_', ".") } else { cell.to_owned() });
    assert_eq!(same(written(&capital, b',')).len(), 0);
}

#[test]
fn tables_begin_below_a_title_and_tags_and_are_packed_once_or_twice() {
    let text = written(&official(), b',');
    assert_eq!(same(format!("UCDP GED, Syria\n\n{text}")), ["1 line above the header passed over"]);
    let tags = with_tags(official())[1].join(",");
    assert_eq!(same(format!("{tags}\n{text}")), ["1 line above the header passed over"]);
    let wrong = text.replace("35.25", "north");
    let said = read(format!("Title\n{wrong}"), Asked::default()).unwrap_err();
    assert!(said.starts_with("ged.csv:7: latitude is \"north\""), "{said}");
    let packed = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    assert_eq!(same(packed(text.as_bytes())).len(), 0);
    assert_eq!(same(packed(&packed(text.as_bytes()))).len(), 0);
}

#[test]
fn what_programs_make_of_names_and_numbers_is_read() {
    let camel = changed(|_, row, cell| match row {
        0 => cell.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect(),
        _ => cell.to_owned(),
    });
    assert!(same(written(&camel, b',')).len() <= 1);
    let odd = changed(|name, row, cell| match name {
        "side_a" if row > 0 => cell.replace(' ', "\u{a0}"),
        "id" if row == 3 => "9e+00".to_owned(),
        "deaths_a" if row > 0 => format!("{}.0000", cell.trim_end_matches(".0")),
        _ => cell.to_owned(),
    });
    assert_eq!(same(written(&odd, b',')).len(), 0);
    let thousands = changed(|name, row, cell| if (name, row) == ("deaths_a", 2) { "2.000" } else { cell }.to_owned());
    assert_eq!(
        read(written(&thousands, b';'), Asked::default()).unwrap_err(),
        "ged.csv:4: deaths_a is \"2.000\"; must be a whole number from 0 to 1000000; write the digits alone, with nothing between thousands and no fraction"
    );
}

#[test]
fn columns_that_nobody_knows_are_named_as_far_as_they_are_few() {
    let mut cells = official();
    for (row, cells) in cells.iter_mut().enumerate() {
        cells.extend((0..3_000).map(|nth| if row == 0 { format!("x{nth}") } else { String::new() }));
    }
    assert_eq!(
        same(written(&cells, b',')),
        ["columns passed over: x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, and 2,990 more"]
    );
}

#[test]
fn events_of_a_year_alone_and_without_a_precision_are_read_where_that_is_enough() {
    let years = changed(|name, row, cell| match name {
        "date_start" | "date_end" | "date_prec" if row > 0 => String::new(),
        _ => cell.to_owned(),
    });
    let refused = read(written(&years, b','), Asked::default()).unwrap_err();
    assert!(refused.starts_with("ged.csv:2: date_start is empty; "), "{refused}");
    let (rows, notes) = read(written(&years, b','), Asked { takes_years: true, ..Asked::default() }).unwrap();
    let days = (rows[0].date_start.to_string(), rows[0].date_end.to_string(), rows[0].date_prec);
    assert_eq!(days, ("2014-01-01".to_owned(), "2014-12-31".to_owned(), 5));
    assert_eq!(notes, ["3 events without a date: taken as of the whole year"]);
    let vague = changed(|name, row, cell| if name == "where_prec" && row == 2 { "" } else { cell }.to_owned());
    let (rows, notes) = read(written(&vague, b','), Asked::default()).unwrap();
    assert_eq!(rows[1].where_prec, 1);
    assert_eq!(notes, ["1 event without where_prec: every such location counts as exact"]);
}

#[test]
fn other_kinds_of_files_are_named() {
    for (bytes, said) in [
        (
            &b"<!DOCTYPE html>\n<html>"[..],
            "ged.csv:1: is a web page or XML, as servers send where a file isn't found; ",
        ),
        (b"\n{\"TotalCount\": 2}", "ged.csv:2: is JSON; save the table as CSV; "),
    ] {
        let told = read(bytes, Asked::default()).unwrap_err();
        assert!(told.starts_with(said), "{told}");
    }
    for (bytes, said) in [
        (&b"\xfd7zXZ\0"[..], "is compressed by xz; unpack it, or compress it by gzip"),
        (b"BZh91AY", "is compressed by bzip2; unpack it, or compress it by gzip"),
        (b"%PDF-1.7", "is a PDF document; get the table as CSV"),
    ] {
        let told = read(bytes, Asked::default()).unwrap_err();
        assert!(told.ends_with(said), "{told}");
    }
}

#[test]
fn files_put_one_below_the_other_count_each_event_once() {
    let cells = official();
    let mut twice = cells.clone();
    twice.push(vec![String::new(); 49]);
    twice.extend(cells);
    assert_eq!(
        same(written(&twice, b',')),
        [
            "1 further header passed over",
            "1 blank row passed over",
            "3 rows like an earlier one, cell by cell, passed over"
        ]
    );
}

#[test]
fn columns_that_tell_more_may_be_missing() {
    let cells = official();
    let kept: Vec<usize> = [
        "id",
        "year",
        "side_a",
        "side_b",
        "latitude",
        "longitude",
        "country",
        "date_start",
        "date_end",
        "deaths_a",
        "deaths_b",
        "deaths_civilians",
        "deaths_unknown",
    ]
    .iter()
    .map(|name| column(&cells, name))
    .collect();
    let few: Cells = cells.iter().map(|row| kept.iter().map(|&at| row[at].clone()).collect()).collect();
    let (rows, notes) = read(written(&few, b','), Asked::default()).unwrap();
    let facts = |row: &RecordRow| (row.id, row.violence, row.best, row.date_prec, row.where_prec);
    assert_eq!(rows.iter().map(facts).collect::<Vec<_>>(), expected().iter().map(facts).collect::<Vec<_>>());
    assert_eq!(notes.len(), 5, "{notes:?}");
}
