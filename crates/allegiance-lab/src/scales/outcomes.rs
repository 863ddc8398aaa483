//! The outcomes that are compared between scales.

use allegiance_model::maths::DAYS_PER_MONTH;
use allegiance_model::setup::Setup;
use allegiance_model::tables::{IncidentKind, Records};

use allegiance_record::observe::ReportedEvent;
use allegiance_record::outcomes::OutcomeInput;
use allegiance_record::patterns::{measure, patterns_of};
use allegiance_record::summary::{GroupOutcome, ReplicateSummary};

/// Rates of exit and joining are told for so many members.
const PER_MEMBERS: f64 = 1_000.0;

/// One outcome of one replicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ScaleOutcome {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) unit: &'static str,
    /// Its value; not a number where there is none.
    pub(super) value: f64,
}

/// The outcomes of a replicate at one in `scale` of the people, in an order
/// that depends on the places and groups of the setup alone.
pub(super) fn outcomes_of(
    records: &Records,
    setup: &Setup,
    reported: &[ReportedEvent],
    scale: f64,
) -> Vec<ScaleOutcome> {
    let summary = ReplicateSummary::of(records, setup, reported);
    let view = OutcomeInput::new(records, setup, &summary);
    let mut all = start_of(records, setup, scale);
    all.extend(violence_of(&view, scale));
    all.extend(assaults_of(&view, scale));
    all.extend(turns_of(&view));
    let people = setup.n_inhabitants() as f64;
    all.push(new("displaced", "inhabitants away from home at the end", "share", view.war("people_away_end") / people));
    for governorate in &summary.governorates {
        for (group, &share) in setup.groups.iter().zip(&governorate.end) {
            let id = format!("control.{}.{}", governorate.name, group.id);
            all.push(new(&id, &format!("{}: control of {} at the end", governorate.name, group.name), "share", share));
        }
    }
    let patterns = measure(records, setup, reported);
    all.extend(patterns_of(setup).iter().map(|pattern| {
        let value = patterns.value(&pattern.id).unwrap_or(f64::NAN);
        new(&pattern.id, &pattern.name, pattern.measure.unit(), value)
    }));
    all
}

fn new(id: &str, name: &str, unit: &'static str, value: f64) -> ScaleOutcome {
    ScaleOutcome { id: id.to_owned(), name: name.to_owned(), unit, value }
}

/// What the war starts from: the same at every scale as far as rounding allows.
fn start_of(records: &Records, setup: &Setup, scale: f64) -> Vec<ScaleOutcome> {
    let members: f64 = setup.groups.iter().map(|group| f64::from(group.members)).sum();
    let units: u32 = records.groups.rows().filter(|row| row.day.0 == 0).map(|row| row.n_units).sum();
    vec![
        new("start.inhabitants", "inhabitants", "persons", setup.n_inhabitants() as f64 * scale),
        new("start.members", "members", "persons", members * scale),
        new("start.garrisons", "garrisons", "garrisons", setup.garrisons.len() as f64),
        new("start.unit_size", "members a unit", "persons", members / f64::from(units) * scale),
    ]
}

fn violence_of(view: &OutcomeInput<'_>, scale: f64) -> Vec<ScaleOutcome> {
    let (setup, summary) = (view.setup, view.summary);
    let sum = |of: fn(&GroupOutcome) -> u32| f64::from(summary.groups.iter().map(of).sum::<u32>());
    let states = setup.groups.iter().zip(&summary.groups).filter(|(group, _)| setup.kinds[group.kind.idx()].is_state);
    let dead_of_states = f64::from(states.map(|(_, outcome)| outcome.dead).sum::<u32>());
    let (deaths, civilians) = (view.war("deaths"), view.war("deaths_civilians"));
    vec![
        new("deaths", "deaths", "persons", deaths * scale),
        new("deaths.civilians", "civilians killed", "persons", civilians * scale),
        new("deaths.combat", "members killed in combat", "persons", sum(|group| group.dead_combat) * scale),
        new("deaths.strikes", "members killed by strikes", "persons", sum(|group| group.dead_strikes) * scale),
        new("civilian_share", "civilian share of deaths", "share", civilians / deaths),
        new(
            "state_share",
            "share of the state among killed members",
            "share",
            dead_of_states / sum(|group| group.dead),
        ),
        new("deadly_incidents", "deadly incidents", "incidents", f64::from(summary.n_deadly_incidents)),
        new(
            "deaths_a_deadly_incident",
            "deaths per deadly incident, of wounds included",
            "persons",
            deaths / f64::from(summary.n_deadly_incidents) * scale,
        ),
    ]
}

/// Assaults, which are between units: as many at every scale, of fewer people.
fn assaults_of(view: &OutcomeInput<'_>, scale: f64) -> Vec<ScaleOutcome> {
    let n_assaults = view.war("assaults");
    let (mut n_undefended, mut n_engaged) = (0.0, 0.0);
    for row in view.records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault) {
        n_undefended += f64::from(u8::from(row.n_defenders == 0));
        n_engaged += f64::from(row.n_attackers + row.n_defenders);
    }
    vec![
        new("assaults", "assaults", "incidents", n_assaults),
        new("assault_size", "members engaged in an assault", "persons", n_engaged / n_assaults * scale),
        new("undefended", "assaults that meet no defenders", "share", n_undefended / n_assaults),
    ]
}

/// Exits and joins for each month that members served.
fn turns_of(view: &OutcomeInput<'_>) -> Vec<ScaleOutcome> {
    let member_days: f64 = view.records.groups.rows().map(|row| f64::from(row.n_members)).sum();
    let months = member_days / DAYS_PER_MONTH / PER_MEMBERS;
    let rate = |id: &str, name: &str| new(id, name, "1/(1000 member-months)", view.war(id) / months);
    vec![
        rate("desertions", "desertions"),
        rate("defections", "defections"),
        rate("departures", "departures from the country"),
        rate("captures", "leavers caught"),
        rate("joins", "joins"),
    ]
}
