//! Points near another, found by latitude first.

use allegiance_scenario::event_rows::distance_km;

/// Fewer kilometres than a degree of latitude has, so that nothing near is left out.
const LEAST_KM_PER_DEGREE: f64 = 110.0;

/// Whether a point can be within a distance of another by its latitude.
pub(super) fn is_as_far_north(point: (f64, f64), of: (f64, f64), within_km: f64) -> bool {
    (point.0 - of.0).abs() <= within_km / LEAST_KM_PER_DEGREE
}

/// Points in degrees north and east, from the south.
#[derive(Debug, Default)]
pub(super) struct Points(Vec<(f64, f64)>);

impl Points {
    pub(super) fn of(points: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut points: Vec<(f64, f64)> = points.collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self(points)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those within a distance of a point.
    pub(super) fn within(&self, point: (f64, f64), km: f64) -> impl Iterator<Item = (f64, f64)> {
        let first = self.0.partition_point(|other| other.0 < point.0 - km / LEAST_KM_PER_DEGREE);
        let close = self.0[first..].iter().copied().take_while(move |other| is_as_far_north(*other, point, km));
        close.filter(move |other| distance_km(point, *other) <= km)
    }
}
