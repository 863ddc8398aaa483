//! Differences of two timelines: entries that are added, missing, dated
//! otherwise, or change something to another value.

use super::{DifferenceKind, SetupDifference, shown};
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{Change, Setup, TimelineEntry};

/// An entry in terms that don't depend on the order of places and groups.
struct Entry {
    day: u32,
    /// What it changes of whom, as a key such as `assault.GROUP.PLACE`.
    subject: String,
    /// To what; empty where the kind has no value.
    value: String,
    words: String,
    kind: DifferenceKind,
}

impl Entry {
    fn of(setup: &Setup, entry: &TimelineEntry) -> Self {
        let group = |group: GroupId| setup.groups[group.idx()].id.as_str();
        let place = |place: PlaceId| setup.places[place.idx()].id.as_str();
        let (subject, value) = match &entry.change {
            Change::Relation { a, b, kind } => {
                let mut pair = [group(*a), group(*b)];
                pair.sort_unstable();
                (format!("relation.{}.{}", pair[0], pair[1]), kind.word().to_owned())
            }
            Change::Pay { group: of, usd_per_month } => (format!("pay.{}", group(*of)), shown(*usd_per_month)),
            Change::Strikes { group: of, per_month } => (format!("strikes.{}", group(*of)), shown(*per_month)),
            Change::Policy { policy, group: of, value } => {
                (format!("policy.{}.{}", group(*of), policy.word()), shown(*value))
            }
            Change::Control { place: at, group: of, share } => {
                (format!("control.{}.{}", place(*at), group(*of)), shown(*share))
            }
            Change::Lever { lever, group: of, value } => {
                (format!("lever.{}.{}", group(*of), lever.word()), shown(*value))
            }
            Change::Assault { group: of, place: at } => {
                (format!("assault.{}.{}", group(*of), place(*at)), String::new())
            }
            Change::Inflow { group: of, rank, is_foreign, per_month } => {
                (format!("inflow.{}.{}.{}", group(*of), rank.word(), origin(*is_foreign)), shown(*per_month))
            }
            Change::Arms { group: of, discipline } => (format!("arms.{}", group(*of)), shown(*discipline)),
            Change::Revenue { group: of, usd_per_place_per_month: usd } => {
                (format!("revenue.{}", group(*of)), shown(*usd))
            }
            Change::Shock { group: of, log_odds } => (format!("shock.{}", group(*of)), shown(*log_odds)),
            Change::Conscripts { group: of, men } => (format!("conscripts.{}", group(*of)), men.to_string()),
            Change::Dissolve { group: of } => (format!("dissolve.{}", group(*of)), String::new()),
            Change::Happening => (format!("happening.{}", entry.note), String::new()),
        };
        let names = (&|of: GroupId| setup.groups[of.idx()].name.as_str() as &str, &|at: PlaceId| {
            setup.places[at.idx()].name.as_str() as &str
        });
        let words = match &entry.change {
            Change::Happening => entry.note.trim_end_matches('.').to_owned(),
            change => change_in_words(change, names.0, names.1),
        };
        let is_lever = matches!(entry.change, Change::Lever { .. });
        let kind = if is_lever { DifferenceKind::Lever } else { DifferenceKind::Timeline };
        Self { day: entry.day, subject, value, words, kind }
    }
}

/// A change of the timeline in words, with the names of groups and places.
pub fn change_in_words<'n>(
    change: &Change,
    group: &dyn Fn(GroupId) -> &'n str,
    place: &dyn Fn(PlaceId) -> &'n str,
) -> String {
    match change {
        Change::Relation { a, b, kind } => format!("{} and {}: {}", group(*a), group(*b), kind.word()),
        Change::Pay { group: of, usd_per_month } => format!("{} pays {usd_per_month} USD a month", group(*of)),
        Change::Strikes { group: of, per_month } => format!("{}: {per_month} strikes a month", group(*of)),
        Change::Policy { policy, group: of, value } => {
            format!("{} of {}: {value}", policy.word().replace('_', " "), group(*of))
        }
        Change::Control { place: at, group: of, share } => {
            format!("{} takes {:.0}% of the control of {}", group(*of), 100.0 * share, place(*at))
        }
        Change::Lever { lever, group: of, value } => {
            format!("{} on {}: {value}", lever.word().replace('_', " "), group(*of))
        }
        Change::Assault { group: of, place: at } => format!("{} is ordered to attack {}", group(*of), place(*at)),
        Change::Inflow { group: of, rank, is_foreign, per_month } => {
            let (origin, rank) = (origin(*is_foreign), rank.word().replace('_', " "));
            format!("{}: {per_month} {origin} members a month come from outside as {rank}", group(*of))
        }
        Change::Arms { group: of, discipline } => format!("discipline of {} becomes {discipline}", group(*of)),
        Change::Revenue { group: of, usd_per_place_per_month: usd } => {
            format!("each place of {} yields {usd} USD a month for its pay", group(*of))
        }
        Change::Shock { group: of, log_odds } => {
            format!("log-odds of victory of {} move by {log_odds}", group(*of))
        }
        Change::Conscripts { group: of, men } => format!("{} can raise {men} more men", group(*of)),
        Change::Dissolve { group: of } => format!("{} dissolves", group(*of)),
        Change::Happening => "A dated fact without a note".to_owned(),
    }
}

fn origin(is_foreign: bool) -> &'static str {
    if is_foreign { "foreign" } else { "local" }
}

/// Adds what differs between the timelines of two setups.
pub(super) fn compare(a: &Setup, b: &Setup, found: &mut Vec<SetupDifference>) {
    let [mut first, mut second] =
        [a, b].map(|setup| setup.timeline.iter().map(|entry| Entry::of(setup, entry)).collect::<Vec<Entry>>());
    let date = |setup: &Setup, entry: &Entry| setup.start.plus_days(entry.day).to_string();
    let key = |setup: &Setup, entry: &Entry| format!("timeline.{}.{}", date(setup, entry), entry.subject);
    let difference = |kind, key, a, b, words| SetupDifference { kind, key, a, b, words };
    let same_date = |one: &Entry, other: &Entry| date(a, one) == date(b, other);
    drop_pairs(&mut first, &mut second, |one, other| {
        (same_date(one, other) && one.subject == other.subject && one.value == other.value).then_some(())
    });
    // The same change on another day comes first, then another value on the same day.
    found.extend(drop_pairs(&mut first, &mut second, |one, other| {
        let is_same = one.subject == other.subject && one.value == other.value;
        is_same.then(|| {
            let (before, after) = (date(a, one), date(b, other));
            let words = format!("{} is dated {after} instead of {before}", quoted(&other.words));
            difference(other.kind, key(a, one), Some(before), Some(after), words)
        })
    }));
    found.extend(drop_pairs(&mut first, &mut second, |one, other| {
        (same_date(one, other) && one.subject == other.subject).then(|| {
            let words = format!("on {} {} instead of {}", date(b, other), quoted(&other.words), quoted(&one.words));
            difference(other.kind, key(a, one), Some(one.words.clone()), Some(other.words.clone()), words)
        })
    }));
    for entry in first {
        let words = format!("on {} {} is missing", date(a, &entry), quoted(&entry.words));
        found.push(difference(entry.kind, key(a, &entry), Some(entry.words.clone()), None, words));
    }
    for entry in second {
        let words = format!("on {} {} is added", date(b, &entry), quoted(&entry.words));
        found.push(difference(entry.kind, key(b, &entry), None, Some(entry.words.clone()), words));
    }
}

fn quoted(words: &str) -> String {
    format!("\"{words}\"")
}

/// Takes pairs out of two lists that something can be said of, each entry in
/// one pair at most and the nearest days first, and gives what is said.
fn drop_pairs<T>(first: &mut Vec<Entry>, second: &mut Vec<Entry>, say: impl Fn(&Entry, &Entry) -> Option<T>) -> Vec<T> {
    let mut pairs: Vec<(u32, usize, usize, T)> = Vec::new();
    for (at, one) in first.iter().enumerate() {
        for (with, other) in second.iter().enumerate() {
            if let Some(said) = say(one, other) {
                pairs.push((one.day.abs_diff(other.day), at, with, said));
            }
        }
    }
    pairs.sort_by_key(|&(distance, at, with, _)| (distance, at, with));
    let (mut of_first, mut of_second) = (vec![false; first.len()], vec![false; second.len()]);
    let mut said = Vec::new();
    for (_, at, with, words) in pairs {
        if !of_first[at] && !of_second[with] {
            (of_first[at], of_second[with]) = (true, true);
            said.push(words);
        }
    }
    let mut taken = of_first.into_iter().chain(of_second);
    first.retain(|_| !taken.next().unwrap_or(false));
    second.retain(|_| !taken.next().unwrap_or(false));
    said
}
