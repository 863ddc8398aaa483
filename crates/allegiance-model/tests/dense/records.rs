//! Records: incidents as they happen, and the rows of a day's end. What became
//! of a group's members is counted anew from the tables every day.

use super::Dense;
use super::state::{self, Person};
use crate::belief::judge_sources;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId};
use crate::random::Purpose;
use crate::tables::{
    Allegiance, AllegianceKind, Belief, Day, GroupDay, Incident, IncidentKind, Outcome, Person as PersonRow, Standing,
};
use std::ops::Range;

/// Members of the first day in the sample of beliefs, about this many.
const BELIEF_SAMPLE: f64 = 400.0;

impl Dense<'_> {
    /// Opens an incident in a quarter of a place, drawn at random.
    pub(super) fn open_incident(&mut self, kind: IncidentKind, perpetrator: GroupId, place: PlaceId) -> IncidentId {
        let n_quarters = self.world.kinship.n_quarters(place);
        let mut stream = self.draws.stream(Purpose::CivilianDead, self.next_address(place), self.day, 1);
        let quarter = self.world.kinship.quarter_at(place, stream.below(n_quarters));
        self.open_incident_in(kind, perpetrator, place, quarter)
    }

    /// The address of the draws of the next incident in a place.
    fn next_address(&self, place: PlaceId) -> u32 {
        let nth = self.incidents.iter().filter(|of| of.day == self.day && of.place == place).count() as u32;
        self.draws.block(Purpose::Incident, place.0, self.day, nth)[0]
    }

    pub(super) fn open_incident_in(
        &mut self,
        kind: IncidentKind,
        perpetrator: GroupId,
        place: PlaceId,
        quarter: Range<u32>,
    ) -> IncidentId {
        self.incidents.push(state::Incident {
            kind,
            address: self.next_address(place),
            day: self.day,
            perpetrator,
            place,
            holder: self.controller(place),
            quarter,
            victims: Vec::new(),
            participants: Vec::new(),
        });
        IncidentId::from_idx(self.incidents.len() - 1)
    }

    /// A row of the table `incidents` that says where, when and by whom, and
    /// nothing of how it went.
    pub(super) fn incident_row(&self, incident: IncidentId) -> Incident {
        let of = &self.incidents[incident.idx()];
        Incident {
            incident,
            day: Day(self.day),
            place: of.place,
            kind: of.kind,
            perpetrator: of.perpetrator,
            target: None,
            n_attackers: 0,
            n_defenders: 0,
            p_attackers_win: None,
            attackers_won: false,
            dead_perpetrator: 0,
            dead_target: 0,
            dead_civilians: of.dead_civilians(),
            n_executed: 0,
            n_wounded: 0,
            n_prisoners: 0,
            control_after: self.share(of.place, of.perpetrator),
        }
    }

    /// Writes an incident's row; a place that was taken is under the control
    /// that it will have at nightfall.
    pub(super) fn close_incident(&mut self, row: Incident) {
        let taken = if row.kind == IncidentKind::Assault && row.attackers_won {
            self.world.setup.parameters.control.capture_share
        } else {
            0.0
        };
        self.records.incidents.push(Incident { control_after: row.control_after.max(taken), ..row });
    }

    /// Writes the day's rows of groups, and once a week the sampled beliefs.
    pub(super) fn close_day(&mut self) {
        for group in self.group_ids() {
            let row = self.group_row(group);
            self.records.groups.push(row);
        }
        if self.day % 7 == 6 {
            self.sample_beliefs();
        }
    }

    fn group_row(&self, group: GroupId) -> GroupDay {
        let people: Vec<&Person> =
            self.people.iter().filter(|person| person.unit.is_some() && person.group == Some(group)).collect();
        let n_people = |is_it: &dyn Fn(&Person) -> bool| people.iter().filter(|person| is_it(person)).count() as u32;
        let n_active = self.n_active_by_unit();
        let units = self.unit_ids().filter(|&unit| self.unit(unit).group == group);
        let n_turns = |is_it: &dyn Fn(&Allegiance) -> bool| {
            self.records.allegiance.rows().filter(|row| is_it(row)).count() as u32
        };
        let n_of = |kind: AllegianceKind| n_turns(&|row| row.group == Some(group) && row.kind == kind);
        let is_turned_away = |row: &Allegiance| row.outcome == Some(Outcome::TurnedAway);
        let is_executed_by_enemy = |row: &Allegiance| {
            row.kind == AllegianceKind::Death
                && row.group == Some(group)
                && row.outcome == Some(Outcome::Executed)
                && row.to_group != Some(group)
                && row.incident.is_some_and(|incident| self.incidents[incident.idx()].kind == IncidentKind::Assault)
        };
        let of_group = self.incidents.iter().filter(|of| of.perpetrator == group);
        GroupDay {
            day: Day(self.day),
            group,
            n_members: n_people(&Person::is_active),
            n_foreign: n_people(&|person| person.is_active() && person.is_foreign),
            n_wounded: n_people(&|person| person.standing == Standing::Wounded),
            n_held: n_people(&|person| matches!(person.standing, Standing::Prisoner | Standing::Detained)),
            n_units: units.filter(|unit| n_active[unit.idx()] > 0).count() as u32,
            n_places_controlled: self.place_ids().filter(|&place| self.controller(place) == group).count() as u32,
            population_share: self.territory(group),
            dead: n_of(AllegianceKind::Death),
            executed_by_enemy: n_turns(&is_executed_by_enemy),
            executed_by_own: n_of(AllegianceKind::Execution),
            joined: n_turns(&|row| row.kind == AllegianceKind::Join && row.to_group == Some(group)),
            deserted: n_of(AllegianceKind::Desertion),
            defected: n_of(AllegianceKind::Defection) - n_turns(&|row| row.group == Some(group) && is_turned_away(row)),
            departed: n_of(AllegianceKind::Departure),
            arrived: n_turns(&|row| {
                row.kind == AllegianceKind::Arrival && row.to_group == Some(group) && !is_turned_away(row)
            }),
            civilians_killed: of_group.map(state::Incident::dead_civilians).sum(),
            momentum: self.groups[group.idx()].momentum,
        }
    }

    /// People whom history touched, in that order.
    fn touched(&self) -> Vec<&Person> {
        let mut touched: Vec<&Person> = self.people.iter().filter(|person| person.row.is_some()).collect();
        touched.sort_by_key(|person| person.row);
        touched
    }

    fn sample_beliefs(&mut self) {
        let parameters = &self.world.setup.parameters.belief;
        let n_first: usize = self.world.first.units.iter().map(|unit| unit.members.len()).sum();
        let p_sampled = (BELIEF_SAMPLE / n_first.max(1) as f64).min(1.0);
        let mut rows = Vec::new();
        for person in self.touched().into_iter().take(n_first) {
            let u = self.world.population_draws.uniform(Purpose::BeliefSample, person.id.0, 0, 0);
            let (Some(group), Some(unit)) = (person.group, person.unit) else { continue };
            if u >= p_sampled || !person.is_reachable_member_of(group) {
                continue;
            }
            let heard = self.heard(person.id);
            let judged = judge_sources(parameters, &heard);
            let [honesty_own_command, honesty_kin, honesty_rivals, honesty_outside_media] = judged.honesty;
            rows.push(Belief {
                day: Day(self.day),
                person: person.id,
                group,
                home: person.home,
                conviction: self.conviction(person.id),
                evidence: person.heard.evidence,
                n_accusations: heard.n_accusations(),
                n_denials: heard.told().n_denials,
                honesty_own_command,
                honesty_kin,
                honesty_rivals,
                honesty_outside_media,
                credence: judged.credence,
                perceived_risk: self.perceived_risk(unit),
            });
        }
        for row in rows {
            self.records.beliefs.push(row);
        }
    }

    /// Writes everyone whom history touched, as he stands at the end.
    pub(super) fn list_people(&mut self) {
        let rows: Vec<PersonRow> = self.touched().into_iter().map(|person| self.person_row(person.id)).collect();
        for row in rows {
            self.records.persons.push(row);
        }
    }

    fn person_row(&self, person: PersonId) -> PersonRow {
        let state = self.person(person);
        PersonRow {
            person,
            home: state.home,
            household: state.household,
            clan: state.clan,
            age: u32::from(state.age),
            is_female: state.is_female,
            is_foreign: state.is_foreign,
            motive_ideology: state.motives.ideology,
            motive_material: state.motives.material,
            motive_social: state.motives.social,
            first_group: state.first_group,
            group: state.group.filter(|_| state.standing != Standing::Dead),
            standing: state.standing,
            n_wounds: state.n_wounds,
            suspicion: self.suspicion_now(person),
        }
    }
}
