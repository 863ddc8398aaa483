//! Who walks the conformance path: from believing in a group to fighting it,
//! within the day on which it attacks one's home.
//!
//! # The steps
//! A path belongs to one person and one incident. Steps are cumulative: a path
//! that reaches step 8 has passed 4 to 8. All of 5 to 12 fall on the day of the
//! incident.
//!
//! | step | holds where |
//! |---|---|
//! | 4 | when the incident reaches the person, a member of the group that did it, he has heard at least one accusation against the group, and his conviction is above zero |
//! | 5 | he is then on leave, in the place of his home |
//! | 6 | the incident is an assault on that place, held by another group with at least one man |
//! | 7 | it kills civilians, he sees it in person, and kin of his are among the dead |
//! | 8 | his conviction is below zero when he has taken in the incident, and the credence of the accusations heard before has risen |
//! | 9 | he complains to his commander about the incident |
//! | 10 | the commander offers restitution |
//! | 11 | he refuses the offer |
//! | 12 | he defects to a group that defended the place, and it takes him in, watched or not |
//!
//! Several groups can defend a place together, and the incident names only the
//! one with most men there. Another one counts as a defender where it held at
//! least [`DEFENDER_SHARE`] of the control of the place on the evening before.
//! A host is always at war with the group that a person leaves, so an ally of
//! the attackers is never taken for a defender.
//!
//! The exposures of members are the only record of what they heard and thought,
//! so step 4 counts those whom an incident by their own group reached, and not every
//! believer who ever heard an accusation.
//!
//! For those who reach step 12, [`Later`] says what the tables tell of steps 13,
//! 16 and 17.

use crate::intervals::Frequency;
use crate::reading::ReadRun;
use allegiance_model::ids::{GroupId, IncidentId, PersonId, PlaceId};
use allegiance_model::tables::{
    Allegiance, AllegianceKind, Channel, ControlShare, Exposure, Incident, IncidentKind, Outcome, Person, Records,
    Standing,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The first step that is looked for.
pub const FIRST_STEP: u32 = 4;
/// The step that completes a path.
pub const LAST_STEP: u32 = 12;
/// Number of steps looked for.
const N_STEPS: usize = (LAST_STEP - FIRST_STEP + 1) as usize;
/// Least control share of a place, on the evening before an attack, that makes
/// a group one of its defenders. Forces present pull control towards their
/// share, so less is what is left of men who have gone.
pub const DEFENDER_SHARE: f64 = 0.05;
/// Days after the incident's own that make up its week.
const REST_OF_WEEK_DAYS: u32 = 6;

/// What happens in each step, from the first to the last.
pub const STEPS: [&str; N_STEPS] = [
    "believes, having heard accusations, when an incident by his group reaches him",
    "on leave at home at that moment",
    "his group attacks the place, which others defend",
    "sees civilians killed, own kin among them",
    "conviction reverses; old accusations gain credence",
    "complains to his commander",
    "is offered restitution",
    "refuses",
    "defects to a defender of the place the same day and is taken in",
];

/// How far one person goes on the path, by the incident that leads furthest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Walk {
    /// The person.
    pub person: PersonId,
    /// The incident.
    pub incident: IncidentId,
    /// The day of the incident's first exposure.
    pub day: u32,
    /// Where it happened.
    pub place: PlaceId,
    /// The person's group on that day, which is also the perpetrator.
    pub group: GroupId,
    /// The group with most defenders in the place, where it had any.
    pub defenders: Option<GroupId>,
    /// For a path that is complete, the defender that took him in.
    pub host: Option<GroupId>,
    /// The last step reached, [`FIRST_STEP`] to [`LAST_STEP`].
    pub reached: u32,
    /// How he tried to leave on the same day, if he reached step 8 and did.
    pub attempt: Option<Attempt>,
    /// What became of it, for a path that is complete.
    pub later: Option<Later>,
}

/// What came of an attempt to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attempt {
    /// Caught by his own group.
    Caught,
    /// Left the war.
    Deserted,
    /// Left the country.
    Departed,
    /// Went over to a defender of the place, which turned him away.
    TurnedAway,
    /// Went over to a defender of the place, which took him in.
    TakenIn,
    /// Went over to a group that didn't defend the place, whatever it did with him.
    WentElsewhere,
}

/// What the tables tell of the steps after the twelfth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Later {
    /// Step 13, first half: he is wounded later on, as a member of the host.
    pub is_wounded: bool,
    /// Step 13, second half: at the end of the seventh day, that of the attack
    /// being the first, the host or the group with most defenders has the largest
    /// control share of the place. `None` where the run ends before.
    pub place_holds: Option<bool>,
    /// Step 16, first half: the host's suspicion on arrival.
    pub suspicion_on_arrival: Option<f64>,
    /// Step 16, second half: what is left of it at the end of the run, where
    /// he still serves.
    pub suspicion_at_end: Option<f64>,
    /// Step 17: at the end of the run he serves with the host.
    pub serves_at_end: bool,
}

/// Everyone who reaches at least the first step, by person.
///
/// # Panics
/// Never on the record of a run; it needs the tables `incidents`, `allegiance`,
/// `exposures`, `control` and `persons`.
pub fn walks(records: &Records, n_days: u32) -> Vec<Walk> {
    let by_person = |person: PersonId| Events::of(records, person);
    let mut exposures: BTreeMap<(PersonId, IncidentId), Vec<Exposure>> = BTreeMap::new();
    for row in records.exposures.rows() {
        let known = exposures.entry((row.person, row.incident)).or_default();
        known.push(row);
    }
    let persons: BTreeMap<PersonId, Person> = records.persons.rows().map(|row| (row.person, row)).collect();
    let incidents: BTreeMap<IncidentId, Incident> = records.incidents.rows().map(|row| (row.incident, row)).collect();
    let mut best: BTreeMap<PersonId, Walk> = BTreeMap::new();
    for ((person, incident), shown) in &exposures {
        let Some(incident) = incidents.get(incident) else {
            continue;
        };
        let home = persons.get(person).and_then(|person| person.home);
        let Some(walk) = before_voice(shown, incident, home) else {
            continue;
        };
        let known = best.entry(*person).or_insert(walk);
        if walk.reached > known.reached {
            *known = walk;
        }
    }
    // The turns of allegiance are looked up only for the few who get that far.
    for walk in best.values_mut().filter(|walk| walk.reached == 8) {
        let events = by_person(walk.person);
        let holders = holders_before(records, walk.place, walk.day);
        let is_defender = |group: GroupId| walk.defenders == Some(group) || holders.contains(&group);
        let reached = after_voice(walk, &events, is_defender);
        let attempt = attempt_of(walk, &events, is_defender);
        (walk.reached, walk.attempt) = (reached, attempt);
        if walk.reached == LAST_STEP {
            walk.host = events.defection_on(walk.day).and_then(|row| row.to_group);
            walk.later = later(walk, &events, records, n_days);
        }
    }
    best.into_values().collect()
}

/// Steps 4 to 8: what reached the person, and what he made of it.
fn before_voice(shown: &[Exposure], incident: &Incident, home: Option<PlaceId>) -> Option<Walk> {
    let first = shown.first()?;
    let on_day: Vec<&Exposure> = shown.iter().filter(|row| row.day == first.day).collect();
    let last = on_day.last()?;
    let has = |channel: Channel| on_day.iter().any(|row| row.channel == channel);
    let is_attack = incident.kind == IncidentKind::Assault
        && incident.perpetrator == first.group
        && incident.target.is_some()
        && incident.n_defenders > 0;
    let holds = [
        first.n_accusations > 0 && first.conviction_before > 0.0,
        first.is_on_leave && home == Some(first.place) && first.day == incident.day,
        is_attack && home == Some(incident.place),
        incident.dead_civilians > 0 && has(Channel::Witnessed) && has(Channel::KinKilled),
        last.conviction_after < 0.0 && last.credence_after > first.credence_before,
    ];
    let n_held = holds.iter().take_while(|&&holds| holds).count() as u32;
    (n_held > 0).then_some(Walk {
        person: first.person,
        incident: incident.incident,
        day: first.day.0,
        place: incident.place,
        group: first.group,
        defenders: incident.target,
        host: None,
        reached: FIRST_STEP + n_held - 1,
        attempt: None,
        later: None,
    })
}

/// One person's turns of allegiance, in order.
struct Events(Vec<Allegiance>);

impl Events {
    fn of(records: &Records, person: PersonId) -> Self {
        let rows = records.allegiance.person.iter().enumerate();
        let of_person = rows.filter(|(_, found)| **found == person);
        Self(of_person.map(|(row_idx, _)| records.allegiance.row(row_idx)).collect())
    }

    fn any(&self, is_it: impl Fn(&Allegiance) -> bool) -> bool {
        self.0.iter().any(is_it)
    }

    fn defection_on(&self, day: u32) -> Option<&Allegiance> {
        self.0.iter().find(|row| row.day.0 == day && row.kind == AllegianceKind::Defection)
    }
}

/// The last of steps 8 to 12 that a path reaches.
fn after_voice(walk: &Walk, events: &Events, is_defender: impl Fn(GroupId) -> bool) -> u32 {
    let about = |row: &Allegiance, kind: AllegianceKind| {
        row.day.0 == walk.day && row.kind == kind && row.incident == Some(walk.incident)
    };
    let came_of =
        |kind: AllegianceKind, outcome: Outcome| events.any(|row| about(row, kind) && row.outcome == Some(outcome));
    let crosses = |row: &Allegiance, kind: AllegianceKind| {
        row.day.0 == walk.day && row.kind == kind && row.to_group.is_some_and(&is_defender)
    };
    let is_taken_in = |row: &Allegiance| {
        crosses(row, AllegianceKind::Arrival) && matches!(row.outcome, Some(Outcome::TakenIn | Outcome::Watched))
    };
    let holds = [
        events.any(|row| about(row, AllegianceKind::Voice)),
        came_of(AllegianceKind::Answer, Outcome::Offered),
        came_of(AllegianceKind::Settlement, Outcome::Refused),
        events.any(|row| crosses(row, AllegianceKind::Defection)) && events.any(is_taken_in),
    ];
    walk.reached + holds.iter().take_while(|&&holds| holds).count() as u32
}

/// The first attempt to leave on the day of the path.
fn attempt_of(walk: &Walk, events: &Events, is_defender: impl Fn(GroupId) -> bool) -> Option<Attempt> {
    let on_day = || events.0.iter().filter(|row| row.day.0 == walk.day);
    let is_turned_away = on_day().any(|row| row.outcome == Some(Outcome::TurnedAway));
    on_day().find_map(|row| match row.kind {
        AllegianceKind::Capture => Some(Attempt::Caught),
        AllegianceKind::Desertion => Some(Attempt::Deserted),
        AllegianceKind::Departure => Some(Attempt::Departed),
        AllegianceKind::Defection if !row.to_group.is_some_and(&is_defender) => Some(Attempt::WentElsewhere),
        AllegianceKind::Defection if is_turned_away => Some(Attempt::TurnedAway),
        AllegianceKind::Defection => Some(Attempt::TakenIn),
        _ => None,
    })
}

fn later(walk: &Walk, events: &Events, records: &Records, n_days: u32) -> Option<Later> {
    let host = walk.host?;
    let arrival = events.0.iter().find(|row| row.kind == AllegianceKind::Arrival && row.day.0 == walk.day);
    let end = records.persons.rows().find(|person| person.person == walk.person);
    let serves =
        |person: &Person| person.group == Some(host) && matches!(person.standing, Standing::Active | Standing::Wounded);
    let end_of_week = walk.day + REST_OF_WEEK_DAYS;
    let is_theirs = |group: Option<GroupId>| group == Some(host) || group == walk.defenders;
    Some(Later {
        is_wounded: events
            .any(|row| row.kind == AllegianceKind::Wound && row.day.0 >= walk.day && row.group == Some(host)),
        place_holds: (end_of_week < n_days).then(|| is_theirs(controller_of(records, walk.place, end_of_week))),
        suspicion_on_arrival: arrival.and_then(|row| row.suspicion),
        suspicion_at_end: end.filter(serves).and_then(|person| person.suspicion),
        serves_at_end: end.as_ref().is_some_and(serves),
    })
}

/// The groups that hold at least [`DEFENDER_SHARE`] of a place before a day begins.
fn holders_before(records: &Records, place: PlaceId, day: u32) -> BTreeSet<GroupId> {
    let mut shares: BTreeMap<GroupId, f64> = BTreeMap::new();
    for row in records.control.rows().filter(|row| row.place == place) {
        // The state before the first day is recorded as of the first day, before its own changes.
        let is_start = row.day.0 == 0 && !shares.contains_key(&row.group);
        if row.day.0 < day || is_start {
            shares.insert(row.group, row.share);
        }
    }
    shares.into_iter().filter(|&(_, share)| share >= DEFENDER_SHARE).map(|(group, _)| group).collect()
}

/// The group with the largest control share of a place at the end of a day;
/// the first in the order of the scenario where several have it.
pub fn controller_of(records: &Records, place: PlaceId, day: u32) -> Option<GroupId> {
    let mut shares: BTreeMap<GroupId, f64> = BTreeMap::new();
    let known = |row: &ControlShare| row.place == place && row.day.0 <= day;
    for row in records.control.rows().filter(known) {
        shares.insert(row.group, row.share);
    }
    let mut largest: Option<(GroupId, f64)> = None;
    for (group, share) in shares {
        if largest.is_none_or(|(_, most)| share > most) {
            largest = Some((group, share));
        }
    }
    largest.map(|(group, _)| group)
}

/// How many people reach a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepCount {
    /// The step, as numbered in the conformance path.
    pub step: u32,
    /// What happens in it.
    pub what: &'static str,
    /// People who reach it, over all replicates.
    pub n_people: u64,
    /// Replicates in which at least one person reaches it.
    pub replicates: Frequency,
}

/// What became of the complete paths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LaterCount {
    /// Complete paths.
    pub n_paths: u32,
    /// Of these, wounded later in the service of the group that took them in.
    pub n_wounded: u32,
    /// Of these, the defenders control the place a week later.
    pub n_place_holds: u32,
    /// Of these, suspected by that group on arrival.
    pub n_suspected: u32,
    /// Of these, still suspected at the end of the run, and less than on arrival.
    pub n_suspected_less_at_end: u32,
    /// Of these, in that group's service at the end of the run.
    pub n_serving_at_end: u32,
}

/// How far people go on the path, over the replicates of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PathTable {
    n_replicates: u32,
    n_people: [u64; N_STEPS],
    n_with: [u32; N_STEPS],
    /// Of those who refused an offer (step 11), how they tried to leave on the
    /// same day; those who didn't try aren't in it.
    pub attempts_of_refusers: BTreeMap<Attempt, u64>,
    /// The complete paths with their replicates, in order.
    pub complete: Vec<(u32, Walk)>,
}

impl PathTable {
    /// Adds the walks of one replicate; replicates come in order.
    pub fn add(&mut self, replicate: u32, walks: &[Walk]) {
        self.n_replicates += 1;
        for (at, step) in (FIRST_STEP..=LAST_STEP).enumerate() {
            let n = walks.iter().filter(|walk| walk.reached >= step).count();
            self.n_people[at] += n as u64;
            self.n_with[at] += u32::from(n > 0);
        }
        let refusers = walks.iter().filter(|walk| walk.reached + 1 >= LAST_STEP);
        for attempt in refusers.filter_map(|walk| walk.attempt) {
            *self.attempts_of_refusers.entry(attempt).or_default() += 1;
        }
        let complete = walks.iter().filter(|walk| walk.reached == LAST_STEP);
        self.complete.extend(complete.map(|walk| (replicate, *walk)));
    }

    /// Replicates looked at.
    pub fn n_replicates(&self) -> u32 {
        self.n_replicates
    }

    /// How many reach each step.
    pub fn steps(&self) -> Vec<StepCount> {
        (FIRST_STEP..=LAST_STEP)
            .zip(STEPS)
            .enumerate()
            .map(|(at, (step, what))| StepCount {
                step,
                what,
                n_people: self.n_people[at],
                replicates: Frequency::of(self.n_with[at], self.n_replicates),
            })
            .collect()
    }

    /// What became of the complete paths.
    pub fn later(&self) -> LaterCount {
        let count = |is_so: fn(&Later) -> bool| {
            let later = self.complete.iter().filter_map(|(_, walk)| walk.later);
            later.filter(is_so).count() as u32
        };
        LaterCount {
            n_paths: self.complete.len() as u32,
            n_wounded: count(|later| later.is_wounded),
            n_place_holds: count(|later| later.place_holds == Some(true)),
            n_suspected: count(|later| later.suspicion_on_arrival.is_some_and(|s| s > 0.0)),
            n_suspected_less_at_end: count(|later| {
                later.suspicion_at_end.is_some_and(|s| s > 0.0) && later.suspicion_at_end < later.suspicion_on_arrival
            }),
            n_serving_at_end: count(|later| later.serves_at_end),
        }
    }
}

/// The tables that the walks are found in.
pub const PATH_TABLES: [&str; 5] = ["incidents", "allegiance", "exposures", "control", "persons"];

/// The walks of one replicate of a finished run.
///
/// # Errors
/// Where one of [`PATH_TABLES`] can't be read.
pub fn read_walks<R: ReadRun>(run: &R, replicate: u32) -> Result<Vec<Walk>, R::Error> {
    Ok(walks(&run.records_of(replicate, &PATH_TABLES)?, run.manifest().n_days))
}

/// The path over all replicates of a finished run.
///
/// # Errors
/// Where one of [`PATH_TABLES`] can't be read.
pub fn read_paths<R: ReadRun>(run: &R) -> Result<PathTable, R::Error> {
    let mut table = PathTable::default();
    for replicate in run.replicates() {
        table.add(replicate, &read_walks(run, replicate)?);
    }
    Ok(table)
}
