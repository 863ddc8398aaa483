//! Records: incidents as they happen, and what is written at the end of a day.

use crate::arrival::suspicion_now;
use crate::belief;
use crate::control::territory;
use crate::deterrence::perceived_risk;
use crate::ids::{GroupId, IncidentId, PlaceId, Row};
use crate::model::{IncidentFact, IncidentToday, Model};
use crate::random::Purpose;
use crate::tables::{Belief, Day, GroupDay, Incident, IncidentKind, Person, Standing};
use std::ops::Range;

/// What is known of an incident once it's over.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewIncident {
    pub(crate) target: Option<GroupId>,
    pub(crate) n_attackers: u32,
    pub(crate) n_defenders: u32,
    pub(crate) course: Course,
    pub(crate) n_executed: u32,
    pub(crate) victims: Vec<Row>,
    pub(crate) participants: Vec<Row>,
}

/// How an incident between armed sides went.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Course {
    pub(crate) p_attackers_win: Option<f64>,
    pub(crate) attackers_won: bool,
    pub(crate) dead_perpetrator: u32,
    pub(crate) dead_target: u32,
    pub(crate) n_wounded: u32,
    pub(crate) n_prisoners: u32,
}

impl Course {
    /// An incident in which nobody resisted, with so many dead of the target.
    pub(crate) fn unopposed(dead_target: u32) -> Self {
        Self { attackers_won: true, dead_target, ..Self::default() }
    }
}

/// Opens an incident in a quarter of a place, drawn at random.
pub(crate) fn open_incident(
    model: &mut Model<'_>,
    kind: IncidentKind,
    perpetrator: GroupId,
    place: PlaceId,
) -> IncidentId {
    let n_quarters = model.world.kinship.n_quarters(place);
    let mut stream = model.draws.stream(Purpose::CivilianDead, next_address(model, place), model.day, 1);
    let quarter = model.world.kinship.quarter_at(place, stream.below(n_quarters));
    open_incident_in(model, kind, perpetrator, place, quarter)
}

/// The address of the draws of the next incident in a place.
fn next_address(model: &Model<'_>, place: PlaceId) -> u32 {
    let of_today = model.incident_facts.iter().rev().take_while(|fact| fact.day == model.day);
    let nth = of_today.filter(|fact| fact.place == place).count() as u32;
    model.draws.block(Purpose::Incident, place.0, model.day, nth)[0]
}

/// Opens an incident in a quarter. It must be closed before another opens.
pub(crate) fn open_incident_in(
    model: &mut Model<'_>,
    kind: IncidentKind,
    perpetrator: GroupId,
    place: PlaceId,
    quarter: Range<u32>,
) -> IncidentId {
    let incident = IncidentId::from_idx(model.incident_facts.len());
    let (address, day, holder) = (next_address(model, place), model.day, model.places.controller(place));
    model.incident_facts.push(IncidentFact {
        kind,
        address,
        day,
        perpetrator,
        place,
        holder,
        quarter,
        dead_civilians: 0,
    });
    incident
}

/// Closes an incident: writes its row and leaves it for the news.
pub(crate) fn close_incident(model: &mut Model<'_>, incident: IncidentId, new: NewIncident) {
    let fact = &mut model.incident_facts[incident.idx()];
    fact.dead_civilians = new.victims.len() as u32;
    let control_after = control_after(model, incident, new.course.attackers_won);
    let fact = &model.incident_facts[incident.idx()];
    let row = Incident {
        incident,
        day: Day(model.day),
        place: fact.place,
        kind: fact.kind,
        perpetrator: fact.perpetrator,
        target: new.target,
        n_attackers: new.n_attackers,
        n_defenders: new.n_defenders,
        p_attackers_win: new.course.p_attackers_win,
        attackers_won: new.course.attackers_won,
        dead_perpetrator: new.course.dead_perpetrator,
        dead_target: new.course.dead_target,
        dead_civilians: fact.dead_civilians,
        n_executed: new.n_executed,
        n_wounded: new.course.n_wounded,
        n_prisoners: new.course.n_prisoners,
        control_after,
    };
    model.records.incidents.push(row);
    model.today.incidents.push(IncidentToday { incident, victims: new.victims, participants: new.participants });
}

/// The control share of who did it in the place of an incident, at nightfall.
fn control_after(model: &Model<'_>, incident: IncidentId, attackers_won: bool) -> f64 {
    let fact = &model.incident_facts[incident.idx()];
    let is_capture = fact.kind == IncidentKind::Assault && attackers_won;
    let taken = if is_capture { model.world.setup.parameters.control.capture_share } else { 0.0 };
    model.places.share(fact.place, fact.perpetrator).max(taken)
}

/// Adds to the row of an incident what came later that day: more attackers and
/// defenders, more losses, and how it ended.
pub(crate) fn amend_incident(
    model: &mut Model<'_>,
    incident: IncidentId,
    (n_attackers, n_defenders): (u32, u32),
    course: Course,
) {
    let control_after = control_after(model, incident, course.attackers_won);
    let (rows, at) = (&mut model.records.incidents, incident.idx());
    rows.n_attackers[at] += n_attackers;
    rows.n_defenders[at] += n_defenders;
    rows.p_attackers_win[at] = course.p_attackers_win;
    rows.attackers_won[at] = course.attackers_won;
    rows.dead_perpetrator[at] += course.dead_perpetrator;
    rows.dead_target[at] += course.dead_target;
    rows.n_wounded[at] += course.n_wounded;
    rows.n_prisoners[at] += course.n_prisoners;
    rows.control_after[at] = control_after;
}

/// Adds a death of wounds to the incident in which the member was wounded, as
/// records of events do: the row is dated by the fight, not by the death.
pub(crate) fn count_death_of_wounds(model: &mut Model<'_>, incident: IncidentId, is_of_target: bool) {
    let rows = &mut model.records.incidents;
    let dead = if is_of_target { &mut rows.dead_target } else { &mut rows.dead_perpetrator };
    dead[incident.idx()] += 1;
}

/// Writes the day's rows of groups, and once a week the sampled beliefs.
#[inline(never)]
pub(crate) fn close_day(model: &mut Model<'_>) {
    write_groups(model);
    if model.ends_week() {
        sample_beliefs(model);
    }
}

#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_field_names, reason = "counts are named n_ throughout")]
struct Headcount {
    n_members: u32,
    n_foreign: u32,
    n_wounded: u32,
    n_held: u32,
    n_units: u32,
    n_places: u32,
}

fn write_groups(model: &mut Model<'_>) {
    let mut counts = vec![Headcount::default(); model.groups.n_groups()];
    for unit in &model.units.list {
        let count = &mut counts[unit.group.idx()];
        count.n_units += u32::from(unit.n_active > 0);
        count.n_members += unit.n_active;
        count.n_foreign += unit.n_foreign;
        count.n_wounded += unit.n_wounded;
        count.n_held += unit.n_held;
    }
    for place_idx in 0..model.places.n_places() {
        counts[model.places.controller(PlaceId::from_idx(place_idx)).idx()].n_places += 1;
    }
    let held = territory(model);
    for group in model.groups.ids() {
        let (count, tally) = (counts[group.idx()], model.groups.tally[group.idx()]);
        model.records.groups.push(GroupDay {
            day: Day(model.day),
            group,
            n_members: count.n_members,
            n_foreign: count.n_foreign,
            n_wounded: count.n_wounded,
            n_held: count.n_held,
            n_units: count.n_units,
            n_places_controlled: count.n_places,
            population_share: held[group.idx()],
            dead: tally.dead,
            executed_by_enemy: tally.executed_by_enemy,
            executed_by_own: tally.executed_by_own,
            joined: tally.joined,
            deserted: tally.deserted,
            defected: tally.defected,
            departed: tally.departed,
            arrived: tally.arrived,
            civilians_killed: tally.civilians_killed,
            momentum: model.groups.momentum[group.idx()],
        });
    }
}

/// Members of the first day in the sample of beliefs, about this many.
const BELIEF_SAMPLE: f64 = 400.0;

fn sample_beliefs(model: &mut Model<'_>) {
    let n_first: usize = model.world.first.units.iter().map(|unit| unit.members.len()).sum();
    let p_sampled = (BELIEF_SAMPLE / n_first.max(1) as f64).min(1.0);
    for row_idx in 0..n_first {
        let row = Row(row_idx as u32);
        let person = model.people.at(row).person;
        let u = model.world.population_draws.uniform(Purpose::BeliefSample, person.0, 0, 0);
        let sampled = if u < p_sampled { belief_of(model, row, model.day) } else { None };
        if let Some(sampled) = sampled {
            model.records.beliefs.push(sampled);
        }
    }
}

/// What a member believes now, dated; nothing of who is no member.
pub(crate) fn belief_of(model: &Model<'_>, row: Row, day: u32) -> Option<Belief> {
    let state = model.people.at(row);
    let is_member = matches!(state.standing, Standing::Active | Standing::Wounded);
    let group = state.group.filter(|_| is_member)?;
    let heard = belief::heard(model, row);
    let judged = model.world.belief.judge(&heard);
    let [honesty_own_command, honesty_kin, honesty_rivals, honesty_outside_media] = judged.honesty;
    Some(Belief {
        day: Day(day),
        person: state.person,
        group,
        home: state.home,
        conviction: belief::conviction_now(model, row),
        evidence: model.people.mind(row).hearing.evidence,
        n_accusations: heard.n_accusations(),
        n_denials: heard.told().n_denials,
        honesty_own_command,
        honesty_kin,
        honesty_rivals,
        honesty_outside_media,
        credence: judged.credence,
        perceived_risk: perceived_risk(model, state.unit),
    })
}

/// Writes everyone whom history touched, as he stands at the end.
pub(crate) fn list_people(model: &mut Model<'_>) {
    for (row_idx, state) in model.people.list.iter().enumerate() {
        let row = Row(row_idx as u32);
        let mind = model.people.mind(row);
        let suspicion = mind.suspicion.map(|_| suspicion_now(model, row));
        model.records.persons.push(Person {
            person: state.person,
            home: state.home,
            household: state.household,
            clan: state.clan,
            age: u32::from(state.age),
            is_female: state.is_female,
            is_foreign: state.is_foreign,
            motive_ideology: mind.motives.ideology,
            motive_material: mind.motives.material,
            motive_social: mind.motives.social,
            first_group: state.first_group,
            group: state.group.filter(|_| state.standing != Standing::Dead),
            standing: state.standing,
            n_wounds: state.n_wounds,
            suspicion,
        });
    }
}
