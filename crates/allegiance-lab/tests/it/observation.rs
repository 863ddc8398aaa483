//! The observation model and the table `reported`.

use crate::world::{ISIS, REBELS, STATE, incident, rich_records, setup};
use allegiance_model::ids::PlaceId;
use allegiance_model::setup::{Country, Setup};
use allegiance_model::tables::{Incident, IncidentKind, Records};
use allegiance_record::ObservationParameters;
use allegiance_record::observe::{Gazetteer, ReportedEvent, Violence, observe, reported_table};
use allegiance_record::table::{OutputCells, TableData};

/// The header of UCDP GED v25.1.
const GED_COLUMNS: &str = "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,\
conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,\
side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,\
source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,\
longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,\
deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob";

fn seen(setup: &Setup, records: &Records, parameters: &ObservationParameters, replicate: u32) -> Vec<ReportedEvent> {
    observe(records, setup, &Gazetteer::of(setup), parameters, replicate)
}

/// Many incidents of every kind, place and size.
fn varied(setup: &Setup) -> Records {
    let mut records = Records::default();
    for number in 0..4_000 {
        let day = number * setup.n_days / 4_000;
        let pairs =
            [(ISIS, Some(REBELS)), (REBELS, Some(ISIS)), (STATE, Some(ISIS)), (REBELS, Some(STATE)), (ISIS, None)];
        let (perpetrator, target) = pairs[number as usize % 5];
        let mut row = incident(number, day, number % 4, perpetrator, target);
        row.dead_perpetrator = number % 3;
        row.dead_target = if target.is_some() { number % 7 } else { 0 };
        row.dead_civilians = number % 4;
        row.kind = match (target, number % 3) {
            (None, _) => IncidentKind::Repression,
            (Some(_), 0) => IncidentKind::Strike,
            (Some(_), _) => IncidentKind::Assault,
        };
        records.incidents.push(row);
    }
    records
}

fn dead(incident: &Incident) -> u32 {
    incident.dead_perpetrator + incident.dead_target + incident.dead_civilians
}

#[test]
fn reports_never_contradict_what_happened() {
    let setup = setup(60);
    let records = varied(&setup);
    let events = seen(&setup, &records, &ObservationParameters::default(), 0);
    assert!(events.len() > 1_000);
    for event in &events {
        let truth = records.incidents.row(event.incident as usize);
        assert_eq!((truth.incident.0, truth.day.0, truth.place), (event.incident, event.day, event.place));
        assert!(event.low <= event.best() && event.best() <= event.high && event.high > 0);
        assert!(event.best() <= dead(&truth));
        // Sides are swapped at most once, and their dead go with them.
        let (side_a, side_b) = if event.is_swapped {
            (truth.target.expect("only two groups can be swapped"), Some(truth.perpetrator))
        } else {
            (truth.perpetrator, truth.target)
        };
        assert_eq!((event.side_a, event.side_b), (side_a, side_b));
        assert!(event.deaths_of(truth.perpetrator) <= truth.dead_perpetrator);
        assert!(truth.target.is_none_or(|target| event.deaths_of(target) <= truth.dead_target));
        assert!(event.deaths_civilians <= truth.dead_civilians);
        assert!(event.deaths_a + event.deaths_b + event.deaths_unknown <= truth.dead_perpetrator + truth.dead_target);
        let span = event.n_days_before + 1 + event.n_days_after;
        match event.date_prec {
            1 => assert_eq!(span, 1),
            2 => assert!((2..=6).contains(&span)),
            3 => assert_eq!(span, 7),
            precision => assert!(precision == 4 && (8..=31).contains(&span)),
        }
        let is_of_state = [Some(event.side_a), event.side_b].contains(&Some(STATE));
        match event.violence {
            Violence::OneSided => assert!(event.side_b.is_none() && event.deaths_b == 0),
            Violence::StateBased => assert!(event.side_a == STATE),
            Violence::NonState => {
                assert!(!is_of_state && event.side_a < event.side_b.expect("two sides"));
            }
        }
    }
    assert!(events.iter().any(|event| event.is_swapped) && events.iter().any(|event| event.high > event.best()));
    let mut ids: Vec<u32> = events.iter().map(|event| event.incident).collect();
    ids.dedup();
    assert_eq!(ids.len(), events.len());
}

#[test]
fn nothing_is_reported_when_nothing_is_detected_or_nobody_died() {
    let setup = setup(60);
    let mut blind = ObservationParameters::default();
    blind.set("intercept", 0.0).unwrap();
    blind.set("size", 0.0).unwrap();
    blind.set("remote", 20.0).unwrap();
    blind.set("civilian", 0.0).unwrap();
    let mut records = varied(&setup);
    records.incidents.place.fill(PlaceId(1));
    assert!(seen(&setup, &records, &blind, 0).is_empty());

    let mut bloodless = Records::default();
    for number in 0..200 {
        bloodless.incidents.push(incident(number, 3, 0, ISIS, Some(REBELS)));
    }
    assert!(seen(&setup, &bloodless, &ObservationParameters::default(), 0).is_empty());
}

#[test]
fn a_perfect_observer_sees_everything() {
    let setup = setup(60);
    let mut perfect = ObservationParameters::default();
    perfect.set("intercept", 40.0).unwrap();
    for share in ["civilian", "rebel", "hidden", "state", "autonomous", "local_defence"] {
        perfect.set(&format!("share_{share}"), 1.0).unwrap();
    }
    for (name, value) in [
        ("side_unknown", 0.0),
        ("contested", 0.0),
        ("exaggerated", 0.0),
        ("exact_date", 1.0),
        ("exact_place_town", 1.0),
        ("exact_place_village", 1.0),
    ] {
        perfect.set(name, value).unwrap();
    }
    let records = varied(&setup);
    let events = seen(&setup, &records, &perfect, 0);
    let deadly: Vec<Incident> = records.incidents.rows().filter(|row| dead(row) > 0).collect();
    assert_eq!(events.len(), deadly.len());
    for (event, truth) in events.iter().zip(&deadly) {
        assert_eq!((event.low, event.best(), event.high), (dead(truth), dead(truth), dead(truth)));
        assert_eq!((event.where_prec, event.date_prec, event.deaths_unknown), (1, 1, 0));
        assert_eq!(event.deaths_civilians, truth.dead_civilians);
    }
}

#[test]
fn each_class_is_counted_by_its_share_and_small_remote_events_are_missed() {
    let setup = setup(60);
    let mut records = Records::default();
    for number in 0..6_000 {
        let mut row = incident(number, number % 60, number % 2, ISIS, Some(REBELS));
        (row.dead_perpetrator, row.dead_target, row.dead_civilians) = (10, 10, 10);
        if number % 3 == 0 {
            (row.dead_perpetrator, row.dead_target, row.dead_civilians) = (1, 0, 0);
        }
        records.incidents.push(row);
    }
    let mut parameters = ObservationParameters::default();
    parameters.set("intensity", 0.0).unwrap();
    parameters.set("side_unknown", 0.0).unwrap();
    let events = seen(&setup, &records, &parameters, 0);
    let large: Vec<&ReportedEvent> = events.iter().filter(|event| event.incident % 3 != 0).collect();
    let mean = |value: &dyn Fn(&ReportedEvent) -> u32| {
        large.iter().map(|event| f64::from(value(event))).sum::<f64>() / large.len() as f64
    };
    assert!((mean(&|event| event.deaths_of(ISIS)) - 5.5).abs() < 0.15);
    assert!((mean(&|event| event.deaths_of(REBELS)) - 7.0).abs() < 0.15);
    assert!((mean(&|event| event.deaths_civilians) - 8.5).abs() < 0.15);
    let found = |is_small: bool, place: u32| {
        let is_of = |number: u32| number.is_multiple_of(3) == is_small && number % 2 == place;
        let n_seen = events.iter().filter(|event| is_of(event.incident)).count();
        n_seen as f64 / (0..6_000).filter(|&number| is_of(number)).count() as f64
    };
    // By hand: sig(2 + 0.8 ln 30 + (0.5 - 0.5) / 3) = 0.991 in a town, sig(... - 0.7)
    // = 0.982 in a village. Of one dead of a group that hides them 0.55 + 0.45 * 0.3 become known, so
    // 0.685 sig(1.5) = 0.560 and 0.685 sig(0.8) = 0.473.
    for (is_small, place, expected) in [(false, 0, 0.991), (false, 1, 0.982), (true, 0, 0.560), (true, 1, 0.473)] {
        let share = found(is_small, place);
        assert!((share - expected).abs() < 0.045, "{is_small} {place}: {share}, not {expected}");
    }
}

#[test]
fn bloody_days_are_covered_worse() {
    let setup = setup(60);
    let reported_share = |n_on_the_day: u32| {
        let mut records = Records::default();
        for number in 0..n_on_the_day {
            let mut row = incident(number, 5, 1, ISIS, Some(REBELS));
            row.dead_target = 2;
            records.incidents.push(row);
        }
        let mut n_seen = 0;
        let n_replicates = 4_000 / n_on_the_day;
        for replicate in 0..n_replicates {
            n_seen += seen(&setup, &records, &ObservationParameters::default(), replicate).len();
        }
        n_seen as f64 / f64::from(n_on_the_day * n_replicates)
    };
    assert!(reported_share(10) > reported_share(1_000) + 0.2);
}

#[test]
fn an_incident_is_seen_alike_whatever_else_happens() {
    let setup = setup(12);
    let mut parameters = ObservationParameters::default();
    parameters.set("intensity", 0.0).unwrap();
    let records = rich_records(&setup, 0);
    let mut fewer = Records::default();
    for row in records.incidents.rows().filter(|row| row.incident.0 % 2 == 0) {
        fewer.incidents.push(row);
    }
    let all = seen(&setup, &records, &parameters, 3);
    let some = seen(&setup, &fewer, &parameters, 3);
    let expected: Vec<&ReportedEvent> = all.iter().filter(|event| event.incident % 2 == 0).collect();
    assert_eq!(some.iter().collect::<Vec<_>>(), expected);
    assert_ne!(all, seen(&setup, &records, &parameters, 4));
}

fn texts(table: &TableData, name: &str) -> Vec<String> {
    let column = table.columns.iter().find(|column| column.name == name).expect("there is such a column");
    match &column.cells {
        OutputCells::Text(cells) => cells.iter().flatten().cloned().collect(),
        _ => panic!("{name} isn't text"),
    }
}

fn wholes(table: &TableData, name: &str) -> Vec<Option<u32>> {
    let column = table.columns.iter().find(|column| column.name == name).expect("there is such a column");
    match &column.cells {
        OutputCells::Whole(cells) => cells.clone(),
        _ => panic!("{name} isn't a whole number"),
    }
}

#[test]
fn the_table_has_the_columns_of_ged_and_obeys_its_rules() {
    let setup = setup(60);
    let events = seen(&setup, &varied(&setup), &ObservationParameters::default(), 0);
    let table = reported_table(&events, &setup, &Gazetteer::of(&setup));
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_ref()).collect();
    assert_eq!(names, GED_COLUMNS.split(',').collect::<Vec<_>>());
    let whole = |name: &str| wholes(&table, name);
    let (a, b, civilians, unknown) =
        (whole("deaths_a"), whole("deaths_b"), whole("deaths_civilians"), whole("deaths_unknown"));
    for row in 0..table.n_rows() {
        let sum = [&a, &b, &civilians, &unknown].iter().map(|column| column[row].unwrap()).sum();
        assert_eq!(whole("best")[row], Some(sum));
        if row > 50 {
            break;
        }
    }
    let (first, last) = (texts(&table, "date_start"), texts(&table, "date_end"));
    for ((first, last), event) in first.iter().zip(&last).zip(&events) {
        let truth = setup.start.plus_days(event.day).to_string();
        assert!(*first <= truth && truth <= *last && first.starts_with("2014"), "{first} {truth} {last}");
        assert_eq!(event.date_prec == 1, first == last);
    }
    let kinds = whole("type_of_violence");
    let state_a = whole("gwnoa");
    for ((kind, state), side_b) in kinds.iter().zip(&state_a).zip(texts(&table, "side_b")) {
        assert_eq!(*kind == Some(1), *state == Some(0));
        assert_eq!(*kind == Some(3), side_b == "Civilians");
    }
    assert!(whole("priogrid_gid").contains(&Some(181_154)));
    assert!(texts(&table, "dyad_name").contains(&"Group state - Group isis".to_owned()));
    assert!(texts(&table, "source_article").iter().all(|text| text.contains("not a report of a real event")));
    let precisions: std::collections::BTreeSet<Option<u32>> = whole("where_prec").into_iter().collect();
    assert_eq!(precisions.len(), 4);
}

#[test]
fn a_record_names_the_country_of_its_scenario_in_every_column() {
    let mut setup = setup(60);
    let named = ["country", "region", "conflict_name", "relid", "dyad_name", "where_coordinates", "adm_1"];
    let table_of = |setup: &Setup| {
        let events = seen(setup, &varied(setup), &ObservationParameters::default(), 0);
        reported_table(&events, setup, &Gazetteer::of(setup))
    };
    let all = |table: &TableData, column: &str, text: &str| texts(table, column).iter().all(|found| found == text);
    let unnamed = table_of(&setup);
    assert!(all(&unnamed, "country", "Unnamed country") && all(&unnamed, "region", "Unnamed region"));
    assert!(wholes(&unnamed, "country_id").iter().all(|number| *number == Some(0)));
    assert!(texts(&unnamed, "conflict_name").contains(&"Unnamed country: Government".to_owned()));
    setup.country = Country {
        name: "Marania".to_owned(),
        gw_number: 711,
        region: "Oceania".to_owned(),
        conflict: Some("Marania: Hills".to_owned()),
    };
    let own = table_of(&setup);
    assert!(all(&own, "country", "Marania") && all(&own, "region", "Oceania"));
    assert!(wholes(&own, "country_id").iter().all(|number| *number == Some(711)));
    let (kinds, states) = (wholes(&own, "type_of_violence"), wholes(&own, "gwnoa"));
    for ((kind, state), conflict) in kinds.iter().zip(&states).zip(texts(&own, "conflict_name")) {
        assert_eq!(*kind == Some(1), *state == Some(711));
        assert_eq!(*kind == Some(1), conflict == "Marania: Hills");
    }
    let words: Vec<String> = named.iter().flat_map(|column| texts(&own, column)).collect();
    assert!(words.iter().all(|text| !text.contains("Syria") && !text.contains("Middle East")), "{words:?}");
}

#[test]
fn dates_of_january_first_stay_in_their_year() {
    let setup = setup(60);
    let mut parameters = ObservationParameters::default();
    parameters.set("exact_date", 0.0).unwrap();
    parameters.set("week_date", 0.0).unwrap();
    let mut records = Records::default();
    for number in 0..200 {
        let mut row = incident(number, 0, 0, ISIS, Some(REBELS));
        row.dead_target = 20;
        records.incidents.push(row);
    }
    let events = seen(&setup, &records, &parameters, 0);
    let table = reported_table(&events, &setup, &Gazetteer::of(&setup));
    assert!(texts(&table, "date_start").iter().all(|date| date == "2014-01-01"));
    assert!(texts(&table, "date_end").iter().all(|date| date.as_str() >= "2014-01-07"));
}
