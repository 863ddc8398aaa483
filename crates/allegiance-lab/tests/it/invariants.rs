//! The rules of UCDP GED on simulated rows; the tests of `allegiance-cli` hold
//! them against real ones.

use crate::world::{TemporaryFolder, input, options, run};
use allegiance_model::calendar::Date;
use allegiance_record::observe::invariants::{INVARIANTS, broken};
use allegiance_record::observe::{RecordRow, Violence};
use allegiance_replay::Silent;
use allegiance_runs::FinishedRun;

#[test]
fn reports_of_a_small_world_keep_the_rules() {
    let folder = TemporaryFolder::new("rules-small");
    let out = folder.join("run");
    run(&input(90), &options(out.clone(), 6), &Silent).expect("it runs");
    let run = FinishedRun::open(&out).expect("it is whole");
    let mut n_rows = 0;
    for replicate in run.replicates() {
        let rows = run.reported(replicate).expect("it is read");
        n_rows += rows.len();
        let broken: Vec<_> = broken(&rows).into_iter().map(|(invariant, n)| (invariant.rule, n)).collect();
        assert_eq!(broken, []);
    }
    assert!(n_rows > 30, "{n_rows} rows");
}

/// A row that keeps every rule.
fn good_row() -> RecordRow {
    let date = |day| Date::from_ymd(2014, 1, day).expect("a date");
    RecordRow {
        id: 1,
        relid: "SYR-2014-1-7-1".to_owned(),
        year: 2014,
        violence: Violence::StateBased,
        dyad_name: "Government of Syria - IS".to_owned(),
        side_a: "Government of Syria".to_owned(),
        side_a_id: 118,
        side_b: "IS".to_owned(),
        side_b_id: 234,
        where_prec: 1,
        adm_1: "Idlib governorate".to_owned(),
        adm_2: String::new(),
        latitude_deg: 35.763_369,
        longitude_deg: 36.558_974,
        priogrid_gid: 181_154,
        country: "Syria".to_owned(),
        region: "Middle East".to_owned(),
        event_clarity: 1,
        date_prec: 1,
        date_start: date(3),
        date_end: date(3),
        deaths_a: 1,
        deaths_b: 2,
        deaths_civilians: 3,
        deaths_unknown: 4,
        best: 10,
        high: 10,
        low: 9,
        gwno_a: Some(652),
        gwno_b: None,
    }
}

#[test]
fn each_rule_is_broken_by_some_row() {
    let good = good_row();
    assert_eq!(broken(std::slice::from_ref(&good)).len(), 0);
    let spoil: &[fn(&mut RecordRow)] = &[
        |row| row.best = 9,
        |row| row.low = 11,
        |row| row.high = 0,
        |row| row.side_b = "Civilians".to_owned(),
        |row| row.violence = Violence::OneSided,
        |row| row.side_b_id = 118,
        |row| row.dyad_name = "IS - Government of Syria".to_owned(),
        |row| row.gwno_a = None,
        |row| row.violence = Violence::NonState,
        |row| row.where_prec = 8,
        |row| row.where_prec = 3,
        |row| (row.where_prec, row.adm_1) = (4, String::new()),
        |row| row.priogrid_gid += 1,
        |row| row.region = String::new(),
        |row| row.date_end = row.date_end.plus_days(1),
        |row| row.year = 2013,
        |row| row.event_clarity = 2,
        |row| row.event_clarity = 3,
        |row| row.relid = "SYR-2014-2-7-1".to_owned(),
    ];
    assert_eq!(spoil.len(), INVARIANTS.len());
    for (spoil, invariant) in spoil.iter().zip(INVARIANTS) {
        let mut bad = good.clone();
        spoil(&mut bad);
        assert!(!(invariant.holds)(&bad), "{}", invariant.rule);
    }
}
