//! The files shown in the how-to pages are read by the real readers.

use std::path::Path;

use allegiance_lab::outcomes::Outcome;
use allegiance_scenario::{load_design, load_experiment};

use crate::program::Folder;

/// The TOML blocks of a page of `docs/howto`.
fn blocks(page: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs_err::read_to_string(root.join("docs/howto").join(page)).unwrap();
    let parts = text.split("```toml\n").skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_designs_shown_load_and_measure_what_exists() {
    let folder = Folder::new();
    let path = folder.path().join("design.toml");
    let blocks = blocks("sweep.md");
    assert_eq!(blocks.len(), 1);
    for block in blocks {
        fs_err::write(&path, block).unwrap();
        let design = load_design(&path).unwrap();
        for outcome in &design.outcomes {
            Outcome::parse(&outcome.text, &design.scenario.setup).unwrap();
        }
    }
}

#[test]
fn the_experiments_shown_load_and_measure_what_exists() {
    let folder = Folder::new();
    let path = folder.path().join("pay.toml");
    let blocks = blocks("experiment.md");
    assert_eq!(blocks.len(), 1);
    for block in blocks {
        fs_err::write(&path, block).unwrap();
        let experiment = load_experiment(&path.display().to_string()).unwrap();
        assert!(experiment.warnings.is_empty(), "{:?}", experiment.warnings);
        for outcome in &experiment.outcomes {
            Outcome::parse(&outcome.text, &experiment.scenario.setup).unwrap();
        }
    }
}
