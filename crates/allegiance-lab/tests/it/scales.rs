//! The same war at several scales.

use std::num::NonZeroU32;

use allegiance_lab::paired::Replicates;
use allegiance_lab::scales::{Departure, ScaleComparison, compare_scales};
use allegiance_replay::Silent;
use allegiance_report::scales::render_scales;

use crate::world::setup;

fn compare(scales: &[u32], n_threads: usize) -> ScaleComparison {
    let scales: Vec<NonZeroU32> =
        scales.iter().map(|&scale| NonZeroU32::new(scale).expect("a scale isn't 0")).collect();
    compare_scales(&setup(24), &scales, 4, &Replicates::new(n_threads, &Silent)).expect("every bound holds")
}

fn median(comparison: &ScaleComparison, id: &str, nth: usize) -> f64 {
    let row = comparison.outcomes.iter().find(|row| row.id == id).expect("the outcome exists");
    row.at[nth].interval.expect("the outcome has values").median
}

#[test]
fn a_war_does_not_depart_from_itself() {
    let comparison = compare(&[1, 1], 1);
    assert!(comparison.outcomes.len() > 30);
    for row in &comparison.outcomes {
        assert_eq!(row.at[0].interval, row.at[1].interval, "{}", row.id);
        assert!(matches!(row.at[1].departure, Departure::Within | Departure::Unknown), "{}", row.id);
    }
}

#[test]
fn counts_of_people_are_scaled_back_and_as_many_units_are_left() {
    let comparison = compare(&[1, 10], 2);
    for id in ["start.inhabitants", "start.members", "start.unit_size"] {
        let (whole, tenth) = (median(&comparison, id, 0), median(&comparison, id, 1));
        assert!((whole - tenth).abs() < 1e-9, "{id}: {whole} and {tenth}");
    }
    // 800, 1,500 and 400 members are 45 units of 60; 80, 150 and 40 are 45 of 6.
    assert!((median(&comparison, "start.unit_size", 0) - 2_700.0 / 45.0).abs() < 1e-9);
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let text = |n_threads| render_scales(&compare(&[1, 10], n_threads), "Four places");
    let one = text(1);
    assert_eq!(one, text(2));
    assert!(one.starts_with("Four places at several scales (simulated people)\n"), "{one}");
    assert!(
        one.lines().any(|line| line.starts_with("members a unit") && line.contains("60.0") && !line.contains('*')),
        "{one}"
    );
}
