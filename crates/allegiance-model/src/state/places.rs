//! Places: control, forces, harm, support and flight.

use crate::ids::{ClanId, GroupId, PlaceId};
use crate::setup::Setup;
use crate::sieges::Siege;
use std::collections::BTreeMap;

/// Harm that a group did to a clan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct ClanHarm {
    /// People killed.
    pub n_killed: u32,
    /// Day of the last killing.
    pub last_day: u32,
}

/// State of all places.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Places {
    n_groups: usize,
    /// Control shares. Shape: `(n_places, n_groups)`, row-major.
    pub control: Vec<f64>,
    /// Control shares as last recorded. Same shape.
    pub control_recorded: Vec<f64>,
    /// Active members stationed. Same shape; as of this morning.
    pub force: Vec<u32>,
    /// Loss or gain of support through harm, log-odds, fading. Same shape.
    pub support: Vec<f64>,
    /// Civilian deaths, fading over 30 days. Shape: `(n_places,)`.
    pub recent_deaths: Vec<f64>,
    /// Day of the last assault. Shape: `(n_places,)`.
    pub assault_day: Vec<Option<u32>>,
    /// Households that are away. Shape: `(n_places,)`.
    pub n_away: Vec<u32>,
    /// Since when a group of another constituency rules. Shape: `(n_places,)`.
    pub foreign_rule_since: Vec<Option<u32>>,
    /// Whether any of the place's clans was harmed. Shape: `(n_places,)`.
    pub is_bereaved: Vec<bool>,
    /// Reprisals on leavers' kin by each group. Shape: `(n_places, n_groups)`.
    pub kin_reprisals: Vec<u32>,
    /// Whether anybody of each clan was killed. Shape: `(n_clans,)`.
    pub is_clan_harmed: Vec<bool>,
    /// Sieges. Shape: `(n_places,)`.
    pub sieges: Vec<Option<Siege>>,
    /// Harm done to clans.
    pub clan_harm: BTreeMap<(ClanId, GroupId), ClanHarm>,
}

impl Places {
    /// The places as they stand on the first day.
    pub(crate) fn new(setup: &Setup, n_clans: u32) -> Self {
        let (n_places, n_groups) = (setup.places.len(), setup.n_groups());
        let control: Vec<f64> = setup.places.iter().flat_map(|place| place.control.iter().copied()).collect();
        Self {
            n_groups,
            control_recorded: vec![0.0; n_places * n_groups],
            control,
            force: vec![0; n_places * n_groups],
            support: vec![0.0; n_places * n_groups],
            recent_deaths: vec![0.0; n_places],
            assault_day: vec![None; n_places],
            n_away: vec![0; n_places],
            foreign_rule_since: vec![None; n_places],
            is_bereaved: vec![false; n_places],
            kin_reprisals: vec![0; n_places * n_groups],
            is_clan_harmed: vec![false; n_clans as usize],
            sieges: vec![None; n_places],
            clan_harm: BTreeMap::new(),
        }
    }

    /// Number of places.
    pub(crate) fn n_places(&self) -> usize {
        self.n_away.len()
    }

    /// The position of a place and group in a table of both.
    #[inline]
    pub(crate) fn cell(&self, place: PlaceId, group: GroupId) -> usize {
        place.idx() * self.n_groups + group.idx()
    }

    /// The control share of a group in a place.
    #[inline]
    pub(crate) fn share(&self, place: PlaceId, group: GroupId) -> f64 {
        self.control[self.cell(place, group)]
    }

    /// The control shares of a place. Shape: `(n_groups,)`.
    #[inline]
    pub(crate) fn shares(&self, place: PlaceId) -> &[f64] {
        &self.control[place.idx() * self.n_groups..(place.idx() + 1) * self.n_groups]
    }

    /// The active members of a group stationed in a place this morning.
    #[inline]
    pub(crate) fn force_of(&self, place: PlaceId, group: GroupId) -> u32 {
        self.force[self.cell(place, group)]
    }

    /// The group with the largest control share, the first on a tie.
    pub(crate) fn controller(&self, place: PlaceId) -> GroupId {
        let mut best = 0;
        let shares = self.shares(place);
        for group_idx in 1..self.n_groups {
            if shares[group_idx] > shares[best] {
                best = group_idx;
            }
        }
        GroupId::from_idx(best)
    }

    /// Gives a group a control share of at least `share` in a place and
    /// scales the others to what is left.
    pub(crate) fn capture(&mut self, place: PlaceId, group: GroupId, share: f64) {
        let before = self.share(place, group);
        if share <= before {
            return;
        }
        let scale = (1.0 - share) / (1.0 - before).max(1e-12);
        for other in 0..self.n_groups {
            let cell = place.idx() * self.n_groups + other;
            self.control[cell] = if other == group.idx() { share } else { self.control[cell] * scale };
        }
    }
}
