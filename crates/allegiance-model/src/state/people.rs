//! The people whom history touched: members, leavers and the dead.

use crate::belief::{ByClaim, Told};
use crate::ids::{ClanId, GroupId, HouseholdId, IncidentId, PersonId, PlaceId, Row, UnitId};
use crate::setup::Motives;
use crate::tables::{Rank, Standing};
use crate::theory::Kept;

/// What a member heard and saw about his own group.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Hearing {
    /// Conviction on joining, log-odds.
    pub prior_conviction: f64,
    /// Direct evidence against the group, log-odds.
    pub evidence: f64,
    /// Accusations heard from kin and neighbours.
    pub n_kin: u32,
    /// Times that the own command was caught lying in person.
    pub n_contradictions: u32,
    /// What the unit had been told of each claim when the member came to it.
    pub told_before: ByClaim<Told>,
    /// Share of discounted bad news released so far (motivated reasoning).
    pub released: f64,
    /// What the convictions of others have added (social averaging).
    pub social: f64,
}

/// Harm done by the own group to a member's home and kin.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Grievance {
    /// Day and incident of the last attack on the home.
    pub home_attacked: Option<(u32, IncidentId)>,
    /// Day and incident of the last killing of kin.
    pub kin_killed: Option<(u32, IncidentId)>,
    /// Until when a settlement eases the grievance.
    pub settled_until: u32,
    /// Whether he refused what he was offered for it.
    pub offer_refused: bool,
}

/// The new side's suspicion of a former enemy.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Suspicion {
    /// Day of arrival.
    pub since: u32,
    /// Suspicion on arrival, vouchers and kin counted.
    pub on_arrival: f64,
    /// Factor of the signals given since.
    pub discount: f64,
}

/// How far the present group accepts one who came over to it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Acceptance {
    /// How far, 0-1.
    pub level: f64,
    /// Whether somebody vouched for him on arrival.
    pub is_vouched: bool,
    /// Whether his old group killed kin of his.
    pub lost_kin: bool,
    /// His wounds that have been counted.
    pub n_wounds: u32,
    /// The day of his arrival or of the last step.
    pub day: u32,
}

/// What moves a person: motives, what he heard, what was done to him.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Mind {
    /// Motive mix.
    pub motives: Motives,
    /// Positions on the axes of cause, from the first joining on; empty where
    /// `causes` doesn't run. Shape: `(n_axes,)`.
    pub positions: Vec<f64>,
    /// Share of known exits at which the person follows.
    pub exit_threshold: f64,
    /// What the member heard and saw about his group.
    pub hearing: Hearing,
    /// Grievance against the own group.
    pub grievance: Grievance,
    /// How the war looked to his group when he joined it, log-odds.
    pub joined_outlook: f64,
    /// The day on which he came to his group.
    pub joined_day: u32,
    /// Whether he was made to join his group.
    pub is_forced: bool,
    /// What a theory of its own keeps of him. Shape: `(n_states,)`.
    pub kept: Vec<Kept>,
    /// Suspicion by the present group, if the person came over to it.
    pub suspicion: Option<Suspicion>,
    /// Acceptance by the present group, if the person came over to it.
    pub acceptance: Option<Acceptance>,
    /// Conviction when the person last left a group, log-odds; 0 before.
    pub conviction_on_leaving: f64,
}

/// One person whom history touched: who he is and where he stands.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct PersonState {
    /// The person's number in the population.
    pub person: PersonId,
    /// Home; none for those from outside the region.
    pub home: Option<PlaceId>,
    /// Household, if the home is in the region.
    pub household: Option<HouseholdId>,
    /// Clan, if the home is in the region.
    pub clan: Option<ClanId>,
    /// Whether the person is foreign.
    pub is_foreign: bool,
    /// Whether the person is a woman or a girl.
    pub is_female: bool,
    /// Age on the first day.
    pub age: u8,
    /// First group ever joined.
    pub first_group: Option<GroupId>,
    /// Present group.
    pub group: Option<GroupId>,
    /// Group left last.
    pub old_group: Option<GroupId>,
    /// Present unit.
    pub unit: Option<UnitId>,
    /// Rank.
    pub rank: Rank,
    /// Standing in the war.
    pub standing: Standing,
    /// Captor of a prisoner.
    pub captor: Option<GroupId>,
    /// The day on which a prisoner's captivity ends, by his captor's policy; none
    /// where he is held for good.
    pub held_until: Option<u32>,
    /// Times wounded.
    pub n_wounds: u32,
    /// Day on which the person last left a group.
    pub left_day: Option<u32>,
}

/// What is needed to materialise a person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct NewPerson {
    /// The person's number.
    pub person: PersonId,
    /// Home, household and clan, if in the region.
    pub home: Option<(PlaceId, HouseholdId, ClanId)>,
    /// Whether the person is foreign.
    pub is_foreign: bool,
    /// Whether the person is a woman or a girl.
    pub is_female: bool,
    /// Age on the first day.
    pub age: u8,
}

/// The table of materialised people. Rows are only ever added.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct People {
    /// Who each is and where he stands: what every mechanism looks at.
    pub list: Vec<PersonState>,
    /// What moves each: looked at when he decides. Shape: `(n_rows,)`.
    pub minds: Vec<Mind>,
    /// Upper bound of the daily probability of an exit before the unit's
    /// factor. Shape: `(n_rows,)`.
    pub exit_ceiling: Vec<f64>,
    /// Phase in the rota of leave; none for those without a home in the region.
    /// Shape: `(n_rows,)`.
    pub leave_phase: Vec<Option<u32>>,
    /// The person's number, beside the ceiling. Shape: `(n_rows,)`.
    pub number: Vec<PersonId>,
    n_groups: usize,
    members_of_clan: Vec<u16>,
    slots: Vec<u32>,
    newest_of_clan: Vec<u32>,
    older_in_clan: Vec<u32>,
}

const EMPTY: u32 = u32::MAX;

impl People {
    /// An empty table for a population of some clans, and some groups.
    pub(crate) fn new(n_clans: u32, n_groups: usize) -> Self {
        Self {
            n_groups,
            members_of_clan: vec![0; n_clans as usize * n_groups],
            list: Vec::new(),
            minds: Vec::new(),
            exit_ceiling: Vec::new(),
            number: Vec::new(),
            leave_phase: Vec::new(),
            slots: vec![EMPTY; 1024],
            newest_of_clan: vec![EMPTY; n_clans as usize],
            older_in_clan: Vec::new(),
        }
    }

    /// The state of a row.
    #[inline]
    pub(crate) fn at(&self, row: Row) -> &PersonState {
        &self.list[row.idx()]
    }

    /// The state of a row, to change.
    #[inline]
    pub(crate) fn at_mut(&mut self, row: Row) -> &mut PersonState {
        &mut self.list[row.idx()]
    }

    /// What moves a person.
    #[inline]
    pub(crate) fn mind(&self, row: Row) -> &Mind {
        &self.minds[row.idx()]
    }

    /// What moves a person, to change.
    #[inline]
    pub(crate) fn mind_mut(&mut self, row: Row) -> &mut Mind {
        &mut self.minds[row.idx()]
    }

    /// The row of a person, if materialised.
    pub(crate) fn row_of(&self, person: PersonId) -> Option<Row> {
        let mask = self.slots.len() - 1;
        let mut slot = self.first_slot(person);
        loop {
            match self.slots[slot] {
                EMPTY => return None,
                row if self.number[row as usize] == person => return Some(Row(row)),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Adds a person, who must not be in the table yet.
    pub(crate) fn add(&mut self, state: PersonState, mind: Mind, leave_phase: Option<u32>) -> Row {
        debug_assert!(self.row_of(state.person).is_none());
        if (self.list.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let row = self.list.len() as u32;
        self.take_slot(state.person, row);
        self.older_in_clan.push(match state.clan {
            Some(clan) => std::mem::replace(&mut self.newest_of_clan[clan.idx()], row),
            None => EMPTY,
        });
        self.number.push(state.person);
        self.leave_phase.push(leave_phase);
        self.list.push(state);
        self.minds.push(mind);
        self.exit_ceiling.push(0.0);
        Row(row)
    }

    /// Members that a clan has in each group, the dead excluded. Shape:
    /// `(n_groups,)`.
    #[inline]
    pub(crate) fn members_of_clan(&self, clan: ClanId) -> &[u16] {
        &self.members_of_clan[clan.idx() * self.n_groups..(clan.idx() + 1) * self.n_groups]
    }

    /// Counts a person in among his clan's members of his present group, or out.
    pub(crate) fn count_in_clan(&mut self, row: Row, is_in: bool) {
        let state = &self.list[row.idx()];
        if let (Some(clan), Some(group)) = (state.clan, state.group) {
            let count = &mut self.members_of_clan[clan.idx() * self.n_groups + group.idx()];
            if is_in { *count += 1 } else { *count -= 1 }
        }
    }

    fn grow(&mut self) {
        let n_slots = self.slots.len() * 2;
        self.slots.clear();
        self.slots.resize(n_slots, EMPTY);
        for row in 0..self.list.len() {
            self.take_slot(self.list[row].person, row as u32);
        }
    }

    /// Fibonacci hashing: the high bits of a multiple of the golden ratio.
    fn first_slot(&self, person: PersonId) -> usize {
        let n_bits = self.slots.len().trailing_zeros();
        (person.0.wrapping_mul(0x9E37_79B1) >> (32 - n_bits)) as usize
    }

    fn take_slot(&mut self, person: PersonId, row: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = self.first_slot(person);
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = row;
    }

    /// The materialised people of a clan, latest first.
    pub(crate) fn of_clan(&self, clan: ClanId) -> impl Iterator<Item = Row> + '_ {
        let mut next = self.newest_of_clan[clan.idx()];
        std::iter::from_fn(move || {
            (next != EMPTY).then(|| {
                let row = next;
                next = self.older_in_clan[row as usize];
                Row(row)
            })
        })
    }
}
