//! Who controls what on the first day: the government, but for what fighting
//! around a place takes from it.

use allegiance_model::setup::PlaceKind;

use super::groups::Cast;
use super::near::Points;
use super::period::Period;
use super::settlements::{Map, Place};

/// Events within this distance tell of control.
pub(super) const AROUND_KM: f64 = 20.0;
/// Events a year around a place at which the others hold half of it.
pub(super) const HALF_VILLAGE: f64 = 5.0;
pub(super) const HALF_TOWN: f64 = 20.0;
pub(super) const HALF_CITY: f64 = 80.0;
/// The most that the others hold of a place, in hundredths.
pub(super) const MOST_OTHERS: u32 = 95;
/// Days of the year to which events are put in proportion.
const DAYS_PER_YEAR: f64 = 365.0;

/// Control on the first day.
#[derive(Debug)]
pub(super) struct Control {
    /// Hundredths by place and group, row-major; each place sums to 100.
    shares: Vec<u32>,
    n_groups: usize,
    /// Located events before the period that told of it.
    pub(super) n_events: usize,
    /// Groups that no located event before the period shows, told by events
    /// of the period itself.
    pub(super) seen_later: Vec<usize>,
}

impl Control {
    /// The hundredths of each group in a place.
    pub(super) fn of(&self, place: usize) -> &[u32] {
        &self.shares[place * self.n_groups..(place + 1) * self.n_groups]
    }

    /// Places where others than the government hold half or more.
    pub(super) fn n_lost(&self) -> usize {
        self.shares.chunks(self.n_groups).filter(|shares| shares[0] <= 50).count()
    }

    /// Places where others hold anything.
    pub(super) fn n_contested(&self) -> usize {
        self.shares.chunks(self.n_groups).filter(|shares| shares[0] < 100).count()
    }
}

/// Spreads control by the events around each place.
pub(super) fn spread(period: &Period<'_>, cast: &Cast, map: &Map, days: (u32, i64)) -> Control {
    let n_groups = cast.groups.len();
    let before = Sightings::of(period.before.iter().copied(), cast);
    let during = Sightings::of(period.events.iter().copied(), cast);
    let (rate_before, rate_during) = (DAYS_PER_YEAR / f64::from(days.0.max(1)), DAYS_PER_YEAR / days.1.max(1) as f64);
    let seen_later: Vec<usize> = (1..n_groups).filter(|&group| before.by_group[group].is_empty()).collect();
    let mut shares = Vec::with_capacity(map.places.len() * n_groups);
    let mut rates = Vec::with_capacity(map.places.len() * n_groups);
    for place in &map.places {
        let rate = |group: usize| match group {
            0 => 0.0,
            _ if seen_later.contains(&group) => during.around(place, group) * rate_during,
            _ => before.around(place, group) * rate_before,
        };
        let of_place: Vec<f64> = (0..n_groups).map(rate).collect();
        let held = of_place.iter().zip(&cast.groups).map(|(rate, group)| if group.is_remote() { 0.0 } else { *rate });
        shares.extend(hundredths(place, &held.collect::<Vec<_>>()));
        rates.extend(of_place);
    }
    let mut control = Control { shares, n_groups, n_events: before.n_events, seen_later };
    for group in 1..n_groups {
        control.house(group, &rates, cast, period, map);
    }
    control
}

/// The shares of a place by the events a year around it.
fn hundredths(place: &Place, rates: &[f64]) -> Vec<u32> {
    let half = match place.kind {
        PlaceKind::City => HALF_CITY,
        PlaceKind::Town => HALF_TOWN,
        PlaceKind::Village | PlaceKind::Rural => HALF_VILLAGE,
    };
    let all: f64 = rates.iter().sum();
    let others = (100.0 * all / (all + half)).min(f64::from(MOST_OTHERS));
    let mut shares: Vec<u32> =
        rates.iter().map(|rate| if all > 0.0 { (others * rate / all).floor() as u32 } else { 0 }).collect();
    shares[0] = 100 - shares[1..].iter().sum::<u32>();
    shares
}

/// Located events by group.
struct Sightings {
    by_group: Vec<Points>,
    n_events: usize,
}

impl Sightings {
    fn of<'e>(events: impl Iterator<Item = &'e super::events::Event>, cast: &Cast) -> Self {
        let mut by_group = vec![Vec::new(); cast.groups.len()];
        let mut n_events = 0;
        for event in events.filter(|event| event.is_located()) {
            let Some((a, b)) = cast.groups_of(event) else { continue };
            n_events += 1;
            for group in std::iter::once(a).chain(b) {
                by_group[group].push(event.point());
            }
        }
        let by_group = by_group.into_iter().map(|points| Points::of(points.into_iter())).collect();
        Self { by_group, n_events }
    }

    fn around(&self, place: &Place, group: usize) -> f64 {
        self.by_group[group].within(place.point, AROUND_KM).count() as f64
    }
}

impl Control {
    /// Gives a group that holds nothing a hundredth where it was seen most, so
    /// that its members have a place to stand.
    fn house(&mut self, group: usize, rates: &[f64], cast: &Cast, period: &Period<'_>, map: &Map) {
        let holds = |shares: &[u32]| shares[group] > 0;
        if self.shares.chunks(self.n_groups).any(holds) {
            return;
        }
        let most = (0..map.places.len())
            .map(|place| (rates[place * self.n_groups + group], place))
            .filter(|(rate, _)| *rate > 0.0)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let is_its =
            |event: &&&super::events::Event| cast.groups_of(event).is_some_and(|(a, b)| a == group || b == Some(group));
        let vague = || {
            let event = period.events.iter().chain(&period.before).find(is_its)?;
            map.find(event).map(|found| found.place)
        };
        let place = most.map(|(_, place)| place).or_else(vague).unwrap_or(0);
        self.admit(group, place);
    }

    /// Gives a group that holds nothing of a place a hundredth of it, so that
    /// its members may stand there.
    pub(super) fn admit(&mut self, group: usize, place: usize) {
        let shares = &mut self.shares[place * self.n_groups..(place + 1) * self.n_groups];
        if shares[group] > 0 {
            return;
        }
        let largest = (0..shares.len()).max_by_key(|&at| (shares[at], std::cmp::Reverse(at))).unwrap_or(0);
        shares[largest] -= 1;
        shares[group] += 1;
    }
}
