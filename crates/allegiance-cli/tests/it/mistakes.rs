//! A hundred mistakes of a new user, each with the message that it gets.
//!
//! The messages stand in `mistakes.txt`. `ALLEGIANCE_BLESS=1 cargo test --profile ci
//! -p allegiance-cli mistakes` rewrites it; read the difference before committing it.

use std::any::TypeId;
use std::fmt::Write as _;
use std::path::Path;

use crate::program::Folder;

/// Changes of the copied scenario, by what is found and what stands in its place.
type Changes = &'static [(&'static str, &'static str)];

/// Mistakes in a copy of `one-village`, the folder `mine`.
const IN_FILES: &[(&str, Changes)] = &[
    ("no format", &[("format = 1\n", "")]),
    ("a newer format", &[("format = 1\n", "format = 9\n")]),
    ("a key with a slip", &[("days = 60", "dayz = 60")]),
    ("negative days", &[("days = 60", "days = -3")]),
    ("days as a text", &[("days = 60", "days = \"sixty\"")]),
    ("too many days", &[("days = 60", "days = 100000")]),
    ("a date that isn't one", &[("start = 2014-01-01", "start = 2014-02-31")]),
    ("a date with points", &[("start = 2014-01-01", "start = 01.01.2014")]),
    ("a month with one digit", &[("start = 2014-01-01", "start = 2014-1-1")]),
    ("an entry on 30 February", &[("date = 2014-01-12", "date = 2014-02-30")]),
    ("a decimal comma", &[("brutality = 0.8", "brutality = 0,8")]),
    ("a percent sign", &[("brutality = 0.8", "brutality = 80%")]),
    ("a flag in capitals", &[("places_are_real = false", "places_are_real = False")]),
    ("a word without quotes", &[("kind = \"local_defence\"", "kind = local_defence")]),
    ("a date as a text", &[("start = 2014-01-01", "start = \"January\"")]),
    ("a negative seed", &[("seed = 2014", "seed = -1")]),
    ("an unclosed text", &[("id = \"one-village\"", "id = \"one-village")]),
    ("an id with spaces", &[("id = \"one-village\"", "id = \"one village\"")]),
    ("no title", &[("title = \"One village between two wars\"\n", "")]),
    ("an unknown theory of belief", &[("belief = \"source_credibility\"", "belief = \"bayesian\"")]),
    ("an unknown theory of exit", &[("exit = \"full\"", "exit = \"ful\"")]),
    ("a table that isn't there", &[("places = \"places.csv\"", "places = \"towns.csv\"")]),
    ("a table outside the folder", &[("control = \"control.csv\"", "control = \"../control.csv\"")]),
    ("an unknown kind of group", &[("kind = \"local_defence\"", "kind = \"militia\"")]),
    ("members as a fraction", &[("members = 35", "members = 35.5")]),
    ("negative members", &[("members = 250", "members = -250")]),
    ("more members than men", &[("members = 250", "members = 250000")]),
    ("brutality above one", &[("brutality = 0.8", "brutality = 80")]),
    ("a share in percent", &[("prisoners_executed_share = 0.4", "prisoners_executed_share = 40")]),
    ("negative pay", &[("pay_usd_per_month = 400", "pay_usd_per_month = -400")]),
    ("discipline as a word", &[("discipline = 1.3", "discipline = \"high\"")]),
    (
        "motives that don't sum to one",
        &[(
            "motives = { ideology = 0.2, material = 0.1, social = 0.7 }",
            "motives = { ideology = 0.2, material = 0.1, social = 0.9 }",
        )],
    ),
    (
        "answers that don't sum to one",
        &[(
            "answers = { ignore = 0.4, offer = 0.3, punish = 0.3 }",
            "answers = { ignore = 0.4, offer = 0.3, punish = 0 }",
        )],
    ),
    (
        "a cause off its scale",
        &[(
            "cause = { revisionism = 5, islamism = 5, sectarianism = 5 }",
            "cause = { revisionism = 50, islamism = 5, sectarianism = 5 }",
        )],
    ),
    (
        "an unknown axis of cause",
        &[(
            "cause = { revisionism = 2, islamism = 3, sectarianism = 2.5 }",
            "cause = { revisionism = 2, islam = 3, sectarianism = 2.5 }",
        )],
    ),
    ("two groups of one id", &[("id = \"district_rebels\"", "id = \"isis\"")]),
    ("a group without a name", &[("name = \"ISIS in the district\"\n", "")]),
    ("a group without a source", &[("source = [\"B5\", \"judgement\"]\nnote = \"They", "note = \"They")]),
    (
        "a source that isn't listed",
        &[("source = [\"B5\", \"judgement\"]\nnote = \"They", "source = [\"B55\"]\nnote = \"They")],
    ),
    ("an unknown key of a group", &[("offensive_tempo = 0", "offensive_speed = 0")]),
    (
        "a relation with a group that isn't there",
        &[("a = \"village_defenders\"\nb = \"district_rebels\"", "a = \"village_defenders\"\nb = \"rebels\"")],
    ),
    (
        "a relation with itself",
        &[(
            "a = \"village_defenders\"\nb = \"district_rebels\"",
            "a = \"village_defenders\"\nb = \"village_defenders\"",
        )],
    ),
    ("an unknown relation", &[("kind = \"alliance\"", "kind = \"friendship\"")]),
    ("an entry before the first day", &[("date = 2014-01-03", "date = 2013-12-31")]),
    ("an entry after the last day", &[("date = 2014-01-03", "date = 2015-01-03")]),
    ("an unknown kind of entry", &[("kind = \"relation\"\n", "kind = \"treaty\"\n")]),
    (
        "kinds of entries that aren't there, and a key that none has",
        &[("date = 2014-01-12\nkind = \"assault\"", "date = 2014-01-12\nkind = \"attack\"\nplaze = \"tall_rumman\"")],
    ),
    (
        "a kind of entry that its keys tell",
        &[("date = 2014-01-12\nkind = \"assault\"", "date = 2014-01-12\nkind = \"raid\"")],
    ),
    ("members as a text", &[("members = 340", "members = \"340\"")]),
    ("an entry without its relation", &[("relation = \"war\"\n", "")]),
];

/// A new text from the old.
type Change = fn(&str) -> String;
/// A text.
type Text = fn() -> String;

/// Mistakes in a table of the copy: what it is, the file, and its new text from the old.
const IN_TABLES: &[(&str, &str, Change)] = &[
    ("places by semicolons", "places.csv", |text| text.replace(',', ";")),
    ("control by tabs", "control.csv", |text| text.replace(',', "\t")),
    ("semicolons and decimal commas", "places.csv", |text| text.replace(',', ";").replace('.', ",")),
    ("a decimal comma in quotes", "places.csv", |text| text.replace("35.900", "\"35,900\"")),
    ("a decimal comma without quotes", "places.csv", |text| text.replace("35.900", "35,900")),
    ("a share with a decimal comma", "control.csv", |text| text.replace("isis,0.85", "isis,0,85")),
    ("a share in percent", "control.csv", |text| text.replace("isis,0.85", "isis,85%")),
    ("thousands with a point", "places.csv", |text| text.replace("2300", "2.300")),
    ("a place that comes twice", "places.csv", |text| format!("{text}{}\n", text.lines().nth(1).unwrap_or_default())),
    ("a control row that comes twice", "control.csv", |text| {
        format!("{text}{}\n", text.lines().nth(1).unwrap_or_default())
    }),
    ("a place with another's name", "places.csv", |text| text.replace("\nkafr_tut,", "\ntall_rumman,")),
    ("a place with a slip", "control.csv", |text| text.replace("ayn_tuffah,", "ayn_tufah,")),
    ("no header", "places.csv", |text| text.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned())),
    ("a header in capitals", "places.csv", |text| text.replace("population", "Population")),
    ("an empty table", "control.csv", |_| String::new()),
    ("a garrison of another size", "garrisons.csv", |text| text.replace("kafr_tut,90", "kafr_tut,95")),
    ("shares that don't sum to one", "control.csv", |text| text.replace("isis,0.85", "isis,0.8")),
    ("a negative population", "places.csv", |text| text.replace("2300", "-2300")),
    ("a latitude that isn't one", "places.csv", |text| text.replace("35.900,36.620", "135.900,36.620")),
    ("an unknown kind of place", "places.csv", |text| text.replace("Burj Sindyan,town", "Burj Sindyan,hamlet")),
];

/// Mistakes in a design, all of which are told at once.
const DESIGN: &str = "format = 1
id = \"d\"
title = \"D\"
scenario = \"one-village\"
sampler = \"grid\"
rows = 5
outcomes = [\"deathz\", \"desertions\"]
set = [\"combat.brake_share=3\"]

[[factors]]
key = \"combat.decisivness\"
low = 1
high = 2

[[factors]]
key = \"combat.decisiveness\"
low = 3
high = 2

[[factors]]
key = \"groups.isis.brutality\"
values = [0.5, 5]

[[factors]]
key = \"groups.isis.brutality\"
values = [0.5]
";

/// Mistakes in an experiment, all of which are told at once.
const EXPERIMENT: &str = "format = 1
id = \"e\"
title = \"E\"
scenario = \"one-village\"
outcomes = [\"deathz\"]
baseline = \"bse\"

[[arms]]
id = \"base\"
title = \"Base\"

[[arms]]
id = \"more\"
title = \"More\"
set = [\"combat.decisivness=3\"]

[[arms.timeline]]
date = 2014-02-20
kind = \"asault\"
group = \"isis\"
place = \"tall_ruman\"
";

/// Mistakes in files that say what to do with a scenario: the file, its text, and the command.
const IN_DOCUMENTS: &[(&str, &str, Text, &str)] = &[
    ("a design with mistakes of all sorts", "d.toml", || DESIGN.to_owned(), "sweep d.toml"),
    (
        "a design of a scenario and a sampler that aren't there",
        "d.toml",
        || DESIGN.replace("one-village", "one-vilage").replace("grid", "gird"),
        "sweep d.toml",
    ),
    ("an experiment with mistakes of all sorts", "e.toml", || EXPERIMENT.to_owned(), "experiment e.toml"),
    (
        "an experiment with a day that no calendar has",
        "e.toml",
        || EXPERIMENT.replace("2014-02-20", "2014-02-30"),
        "experiment e.toml",
    ),
];

/// Mistakes on the command line, in a folder without files unless one is made below.
const ON_THE_COMMAND_LINE: &[&str] = &[
    "rum one-village",
    "run",
    "run one-vilage",
    "run no/such/folder",
    "run one-village --replicate 5",
    "run one-village --replicates 0",
    "run one-village --replicates many",
    "run one-village --days 0",
    "run one-village --days 99999",
    "run one-village --seed -1",
    "run one-village --theory bayes",
    "run one-village --threads -1",
    "run one-village --scale 0",
    "run one-village --tables incidents,groupz",
    "run one-village --out",
    "run one-village --set",
    "run one-village --set combat.decisiveness",
    "run one-village --set combat.decisiveness=",
    "run one-village --set combat.decisiveness=high",
    "run one-village --set combat.decisivness=2",
    "run one-village --set decisiveness=2",
    "run one-village --set combat.decisiveness=NaN",
    "run one-village --set combat.decisiveness=inf",
    "run one-village --theory constant --theory full",
    "run one-village --theory fixed --set theory.belief=social_averaging",
    "run one-village --seed 7 --set seed=8",
    "run one-village --set combat.decisiveness=2 --set combat.decisiveness=3",
    "compare one-village --set-b theory=fixed --set-b theory=direct_experience",
    "explore one-village --theory-b fixed --theory-b direct_experience",
    "run one-village --replicates 1,000",
    "run one-village --days 3.5",
    "run one-village --set combat.decisiveness=-1",
    "run one-village --set combat.decisiveness=999999",
    "run one-village --set kinship.household_size=0",
    "run one-village --set mechanisms.voice=off",
    "run one-village --set mechanisms.voices=false",
    "run one-village --set groups.isis.pay=100",
    "run one-village --set groups.isil.pay_usd_per_month=100",
    "run one-village --set groups.isis.brutality=2",
    "run one-village --set observation.nonsense=1",
    "run one-village --set timeline=none",
    "resume runs/nothing",
    "verify runs/nothing",
    "story runs/nothing",
    "story one-village",
    "paths runs/nothing",
    "report runs/nothing",
    "explore runs/nothing",
    "but-for runs/nothing --person 1",
    "score runs/nothing",
    "check nothing",
    "compare one-village --set-b combat.decisivness=2",
    "compare one-village no-such-scenario",
    "compare one-village --set-b combat.decisiveness=2 --outcome deathz",
    "compare one-village --set-b combat.decisiveness=2 --outcome groups.isis.desertion",
    "compare one-village --set-b combat.decisiveness=2 --replicates 0",
    "experiment no-such-experiment",
    "sweep design.toml",
    "sensitivity sweeps/nothing",
    "sweep one-village --shard 3/2",
    "outcomes nowhere",
    "theories nowhere",
    "conformance --replicates 0",
    "recover one-village --draws 3",
    "calibrate one-village",
    "tournament runs/nothing",
    "parameters nonsense",
    "data",
    "data build",
    "data build --events no.csv --places no.csv --country Marania --from 2001-01-01 --to 2001-12-31 --out out",
    "data import-ged no.csv --country Marania --actors no.csv --out out",
    "data ged-actors no.csv --country Marania",
    "completions powershel",
    "man --out",
];

fn n_mistakes() -> usize {
    IN_FILES.len() + IN_TABLES.len() + IN_DOCUMENTS.len() + ON_THE_COMMAND_LINE.len()
}

/// Every option of every command that takes a number, with its command.
fn options_with_numbers(command: &clap::Command, path: &str) -> Vec<String> {
    let is_number = |argument: &&clap::Arg| {
        let of = argument.get_value_parser().type_id();
        let numbers =
            [TypeId::of::<u16>(), TypeId::of::<u32>(), TypeId::of::<u64>(), TypeId::of::<usize>(), TypeId::of::<f64>()];
        argument.get_action().takes_values() && numbers.iter().any(|number| of == *number)
    };
    let own = command.get_arguments().filter(is_number);
    let mut options: Vec<String> =
        own.map(|argument| format!("{path}--{}", argument.get_long().expect("numbers are options"))).collect();
    for inner in command.get_subcommands() {
        options.extend(options_with_numbers(inner, &format!("{path}{} ", inner.get_name())));
    }
    options
}

#[test]
fn every_number_that_cannot_be_one_is_told_with_its_range() {
    let options = options_with_numbers(&allegiance_cli::command(), "");
    assert!(options.len() > 45, "{}", options.len());
    for option in options {
        for value in ["-1", "-0.5", "many", "nan", "inf"] {
            let given = std::iter::once("allegiance").chain(option.split(' ')).chain([value]);
            let error = allegiance_cli::command().try_get_matches_from(given).unwrap_err().to_string();
            let is_told = error.starts_with(&format!("error: invalid value '{value}' for '--"))
                && [
                    "': must be a whole number from ",
                    "': must be a number above 0, such as ",
                    "': must be a number from 0 on, such as ",
                    "': must be a share from 0 to 1, such as ",
                ]
                .iter()
                .any(|allowed| error.contains(allowed));
            assert!(is_told, "{option} {value:?}: {error}");
        }
    }
}

/// What the program says to a mistake, which must be the user's and not a bug.
fn said(folder: &Folder, arguments: &str) -> String {
    let output = folder.output(arguments);
    let code = output.status.code().unwrap();
    let talk = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!((1..=3).contains(&code), "{arguments}: ends with {code}\n{talk}");
    assert!(!talk.trim().is_empty(), "{arguments}: says nothing");
    for word in ["panicked", "bug", "unwrap", "Error {", "RUST_BACKTRACE"] {
        assert!(!talk.contains(word), "{arguments}: {talk}");
    }
    format!("exit {code}\n{}\n", talk.trim_end())
}

#[test]
fn a_hundred_mistakes_get_their_messages() {
    assert!(n_mistakes() >= 100, "{}", n_mistakes());
    let mut text = String::new();
    for (what, changes) in IN_FILES {
        let folder = Folder::new();
        folder.copy_village(changes);
        write!(text, "# {what}\n$ allegiance check mine\n{}\n", said(&folder, "check mine")).unwrap();
    }
    for (what, file, change) in IN_TABLES {
        let folder = Folder::new();
        folder.copy_village(&[]);
        let path = folder.path().join("mine").join(file);
        let text_before = fs_err::read_to_string(&path).unwrap();
        let changed = change(&text_before);
        assert_ne!(changed, text_before, "{what}");
        fs_err::write(&path, changed).unwrap();
        write!(text, "# {what}\n$ allegiance check mine\n{}\n", said(&folder, "check mine")).unwrap();
    }
    for (what, file, content, arguments) in IN_DOCUMENTS {
        let folder = Folder::new();
        fs_err::write(folder.path().join(file), content()).unwrap();
        write!(text, "# {what}\n$ allegiance {arguments}\n{}\n", said(&folder, arguments)).unwrap();
    }
    for arguments in ON_THE_COMMAND_LINE {
        write!(text, "$ allegiance {arguments}\n{}\n", said(&Folder::new(), arguments)).unwrap();
    }
    for option in options_with_numbers(&allegiance_cli::command(), "") {
        write!(text, "$ allegiance {option} -1\n{}\n", said(&Folder::new(), &format!("{option} -1"))).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mistakes.txt");
    if std::env::var_os("ALLEGIANCE_BLESS").is_some() {
        fs_err::write(&path, &text).unwrap();
    }
    let committed = fs_err::read_to_string(&path).unwrap();
    for (found, committed) in text.split("\n\n").zip(committed.split("\n\n")) {
        assert_eq!(found, committed);
    }
    assert_eq!(text.len(), committed.len(), "other mistakes than those of mistakes.txt");
}
