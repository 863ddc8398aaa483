//! What the conformance suite measures in the record of one replicate.
//!
//! An outcome that doesn't exist in a replicate (a share of nothing) is NaN,
//! and the pair drops out.

use allegiance_model::ids::{GroupId, PersonId, PlaceId, UnitId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{
    Allegiance, AllegianceKind, Channel, Exposure, IncidentKind, Outcome, Records, Standing,
};
use allegiance_record::exits::exits;
use allegiance_record::outcomes::OutcomeInput;
use std::collections::{BTreeMap, BTreeSet};

/// The parts of the scenario `one-village` that the path needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    attackers: GroupId,
    defenders: GroupId,
    rebels: GroupId,
    village: PlaceId,
    first_attack_day: u32,
}

impl Case {
    /// The case of a setup; `None` where it isn't `one-village`.
    pub(super) fn of(setup: &Setup) -> Option<Self> {
        let group = |id: &str| setup.groups.iter().position(|group| group.id == id).map(GroupId::from_idx);
        let place = |id: &str| setup.places.iter().position(|place| place.id == id).map(PlaceId::from_idx);
        Some(Self {
            attackers: group("isis")?,
            defenders: group("village_defenders")?,
            rebels: group("district_rebels")?,
            village: place("tall_rumman")?,
            first_attack_day: 11,
        })
    }
}

/// One replicate's record with the case that it is about. What any war has is
/// counted by the catalogue of outcomes; what only this path has, here.
#[derive(Clone, Copy)]
pub(super) struct CaseRecord<'a> {
    pub(super) records: &'a Records,
    pub(super) case: Case,
    pub(super) input: &'a OutcomeInput<'a>,
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { f64::NAN } else { part as f64 / whole as f64 }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (total, n) = values.fold((0.0, 0_usize), |(total, n), value| (total + value, n + 1));
    if n == 0 { f64::NAN } else { total / n as f64 }
}

impl CaseRecord<'_> {
    fn turns(&self, kind: AllegianceKind) -> impl Iterator<Item = Allegiance> + '_ {
        self.records.allegiance.rows().filter(move |row| row.kind == kind && row.group == Some(self.case.attackers))
    }

    fn exposures(&self) -> impl Iterator<Item = Exposure> + '_ {
        self.records.exposures.rows().filter(move |row| row.group == self.case.attackers)
    }

    /// Members of the attackers who saw their home attacked.
    fn witnesses_at_home(&self) -> impl Iterator<Item = Exposure> + '_ {
        self.exposures().filter(|row| row.channel == Channel::Witnessed && row.is_home && row.is_on_leave)
    }

    /// Persons who saw their home attacked and lost kin, with the day.
    fn bereaved_witnesses(&self) -> BTreeSet<(PersonId, u32)> {
        let seen: BTreeSet<_> = self.witnesses_at_home().map(|row| (row.person, row.day.0)).collect();
        let bereaved = self.exposures().filter(|row| row.channel == Channel::KinKilled);
        bereaved.map(|row| (row.person, row.day.0)).filter(|key| seen.contains(key)).collect()
    }

    /// Local men who joined the attackers.
    pub(super) fn joins(&self) -> f64 {
        let joins = self.records.allegiance.rows().filter(|row| {
            row.kind == AllegianceKind::Join && row.to_group == Some(self.case.attackers) && !row.is_foreign
        });
        joins.count() as f64
    }

    fn beliefs_on(&self, day: u32) -> impl Iterator<Item = allegiance_model::tables::Belief> + '_ {
        self.records.beliefs.rows().filter(move |row| row.group == self.case.attackers && row.day.0 == day)
    }

    /// Share of the attackers' members with conviction above zero before the
    /// attack.
    pub(super) fn believers_before(&self) -> f64 {
        let all: Vec<f64> = self.beliefs_on(6).map(|row| row.conviction).collect();
        share(all.iter().filter(|&&conviction| conviction > 0.0).count(), all.len())
    }

    /// Mean conviction of the attackers' members before the attack.
    pub(super) fn conviction_before(&self) -> f64 {
        mean(self.beliefs_on(6).map(|row| row.conviction))
    }

    /// Mean conviction at the end of those who never had an exposure of their
    /// own: what claims alone do.
    pub(super) fn conviction_of_unexposed_at_end(&self) -> f64 {
        let exposed: BTreeSet<PersonId> = self.exposures().map(|row| row.person).collect();
        let last = self.records.beliefs.day.iter().map(|day| day.0).max().unwrap_or(0);
        mean(self.beliefs_on(last).filter(|row| !exposed.contains(&row.person)).map(|row| row.conviction))
    }

    /// Share of the members who heard accusations before the attack and still
    /// believe.
    pub(super) fn accused_but_believing(&self) -> f64 {
        let accused: Vec<f64> =
            self.beliefs_on(6).filter(|row| row.n_accusations > 0).map(|row| row.conviction).collect();
        share(accused.iter().filter(|&&conviction| conviction > 0.0).count(), accused.len())
    }

    /// Members of the attackers on leave at home when it was attacked.
    pub(super) fn on_leave_when_attacked(&self) -> f64 {
        self.witnesses_at_home().map(|row| row.person).collect::<BTreeSet<_>>().len() as f64
    }

    /// Assaults by the attackers on the village.
    pub(super) fn assaults_on_village(&self) -> f64 {
        let assaults = self.records.incidents.rows().filter(|row| {
            row.kind == IncidentKind::Assault
                && row.perpetrator == self.case.attackers
                && row.place == self.case.village
        });
        assaults.count() as f64
    }

    /// Assaults before the day of the first attack on the village.
    pub(super) fn early_assaults(&self) -> f64 {
        let assaults = self.records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault);
        assaults.filter(|row| row.day.0 < self.case.first_attack_day).count() as f64
    }

    /// Assaults that nobody resisted.
    pub(super) fn unresisted_assaults(&self) -> f64 {
        let assaults = self.records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault);
        assaults.filter(|row| row.n_defenders == 0).count() as f64
    }

    /// Members who saw their own side attack their home and kill their kin.
    pub(super) fn saw_kin_killed(&self) -> f64 {
        self.bereaved_witnesses().len() as f64
    }

    /// Mean fall of conviction within the day on which a member saw it.
    pub(super) fn fall_of_conviction(&self) -> f64 {
        let falls = self.bereaved_witnesses().into_iter().map(|(person, day)| {
            let rows: Vec<Exposure> = self.exposures().filter(|row| row.person == person && row.day.0 == day).collect();
            rows[0].conviction_before - rows[rows.len() - 1].conviction_after
        });
        mean(falls)
    }

    /// Mean rise of the credence of the accusations heard before, within that
    /// day.
    pub(super) fn rise_of_credence(&self) -> f64 {
        let seen = self.witnesses_at_home().filter(|row| row.n_accusations > 0 && row.dead_civilians > 0);
        mean(seen.map(|row| row.credence_after - row.credence_before))
    }

    /// Complaints by the attackers' members.
    pub(super) fn complaints(&self) -> f64 {
        self.turns(AllegianceKind::Voice).count() as f64
    }

    /// Offers of restitution to them.
    pub(super) fn offers(&self) -> f64 {
        self.turns(AllegianceKind::Answer).filter(|row| row.outcome == Some(Outcome::Offered)).count() as f64
    }

    /// Share of the offers that they refused.
    pub(super) fn refused_share(&self) -> f64 {
        let all: Vec<Allegiance> = self.turns(AllegianceKind::Settlement).collect();
        share(all.iter().filter(|row| row.outcome == Some(Outcome::Refused)).count(), all.len())
    }

    /// Members who went over to the defenders or rebels on the day on which
    /// they saw their home attacked.
    pub(super) fn same_day_defections(&self) -> f64 {
        let seen: BTreeSet<(PersonId, u32)> = self.witnesses_at_home().map(|row| (row.person, row.day.0)).collect();
        self.turns(AllegianceKind::Defection).filter(|row| seen.contains(&(row.person, row.day.0))).count() as f64
    }

    /// Whether the village was still in the hands of its side, the rebels of
    /// the district among it, a week after the first attack.
    pub(super) fn village_holds(&self) -> f64 {
        self.village_is_held_on(self.case.first_attack_day + 7)
    }

    /// Whether the village is in the hands of its side at the end.
    pub(super) fn village_holds_at_end(&self) -> f64 {
        self.village_is_held_on(u32::MAX)
    }

    fn village_is_held_on(&self, day: u32) -> f64 {
        let control = self.records.control.rows().filter(|row| row.place == self.case.village && row.day.0 <= day);
        let mut shares: BTreeMap<GroupId, f64> = BTreeMap::new();
        for row in control {
            shares.insert(row.group, row.share);
        }
        let of_attackers = shares.remove(&self.case.attackers).unwrap_or(0.0);
        f64::from(u8::from(shares.values().sum::<f64>() >= of_attackers))
    }

    /// Members wounded after they came over from the attackers.
    pub(super) fn wounded_newcomers(&self) -> f64 {
        let came: BTreeSet<PersonId> = self.newcomers().collect();
        let wounds = self.records.allegiance.rows().filter(|row| {
            row.kind == AllegianceKind::Wound && row.group != Some(self.case.attackers) && came.contains(&row.person)
        });
        wounds.count() as f64
    }

    /// Members wounded, captured or killed on the day on which they came over.
    pub(super) fn hit_on_arrival(&self) -> f64 {
        let arrivals = self.turns(AllegianceKind::Arrival).filter(|row| row.outcome != Some(Outcome::TurnedAway));
        let came: BTreeSet<(PersonId, u32)> = arrivals.map(|row| (row.person, row.day.0)).collect();
        let is_hit = |row: &Allegiance| {
            let kinds = [AllegianceKind::Wound, AllegianceKind::Imprisonment, AllegianceKind::Death];
            kinds.contains(&row.kind) && row.incident.is_some() && came.contains(&(row.person, row.day.0))
        };
        self.records.allegiance.rows().filter(is_hit).count() as f64
    }

    fn newcomers(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.turns(AllegianceKind::Arrival).filter(|row| row.outcome != Some(Outcome::TurnedAway)).map(|row| row.person)
    }

    /// Killings in reprisal by the attackers.
    pub(super) fn reprisals(&self) -> f64 {
        let reprisals = self
            .records
            .incidents
            .rows()
            .filter(|row| row.kind == IncidentKind::Reprisal && row.perpetrator == self.case.attackers);
        reprisals.count() as f64
    }

    /// Members whom the attackers executed for trying to leave.
    pub(super) fn executions(&self) -> f64 {
        self.turns(AllegianceKind::Execution).count() as f64
    }

    /// Newcomers arrested by the attackers' enemies.
    pub(super) fn arrests_of_newcomers(&self) -> f64 {
        let rows = self.records.allegiance.rows();
        rows.filter(|row| row.kind == AllegianceKind::Arrest && row.group != Some(self.case.attackers)).count() as f64
    }

    /// Exits from the attackers.
    pub(super) fn exits(&self) -> f64 {
        self.input.group(self.case.attackers, "exits")
    }

    /// Share of the exits from the attackers on a day on which others left the same unit.
    pub(super) fn left_in_company(&self) -> f64 {
        let mut parties: BTreeMap<(u32, UnitId), usize> = BTreeMap::new();
        for row in exits(self.records).iter().filter(|row| row.group == Some(self.case.attackers)) {
            if let Some(unit) = row.unit {
                *parties.entry((row.day.0, unit)).or_default() += 1;
            }
        }
        let in_company = parties.values().filter(|&&size| size > 1).sum();
        share(in_company, parties.values().sum())
    }

    /// Share of the exits from the attackers that led to another group.
    pub(super) fn switched_share(&self) -> f64 {
        let exits = exits(self.records);
        let n_of = |kind: AllegianceKind| {
            exits.iter().filter(|row| row.kind == kind && row.group == Some(self.case.attackers)).count()
        };
        let n_defected = n_of(AllegianceKind::Defection);
        share(n_defected, n_defected + n_of(AllegianceKind::Desertion))
    }

    /// Share of the attackers' members from the village, alive at the end,
    /// who are still with them.
    pub(super) fn co_villagers_who_stayed(&self) -> f64 {
        let of_village = self.records.persons.rows().filter(|row| {
            row.home == Some(self.case.village)
                && row.first_group == Some(self.case.attackers)
                && row.standing != Standing::Dead
        });
        let all: Vec<bool> = of_village.map(|row| row.group == Some(self.case.attackers)).collect();
        share(all.iter().filter(|&&stayed| stayed).count(), all.len())
    }

    /// Mean suspicion at the end of those who came over from the attackers;
    /// 0 where nobody suspects them.
    pub(super) fn suspicion_at_end(&self) -> f64 {
        let came: BTreeSet<PersonId> = self.newcomers().collect();
        let there =
            self.records.persons.rows().filter(|row| came.contains(&row.person) && row.standing != Standing::Dead);
        mean(there.map(|row| row.suspicion.unwrap_or(0.0)))
    }

    /// The same of those among them who were wounded.
    pub(super) fn suspicion_of_wounded(&self) -> f64 {
        let came: BTreeSet<PersonId> = self.newcomers().collect();
        let there = self
            .records
            .persons
            .rows()
            .filter(|row| came.contains(&row.person) && row.standing != Standing::Dead && row.n_wounds > 0);
        mean(there.filter_map(|row| row.suspicion))
    }

    /// Of those who came over, the number who still serve the new side at the
    /// end.
    pub(super) fn still_serving(&self) -> f64 {
        let came: BTreeSet<PersonId> = self.newcomers().collect();
        let new_side = [Some(self.case.defenders), Some(self.case.rebels)];
        let there =
            self.records.persons.rows().filter(|row| came.contains(&row.person) && new_side.contains(&row.group));
        there.count() as f64
    }

    /// Active members of the attackers at the end.
    pub(super) fn strength_at_end(&self) -> f64 {
        self.input.group(self.case.attackers, "members_end")
    }

    /// Civilians killed by anybody.
    pub(super) fn civilian_dead(&self) -> f64 {
        self.input.war("deaths_civilians")
    }
}
