//! Who holds each place on the days of the maps.

use allegiance_model::maths::near_longitude;
use allegiance_model::setup::{PlaceSetup, Setup};
use allegiance_model::tables::ControlShares;
use allegiance_show::view::outlines::Bounds;
use allegiance_show::view::{Holder, holder_of};

/// The days that maps are drawn for: the start, and the ends of the middle and
/// the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MapDays {
    /// The middle day.
    pub(super) middle: u32,
    /// The last day.
    pub(super) last: u32,
}

impl MapDays {
    /// Those of a run.
    pub(super) fn of(n_days: u32) -> Self {
        let last = n_days.saturating_sub(1);
        Self { middle: last / 2, last }
    }
}

/// Who holds each place at the start, in the middle and at the end.
pub(super) fn holders(setup: &Setup, control: &ControlShares, days: MapDays) -> [Vec<Holder>; 3] {
    let mut shares: Vec<Vec<f64>> = setup.places.iter().map(|place| place.control.clone()).collect();
    let start = shares.iter().map(|shares| holder_of(shares)).collect();
    let mut middle = None;
    for row in control.rows() {
        if row.day.0 > days.middle && middle.is_none() {
            middle = Some(shares.iter().map(|shares| holder_of(shares)).collect());
        }
        if let Some(share) = shares[row.place.idx()].get_mut(row.group.idx()) {
            *share = row.share;
        }
    }
    let end: Vec<Holder> = shares.iter().map(|shares| holder_of(shares)).collect();
    [start, middle.unwrap_or_else(|| end.clone()), end]
}

/// How often each group holds a place, over replicates; the last count is that
/// of the replicates in which the place is contested. Shape: `(n_groups + 1,)`.
pub(super) fn counts(holders: impl Iterator<Item = Holder>, n_groups: usize) -> Vec<usize> {
    let mut counts = vec![0; n_groups + 1];
    for holder in holders {
        counts[holder.map_or(n_groups, usize::from)] += 1;
    }
    counts
}

/// The bounds of the places.
pub(super) fn bounds_of(setup: &Setup) -> Option<Bounds> {
    Bounds::around(setup.places.iter().map(|place| point_of(setup, place)))
}

/// Where a place is drawn: beside the others, also across the 180th meridian.
pub(super) fn point_of(setup: &Setup, place: &PlaceSetup) -> [f64; 2] {
    let first = setup.places.first().map_or(0.0, |first| first.longitude_deg);
    [near_longitude(place.longitude_deg, first), place.latitude_deg]
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn counts_put_contested_last() {
        let holders = [Some(0), Some(1), None, Some(1)];
        assert_eq!(counts(holders.into_iter(), 2), [1, 2, 1]);
    }
}
