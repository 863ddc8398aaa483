//! The engine's source text.

use allegiance_model::sources::FILES;
use std::path::{Path, PathBuf};

fn add_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the engine's source is there") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            add_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_of_the_engine_is_listed() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    add_files(&source, &mut found);
    found.sort();
    let listed: Vec<PathBuf> = FILES.iter().map(|file| source.join(file.path)).collect();
    assert_eq!(listed, found, "src/sources.rs doesn't list the engine's files");
}
