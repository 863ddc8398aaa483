//! The files shown in the how-to pages are read by the real readers.

use allegiance_record::outcomes::Outcome;
use allegiance_scenario::{load_design, load_experiment};

use crate::program::Folder;
use crate::repository;

/// The TOML blocks of a page of `docs/howto`; nothing where there is no repository.
fn blocks(page: &str) -> Option<Vec<String>> {
    let text = repository::file(&format!("docs/howto/{page}"))?;
    let parts = text.split("```toml\n").skip(1);
    Some(parts.map(|part| part.split("```").next().unwrap().to_owned()).collect())
}

#[test]
fn the_designs_shown_load_and_measure_what_exists() {
    let Some(blocks) = blocks("sweep.md") else { return };
    let folder = Folder::new();
    let path = folder.path().join("design.toml");
    assert_eq!(blocks.len(), 1);
    for block in blocks {
        fs_err::write(&path, block).unwrap();
        let design = load_design(&path).unwrap();
        for outcome in &design.outcomes {
            Outcome::parse(&outcome.name, &design.scenario.setup).unwrap();
        }
    }
}

#[test]
fn the_experiments_shown_load_and_measure_what_exists() {
    let Some(blocks) = blocks("experiment.md") else { return };
    let folder = Folder::new();
    let path = folder.path().join("pay.toml");
    assert_eq!(blocks.len(), 1);
    for block in blocks {
        fs_err::write(&path, block).unwrap();
        let experiment = load_experiment(&path.display().to_string()).unwrap();
        assert!(experiment.warnings.is_empty(), "{:?}", experiment.warnings);
        for outcome in &experiment.outcomes {
            Outcome::parse(&outcome.name, &experiment.scenario.setup).unwrap();
        }
    }
}
