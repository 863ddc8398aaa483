//! Libraries don't speak the command line's language: what helps is data, and
//! each caller words it.

use std::path::{Path, PathBuf};

use crate::repository;

/// The crates whose errors and texts other callers than the command line see.
/// The report isn't among them: it names commands that its reader may run.
const LIBRARIES: [&str; 10] =
    ["model", "record", "replay", "show", "runs", "lab", "import", "tasks", "explore", "wasm"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs_err::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Whether a line of code has an option in a text: two dashes and a letter, at
/// the beginning of the text or after a blank.
fn names_an_option(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with("//");
    let options = ["\"--", " --", "`--", "(--"];
    let begins = |at: usize, start: &str| line[at + start.len()..].starts_with(|next: char| next.is_ascii_lowercase());
    !is_comment && options.iter().any(|start| line.match_indices(start).any(|(at, _)| begins(at, start)))
}

#[test]
fn no_library_names_an_option() {
    assert!(
        names_an_option("x(\"use --out\")") && names_an_option("    give `--seed`") && !names_an_option("// --out")
    );
    let Some(root) = repository::root() else { return };
    let mut speaking = Vec::new();
    for library in LIBRARIES {
        let mut files = Vec::new();
        sources(&root.join(format!("crates/allegiance-{library}/src")), &mut files);
        assert!(!files.is_empty(), "{library}");
        for file in files {
            let text = fs_err::read_to_string(&file).expect("a source");
            let lines = (1..).zip(text.lines()).filter(|(_, line)| names_an_option(line));
            speaking.extend(lines.map(|(at, line)| format!("{}:{at}: {}", file.display(), line.trim())));
        }
    }
    assert!(speaking.is_empty(), "a Fix says what helps, and the command line words it:\n{}", speaking.join("\n"));
}
