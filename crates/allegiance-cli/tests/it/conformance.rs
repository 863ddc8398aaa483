//! The source's path: every step on with its mechanism and gone without it.

use crate::program::Folder;
use crate::repository;

/// Runs the suite as the page says and compares: no check may be red or
/// unclear, and the committed page must be what the engine gives today.
#[test]
fn every_step_stands_and_falls_with_its_mechanism() {
    let output = Folder::new().output("conformance --replicates 200 --format markdown");
    assert_eq!(output.status.code(), Some(0));
    let page = String::from_utf8(output.stdout).unwrap();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        assert!(!line.ends_with("| RED |") && !line.ends_with("| unclear |"), "not as expected: {line}");
    }
    for step in 1..=20 {
        assert!(page.lines().any(|line| line.starts_with(&format!("| {step} |"))), "step {step} has no check");
    }
    let Some(committed) = repository::file("docs/validation/generated/conformance.md") else { return };
    assert!(
        page == committed,
        "docs/validation/generated/conformance.md is stale; run: cargo run --profile ci -p allegiance-cli -- conformance \
         --replicates 200 --format markdown > docs/validation/generated/conformance.md"
    );
}

/// Every theory meets the same world: the null of belief moves no conviction,
/// the null of exit has the fewest leavers of all theories of exit.
#[test]
fn theories_differ_on_the_same_world() {
    let output = Folder::new().output("theories one-village --replicates 20 --format json");
    assert_eq!(output.status.code(), Some(0));
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows.len(), 11);
    let median = |belief: &str, exit: &str, key: &str| {
        let row = rows.iter().find(|row| row["belief"] == belief && row["exit"] == exit).unwrap();
        row[key]["median"].as_f64().unwrap()
    };
    let moved = |belief: &str| median(belief, "full", "conviction_before") - median(belief, "full", "conviction_after");
    assert!(moved("fixed").abs() < 1e-12);
    for belief in ["source_credibility", "motivated_reasoning", "direct_experience", "social_averaging"] {
        assert!(moved(belief) > 1.0, "{belief}: {}", moved(belief));
    }
    let left = |exit: &str| median("source_credibility", exit, "desertions");
    assert!(left("full") > left("constant"));
}
