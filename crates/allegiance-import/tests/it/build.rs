//! Scenarios built from tables of others. Every country, side and place here
//! is invented.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use allegiance_import::build::{BuildError, BuildRequest, Built, Undated, build};
use allegiance_model::calendar::Date;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Country as NamedCountry, OperationsMode, RelationKind, Setup};
use allegiance_model::{Model, World};
use allegiance_record::placed::{DeathsBySide, MissingDeaths, ReplayedSide};
use allegiance_scenario::{Problem, load_files};

use allegiance_fixtures::{Luck, spoil};

const HEADER: &str = "id,year,type_of_violence,side_a,side_b,where_prec,adm_1,adm_2,latitude,longitude,country,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown";
pub(crate) const STATE: &str = "Government of Marania";
pub(crate) const TOWNS: &str = "name,latitude,longitude,population,admin1\nCapital,10.0,20.0,500000,Centre\nHilltown,10.5,20.5,20000,Hills\nFord,10.5,20.9,0,Hills\nFaraway,13.0,24.0,30000,Coast\n";

/// A folder with the tables of a country.
pub(crate) struct Country(pub(crate) PathBuf);

impl Country {
    pub(crate) fn new(events: &str) -> Self {
        static N: AtomicU32 = AtomicU32::new(0);
        let name = format!("allegiance-build-{}-{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
        let country = Self(std::env::temp_dir().join(name));
        fs_err::create_dir_all(&country.0).unwrap();
        country.write("ged.csv", events);
        country.write("towns.csv", TOWNS);
        country
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs_err::write(self.0.join(file), text).unwrap();
    }

    fn request(&self) -> BuildRequest {
        let day = |year| Date::from_ymd(year, 1, 1).unwrap();
        let [events, places] = ["ged.csv", "towns.csv"].map(|file| self.0.join(file));
        let to = Date::from_ymd(2001, 12, 31).unwrap();
        BuildRequest { min_events: 3, ..BuildRequest::new(events, places, "Marania".to_owned(), day(2001), to) }
    }

    pub(crate) fn build(&self) -> Built {
        self.build_with(|_| ())
    }

    pub(crate) fn build_with(&self, change: impl FnOnce(&mut BuildRequest)) -> Built {
        let mut request = self.request();
        change(&mut request);
        build(&request).unwrap_or_else(|error| panic!("{}", self.say(error)))
    }

    /// The message of a build that must fail.
    pub(crate) fn refusal(&self, change: impl FnOnce(&mut BuildRequest)) -> String {
        let mut request = self.request();
        change(&mut request);
        self.say(build(&request).unwrap_err())
    }

    fn say(&self, error: BuildError) -> String {
        let text = match error {
            BuildError::Table { problems, .. } => {
                problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            }
            error => error.to_string(),
        };
        text.replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Country {
    fn drop(&mut self) {
        drop(fs_err::remove_dir_all(&self.0));
    }
}

/// A row of the table: what differs between events.
pub(crate) struct Event<'a> {
    pub(crate) sides: [&'a str; 2],
    pub(crate) kind: u8,
    pub(crate) where_prec: u8,
    pub(crate) point: [f64; 2],
    pub(crate) date: &'a str,
    pub(crate) dead: [u32; 4],
}

pub(crate) const FIGHT: Event<'static> = Event {
    sides: [STATE, "Front"],
    kind: 1,
    where_prec: 1,
    point: [10.5, 20.5],
    date: "2001-05-05",
    dead: [1, 2, 3, 0],
};

pub(crate) fn table(events: &[Event<'_>]) -> String {
    let mut text = format!("{HEADER}\n");
    for (number, event) in events.iter().enumerate() {
        let [a, b] = event.sides;
        let [latitude, longitude] = event.point;
        let dead = event.dead.map(|dead| dead.to_string()).join(",");
        let (year, dates) = match event.date.len() {
            4 => (event.date, ",,"),
            _ => (&event.date[..4], "1"),
        };
        let dates = if dates == "1" { format!("1,{0},{0}", event.date) } else { dates.to_owned() };
        writeln!(
            text,
            "{},{year},{},\"{a}\",\"{b}\",{},,,{latitude},{longitude},Marania,{dates},{dead}",
            number + 1,
            event.kind,
            event.where_prec,
        )
        .unwrap();
    }
    text
}

/// Three fights and one attack on civilians before the year, four fights in it.
pub(crate) fn war() -> String {
    let before = || Event { date: "2000-07-01", ..FIGHT };
    table(&[
        before(),
        before(),
        Event { sides: ["Front", "Civilians"], kind: 3, dead: [0, 0, 4, 0], ..before() },
        FIGHT,
        Event { date: "2001-06-01", dead: [0, 10, 0, 5], ..FIGHT },
        Event { date: "2001-06-02", point: [10.7, 21.2], ..FIGHT },
        Event { date: "2001-06-03", where_prec: 5, ..FIGHT },
    ])
}

pub(crate) fn setup_of(built: &Built) -> Setup {
    load_files(built.files.clone()).unwrap().setup
}

/// How the government stands to a group on the first day.
pub(crate) fn with_government(setup: &Setup, id: &str) -> RelationKind {
    let group = setup.groups.iter().position(|group| group.id == id).unwrap();
    setup.relations[group]
}

pub(crate) fn file<'b>(built: &'b Built, name: &str) -> &'b str {
    &built.files.iter().find(|file| file.name == name).unwrap().text
}

pub(crate) fn gave<'b>(built: &'b Built, topic: &str) -> &'b str {
    let found = built.assumptions.iter().find(|assumption| assumption.topic == topic);
    found.map_or_else(|| panic!("no assumption on {topic}"), |assumption| assumption.gave.as_str())
}

#[test]
fn a_small_war_becomes_a_scenario_that_passes_and_is_the_same_each_time() {
    let country = Country::new(&war());
    let built = country.build();
    assert_eq!(built.id, "marania-2001-01-01");
    assert_eq!(built.warnings, []);
    assert_eq!((built.n_events, built.n_undated, built.n_dead), (3, 0, 27), "the vague one isn't replayed");
    let again = country.build();
    assert_eq!(built.files, again.files);
    let setup = setup_of(&built);
    assert_eq!(setup.n_days, 365);
    assert_eq!(setup.mode, OperationsMode::Observed);
    assert_eq!(setup.events.len(), 3);
    let names: Vec<&str> = setup.places.iter().map(|place| place.name.as_str()).collect();
    // Faraway is far from every event; one event is far from every town.
    assert_eq!(names, ["Hilltown", "Ford", "Place 40 km north-east of Ford"]);
}

#[test]
fn the_record_of_a_built_war_names_its_own_country() {
    let unnamed = setup_of(&Country::new(&war()).build()).country;
    let expected = NamedCountry { name: "Marania".to_owned(), ..NamedCountry::default() };
    assert_eq!(unnamed, expected, "the events tell no number and no region");
    assert_eq!(unnamed.conflict_name(), "Marania: Government");
    let about = |built: &Built| setup_of(built).about();
    assert_eq!(about(&Country::new(&war()).build()), "Simulated: synthetic people; not a forecast.");

    // The same events with the columns, one of them with another number and conflict.
    let mut lines: Vec<String> = war().lines().map(|line| format!("{line},711,Oceania,Marania: Hills")).collect();
    lines[0] = format!("{HEADER},country_id,region,conflict_name");
    lines[1] = lines[1].replace("711,Oceania,Marania: Hills", "712,Europe,Marania: Government");
    let built = Country::new(&(lines.join("\n") + "\n")).build();
    let country = setup_of(&built).country;
    assert_eq!(
        (country.gw_number, country.region.as_str(), country.conflict_name().as_str()),
        (711, "Oceania", "Marania: Hills")
    );
    assert_eq!(about(&built), "Simulated: synthetic people in real places; not a forecast.");
    assert_eq!(gave(&built, "what reports name"), "Marania, number 711, Oceania, Marania: Hills");
}

#[test]
fn sizes_follow_the_rule_and_garrisons_hold_everyone() {
    let country = Country::new(&war());
    let built = country.build_with(|request| request.population = Some(1_000_000));
    // The Front's dead: 2, 10 and four of five unknown, 2, 2 in the vague event.
    let front = &built.groups[1];
    assert_eq!((front.id.as_str(), front.n_dead, front.n_events), ("front", 21.0, 4));
    assert_eq!(front.members, 110, "five for each of 21 dead in 365 days");
    let government = &built.groups[0];
    assert_eq!((government.id.as_str(), government.sides.as_slice()), ("government", [STATE.to_owned()].as_slice()));
    let people = built.population as f64;
    assert!((0.001..=0.0051).contains(&(f64::from(government.members) / people)), "{government:?} of {people}");
    let setup = setup_of(&built);
    for (group, built) in setup.groups.iter().zip(&built.groups) {
        let stationed = setup.garrisons.iter().filter(|garrison| setup.groups[garrison.group.idx()].id == group.id);
        assert_eq!(stationed.map(|garrison| garrison.members).sum::<u32>(), built.members);
    }
}

#[test]
fn control_follows_the_fighting_before_the_first_day() {
    let country = Country::new(&war());
    let built = country.build_with(|request| request.control_window_days = 365);
    // Three events around Hilltown, a town: 3 / (3 + 20) = 13 hundredths.
    assert!(
        file(&built, "control.csv")
            .contains("hilltown,government,0.87,rule_control\nhilltown,front,0.13,rule_control\n")
    );
    // Without them the Front is put where it fights later.
    let built = country.build_with(|request| request.control_window_days = 10);
    assert_eq!(gave(&built, "groups not seen before"), "front");
    assert!(file(&built, "control.csv").contains("hilltown,front,0."), "{}", file(&built, "control.csv"));
}

#[test]
fn wars_begin_on_the_first_day_or_with_the_first_event() {
    let country = Country::new(&war());
    let setup = setup_of(&country.build());
    assert_eq!(with_government(&setup, "front"), RelationKind::War);
    let days = |setup: &Setup| setup.timeline.iter().map(|entry| entry.day).collect::<Vec<_>>();
    assert_eq!(days(&setup), [0], "only the replacements of the government");
    let setup = setup_of(&country.build_with(|request| request.control_window_days = 10));
    assert_eq!(with_government(&setup, "front"), RelationKind::Truce);
    let first = Date::from_ymd(2001, 5, 5).unwrap();
    let start = Date::from_ymd(2001, 1, 1).unwrap();
    assert_eq!(days(&setup), [0, first.days_since(start) as u32]);
}

#[test]
fn events_with_a_year_alone_get_a_day_of_it_or_are_refused() {
    let events: Vec<Event<'_>> = (0..40).map(|_| Event { date: "2001", ..FIGHT }).collect();
    let country = Country::new(&table(&events));
    let built = country.build();
    assert_eq!((built.n_events, built.n_undated), (40, 40));
    let setup = setup_of(&built);
    let mut days: Vec<u32> = setup.events.iter().map(|event| event.day).collect();
    days.dedup();
    assert!(days.len() > 25, "{} different days", days.len());
    assert_eq!(with_government(&setup, "front"), RelationKind::War, "from the first day");
    let other = setup_of(&country.build_with(|request| request.seed = 2));
    assert_ne!(other.events, setup.events);
    assert_eq!(
        country.refusal(|request| request.undated = Undated::Refuse),
        "ged.csv:2: date_start is empty; must be a date, since events without one are refused
ged.csv:3: date_start is empty; must be a date, since events without one are refused
ged.csv:4: date_start is empty; must be a date, since events without one are refused
ged.csv:5: date_start is wrong in 37 more rows from here on"
    );
}

#[test]
fn small_sides_are_merged_and_coalitions_go_to_their_largest_member() {
    let event = |a, b, kind| Event { sides: [a, b], kind, ..FIGHT };
    let mut events: Vec<Event<'_>> = (0..4).map(|_| event(STATE, "Front", 1)).collect();
    events.extend((0..3).map(|_| event("Front, Sparrows", "River clan", 2)));
    events.extend((0..2).map(|_| event("Sparrows", "Hill clan", 2)));
    events.extend((0..2).map(|_| event("Lake clan", "Hill clan", 2)));
    events.push(event(STATE, "Splinter", 1));
    events.push(event("Government of Elsewhere", "Splinter", 1));
    let country = Country::new(&table(&events));
    let built = country.build();
    let sides: Vec<(&str, String)> =
        built.groups.iter().map(|group| (group.id.as_str(), group.sides.join("; "))).collect();
    assert_eq!(
        sides,
        [
            ("government", STATE.to_owned()),
            ("front", "Front; Front, Sparrows".to_owned()),
            ("hill_clan", "Hill clan".to_owned()),
            ("other_militias", "Lake clan; Sparrows".to_owned()),
            ("river_clan", "River clan".to_owned()),
        ]
    );
    assert_eq!(gave(&built, "small sides left out"), "Government of Elsewhere (1, 6 killed), Splinter (2, 12 killed)");
    assert!(gave(&built, "coalitions").contains("Front, Sparrows to Front"));
    assert_eq!(built.warnings, []);
}

#[test]
fn a_foreign_state_without_dead_strikes_from_afar_and_is_allied() {
    let strike = || Event { sides: ["Government of Elsewhere", "Front"], dead: [0, 0, 1, 6], ..FIGHT };
    let mut events: Vec<Event<'_>> = (0..5).map(|_| FIGHT).collect();
    events.extend((0..12).map(|_| strike()));
    let country = Country::new(&table(&events));
    let built = country.build();
    let state = built.groups.iter().find(|group| group.id == "elsewhere").unwrap();
    assert_eq!((state.kind.as_str(), state.members, state.n_dead), ("state", 100, 0.0));
    assert!(gave(&built, "foreign states").contains("elsewhere 100 members, 1 strikes a month"));
    assert!(file(&built, "events.csv").contains(",0,6,1,0,7,7,7,"), "unknown dead were the Front's");
    let held = file(&built, "control.csv").lines().filter(|line| line.contains(",elsewhere,"));
    assert_eq!(held.collect::<Vec<_>>(), ["hilltown,elsewhere,0.01,rule_control"]);
    let setup = setup_of(&built);
    assert_eq!(with_government(&setup, "elsewhere"), RelationKind::Alliance);
    // With dead of its own it is there.
    events.push(Event { dead: [3, 0, 0, 0], ..strike() });
    let built = Country::new(&table(&events)).build();
    let state = built.groups.iter().find(|group| group.id == "elsewhere").unwrap();
    assert!(state.members >= 1_000, "{state:?}");
}

#[test]
fn people_are_those_of_the_table_or_a_given_total_with_a_countryside() {
    let country = Country::new(&war());
    let built = country.build();
    assert_eq!(built.population, 20_000 + 1_000 + 1_000);
    let built = country.build_with(|request| {
        request.population = Some(1_000_000);
        request.within_km = 5_000.0;
    });
    assert_eq!(built.population, 1_000_000);
    assert_eq!(gave(&built, "places of unknown size"), "2 places with 20,000 each");
    assert!(file(&built, "places.csv").contains("Countryside of Hilltown,rural,"));
    let built = country.build_with(|request| {
        request.population = Some(277_000);
        request.within_km = 5_000.0;
    });
    assert!(gave(&built, "inhabitants").ends_with("each times 0.500"), "{}", gave(&built, "inhabitants"));
    assert!(built.population <= 277_000 && built.population > 276_990, "{}", built.population);
    assert_eq!(
        country.refusal(|request| request.population = Some(10)),
        "the population is 10, too few for 5 places, of which 2 are of unknown size; must be 2003 or more"
    );
}

pub(crate) const SQUARES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"shapeName":"West"},"geometry":{"type":"Polygon","coordinates":[[[19,9],[20.7,9],[20.7,12],[19,12],[19,9]]]}},
{"type":"Feature","properties":{"shapeName":"East"},"geometry":{"type":"MultiPolygon","coordinates":[[[[20.7,9],[22,9],[22,12],[20.7,12],[20.7,9]]]]}}]}"#;

#[test]
fn districts_are_those_of_the_boundaries_the_table_the_events_or_a_grid() {
    let country = Country::new(&war());
    country.write("squares.geojson", SQUARES);
    let with = |request: &mut BuildRequest| request.boundaries = Some(country.0.join("squares.geojson"));
    let districts = |built: &Built| -> Vec<String> {
        setup_of(built).places.iter().map(|place| format!("{}/{}", place.governorate, place.district)).collect()
    };
    assert_eq!(districts(&country.build_with(with)), ["West/West", "East/East", "East/East"]);
    assert_eq!(districts(&country.build()), ["Hills/Hills"; 3]);
    country.write("towns.csv", TOWNS.replace("admin1", "note"));
    assert_eq!(districts(&country.build())[0], "Marania/cell 10 north 20 east");
    country.write("ged.csv", war().replace(",,,10.7", ",North,Upper North,10.7"));
    assert_eq!(districts(&country.build()), ["North/Upper North"; 3]);
}

#[test]
fn boundaries_that_cannot_be_used_are_refused_with_the_fix() {
    let country = Country::new(&war());
    let refusal = |text: &str, name: Option<&str>| {
        country.write("b.geojson", text);
        country.refusal(|request| {
            request.boundaries = Some(country.0.join("b.geojson"));
            request.boundary_name = name.map(str::to_owned);
        })
    };
    assert_eq!(
        refusal(&SQUARES.replace("[19,9],[20.7,9]", "[1900000,9],[20.7,9]"), None),
        "b.geojson:2: feature 1 (\"West\") has coordinates up to 1900000, 12; must be degrees east and north (WGS 84)"
    );
    assert_eq!(
        refusal(SQUARES, Some("shapename")),
        "b.geojson:2: has no polygon with a text as \"shapename\"; properties are only shapeName; did you mean \"shapeName\"?"
    );
    assert_eq!(
        refusal(&SQUARES.replace("shapeName", "label"), None),
        "b.geojson:2: has no property that is known to name its polygons; say which property does (boundary-name); properties are only label"
    );
    assert_eq!(
        refusal(
            &SQUARES
                .replace("[19,9],[20.7,9],[20.7,12],[19,12],[19,9]", "[1,9],[2,9],[2,12],[1,12],[1,9]")
                .replace("[20.7,9],[22,9],[22,12],[20.7,12],[20.7,9]", "[1,9],[2,9],[2,12],[1,12],[1,9]"),
            None
        ),
        "b.geojson:2: none of the 2 polygons holds any of the 3 places of towns.csv; is it a file of another country, or in other coordinates than degrees? without boundaries, districts are those of the table or the events"
    );
    assert_eq!(refusal("", None), "b.geojson: is empty; must be a GeoJSON FeatureCollection of polygons");
    assert!(refusal("{\"type\":", None).starts_with("b.geojson:1: can't be read as GeoJSON: "));
    assert_eq!(
        refusal("{\"type\":\"Topology\"}", None),
        "b.geojson:1: isn't a FeatureCollection, but \"Topology\"; must be GeoJSON with one feature a district; convert TopoJSON, KML or a shapefile first"
    );
    let points = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"shapeName":"Well"},"geometry":{"type":"Point","coordinates":[20,10]}}]}"#;
    assert_eq!(refusal(points, None), "b.geojson:1: has no polygon with a text as \"shapeName\"");
}

#[test]
fn the_dump_of_geonames_and_gazetteers_of_ocha_are_read_too() {
    let country = Country::new(&war());
    let dump = |name: &str, class: &str, code: &str, point: &str, country: &str, population: u32| {
        format!(
            "1\t{name}\t{name}\t\t{point}\t{class}\t{code}\t{country}\t\tHI\t\t\t\t{population}\t\t5\tX\t2020-01-01\n"
        )
    };
    let rows = dump("Hilltown \"old\"", "P", "PPL", "10.5\t20.5", "MR", 20_000)
        + &dump("Ford", "P", "PPL", "10.5\t20.9", "MR", 0)
        + &dump("Old Ford", "P", "PPLH", "10.5\t20.9", "MR", 0)
        + &dump("Mount", "T", "MT", "10.5\t20.9", "MR", 0);
    country.write("towns.csv", &rows);
    let built = country.build();
    assert_eq!(gave(&built, "rows that aren't settlements"), "2 rows");
    assert_eq!(setup_of(&built).places[0].name, "Hilltown \"old\"");
    country.write("towns.csv", rows + &dump("Abroad", "P", "PPL", "10.6\t20.6", "XX", 9));
    assert_eq!(
        country.refusal(|_| ()),
        "towns.csv:5: holds places of 2 countries; say which with the country's code; its codes are MR, XX"
    );
    assert_eq!(country.build_with(|request| request.country_code = Some("mr".to_owned())).n_places, 3);
    assert_eq!(
        country.refusal(|request| request.country_code = Some("MX".to_owned())),
        "towns.csv:1: has no row of the country code \"MX\"; its codes are MR, XX; did you mean \"MR\"?"
    );
    country.write(
        "towns.csv",
        "level,pcode,name_en,adm2_en,adm1_en,lat,lon,pop2020\n1,M1,Hills,,,10.4,20.6,\n2,M101,Upper Hills,,Hills,10.5,20.5,\n2,M102,Lower Hills,,Hills,10.5,20.9,\n",
    );
    let setup = setup_of(&country.build());
    let names: Vec<&str> = setup.places.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names[..2], ["Upper Hills", "Lower Hills"]);
    assert_eq!((setup.places[1].governorate.as_str(), setup.places[1].district.as_str()), ("Hills", "Lower Hills"));
    country.write(
        "towns.csv",
        "ADM1_EN;ADM1_PCODE;ADM2_EN;ADM2_PCODE;Y;X;T_TL\nHills;M1;Upper Hills;M101;10.5;20.5;70000\n",
    );
    let setup = setup_of(&country.build());
    assert_eq!((setup.places[0].name.as_str(), setup.places[0].population), ("Upper Hills", 70_000));
}

#[test]
fn what_is_known_of_groups_replaces_the_rules() {
    let country = Country::new(&war());
    let with = |request: &mut BuildRequest| request.groups = Some(country.0.join("groups.csv"));
    country.write(
        "groups.csv",
        "side,group,name,kind,members,foreign_share,islamism,pay_usd_per_month,source\nFront,the-front,The Front,front_men,400,0.1,5,200,\"A, Book, 2003\"\n",
    );
    let built = country.build_with(|request| {
        with(request);
        request.population = Some(1_000_000);
    });
    let front = &built.groups[1];
    assert_eq!(
        (front.id.as_str(), front.kind.as_str(), front.members, front.is_size_given),
        ("the-front", "front_men", 400, true)
    );
    let toml = file(&built, "scenario.toml");
    assert!(toml.contains("members = 400 # given\n") && toml.contains("given_1 = \"A, Book, 2003\"\n"), "{toml}");
    let setup = setup_of(&built);
    assert!((setup.groups[1].pay_usd_per_month - 200.0).abs() < 1e-9);
    assert_eq!(setup.constituencies, ["front_men", "government"], "a kind of its own is a camp of its own");
    assert!(!setup.share_constituency(GroupId(0), GroupId(1)));
    country.write("groups.csv", "side,group\nFront,none\n");
    assert_eq!(
        country.refusal(with),
        "ged.csv:5: none of 4 events of Marania from 2001-01-01 to 2001-12-31 is left: their sides have fewer than 3 each and fewer than 30 dead in them, are left out, or are one group"
    );
    country.write("groups.csv", "side,members,source\nFrond,10,x\nFront,ten,\nFront,10,\n");
    assert_eq!(
        country.refusal(with),
        "groups.csv:2: side is \"Frond\", whom no event names; sides of the country's events are Front, Government of Marania; did you mean \"Front\"?
groups.csv:3: members is \"ten\"; must be a whole number from 0 to 10000000
groups.csv:4: source is empty; must say where the numbers of the row come from
groups.csv:4: side \"Front\" is there twice; must be unique"
    );
    let members = |text: &str| {
        country.write("groups.csv", text);
        let built = country.build_with(with);
        let front = built.groups.iter().find(|group| group.id == "front").unwrap();
        (front.members, setup_of(&built).groups.iter().find(|group| group.id == "front").unwrap().brutality)
    };
    for text in [
        "side,members,brutality,source\nFront,300,0.25,x\n",
        "sep=;\r\nside;members;brutality;source\r\nFront;300;0,25;x\r\n;;;\r\n",
        "\tside\tmembers\tbrutality\tsource\n1\tFront\t300\t0,25\tx\n",
    ] {
        assert_eq!(members(text), (300, 0.25), "{text}");
    }
    country.write("groups.csv", "sep=;\nside;members;source\nFront;ten;x\n");
    assert!(country.refusal(with).starts_with("groups.csv:3: members is \"ten\"; "), "{}", country.refusal(with));
    country.write("groups.csv", "side,membres\nFront,10\n");
    assert!(country.refusal(with).ends_with("; did you mean \"members\"?"), "{}", country.refusal(with));
}

#[test]
fn a_record_without_the_government_gets_one_to_hold_the_rest() {
    let clans = || Event { sides: ["River clan", "Hill clan"], kind: 2, ..FIGHT };
    let country = Country::new(&table(&[clans(), clans(), clans()]));
    let built = country.build();
    assert_eq!(built.groups.len(), 3);
    assert!(gave(&built, "the government").starts_with("Government of Marania with "));
    assert_eq!(built.warnings, []);
}

#[test]
fn endogenous_scenarios_keep_the_record_beside_them() {
    let country = Country::new(&war());
    let built = country.build_with(|request| request.mode = OperationsMode::Endogenous);
    assert_eq!(built.warnings, []);
    assert!(setup_of(&built).events.is_empty());
    let toml = file(&built, "scenario.toml").replace("# events = ", "events = ").replace("endogenous", "observed");
    let files = built.files.iter().cloned().map(|mut file| {
        if file.name == "scenario.toml" {
            file.text.clone_from(&toml);
        }
        file
    });
    assert_eq!(load_files(files.collect()).unwrap().setup.events.len(), 3);
}

#[test]
fn the_place_of_an_event_stays_however_near_to_events_places_are_asked_for() {
    // Three kilometres from the middle of Hilltown.
    let country = Country::new(&table(&[(); 4].map(|()| Event { point: [10.527, 20.5], ..FIGHT })));
    let built = country.build_with(|request| request.within_km = 0.5);
    assert_eq!((built.warnings.as_slice(), built.n_events, setup_of(&built).events.len()), (&[][..], 4, 4));
    assert_eq!(setup_of(&built).places[0].name, "Hilltown");
}

#[test]
fn mistakes_in_the_request_say_what_is_there() {
    let country = Country::new(&war());
    assert_eq!(
        country.refusal(|request| request.country = "Marannia".to_owned()),
        "ged.csv:2: has no event of the country \"Marannia\"; its countries are only Marania; did you mean \"Marania\"?"
    );
    assert_eq!(
        country.refusal(|request| request.to = Date::from_ymd(2000, 1, 1).unwrap()),
        "the first day, 2001-01-01, is after the last, 2000-01-01; exchange them"
    );
    assert_eq!(
        country.refusal(|request| request.to = Date::from_ymd(2020, 1, 1).unwrap()),
        "2001-01-01 to 2020-01-01 are 6940 days; a scenario has at most 5000"
    );
    assert_eq!(
        country.refusal(|request| {
            request.from = Date::from_ymd(1999, 1, 1).unwrap();
            request.to = Date::from_ymd(1999, 12, 31).unwrap();
        }),
        "ged.csv:2: has no event of Marania from 1999-01-01 to 1999-12-31; it has them from 2000-07-01 to 2001-06-03"
    );
    let vague = Country::new(&table(&[Event { where_prec: 6, ..FIGHT }]));
    assert_eq!(
        vague.refusal(|_| ()),
        "ged.csv:2: none of 1 event of Marania from 2001-01-01 to 2001-12-31 is known better than to a governorate (where_prec 4 or more), so no place can be told; choose another time"
    );
}

#[test]
fn mistakes_in_the_events_name_file_line_and_fix() {
    let refusal = |text: &str| Country::new(text).refusal(|_| ());
    assert_eq!(
        refusal("id,year,side_a,side_b,north,east,country,deaths_a,deaths_b,deaths_civilians\n"),
        "ged.csv:1: the header lacks the columns \"latitude\", \"longitude\", \"deaths_unknown\"; needed are id, side_a, side_b, latitude, longitude, country, deaths_a, deaths_b, deaths_civilians, deaths_unknown, and date_start and date_end or year, named as in UCDP GED; rename the columns of the file, or add what is missing; deaths that nobody counted apart are 0 in deaths_a and deaths_b and stand in deaths_unknown"
    );
    assert_eq!(refusal(""), "ged.csv: is empty; must be a table of UCDP GED with a header");
    assert_eq!(refusal(&format!("{HEADER}\n")), "ged.csv:1: has a header but no rows; nothing can be built of it");
    assert_eq!(
        refusal(&war().replace("10.7,21.2", "107,21.2")),
        "ged.csv:7: latitude is \"107\"; must be a number from -90 to 90"
    );
    assert_eq!(
        refusal(&war().replacen("2001-05-05", "05/05/2001", 1)),
        "ged.csv:5: date_start is \"05/05/2001\"; must be a date of the calendar such as 2014-01-12"
    );
    let zip = Country::new("");
    zip.write("ged.csv", b"PK\x03\x04");
    assert_eq!(
        zip.refusal(|_| ()),
        "ged.csv is a zip archive or a workbook of Excel; unpack it, or save the sheet as CSV"
    );
    let nowhere = Event { point: [0.0, 0.0], ..FIGHT };
    let country = Country::new(&table(&[FIGHT, FIGHT, FIGHT, nowhere]));
    assert_eq!(
        country.refusal(|_| ()),
        "ged.csv:5: latitude and longitude of event 4 are 0, off Africa, as where nobody knew them; must be its location; correct the row, or leave event 4 out (leave-out)"
    );
    assert_eq!(country.build_with(|request| request.leave_out = vec![4]).n_events, 3);
    let missing = Country::new("");
    fs_err::remove_file(missing.0.join("ged.csv")).unwrap();
    assert!(missing.refusal(|_| ()).contains("ged.csv"), "{}", missing.refusal(|_| ()));
}

#[test]
fn mistakes_in_the_places_name_file_line_and_fix() {
    let country = Country::new(&war());
    let refusal = |text: &str| {
        country.write("towns.csv", text);
        country.refusal(|_| ())
    };
    let layouts = "must be the dump of GeoNames (19 columns, tabs, no header), a table with the columns name, latitude, longitude and population, or a gazetteer of OCHA with administrative names, pcodes and centre points";
    assert_eq!(
        refusal("town,people\nA,1\n"),
        format!(
            "towns.csv:1: the header lacks the columns \"latitude\", \"longitude\"; {layouts}; the first line has town, people"
        )
    );
    assert_eq!(refusal(" \n"), format!("towns.csv: is empty; {layouts}"));
    assert_eq!(refusal("name,lat,lon,pop\n"), format!("towns.csv:1: has a header but no rows; {layouts}"));
    assert_eq!(
        refusal(&TOWNS.replace("10.0,20.0,500000", "91,20.0,many")),
        "towns.csv:2: latitude is \"91\"; must be a number from -90 to 90\ntowns.csv:2: population is \"many\"; must be a whole number from 0 to 40000000"
    );
    let swapped = "name,longitude,latitude,population\nCapital,10.0,60.0,500000\nHilltown,10.5,60.5,20000\n";
    let far = Event { point: [10.5, 60.5], ..FIGHT };
    country.write("ged.csv", table(&[far]));
    assert_eq!(
        refusal(swapped),
        "ged.csv:2: 1 of 1 located event without a place of towns.csv within 100 km; with latitude and longitude of one of them exchanged they would lie together: exchange the columns of the table that is wrong"
    );
    let elsewhere = TOWNS.replace(",20.", ",-20.");
    assert_eq!(
        refusal(&elsewhere),
        "ged.csv:2: 1 of 1 located event without a place of towns.csv within 100 km; is it the table of another country than Marania?"
    );
    country.write("ged.csv", war());
    country.write("towns.csv", &elsewhere);
    assert_eq!(country.build_with(|request| request.accept_far = true).n_events, 3);
}

/// How many spoiled files are tried; 10,000 before a release:
/// `ALLEGIANCE_SPOILED=10000 cargo test --profile ci -p allegiance-import --test it spoiled`.
fn n_spoiled() -> usize {
    std::env::var("ALLEGIANCE_SPOILED").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

#[test]
fn spoiled_tables_are_refused_by_name_or_give_a_scenario_that_loads() {
    let mut luck = Luck(1648);
    let country = Country::new(&war());
    let groups = "side,group,kind,members,brutality,source\nFront,front,rebel,300,0.4,A book\n";
    let with = |request: &mut BuildRequest| {
        request.boundaries = Some(country.0.join("squares.geojson"));
        request.groups = Some(country.0.join("groups.csv"));
    };
    let files = [
        ("ged.csv", war()),
        ("towns.csv", TOWNS.to_owned()),
        ("squares.geojson", SQUARES.to_owned()),
        ("groups.csv", groups.to_owned()),
    ];
    for (file, text) in &files {
        country.write(file, text);
    }
    let mut n_built = 0;
    for at in 0..n_spoiled() {
        let (file, text) = &files[at % files.len()];
        country.write(file, spoil(text, &mut luck));
        let mut request = country.request();
        with(&mut request);
        match build(&request) {
            Ok(_) => n_built += 1,
            Err(BuildError::Unsound(problems)) => panic!("{problems:?}"),
            Err(error) => {
                let said = country.say(error);
                for message in said.lines() {
                    let is_placed = |name: &str| {
                        let rest = message.strip_prefix(name).and_then(|rest| rest.strip_prefix(':'));
                        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                    };
                    assert!(files.iter().any(|(name, _)| is_placed(name)), "no file and line: {message}");
                }
            }
        }
        country.write(file, text);
    }
    let n_all = n_spoiled();
    assert!(n_built > n_all / 20 && n_built < n_all * 19 / 20, "{n_built} of {n_all} were built");
}

#[test]
fn whatever_the_war_what_is_built_passes_the_check() {
    let mut luck = Luck(1914);
    let mut n_built = 0;
    let sides =
        ["Front", "River clan", "Hill clan", "Government of Elsewhere", "Front, Hill clan", "Ünïon \"X\"", "A", STATE];
    for round in 0..60 {
        let n_events = 1 + luck.below(60);
        let events: Vec<Event<'_>> = (0..n_events)
            .map(|_| {
                let a = sides[luck.below(sides.len())];
                let b = if luck.below(5) == 0 { "Civilians" } else { sides[luck.below(sides.len())] };
                Event {
                    sides: [a, b],
                    kind: if b == "Civilians" { 3 } else { 2 },
                    where_prec: if luck.below(6) == 0 { 5 } else { 1 },
                    point: [9.0 + luck.below(300) as f64 / 100.0, 19.0 + luck.below(300) as f64 / 100.0],
                    date: ["2001", "2001-02-03", "2000", "2001-12-31", "2000-12-31"][luck.below(5)],
                    dead: [luck.below(9) as u32, luck.below(400) as u32, luck.below(9) as u32, luck.below(9) as u32],
                }
            })
            .collect();
        let country = Country::new(&table(&events));
        let mut request = country.request();
        request.min_events = 1 + luck.below(8);
        request.control_window_days = luck.below(500) as u32;
        request.population = [None, Some(400_000), Some(5_000_000)][luck.below(3)];
        request.within_km = [1.0, 50.0, 5_000.0][luck.below(3)];
        request.accept_far = true;
        match build(&request) {
            Ok(built) => {
                n_built += 1;
                let unreplayed = "deaths of the record that can't be replayed";
                let is_other = |warning: &&Problem| !warning.found.starts_with(unreplayed);
                assert_eq!(built.warnings.iter().find(is_other), None, "round {round}");
            }
            Err(BuildError::Question(text) | BuildError::Fixable { text, .. }) => {
                let is_known = [" no event ", "where_prec", "is left: "].iter().any(|part| text.contains(part));
                assert!(is_known, "round {round}: {text}");
            }
            Err(error) => panic!("round {round}: {}", country.say(error)),
        }
    }
    assert!(n_built > 30, "{n_built} of 60 were built");
}

const REAL: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/other/ged_afghanistan-pakistan_yearly_located.csv.gz");

#[test]
fn real_rows_with_years_alone_build_pass_and_run_a_month() {
    if !Path::new(REAL).exists() {
        let note = format!("skipped: {REAL} isn't there\n");
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return;
    }
    let country = Country::new("");
    country.write(
        "towns.csv",
        "name,latitude,longitude,population\nPeshawar,34.008,71.578,2000000\nMingora,34.776,72.362,200000\nBannu,32.989,70.604,50000\nQuetta,30.183,66.996,1000000\n",
    );
    let built = country.build_with(|request| {
        request.events = REAL.into();
        "Pakistan".clone_into(&mut request.country);
        request.from = Date::from_ymd(2009, 1, 1).unwrap();
        request.to = Date::from_ymd(2009, 12, 31).unwrap();
        request.population = Some(20_000_000);
        request.min_events = 10;
    });
    assert_eq!(built.warnings, []);
    assert!(built.n_undated == built.n_events && built.n_events > 700, "{}", built.n_events);
    let ids: Vec<&str> = built.groups.iter().map(|group| group.id.as_str()).collect();
    let expected = [
        "government",
        "ttp",
        "lashkar_e_islam",
        "united_states_of_america",
        "al_qaida",
        "other_militias",
        "bangesh",
        "turi",
        "forces_of_turkestan_bhittani",
    ];
    assert_eq!(ids, expected);
    let mut setup = setup_of(&built);
    setup.n_days = 30;
    let n_month = setup.events.iter().filter(|event| event.day < 30).count();
    let world = World::build(setup);
    let mut model = Model::new(&world, 0);
    while !model.is_finished() {
        model.step();
    }
    let records = model.into_records().unwrap();
    assert!(records.incidents.kind.len() >= n_month && n_month > 20, "{n_month} events of the month");
    assert!(!records.allegiance.day.is_empty(), "somebody leaves within a month");
}

/// Twenty small fights at Hilltown, and two at Faraway, 480 km off, where most of the dead of the war are.
fn war_with_its_deaths_far_off() -> Country {
    let mut events: Vec<Event<'_>> = vec![Event { date: "2000-07-01", ..FIGHT }];
    events.extend((0..20).map(|_| Event { dead: [1, 2, 0, 0], ..FIGHT }));
    let far = || Event { point: [13.0, 24.0], ..FIGHT };
    events.push(Event { date: "2001-06-01", dead: [10, 60, 0, 0], ..far() });
    events.push(Event { date: "2001-07-01", dead: [0, 0, 0, 200], ..far() });
    Country::new(&table(&events))
}

/// Members of a group that are stationed within 60 km of a place.
fn near(setup: &Setup, group: GroupId, place: usize) -> u32 {
    let point = |at: usize| (setup.places[at].latitude_deg, setup.places[at].longitude_deg);
    let is_near = |at: usize| allegiance_scenario::event_rows::distance_km(point(place), point(at)) <= 60.0;
    let of_group = setup.garrisons.iter().filter(|garrison| garrison.group == group);
    of_group.filter(|garrison| is_near(garrison.place.idx())).map(|garrison| garrison.members).sum()
}

#[test]
fn each_side_stands_where_the_record_has_its_deaths_and_a_replay_places_them() {
    let country = war_with_its_deaths_far_off();
    let setup = setup_of(&country.build_with(|request| request.population = Some(1_000_000)));
    let faraway = setup.places.iter().position(|place| place.name == "Faraway").unwrap();
    let (government, front) = (GroupId(0), GroupId(1));
    // Of the 200 of unknown side, half are of each.
    assert!(near(&setup, front, faraway) >= 3 * (60 + 100), "{}", near(&setup, front, faraway));
    assert!(near(&setup, government, faraway) >= 3 * (10 + 100), "{}", near(&setup, government, faraway));
    let hilltown = setup.places.iter().position(|place| place.name == "Hilltown").unwrap();
    assert!(near(&setup, front, hilltown) >= 40 && near(&setup, government, hilltown) >= 20);

    let record = DeathsBySide::of_record(&setup).unwrap();
    let (placed, _) = replayed(setup);
    assert_eq!((record.members.as_slice(), record.civilians), ([20 + 10 + 100, 40 + 60 + 100].as_slice(), 0));
    assert_eq!(placed, record);
}

/// What a replay of a setup places of its record.
fn replayed(setup: Setup) -> (DeathsBySide, World) {
    let world = World::build(setup);
    let mut model = Model::new(&world, 0);
    while !model.is_finished() {
        model.step();
    }
    let placed = DeathsBySide::replayed(&model.into_records().unwrap(), &world.setup).unwrap();
    (placed, world)
}

#[test]
fn what_a_replay_cannot_place_is_told_by_side_kind_and_place() {
    let country = war_with_its_deaths_far_off();
    country.write("groups.csv", "side,members,source\nFront,100,\"Author (2001)\"\n");
    let groups = country.0.join("groups.csv");
    let built = country.build_with(|request| {
        request.groups = Some(groups);
        request.population = Some(1_000_000);
    });
    let told: Vec<&str> = built.warnings.iter().map(|warning| warning.found.as_str()).collect();
    assert_eq!(told, ["deaths of the record that can't be replayed, at least: front 100"]);
    let (placed, world) = replayed(setup_of(&built));
    let missing = MissingDeaths::all(&world.setup, std::iter::once(&placed));
    let first = &missing[0];
    assert_eq!(
        (first.side.as_str(), first.violence.as_str(), first.place.as_str(), first.deaths_in_record),
        ("front", "state-based", "faraway", 60 + 100)
    );
    assert!(first.not_placed() > 0.0 && first.events_not_whole >= 1.0, "{first:?}");
    let by_side = ReplayedSide::total(&ReplayedSide::all(&world.setup, std::iter::once(&placed)));
    let sum = |of: fn(&MissingDeaths) -> &str| MissingDeaths::by(&missing, of).iter().map(|(_, sum)| sum).sum::<f64>();
    for all in [sum(|part| &part.side), sum(|part| &part.violence), sum(|part| &part.place)] {
        assert!((all - by_side.not_placed()).abs() < 1e-9, "{all} of {by_side:?}");
    }
}

#[test]
fn members_who_die_in_one_sided_violence_die_in_its_replay() {
    let attack = || Event { sides: ["Front", "Civilians"], kind: 3, dead: [3, 0, 4, 0], ..FIGHT };
    let country = Country::new(&table(&[FIGHT, FIGHT, attack(), attack()]));
    let setup = setup_of(&country.build());
    let record = DeathsBySide::of_record(&setup).unwrap();
    assert_eq!((record.members.as_slice(), record.civilians), ([2, 4 + 6].as_slice(), 6 + 8));
    assert_eq!(replayed(setup).0, record);
}

#[test]
fn a_war_that_groups_fight_by_choice_knows_nothing_of_where_its_deaths_will_be() {
    let country = war_with_its_deaths_far_off();
    let setup = setup_of(&country.build_with(|request| request.mode = OperationsMode::Endogenous));
    let faraway = setup.places.iter().position(|place| place.name == "Faraway").unwrap();
    assert_eq!(near(&setup, GroupId(1), faraway), 0);
}

#[test]
fn deaths_that_cannot_be_replayed_are_told() {
    let country = war_with_its_deaths_far_off();
    let n_told = |built: &Built| built.assumptions.iter().filter(|one| one.topic == NOT_REPLAYED).count();
    assert_eq!(n_told(&country.build_with(|request| request.population = Some(1_000_000))), 0);
    country.write("groups.csv", "side,members,source\nFront,100,\"Author (2001)\"\n");
    let groups = country.0.join("groups.csv");
    let built = country.build_with(|request| {
        request.groups = Some(groups.clone());
        request.population = Some(1_000_000);
    });
    // 40, 60 and 100 of the Front die in the record, and it has 100 members.
    assert_eq!(gave(&built, NOT_REPLAYED), "front 100");
    country.write("ged.csv", table(&[FIGHT, FIGHT, Event { dead: [0, 0, 30_000, 0], ..FIGHT }]));
    assert_eq!(gave(&country.build(), NOT_REPLAYED), "civilians 10,006");
}

const NOT_REPLAYED: &str = "deaths that can't be replayed";
