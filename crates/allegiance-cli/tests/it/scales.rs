//! `allegiance scales`.

use crate::program::Folder;

#[test]
fn scales_are_compared_with_the_first() {
    let output = Folder::new().output("scales one-village --at 1,20 -n 3 --set days=10 --format json");
    assert_eq!(output.status.code(), Some(0));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["scenario"], "one-village");
    assert_eq!(found["comparison"]["scales"], serde_json::json!([1, 20]));
    assert_eq!(found["comparison"]["n_days"], 10);
    let outcomes = found["comparison"]["outcomes"].as_array().unwrap();
    let row = outcomes.iter().find(|row| row["id"] == "start.inhabitants").unwrap();
    let medians = row["at"].as_array().unwrap().iter().map(|at| at["interval"]["median"].as_f64().unwrap());
    assert_eq!(medians.map(|people| people as u32).collect::<Vec<_>>(), [20_200, 20_200]);
    assert_eq!(row["at"][1]["departure"], "within");
}

#[test]
fn a_scale_below_one_is_refused() {
    let text = Folder::new().snapshot("scales one-village --at 1,0");
    assert!(text.starts_with("exit 2\n"), "{text}");
    assert!(text.contains("must be a whole number from 1 to 1000000; the nearest is 1"), "{text}");
}
