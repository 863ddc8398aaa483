//! Instruments beyond the reported record: what an inquiry could add, each
//! with an error of its own.
//!
//! Nobody measured these errors. They are judgement, on the pessimistic
//! side of what surveys and estimates of such wars achieved, and constants here
//! so that a reader can dispute them.

use crate::inference::record::seen_events;
use crate::inference::record_summaries::{Summaries, summarise_record};
use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::maths::{exp, ln};
use allegiance_model::random::{Draws, Purpose, Stream};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Channel, Records};
use allegiance_record::evidence::{self, FACT_ERROR, REASON_ERROR, VIEW_ERROR, another};
use allegiance_record::exits::exits;
use allegiance_record::observe::{Gazetteer, ObservationParameters, observe, reported_rows};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One kind of further measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instrument {
    /// Estimates of each group's strength, four times.
    MemberCounts,
    /// Maps of who holds which place, four times.
    ControlMaps,
    /// Interviews with survivors who left: what happened to them, as facts.
    LeaverFacts,
    /// The reasons that the same people give.
    LeaverReasons,
    /// Interviews with serving members about their cause, twice.
    MemberViews,
    /// Every incident in which somebody died, as it happened: what no record can tell more than.
    EveryIncident,
}

impl Instrument {
    /// Every instrument that an inquiry could add, in order.
    pub const ALL: [Self; 5] =
        [Self::MemberCounts, Self::ControlMaps, Self::LeaverFacts, Self::LeaverReasons, Self::MemberViews];

    /// What it is called in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::MemberCounts => "member counts",
            Self::ControlMaps => "control maps",
            Self::LeaverFacts => "survey of leavers: facts",
            Self::LeaverReasons => "survey of leavers: reasons",
            Self::MemberViews => "survey of serving members",
            Self::EveryIncident => "every incident",
        }
    }

    /// What it measures and how badly, in one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::MemberCounts => {
                "active members of each group at four dates, with a lasting error of 20% and a passing one of 10%"
            }
            Self::ControlMaps => {
                "the group with the largest control share of each place at four dates, one place in ten wrong"
            }
            Self::LeaverFacts => {
                "surviving leavers, of whom an unknown share of 20% to 60% is found and 50 at most are asked: how and \
                 when they left, whether on leave, after harm to home or kin, after a complaint; one answer in ten wrong"
            }
            Self::LeaverReasons => "the same people's main reason; three in ten give another than the true one",
            Self::MemberViews => {
                "up to 40 serving members asked in the first and last weeks whether their group serves its cause, \
                 on five steps; one answer in four a step off"
            }
            Self::EveryIncident => "every incident in which somebody died, with all its dead, its place and its day",
        }
    }

    fn stream(self, draws: Draws) -> Stream {
        draws.stream(Purpose::Instrument, self as u32, 0, 0)
    }
}

/// Dates at which counts and maps are taken, as shares of the run.
const DATES: [f64; 4] = [0.1, 0.4, 0.7, 1.0];
/// Standard deviation of the lasting error of a count, on the logarithm.
const LASTING_ERROR: f64 = 0.2;
/// Standard deviation of its passing error.
const PASSING_ERROR: f64 = 0.1;
/// Share of places that a map gets wrong.
const MAP_ERROR: f64 = 0.1;
/// Most leavers interviewed; 50 in Mironova, Mrie & Whitt (evidence C12).
const N_LEAVERS: usize = 50;
/// Share of the surviving leavers who can be found: somewhere in this range,
/// and the inquiry doesn't know where.
const FOUND_SHARE: (f64, f64) = (0.2, 0.6);
/// Days back that the question about harm covers.
const HARM_MEMORY_DAYS: u32 = 30;
/// Most serving members interviewed in each wave.
const N_MEMBERS: usize = 40;

/// What an instrument finds in one war; `draws` are those of the replicate.
pub fn measure_with(instrument: Instrument, records: &Records, setup: &Setup, draws: Draws) -> Summaries {
    let mut summaries = Summaries::default();
    let mut stream = instrument.stream(draws);
    match instrument {
        Instrument::MemberCounts => member_counts(&mut summaries, records, setup, &mut stream),
        Instrument::ControlMaps => control_maps(&mut summaries, records, setup, &mut stream),
        Instrument::LeaverFacts => leaver_facts(&mut summaries, records, setup, draws),
        Instrument::LeaverReasons => leaver_reasons(&mut summaries, records, draws),
        Instrument::MemberViews => member_views(&mut summaries, records, setup, &mut stream),
        Instrument::EveryIncident => every_incident(&mut summaries, records, setup),
    }
    summaries
}

/// The summaries of a record that misses nothing.
fn every_incident(summaries: &mut Summaries, records: &Records, setup: &Setup) {
    let gazetteer = Gazetteer::of(setup);
    // Nothing is left to chance, so that no draw of a replicate matters.
    let events = observe(records, setup, &gazetteer, &ObservationParameters::flawless(), 0);
    let seen = seen_events(&reported_rows(&events, setup, &gazetteer), setup);
    let found = summarise_record(&seen.expect("a simulated record names the scenario's groups"), setup);
    for (name, value) in found.names.into_iter().zip(found.values) {
        summaries.push(format!("of every incident: {name}"), value);
    }
}

fn day_at(setup: &Setup, share: f64) -> u32 {
    ((f64::from(setup.n_days) * share) as u32).saturating_sub(1)
}

fn member_counts(summaries: &mut Summaries, records: &Records, setup: &Setup, stream: &mut Stream) {
    for (at, group) in setup.groups.iter().enumerate() {
        let lasting = LASTING_ERROR * stream.normal();
        let mut logs = DATES.map(|share| {
            let day = day_at(setup, share);
            let members: u32 = records
                .groups
                .rows()
                .filter(|row| row.day.0 == day && row.group.idx() == at)
                .map(|row| row.n_members)
                .sum();
            ln(1.0 + f64::from(members) * exp(lasting + PASSING_ERROR * stream.normal()))
        });
        for (date, log) in logs.iter().enumerate() {
            summaries.push(format!("members of {} at date {}", group.id, date + 1), *log);
        }
        // The lasting error cancels in a change.
        logs[3] -= logs[0];
        summaries.push(format!("change of members of {}", group.id), logs[3]);
    }
}

fn control_maps(summaries: &mut Summaries, records: &Records, setup: &Setup, stream: &mut Stream) {
    let (n_places, n_groups) = (setup.places.len(), setup.groups.len());
    let mut shares = vec![0.0; n_places * n_groups];
    let mut rows = records.control.rows().peekable();
    let mut before: Option<Vec<usize>> = None;
    for (date, share) in DATES.iter().enumerate() {
        let day = day_at(setup, *share);
        while let Some(row) = rows.next_if(|row| row.day.0 <= day) {
            shares[row.place.idx() * n_groups + row.group.idx()] = row.share;
        }
        let map: Vec<usize> = shares
            .chunks(n_groups)
            .map(|of_place| {
                let largest = (0..n_groups).max_by(|&a, &b| of_place[a].total_cmp(&of_place[b])).unwrap_or(0);
                if stream.uniform() < MAP_ERROR { another(largest, n_groups, stream) } else { largest }
            })
            .collect();
        for (at, group) in setup.groups.iter().enumerate() {
            let held = map.iter().filter(|&&holder| holder == at).count() as f64 / n_places as f64;
            summaries.push(format!("places held by {} at date {}", group.id, date + 1), held);
        }
        if let Some(before) = &before {
            let changed = map.iter().zip(before).filter(|(now, then)| now != then).count() as f64;
            summaries.push(format!("places changed by date {}", date + 1), changed / n_places as f64);
        }
        before = Some(map);
    }
}

/// The leavers who are interviewed, the same for their facts and their
/// reasons: of those who got away alive and are found, in an order drawn by
/// lot, the first [`N_LEAVERS`]. The executed are never heard.
fn interviewed(records: &Records, draws: Draws) -> Vec<Allegiance> {
    let mut stream = draws.stream(Purpose::Instrument, Instrument::LeaverFacts as u32, 1, 0);
    let found_share = FOUND_SHARE.0 + (FOUND_SHARE.1 - FOUND_SHARE.0) * stream.uniform();
    let killed: BTreeSet<PersonId> = records
        .allegiance
        .rows()
        .filter(|row| matches!(row.kind, AllegianceKind::Reprisal | AllegianceKind::Death | AllegianceKind::Execution))
        .map(|row| row.person)
        .collect();
    let mut leavers: Vec<(f64, Allegiance)> = exits(records)
        .into_iter()
        .filter(|row| !killed.contains(&row.person))
        .map(|row| (stream.uniform(), row))
        .filter(|&(lot, _)| lot < found_share)
        .collect();
    leavers.sort_by(|a, b| a.0.total_cmp(&b.0));
    leavers.truncate(N_LEAVERS);
    leavers.into_iter().map(|(_, row)| row).collect()
}

/// A yes or no that is told wrongly now and then.
fn told(fact: bool, stream: &mut Stream) -> f64 {
    f64::from(u8::from(fact != (stream.uniform() < FACT_ERROR)))
}

/// Yes or no about one leaver.
type Fact<'a> = (&'static str, Box<dyn Fn(&Allegiance) -> bool + 'a>);

fn leaver_facts(summaries: &mut Summaries, records: &Records, setup: &Setup, draws: Draws) {
    let leavers = interviewed(records, draws);
    let stream = &mut Instrument::LeaverFacts.stream(draws);
    let mut harm: BTreeMap<PersonId, Vec<(u32, bool, IncidentId)>> = BTreeMap::new();
    for row in records.exposures.rows() {
        let is_kin = row.channel == Channel::KinKilled;
        if is_kin || row.is_home {
            harm.entry(row.person).or_default().push((row.day.0, is_kin, row.incident));
        }
    }
    let complained: BTreeSet<PersonId> =
        records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Voice).map(|row| row.person).collect();
    let harmed = |leaver: &Allegiance, is_kin: bool| {
        harm.get(&leaver.person).is_some_and(|harms| {
            harms
                .iter()
                .any(|&(day, kin, _)| kin == is_kin && day <= leaver.day.0 && leaver.day.0 <= day + HARM_MEMORY_DAYS)
        })
    };
    let n_days = setup.n_days;
    let facts: [Fact<'_>; 9] = [
        ("went home", Box::new(|leaver| leaver.kind == AllegianceKind::Desertion)),
        ("changed sides", Box::new(|leaver| leaver.kind == AllegianceKind::Defection)),
        ("on leave", Box::new(|leaver| leaver.is_on_leave)),
        ("foreign", Box::new(|leaver| leaver.is_foreign)),
        ("home harmed", Box::new(|leaver| harmed(leaver, false))),
        ("kin killed", Box::new(|leaver| harmed(leaver, true))),
        ("complained", Box::new(|leaver| complained.contains(&leaver.person))),
        ("left in the first third", Box::new(move |leaver| 3 * leaver.day.0 < n_days)),
        ("left in the last third", Box::new(move |leaver| 3 * leaver.day.0 >= 2 * n_days)),
    ];
    let n = leavers.len() as f64;
    summaries.push_count("leavers found", n);
    for (name, fact) in &facts {
        let share = leavers.iter().map(|leaver| told(fact(leaver), stream)).sum::<f64>() / n;
        summaries.push(format!("leavers: {name}"), share);
    }
    let days: BTreeMap<u32, u32> = leavers.iter().fold(BTreeMap::new(), |mut days, leaver| {
        *days.entry(leaver.day.0).or_default() += 1;
        days
    });
    let busiest = days.values().copied().max().unwrap_or(0);
    summaries.push("leavers: share of the busiest day", f64::from(busiest) / n);
    let units: BTreeSet<_> = leavers.iter().filter_map(|leaver| leaver.unit).collect();
    summaries.push("leavers: units a leaver", units.len() as f64 / n);
    for group in &setup.groups {
        let of_group =
            leavers.iter().filter(|leaver| leaver.group.is_some_and(|id| setup.groups[id.idx()].id == group.id));
        summaries.push(format!("leavers: of {}", group.id), of_group.count() as f64 / n);
    }
}

fn leaver_reasons(summaries: &mut Summaries, records: &Records, draws: Draws) {
    let leavers = interviewed(records, draws);
    let stream = &mut Instrument::LeaverReasons.stream(draws);
    let given: Vec<usize> = leavers
        .iter()
        .map(|leaver| {
            let reason = leaver.cause.unwrap_or(Cause::Baseline) as usize;
            if stream.uniform() < REASON_ERROR { another(reason, Cause::ALL.len(), stream) } else { reason }
        })
        .collect();
    for cause in Cause::ALL {
        let n = given.iter().filter(|&&reason| reason == *cause as usize).count() as f64;
        summaries.push(format!("leavers: reason {}", cause.word()), n / given.len() as f64);
    }
}

/// The step from 1 to 5 that answers a conviction: the middle steps are a
/// probability of 0.2 apart.
fn step_of(conviction: f64, stream: &mut Stream) -> f64 {
    evidence::step_of(1.0 / (1.0 + exp(-conviction)), VIEW_ERROR, stream)
}

fn member_views(summaries: &mut Summaries, records: &Records, setup: &Setup, stream: &mut Stream) {
    let last = records.beliefs.day.iter().map(|day| day.0).max().unwrap_or(0);
    let first = records.beliefs.day.iter().map(|day| day.0).min().unwrap_or(0);
    for (at, group) in setup.groups.iter().enumerate() {
        let mut means = [0.0; 2];
        for (wave, day) in [first, last].into_iter().enumerate() {
            let mut asked: Vec<(f64, f64)> = records
                .beliefs
                .rows()
                .filter(|row| row.day.0 == day && row.group.idx() == at)
                .map(|row| (stream.uniform(), row.conviction))
                .collect();
            asked.sort_by(|a, b| a.0.total_cmp(&b.0));
            asked.truncate(N_MEMBERS);
            let answers: Vec<f64> = asked.iter().map(|&(_, conviction)| step_of(conviction, stream)).collect();
            let n = answers.len() as f64;
            means[wave] = answers.iter().sum::<f64>() / n;
            let variance =
                answers.iter().map(|answer| (answer - means[wave]) * (answer - means[wave])).sum::<f64>() / n;
            let doubters = answers.iter().filter(|&&answer| answer <= 2.0).count() as f64 / n;
            summaries.push(format!("views in {}: mean of wave {}", group.id, wave + 1), means[wave]);
            summaries.push(format!("views in {}: spread of wave {}", group.id, wave + 1), variance);
            summaries.push(format!("views in {}: doubters of wave {}", group.id, wave + 1), doubters);
        }
        summaries.push(format!("views in {}: change", group.id), means[1] - means[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::{VIEW_ERROR, another, interviewed, step_of};
    use allegiance_model::ids::PersonId;
    use allegiance_model::random::{Draws, Purpose};
    use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Outcome, Records};

    #[test]
    fn a_defector_whom_nobody_takes_in_is_interviewed_once_as_the_deserter_he_became() {
        let turn = |person: u32, kind, cause| Allegiance { person: PersonId(person), kind, cause, ..Allegiance::BLANK };
        let mut records = Records::default();
        for person in 0..40 {
            records.allegiance.push(turn(person, AllegianceKind::Defection, Some(Cause::Material)));
            let away = turn(person, AllegianceKind::Arrival, None);
            records.allegiance.push(Allegiance { outcome: Some(Outcome::TurnedAway), ..away });
            records.allegiance.push(turn(person, AllegianceKind::Desertion, None));
        }
        let found = interviewed(&records, Draws::of_population(3));
        let mut persons: Vec<u32> = found.iter().map(|leaver| leaver.person.0).collect();
        persons.sort_unstable();
        persons.dedup();
        assert!(found.len() > 3 && persons.len() == found.len(), "{} of {}", persons.len(), found.len());
        let as_told = |leaver: &Allegiance| (leaver.kind, leaver.cause);
        assert!(found.iter().all(|leaver| as_told(leaver) == (AllegianceKind::Desertion, Some(Cause::Material))));
    }

    #[test]
    fn a_wrong_answer_is_never_the_true_one_and_each_other_is_as_likely() {
        let draws = Draws::of_population(4);
        for truth in 0..4 {
            let mut counts = [0_u32; 4];
            for i in 0..6_000 {
                let mut stream = draws.stream(Purpose::Instrument, i, truth, 0);
                counts[another(truth as usize, 4, &mut stream)] += 1;
            }
            assert_eq!(counts[truth as usize], 0);
            // 2,000 expected, standard deviation 37.
            let is_even = |&(at, &n): &(usize, &u32)| at == truth as usize || (1_850..=2_150).contains(&n);
            assert!(counts.iter().enumerate().all(|pair| is_even(&pair)), "{counts:?}");
        }
        assert_eq!(another(0, 1, &mut draws.stream(Purpose::Instrument, 0, 0, 0)), 0);
    }

    #[test]
    fn one_answer_in_four_is_a_step_off_on_every_step_of_a_view() {
        let draws = Draws::of_population(5);
        // Convictions in the middle of each step: logit of 0.1, 0.3, 0.5, 0.7, 0.9.
        for (step, p) in [(1.0, 0.1_f64), (2.0, 0.3), (3.0, 0.5), (4.0, 0.7), (5.0, 0.9)] {
            let conviction = (p / (1.0 - p)).ln();
            let answers: Vec<f64> = (0..8_000)
                .map(|i| step_of(conviction, &mut draws.stream(Purpose::Instrument, i, step as u32, 0)))
                .collect();
            assert!(answers.iter().all(|answer| (1.0..=5.0).contains(answer) && (answer - step).abs() <= 1.0));
            let n_off = answers.iter().filter(|&&answer| (answer - step).abs() > 0.5).count() as f64;
            assert!((n_off / 8_000.0 - VIEW_ERROR).abs() < 0.02, "step {step}: {n_off}");
        }
    }
}
