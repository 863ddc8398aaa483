//! Who holds a place: the one rule for maps, tables and sentences.

use allegiance_model::tables::ControlShares;
use serde::Serialize;

/// A place whose leader has less than this share of control is contested.
pub const CONTESTED_BELOW: f64 = 0.6;

/// The group that holds a place, by its position; none where it is contested.
pub type Holder = Option<u8>;

/// From when on somebody else holds a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HolderChange {
    /// The day, at its end.
    pub day: u32,
    /// The place, by its position.
    pub place: u32,
    /// The group, by its position; none where it is contested from then on.
    pub holder: Holder,
}

/// Who holds a place with these shares of control, a group each.
pub fn holder_of(shares: &[f64]) -> Holder {
    let mut leader: Option<(usize, f64)> = None;
    for (group, &share) in shares.iter().enumerate() {
        if leader.is_none_or(|(_, most)| share > most) {
            leader = Some((group, share));
        }
    }
    leader.filter(|&(_, share)| share >= CONTESTED_BELOW).map(|(group, _)| group as u8)
}

/// Who holds each place from its first row on, and every change, in order of day.
pub(super) fn holder_changes(control: &ControlShares, n_groups: usize) -> Vec<HolderChange> {
    let rows: Vec<_> = control.rows().collect();
    let n_places = rows.iter().map(|row| row.place.idx() + 1).max().unwrap_or(0);
    let mut shares = vec![vec![0.0; n_groups]; n_places];
    let mut known: Vec<Option<Holder>> = vec![None; n_places];
    let mut changes = Vec::new();
    for of_day in rows.chunk_by(|a, b| a.day == b.day) {
        let mut touched = Vec::with_capacity(of_day.len());
        for row in of_day {
            if let Some(share) = shares[row.place.idx()].get_mut(row.group.idx()) {
                *share = row.share;
            }
            touched.push(row.place);
        }
        touched.sort_unstable();
        touched.dedup();
        for place in touched {
            let holder = holder_of(&shares[place.idx()]);
            if known[place.idx()].replace(holder) != Some(holder) {
                changes.push(HolderChange { day: of_day[0].day.0, place: place.0, holder });
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::{HolderChange, holder_changes, holder_of};
    use allegiance_model::ids::{GroupId, PlaceId};
    use allegiance_model::tables::{ControlShare, ControlShares, Day};

    #[test]
    fn a_place_is_held_from_three_fifths_on_and_else_contested() {
        assert_eq!(holder_of(&[0.2, 0.8, 0.0]), Some(1));
        assert_eq!(holder_of(&[0.6, 0.4]), Some(0));
        assert_eq!(holder_of(&[0.5999, 0.4001]), None);
        assert_eq!(holder_of(&[0.5, 0.5]), None);
        assert_eq!(holder_of(&[]), None);
    }

    #[test]
    fn changes_are_told_once_a_day_and_only_where_the_holder_changes() {
        let mut control = ControlShares::default();
        for (day, place, group, share) in [
            (0, 0, 0, 1.0),
            (0, 1, 1, 1.0),
            (3, 0, 0, 0.7),
            (3, 0, 1, 0.3),
            (5, 0, 0, 0.55),
            (5, 0, 1, 0.45),
            (9, 0, 0, 0.45),
            (9, 0, 1, 0.55),
            (9, 1, 1, 0.2),
            (9, 1, 0, 0.8),
        ] {
            control.push(ControlShare { day: Day(day), place: PlaceId(place), group: GroupId(group), share });
        }
        let change = |day, place, holder| HolderChange { day, place, holder };
        let wanted = [change(0, 0, Some(0)), change(0, 1, Some(1)), change(5, 0, None), change(9, 1, Some(0))];
        assert_eq!(holder_changes(&control, 2), wanted);
    }
}
