//! Who is at war, from when, and who is allied: by the events between them.

use std::collections::BTreeMap;

use allegiance_model::calendar::Date;
use allegiance_model::setup::RelationKind;

use super::BuildRequest;
use super::events::Event;
use super::groups::Cast;
use super::period::Period;
use allegiance_scenario::Profile;

/// A relation of two groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) kind: RelationKind,
    /// When it begins; `None` on the first day.
    pub(super) since: Option<Date>,
    /// Events between them, before and in the period.
    pub(super) n_events: usize,
}

/// The events between two groups.
#[derive(Debug, Default)]
struct Fights {
    n_events: usize,
    is_old: bool,
    first: Option<Date>,
}

/// Two groups are at war if there is an event between them: from the first
/// day where one is older, or has no date, else from the first one's day. A
/// foreign state is allied to the government if they share an enemy, and a
/// militia if it has no other enemies than the government has, where they don't
/// fight each other. All others are at truce.
pub(super) fn relate(request: &BuildRequest, period: &Period<'_>, cast: &Cast) -> Vec<Relation> {
    let mut fights: BTreeMap<(usize, usize), Fights> = BTreeMap::new();
    let all = period.before.iter().map(|event| (event, true)).chain(period.events.iter().map(|event| (event, false)));
    for (event, is_before) in all {
        let Some((a, Some(b))) = cast.groups_of(event) else { continue };
        let fights = fights.entry((a.min(b), a.max(b))).or_default();
        fights.n_events += 1;
        let date = event.row.date;
        fights.is_old |= is_before || !is_dated(event) || date == request.from;
        fights.first = Some(fights.first.map_or(date, |first| first.min(date)));
    }
    let mut relations: Vec<Relation> = fights
        .iter()
        .map(|(&(a, b), fights)| Relation {
            a,
            b,
            kind: RelationKind::War,
            since: fights.first.filter(|_| !fights.is_old),
            n_events: fights.n_events,
        })
        .collect();
    let enemies = |of: usize| -> Vec<usize> {
        let pairs = fights.keys().filter(|(a, b)| *a == of || *b == of);
        pairs.map(|&(a, b)| if a == of { b } else { a }).collect()
    };
    let of_government = enemies(0);
    for b in 1..cast.groups.len() {
        let is_ally = !of_government.contains(&b) && is_on_its_side(cast.groups[b].class, &enemies(b), &of_government);
        for a in 0..b {
            let fought = fights.get(&(a, b)).is_some_and(|fights| fights.is_old);
            let kind = if a == 0 && is_ally { RelationKind::Alliance } else { RelationKind::Truce };
            if !fought {
                relations.push(Relation { a, b, kind, since: None, n_events: 0 });
            }
        }
    }
    relations
}

/// Whether a group's enemies make it an ally of the government: of a foreign
/// state, which may fight elsewhere too, one is enough; a militia must have no
/// others, so that neighbours who fight each other aren't both allies.
fn is_on_its_side(class: Profile, enemies: &[usize], of_government: &[usize]) -> bool {
    let mut shared = enemies.iter().map(|enemy| of_government.contains(enemy));
    match class {
        Profile::ForeignState => shared.any(|is_shared| is_shared),
        Profile::Militia => !enemies.is_empty() && shared.all(|is_shared| is_shared),
        Profile::Government | Profile::Rebel => false,
    }
}

/// Whether the day of an event says anything: it is known to a month at least.
fn is_dated(event: &Event) -> bool {
    !event.is_undated && event.date_precision < YEAR_ONLY
}

/// The `date_prec` of events of which only the year is known.
const YEAR_ONLY: u64 = 5;
