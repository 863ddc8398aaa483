//! No number of a summary or a report differs from the tables: they are
//! recomputed here from the stored tables, with quantiles of their own.

use crate::reports::{finished, page_of, parse, rows_of};
use crate::world::{TemporaryFolder, input, options};
use allegiance_model::ids::GroupId;
use allegiance_model::tables::{AllegianceKind, Cause, Records};
use allegiance_runs::FinishedRun;
use allegiance_show::factors::factor;

const N_DAYS: u32 = 45;
const N_REPLICATES: u32 = 5;

/// The quantile of definition 7 of Hyndman & Fan, as R, NumPy and pandas give it.
fn quantile(values: &[u32], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let position = (sorted.len() - 1) as f64 * p;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    f64::from(below) + position.fract() * (f64::from(above) - f64::from(below))
}

/// A whole number with commas at the thousands.
fn whole(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count over replicates as it is printed: median, and the 90% interval where it has two ends.
fn printed(values: &[u32]) -> String {
    let [low, median, high] = [0.05, 0.5, 0.95].map(|p| whole(quantile(values, p)));
    if low == high { median } else { format!("{median} ({low}–{high})") }
}

/// A count of each replicate.
fn each(replicates: &[Records], count: impl Fn(&Records) -> u32) -> Vec<u32> {
    replicates.iter().map(count).collect()
}

/// All deaths until the end of a day: `dead` and `civilians_killed` over the groups.
fn deaths_until(records: &Records, day: u32) -> u32 {
    let of_day = records.groups.rows().filter(|row| row.day.0 == day);
    of_day.map(|row| row.dead + row.civilians_killed).sum()
}

fn turns(records: &Records, kind: AllegianceKind, cause: Option<Cause>) -> u32 {
    records.allegiance.rows().filter(|row| row.kind == kind && row.cause == cause).count() as u32
}

/// The cells of a row of the summary: the first below a heading that begins with a label.
fn summary_row(summary: &str, heading: &str, label: &str) -> Vec<String> {
    let section = summary.lines().skip_while(|line| !line.starts_with(heading));
    let mut rows = section.map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()));
    let row = rows.find(|row| row.clone().next() == Some(label)).expect("the row is there");
    row.map(str::to_owned).collect()
}

fn a_war(folder: &TemporaryFolder) -> (FinishedRun, String, String, Vec<Records>) {
    let input = input(N_DAYS);
    let (run, summary) = finished(&input, &options(folder.join("run"), N_REPLICATES));
    let page = page_of(&run, &input, Vec::new());
    let records = (0..N_REPLICATES).map(|replicate| run.records(replicate).expect("it is whole")).collect();
    (run, summary, page, records)
}

/// Counts of a group on the last day, in the order of the report's columns.
fn of_group(replicates: &[Records], group: GroupId) -> Vec<String> {
    let last = |records: &Records| {
        let mut rows = records.groups.rows().filter(|row| row.group == group && row.day.0 + 1 == N_DAYS);
        rows.next().expect("every group has a last day")
    };
    let caught = |records: &Records| {
        let is_it = |row: &allegiance_model::tables::Allegiance| {
            row.kind == AllegianceKind::Capture && row.group == Some(group)
        };
        records.allegiance.rows().filter(is_it).count() as u32
    };
    [
        each(replicates, |records| last(records).n_members),
        each(replicates, |records| last(records).dead),
        each(replicates, |records| last(records).joined),
        each(replicates, |records| last(records).deserted),
        each(replicates, |records| last(records).defected),
        each(replicates, |records| last(records).departed),
        each(replicates, |records| last(records).arrived),
        each(replicates, caught),
        each(replicates, |records| last(records).civilians_killed),
    ]
    .map(|values| printed(&values))
    .to_vec()
}

#[test]
fn groups_of_summary_and_report_are_those_of_the_tables() {
    let folder = TemporaryFolder::new("numbers-groups");
    let (run, summary, page, replicates) = a_war(&folder);
    let rows = rows_of(&parse(&page), "Members, deaths, joins and exits by group");
    assert_eq!(rows.len(), 1 + run.setting().groups.len());
    for (at, row) in rows[1..].iter().enumerate() {
        let expected = of_group(&replicates, GroupId(at as u8));
        assert_eq!(row[2..], expected, "{}", row[0]);
        let [_, killed, joined, deserted, defected, departed, arrived, caught, civilians] = &expected[..] else {
            panic!("nine counts");
        };
        let deaths = summary_row(&summary, "DEATHS", &row[0]);
        assert_eq!((&deaths[1], deaths.last()), (killed, Some(civilians)));
        let moves = summary_row(&summary, "JOINING AND LEAVING", &row[0]);
        let found = [joined, arrived, deserted, defected, departed, caught].map(String::as_str);
        assert_eq!(moves[1..7], found, "{}", row[0]);
    }
}

#[test]
fn deaths_of_summary_and_report_are_those_of_the_tables() {
    let folder = TemporaryFolder::new("numbers-deaths");
    let (run, summary, page, replicates) = a_war(&folder);
    let all = each(&replicates, |records| deaths_until(records, N_DAYS - 1));
    assert!(all.iter().any(|&n| n > 0), "the war kills nobody");
    let civilians = each(&replicates, |records| {
        records.groups.rows().filter(|row| row.day.0 + 1 == N_DAYS).map(|row| row.civilians_killed).sum()
    });
    let line = format!("  All deaths: {}, of them civilians: {}.", printed(&all), printed(&civilians));
    assert!(summary.lines().any(|found| found == line), "{line}\n{summary}");
    let cumulative = summary.lines().find(|line| line.trim_start().starts_with("cumulative")).expect("it is there");
    assert!(cumulative.ends_with(&format!("(to {})", whole(quantile(&all, 0.5)))), "{cumulative}");
    let page = parse(&page);
    let weeks = rows_of(&page, "Deaths by week:");
    for (week, row) in weeks[1..].iter().enumerate() {
        let (first, last) = (7 * week as u32, (7 * week as u32 + 6).min(N_DAYS - 1));
        let of_week = each(&replicates, |records| {
            deaths_until(records, last) - if first > 0 { deaths_until(records, first - 1) } else { 0 }
        });
        assert_eq!(row[..], [run.date(first).to_string(), printed(&of_week)]);
    }
    let reported: Vec<u32> = (0..N_REPLICATES)
        .map(|replicate| run.reported(replicate).expect("it is whole").iter().map(|row| row.best).sum())
        .collect();
    let rows = rows_of(&page, "The true record and the reported one");
    let deaths = rows.iter().find(|row| row[0] == "deaths").expect("the row is there");
    assert_eq!(deaths[1..], [printed(&all), printed(&reported)]);
}

#[test]
fn factors_of_summary_and_report_are_counted_as_in_the_tables() {
    let folder = TemporaryFolder::new("numbers-factors");
    let (_, summary, page, replicates) = a_war(&folder);
    let page = parse(&page);
    let rows = rows_of(&page, "Leavers by their strongest factor");
    let kinds = [AllegianceKind::Desertion, AllegianceKind::Defection, AllegianceKind::Departure];
    assert!(rows.len() > 2, "hardly anybody leaves");
    let causes = || Cause::ALL.iter().copied().map(Some).chain([None]);
    for row in &rows[1..] {
        let cause = causes().find(|cause| factor(cause.map_or("", Cause::word)) == row[0]).expect("a known factor");
        let expected = kinds.map(|kind| printed(&each(&replicates, |records| turns(records, kind, cause))));
        assert_eq!(row[1..], expected, "{}", row[0]);
        assert_eq!(summary_row(&summary, "STRONGEST FACTORS", &row[0])[2..], expected, "{}", row[0]);
    }
    let joins = rows_of(&page, "Joins by their strongest factor");
    for row in &joins[1..] {
        let cause = causes().find(|cause| factor(cause.map_or("", Cause::word)) == row[0]).expect("a known factor");
        assert_eq!(row[1], printed(&each(&replicates, |records| turns(records, AllegianceKind::Join, cause))));
    }
    let kinds_of_incident = rows_of(&page, "Incidents by kind");
    for row in &kinds_of_incident[1..] {
        let n = each(&replicates, |records| {
            records.incidents.kind.iter().filter(|kind| kind.word().replace('_', " ") == row[0]).count() as u32
        });
        assert_eq!(row[1], printed(&n), "{}", row[0]);
    }
}
