//! Latin hypercubes: each factor takes one value in each of n slices.

use allegiance_model::random::{Draws, Purpose};

/// The coordinates of one factor in every row: a random order of the slices,
/// and a uniform place inside each. Shape: `(n_rows,)`.
///
/// # Source
/// `McKay`, Beckman & Conover (1979), A comparison of three methods for
/// selecting values of input variables, section 2.
pub fn latin_hypercube_point(draws: Draws, n_rows: u32, factor: u32) -> Vec<f64> {
    let mut slices: Vec<u32> = (0..n_rows).collect();
    let key = |slice: u32| draws.block(Purpose::DesignOrder, slice, factor, 0);
    // Each key is drawn once; a sort asks for them again and again.
    slices.sort_by_cached_key(|&slice| (key(slice), slice));
    slices
        .into_iter()
        .map(|slice| {
            let inside = draws.uniform(Purpose::DesignPoint, slice, factor, 1);
            (f64::from(slice) + inside) / f64::from(n_rows)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::latin_hypercube_point;
    use allegiance_model::random::Draws;

    #[test]
    fn every_slice_holds_one_row_and_factors_differ_in_order() {
        let draws = Draws::of_population(7);
        let slices = |factor| -> Vec<u32> {
            latin_hypercube_point(draws, 50, factor).iter().map(|at| (at * 50.0) as u32).collect()
        };
        let (first, second) = (slices(0), slices(1));
        let mut sorted = first.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<_>>());
        assert_ne!(first, second);
        assert_ne!(first, sorted);
    }
}
