//! Groups: relations, pay, momentum and what became of their members.

use crate::campaign::Campaigns;
use crate::causes::Deeds;
use crate::conscripts::Conscripts;
use crate::expectation::Outlook;
use crate::ids::{GroupId, PlaceId, UnitId};
use crate::local_infighting::LocalWars;
use crate::setup::{GroupSetup, Lever, Policy, RelationKind, Setup};
use crate::tables::Rank;

/// Running counts of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Tally {
    /// Members killed, executions included.
    pub dead: u32,
    /// Executed by enemies as prisoners.
    pub executed_by_enemy: u32,
    /// Executed by their own group for leaving.
    pub executed_by_own: u32,
    /// Joined.
    pub joined: u32,
    /// Deserted.
    pub deserted: u32,
    /// Defected to another group.
    pub defected: u32,
    /// Left the country.
    pub departed: u32,
    /// Taken in from another group.
    pub arrived: u32,
    /// Civilians killed by the group.
    pub civilians_killed: u32,
}

/// State of all groups.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Groups {
    n: usize,
    relations: Vec<RelationKind>,
    /// Pay of local members, US dollars a month. Shape: `(n_groups,)`.
    pub pay_usd: Vec<f64>,
    /// What each place held yields, US dollars a month, where pay comes out of
    /// that. Shape: `(n_groups,)`.
    pub revenue_usd: Vec<Option<f64>>,
    /// Share of the pay that revenue covered on the last payday. Shape:
    /// `(n_groups,)`.
    pub paid_share: Vec<f64>,
    /// Fighting value of a member. Shape: `(n_groups,)`.
    pub discipline: Vec<f64>,
    /// Members who come from outside in a month, by rank, locals and foreigners.
    /// Shape: `(n_groups, n_ranks)`.
    pub inflow_per_month: Vec<[[f64; 2]; Rank::ALL.len()]>,
    /// Inhabitants whom the group can still raise, and how many it could at
    /// first; none where nothing limits them. Shape: `(n_groups,)`.
    pub conscripts: Vec<Option<Conscripts>>,
    /// Strikes a month. Shape: `(n_groups,)`.
    pub strikes_per_month: Vec<f64>,
    /// Policies; none where nothing is stated. Shape: `(n_groups, n_policies)`.
    policies: Vec<[Option<f64>; Policy::N]>,
    /// Smoothed relative gain of territory, -0.5 to 0.5. Shape: `(n_groups,)`.
    pub momentum: Vec<f64>,
    /// Share of the population under control the day before.
    pub territory: Vec<f64>,
    /// How the war looks. Shape: `(n_groups,)`.
    pub outlook: Vec<Outlook>,
    /// Settings of the levers. Shape: `(n_groups, n_levers)`.
    pub levers: Vec<[f64; Lever::ALL.len()]>,
    /// How far each group was provoked by each other, fading. Shape:
    /// `(n_groups, n_groups)`, row-major: provoked, provoker.
    pub provocation: Vec<f64>,
    /// What is publicly known of their doings.
    pub deeds: Deeds,
    /// Whether the group still takes members. Shape: `(n_groups,)`.
    pub is_alive: Vec<bool>,
    /// Whether the prisoners of a group that is gone were set free. Shape: `(n_groups,)`.
    pub gates_opened: Vec<bool>,
    /// The unit that former prisoners serve in. Shape: `(n_groups,)`.
    pub unit_of_recruits: Vec<Option<UnitId>>,
    /// Running counts. Shape: `(n_groups,)`.
    pub tally: Vec<Tally>,
    /// Axes of advance, and when wars opened.
    pub campaigns: Campaigns,
    /// Who fights whom in a district alone.
    pub local_wars: LocalWars,
}

fn first_policies(group: &GroupSetup) -> [Option<f64>; Policy::N] {
    std::array::from_fn(|policy| group.policy(Policy::ALL[policy]))
}

fn first_levers(group: &GroupSetup) -> [f64; Lever::ALL.len()] {
    let mut levers = [0.0; Lever::ALL.len()];
    levers[Lever::Amnesty as usize] = group.amnesty;
    levers
}

impl Groups {
    /// The groups as they stand on the first day.
    pub(crate) fn new(setup: &Setup) -> Self {
        let n_groups = setup.n_groups();
        Self {
            n: n_groups,
            relations: setup.relations.clone(),
            pay_usd: setup.groups.iter().map(|group| group.pay_usd_per_month).collect(),
            revenue_usd: vec![None; n_groups],
            paid_share: vec![1.0; n_groups],
            discipline: setup.groups.iter().map(|group| group.discipline).collect(),
            inflow_per_month: vec![[[0.0; 2]; Rank::ALL.len()]; n_groups],
            conscripts: vec![None; n_groups],
            strikes_per_month: setup.groups.iter().map(|group| group.strikes_per_month).collect(),
            policies: setup.groups.iter().map(first_policies).collect(),
            momentum: vec![0.0; n_groups],
            territory: vec![0.0; n_groups],
            outlook: vec![Outlook::default(); n_groups],
            levers: setup.groups.iter().map(first_levers).collect(),
            provocation: vec![0.0; n_groups * n_groups],
            deeds: Deeds::new(setup),
            is_alive: vec![true; n_groups],
            gates_opened: vec![false; n_groups],
            unit_of_recruits: vec![None; n_groups],
            tally: vec![Tally::default(); n_groups],
            campaigns: Campaigns::new(setup),
            local_wars: LocalWars::new(setup),
        }
    }

    /// A group's policy today; none where nothing is stated.
    #[inline]
    pub(crate) fn policy(&self, group: GroupId, policy: Policy) -> Option<f64> {
        self.policies[group.idx()][policy as usize]
    }

    /// Changes a group's policy.
    pub(crate) fn set_policy(&mut self, group: GroupId, policy: Policy, value: f64) {
        self.policies[group.idx()][policy as usize] = Some(value);
    }

    /// Number of groups.
    pub(crate) fn n_groups(&self) -> usize {
        self.n
    }

    /// Identifiers of all groups.
    pub(crate) fn ids(&self) -> impl Iterator<Item = GroupId> + use<> {
        (0..self.n).map(GroupId::from_idx)
    }

    /// The relation of two groups.
    #[inline]
    pub(crate) fn relation(&self, a: GroupId, b: GroupId) -> RelationKind {
        self.relations[a.idx() * self.n + b.idx()]
    }

    /// Sets the relation of two groups, in both directions and everywhere.
    pub(crate) fn set_relation(&mut self, a: GroupId, b: GroupId, kind: RelationKind) {
        if a != b {
            self.local_wars.end_all(a, b);
            self.relations[a.idx() * self.n + b.idx()] = kind;
            self.relations[b.idx() * self.n + a.idx()] = kind;
        }
    }

    /// Counts a provocation of one group by another, on a day in a place.
    pub(crate) fn provoke(&mut self, provoked: GroupId, by: GroupId, weight: f64, (day, place): (u32, PlaceId)) {
        self.provocation[provoked.idx() * self.n + by.idx()] += weight;
        self.local_wars.note_provocation(provoked, by, day, place);
    }

    /// How far two groups provoked each other.
    pub(crate) fn provocation_between(&self, a: GroupId, b: GroupId) -> f64 {
        self.provocation[a.idx() * self.n + b.idx()] + self.provocation[b.idx() * self.n + a.idx()]
    }

    /// Whether two groups are at war everywhere.
    #[inline]
    pub(crate) fn at_general_war(&self, a: GroupId, b: GroupId) -> bool {
        self.relation(a, b) == RelationKind::War
    }

    /// Whether two groups are at war in a place: everywhere, or in its district. Who asks which is told in
    /// `local_infighting`.
    #[inline]
    pub(crate) fn at_war_at(&self, place: PlaceId, a: GroupId, b: GroupId) -> bool {
        self.at_general_war(a, b) || self.local_wars.are_foes(self.local_wars.district_of(place), a, b)
    }

    /// Whether two groups are at war everywhere or in some district.
    pub(crate) fn fight_anywhere(&self, a: GroupId, b: GroupId) -> bool {
        self.at_general_war(a, b) || self.local_wars.are_foes_anywhere(a, b)
    }

    /// Whether a group fights anybody in the district of a place alone.
    #[inline]
    pub(crate) fn has_local_foes(&self, place: PlaceId, group: GroupId) -> bool {
        self.local_wars.has_foes(self.local_wars.district_of(place), group)
    }

    /// Whether two groups are allied, or one and the same, wherever they don't fight each other locally.
    #[inline]
    pub(crate) fn allied(&self, a: GroupId, b: GroupId) -> bool {
        self.relation(a, b) == RelationKind::Alliance
    }

    /// Whether two groups are allied in a place, or one and the same.
    #[inline]
    pub(crate) fn allied_at(&self, place: PlaceId, a: GroupId, b: GroupId) -> bool {
        self.allied(a, b) && !self.local_wars.are_foes(self.local_wars.district_of(place), a, b)
    }

    /// The groups at war with one everywhere, in order of number.
    pub(crate) fn general_enemies_of(&self, group: GroupId) -> impl Iterator<Item = GroupId> + '_ {
        self.ids().filter(move |&other| self.at_general_war(group, other))
    }

    /// The groups at war with one in a place, in order of number.
    pub(crate) fn enemies_at(&self, place: PlaceId, group: GroupId) -> impl Iterator<Item = GroupId> + '_ {
        self.ids().filter(move |&other| self.at_war_at(place, group, other))
    }

    /// A group and its allies, in order of number.
    pub(crate) fn side_of(&self, group: GroupId) -> impl Iterator<Item = GroupId> + '_ {
        self.ids().filter(move |&other| self.allied(group, other))
    }

    /// A group and its allies in a place, in order of number.
    pub(crate) fn side_at(&self, place: PlaceId, group: GroupId) -> impl Iterator<Item = GroupId> + '_ {
        self.ids().filter(move |&other| self.allied_at(place, group, other))
    }
}
