//! The observation model: from what happened to what the world would know.
//!
//! Media and monitors miss small events, remote places, bloody days and the
//! dead of some sides more than of others. Every draw is addressed by the
//! incident, so that a change of one parameter changes one thing.
//!
//! # Form
//! An incident is reported with probability
//!
//! ```text
//! sig(r0 + r1 ln(n) + r2 civ - r3 hid - r4 remote - r5 D / 100)
//! ```
//!
//! with `n` its dead, `civ` the share of civilians and `hid` that of members of groups that hide their
//! losses among them, `remote` 1 in villages, and `D` the dead of that day in the whole region. Of its
//! dead, each class is counted one by one with a share of its own: `rho_c` of civilians, and of fighters
//! by how their kind is reported `rho_s` (state), `rho_r` (rebel), `rho_j` (hidden), `rho_k` (autonomous)
//! and `rho_l` (local defence). Each fighter counted stays without a side with probability `1-sigma`.
//!
//! ```text
//! low      best - Binomial(best, u_low)
//! high     best + Binomial(dead - best, u_high) + Poisson(e_high best)
//! sources  1 + Poisson(s ln(1 + best))
//! ```
//!
//! with `best` the sum of those counted; an event with a `high` of 0 is none. The place is exact with
//! `w_town`, or `w_village` in villages; else it is a larger place nearby with `w_near`, where there is
//! one, else the district with `w_district`, else the governorate. The date is exact with `t_day`; else it
//! is known to two to six days with `t_week`, else to a week up to a month. Detection and counting are
//! independent between incidents, so that a monitor who is absent for a month, or propaganda that invents
//! events, has no place in it.
//!
//! # Source
//! The form and defaults of evidence A16; columns and codes of the UCDP
//! Georeferenced Event Dataset (Sundberg & Melander 2013), version 25.1.

mod columns;
mod gazetteer;
pub mod invariants;
mod record;
mod row;

pub use allegiance_model::observation::ObservationParameters;
pub use columns::{reported_rows, reported_table};
pub use gazetteer::{Gazetteer, priogrid_gid};
pub use record::RecordRow;
pub use row::group_named;

use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::maths::{ln, logistic};
use allegiance_model::random::{Draws, Purpose, Stream};
use allegiance_model::setup::{PlaceKind, ReportedAs, Setup};
use allegiance_model::tables::{Incident, IncidentKind, Records};
use std::cmp::Ordering;

/// The type of violence of an event, with the codes of UCDP GED.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violence {
    /// One side is the government.
    StateBased = 1,
    /// Neither side is.
    NonState = 2,
    /// The dead are civilians, and nobody fought for them.
    OneSided = 3,
}

impl Violence {
    /// Every type, in the order of its code.
    pub const ALL: [Self; 3] = [Self::StateBased, Self::NonState, Self::OneSided];

    /// The type of a code of UCDP GED.
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|violence| *violence as u32 == code)
    }

    /// The word that tables and messages use.
    pub fn word(self) -> &'static str {
        match self {
            Self::StateBased => "state-based",
            Self::NonState => "non-state",
            Self::OneSided => "one-sided",
        }
    }
}

/// One incident as it was reported.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedEvent {
    /// Number of the true incident.
    pub incident: u32,
    /// Type of violence.
    pub violence: Violence,
    /// Side A: the government in state-based violence, the perpetrator in
    /// one-sided violence, else the side that comes first in the scenario.
    pub side_a: GroupId,
    /// Side B; empty where it is civilians.
    pub side_b: Option<GroupId>,
    /// Whether the perpetrator stands as side B.
    pub is_swapped: bool,
    /// The true place.
    pub place: PlaceId,
    /// Precision of the location, 1 (exact) to 4 (governorate).
    pub where_prec: u8,
    /// Precision of the date: 1 the day, 2 two to six days, 3 a week, 4 up to a
    /// month.
    pub date_prec: u8,
    /// The true day.
    pub day: u32,
    /// Days from the first possible day to the true one.
    pub n_days_before: u32,
    /// Days from the true day to the last possible one.
    pub n_days_after: u32,
    /// Number of sources.
    pub n_sources: u32,
    /// Reported dead of side A.
    pub deaths_a: u32,
    /// Reported dead of side B.
    pub deaths_b: u32,
    /// Reported dead civilians.
    pub deaths_civilians: u32,
    /// Reported dead whose side is unknown.
    pub deaths_unknown: u32,
    /// Lowest plausible number of dead.
    pub low: u32,
    /// Highest claimed number of dead.
    pub high: u32,
}

impl ReportedEvent {
    /// The best estimate of the number of dead: the sum over the sides.
    pub fn best(&self) -> u32 {
        self.deaths_a + self.deaths_b + self.deaths_civilians + self.deaths_unknown
    }

    /// Reported dead of a group in this event.
    pub fn deaths_of(&self, group: GroupId) -> u32 {
        let a = if self.side_a == group { self.deaths_a } else { 0 };
        let b = if self.side_b == Some(group) { self.deaths_b } else { 0 };
        a + b
    }
}

/// Days of a date that is known to a week.
const DAYS_OF_WEEK: u32 = 7;

/// What each draw of an incident is for. The numbers are part of the
/// determinism contract, as those of [`Purpose`].
#[derive(Clone, Copy)]
enum Aspect {
    Detection = 0,
    Civilians = 1,
    Perpetrator = 2,
    Target = 3,
    UnknownSide = 4,
    LowAndHigh = 5,
    Location = 6,
    Date = 7,
    Sources = 8,
}

/// The addressed draws of one incident.
struct IncidentDraws<'a> {
    draws: &'a Draws,
    incident: &'a Incident,
}

impl IncidentDraws<'_> {
    fn stream(&self, aspect: Aspect) -> Stream {
        let Incident { incident, day, .. } = *self.incident;
        self.draws.stream(Purpose::Observation, incident.0, day.0, aspect as u32)
    }
}

/// The reported record of a true one, in the order of the incidents.
pub fn observe(
    records: &Records,
    setup: &Setup,
    gazetteer: &Gazetteer,
    parameters: &ObservationParameters,
    replicate: u32,
) -> Vec<ReportedEvent> {
    let draws = Draws::of_replicate(setup.seed, replicate);
    let mut dead_of_day = vec![0_u32; setup.n_days as usize + 1];
    for incident in records.incidents.rows() {
        if let Some(dead) = dead_of_day.get_mut(incident.day.0 as usize) {
            *dead += n_dead(&incident);
        }
    }
    records
        .incidents
        .rows()
        .filter_map(|incident| {
            let dead_today = dead_of_day.get(incident.day.0 as usize).copied().unwrap_or(0);
            let own = IncidentDraws { draws: &draws, incident: &incident };
            let p = p_reported(&incident, setup, parameters, dead_today);
            if n_dead(&incident) == 0 || own.stream(Aspect::Detection).uniform() >= p {
                return None;
            }
            report(&own, setup, gazetteer, parameters)
        })
        .collect()
}

fn n_dead(incident: &Incident) -> u32 {
    incident.dead_perpetrator + incident.dead_target + incident.dead_civilians
}

fn is_remote(setup: &Setup, place: PlaceId) -> bool {
    matches!(setup.places[place.idx()].kind, PlaceKind::Village | PlaceKind::Rural)
}

/// Probability that an incident is reported at all; 0 where nobody died.
fn p_reported(incident: &Incident, setup: &Setup, parameters: &ObservationParameters, dead_today: u32) -> f64 {
    let n = f64::from(n_dead(incident));
    if n <= 0.0 {
        return 0.0;
    }
    let of_hidden = |group: GroupId, dead: u32| {
        if setup.kind_of(group).reported_as == ReportedAs::Hidden { f64::from(dead) } else { 0.0 }
    };
    let hidden = of_hidden(incident.perpetrator, incident.dead_perpetrator)
        + incident.target.map_or(0.0, |target| of_hidden(target, incident.dead_target));
    let remote = f64::from(u8::from(is_remote(setup, incident.place)));
    logistic(
        parameters.intercept
            + parameters.size * ln(setup.scaled_up(n))
            + parameters.civilian * f64::from(incident.dead_civilians) / n
            - parameters.hidden * hidden / n
            - parameters.remote * remote
            - parameters.intensity * setup.scaled_up(f64::from(dead_today)) / 100.0,
    )
}

/// Share of a group's dead that reports count.
fn counted_share(reported_as: ReportedAs, parameters: &ObservationParameters) -> f64 {
    match reported_as {
        ReportedAs::State => parameters.share_state,
        ReportedAs::Rebel => parameters.share_rebel,
        ReportedAs::Hidden => parameters.share_hidden,
        ReportedAs::Autonomous => parameters.share_autonomous,
        ReportedAs::LocalDefence => parameters.share_local_defence,
    }
}

/// Type of violence, side A, side B, and whether the perpetrator is side B.
fn sides(incident: &Incident, setup: &Setup) -> (Violence, GroupId, Option<GroupId>, bool) {
    let perpetrator = incident.perpetrator;
    let (Some(target), IncidentKind::Assault | IncidentKind::Execution | IncidentKind::Strike) =
        (incident.target, incident.kind)
    else {
        return (Violence::OneSided, perpetrator, None, false);
    };
    let is_state = |group: GroupId| setup.kind_of(group).is_state;
    let (violence, is_swapped) = match (is_state(perpetrator), is_state(target)) {
        (true, _) => (Violence::StateBased, false),
        (false, true) => (Violence::StateBased, true),
        (false, false) => (Violence::NonState, target < perpetrator),
    };
    if is_swapped { (violence, target, Some(perpetrator), true) } else { (violence, perpetrator, Some(target), false) }
}

/// The counted dead of one incident.
struct Counted {
    /// Of the perpetrator with a known side, and of unknown side.
    perpetrators: (u32, u32),
    /// Of the target with a known side, and of unknown side.
    targets: (u32, u32),
    civilians: u32,
}

impl Counted {
    fn of(own: &IncidentDraws<'_>, is_one_sided: bool, setup: &Setup, parameters: &ObservationParameters) -> Self {
        let incident = own.incident;
        let share = |group: GroupId| counted_share(setup.kind_of(group).reported_as, parameters);
        // The dead of a one-sided event are civilians, a killed leaver among them.
        let (civilians, dead_target) = if is_one_sided {
            (incident.dead_civilians + incident.dead_target, 0)
        } else {
            (incident.dead_civilians, incident.dead_target)
        };
        let perpetrators =
            own.stream(Aspect::Perpetrator).binomial(incident.dead_perpetrator, share(incident.perpetrator));
        let targets = incident.target.map_or(0, |target| {
            let mut stream = own.stream(Aspect::Target);
            stream.binomial(dead_target, share(target))
        });
        let mut unknown = own.stream(Aspect::UnknownSide);
        let mut split = |n: u32| {
            let n_unknown = unknown.binomial(n, parameters.side_unknown);
            (n - n_unknown, n_unknown)
        };
        Self {
            perpetrators: split(perpetrators),
            targets: split(targets),
            civilians: own.stream(Aspect::Civilians).binomial(civilians, parameters.share_civilian),
        }
    }

    fn n_unknown(&self) -> u32 {
        self.perpetrators.1 + self.targets.1
    }

    fn best(&self) -> u32 {
        self.perpetrators.0 + self.targets.0 + self.n_unknown() + self.civilians
    }
}

/// The report of a detected incident; `None` where not one death became known.
fn report(
    own: &IncidentDraws<'_>,
    setup: &Setup,
    gazetteer: &Gazetteer,
    parameters: &ObservationParameters,
) -> Option<ReportedEvent> {
    let incident = own.incident;
    let place = incident.place;
    let (violence, side_a, side_b, is_swapped) = sides(incident, setup);
    let counted = Counted::of(own, side_b.is_none(), setup, parameters);
    let best = counted.best();
    let mut bounds = own.stream(Aspect::LowAndHigh);
    let low = best - bounds.binomial(best, parameters.contested);
    let high = best
        + bounds.binomial(n_dead(incident) - best, parameters.rumoured)
        + bounds.poisson(parameters.exaggerated * f64::from(best));
    if high == 0 {
        return None;
    }
    let (deaths_a, deaths_b) = if is_swapped {
        (counted.targets.0, counted.perpetrators.0)
    } else {
        (counted.perpetrators.0, counted.targets.0)
    };
    let (date_prec, n_days_before, n_days_after) = date(&mut own.stream(Aspect::Date), parameters);
    let mut where_ = own.stream(Aspect::Location);
    let mean_sources = parameters.further_sources * ln(1.0 + f64::from(best));
    Some(ReportedEvent {
        incident: incident.incident.0,
        violence,
        side_a,
        side_b,
        is_swapped,
        place,
        where_prec: location(&mut where_, setup, gazetteer, place, parameters),
        date_prec,
        day: incident.day.0,
        n_days_before,
        n_days_after,
        n_sources: 1 + own.stream(Aspect::Sources).poisson(mean_sources),
        deaths_a,
        deaths_b,
        deaths_civilians: counted.civilians,
        deaths_unknown: counted.n_unknown(),
        low,
        high,
    })
}

fn location(
    stream: &mut Stream,
    setup: &Setup,
    gazetteer: &Gazetteer,
    place: PlaceId,
    parameters: &ObservationParameters,
) -> u8 {
    let exact = if is_remote(setup, place) { parameters.exact_place_village } else { parameters.exact_place_town };
    let (is_exact, is_near, is_district) = (
        stream.uniform() < exact,
        stream.uniform() < parameters.near_place,
        stream.uniform() < parameters.district_place,
    );
    match (is_exact, is_near && gazetteer.has_near(place), is_district) {
        (true, _, _) => 1,
        (false, true, _) => 2,
        (false, false, true) => 3,
        (false, false, false) => 4,
    }
}

/// Precision of the date, and the days before and after the true one.
fn date(stream: &mut Stream, parameters: &ObservationParameters) -> (u8, u32, u32) {
    let (is_exact, is_week) = (stream.uniform() < parameters.exact_date, stream.uniform() < parameters.week_date);
    // Spans in days of the precisions of GED, as its real rows have them: 2-6
    // days for 2, seven for 3, 8-31 for 4.
    let span = match (is_exact, is_week) {
        (true, _) => return (1, 0, 0),
        (false, true) => 2 + stream.below(5),
        (false, false) => DAYS_OF_WEEK + stream.below(25),
    };
    let precision = match span.cmp(&DAYS_OF_WEEK) {
        Ordering::Less => 2,
        Ordering::Equal => 3,
        Ordering::Greater => 4,
    };
    let before = stream.below(span);
    (precision, before, span - 1 - before)
}
