//! Inputs that mean harm, or that nobody meant: names, sizes, dates, numbers.

use std::fmt::Write as _;

use crate::program::Folder;

/// Letters that steer a terminal or turn the order of others around.
fn is_hidden(letter: char) -> bool {
    let is_bidi = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_bidi || (letter.is_control() && !matches!(letter, '\n' | '\t'))
}

#[test]
fn names_can_neither_steer_a_terminal_nor_turn_letters_around() {
    let folder = Folder::new();
    folder.copy_village(&[]);
    let path = folder.path().join("mine");
    let text = fs_err::read_to_string(path.join("scenario.toml")).unwrap();
    let title = text.lines().find(|line| line.starts_with("title = ")).unwrap().to_owned();
    let text = text.replace(&title, r#"title = "A \u001b[31mred\u001b]0;x\u0007 \u202Edlrow\u009b village""#);
    fs_err::write(path.join("scenario.toml"), text).unwrap();
    let places = fs_err::read_to_string(path.join("places.csv")).unwrap();
    fs_err::write(path.join("places.csv"), places.replacen("Tall Rumman", "Tall \u{1b}[2J\u{202e}Rumman", 1)).unwrap();
    assert_eq!(folder.output("run ./mine --days 20 -n 2 --out run").status.code(), Some(0));
    for command in [
        "check ./mine",
        "check ./mine --format json",
        "story run",
        "story run --format json",
        "paths run",
        "report run --out page.html",
        "run one-village --set \u{1b}[31mx=1",
        "check \u{202e}missing",
    ] {
        let output = folder.output(command);
        let said = [output.stdout.clone(), output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(!said.contains(is_hidden), "{command}: {said:?}");
        if command.ends_with("json") {
            serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
        }
    }
    for file in ["page.html", "run/summary.txt"] {
        let text = fs_err::read_to_string(folder.path().join(file)).unwrap();
        assert!(!text.contains(is_hidden) && text.contains(r"\u001b[31mred"), "{file}");
    }
}

#[test]
fn commands_are_printed_as_a_shell_takes_them() {
    let folder = Folder::new();
    let output = folder.command("theories new mine --out").arg("my $(touch x)/it's.toml").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.ends_with("--theory 'my $(touch x)/it'\\''s.toml'\n"), "{said}");
}

#[test]
fn more_threads_than_help_are_not_started_and_that_is_told() {
    let folder = Folder::new();
    let output = folder.output("run one-village --days 2 --threads 4000 --out run");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("4000 threads are asked for and ") && said.contains(", and more don't help\n"), "{said}");
    let manifest = fs_err::read_to_string(folder.path().join("run/run.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let cores = std::thread::available_parallelism().unwrap().get();
    assert_eq!(manifest["effort"]["threads"], cores);
    let quiet = folder.output("run one-village --days 2 --threads 4000 -q --out again");
    assert!(quiet.stderr.is_empty());
}

#[test]
fn dates_end_with_the_year_9999() {
    let folder = Folder::new();
    let text = "format = 1\nextends = \"one-village\"\nid = \"x\"\nstart = 9999-12-30\ndays = 3\ntimeline = []\n";
    fs_err::write(folder.path().join("late.toml"), text).unwrap();
    let said = folder.snapshot("check late.toml");
    assert!(
        said.contains("late.toml:5: days is 3; must be 2 or fewer, because dates end with the year 9999"),
        "{said}"
    );
    fs_err::write(folder.path().join("late.toml"), text.replace("days = 3", "days = 2")).unwrap();
    assert_eq!(folder.output("run late.toml -q --out run").status.code(), Some(0));
    let said = folder.snapshot("run late.toml -q --days 3 --out more");
    assert!(said.contains("days is 3; must be 2 or fewer, because dates end with the year 9999"), "{said}");
}

#[test]
fn a_district_lies_across_the_180th_meridian_as_anywhere_else() {
    let folder = Folder::new();
    folder.copy_village(&[]);
    let path = folder.path().join("mine/places.csv");
    let text = fs_err::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let mut across = format!("{}\n", lines.next().unwrap());
    for line in lines {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let longitude =
            cells.iter().position(|cell| cell.parse::<f64>().is_ok_and(|number| (36.5..36.9).contains(&number)));
        let at = longitude.unwrap();
        // The village lies a little to the west, and most of the others to the east.
        let moved = cells[at].parse::<f64>().unwrap() + 143.36;
        cells[at] = format!("{:.3}", if moved > 180.0 { moved - 360.0 } else { moved });
        writeln!(across, "{}", cells.join(",")).unwrap();
    }
    assert!(across.contains(",-179.") && across.contains(",179."), "{across}");
    for (name, places) in [("here", &text), ("there", &across)] {
        fs_err::write(&path, places).unwrap();
        assert_eq!(folder.output(&format!("run ./mine --days 20 -q --out {name}")).status.code(), Some(0));
        assert_eq!(folder.output(&format!("report {name} -q --out {name}.html")).status.code(), Some(0));
    }
    // The same war: nothing depends on where on the Earth the places lie, but for what is reported of points.
    for table in ["allegiance", "exposures", "groups", "control", "persons"] {
        let digest = |name: &str| {
            let text = fs_err::read_to_string(folder.path().join(name).join("run.json")).unwrap();
            serde_json::from_str::<serde_json::Value>(&text).unwrap()["tables"][table]["digests"].clone()
        };
        assert_eq!(digest("here"), digest("there"), "{table}");
    }
}

#[test]
fn the_place_of_an_event_stays_however_near_places_are_asked_for() {
    let folder = Folder::new();
    let events = "id,year,date_start,date_end,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,\
                  deaths_unknown,where_prec\n354521,2012,2012-09-03,2012-09-03,Government of Syria,Syrian insurgents,35.35252,\
                  40.17391,Syria,1,0,0,0,1\n";
    fs_err::write(folder.path().join("ev.csv"), events).unwrap();
    let towns = "name,latitude,longitude,population\nTown 2,35.3525,40.1739,500000\n";
    fs_err::write(folder.path().join("towns.csv"), towns).unwrap();
    let build = "data build --events ev.csv --places towns.csv --country Syria --from 2012-01-01 --to 2012-12-31 --min-events 1 \
                 --within-km 0.001 --out built";
    let said = folder.snapshot(build);
    assert!(said.starts_with("exit 0\n") && said.contains(" 1 place with 500,000 inhabitants"), "{said}");
}
