//! `allegiance man`.

use std::io::Write as _;
use std::process::Command;

use crate::program::Folder;

#[test]
fn every_command_has_a_page_that_tells_its_options_and_examples() {
    let folder = Folder::new();
    let output = folder.output("man --out man1");
    assert_eq!(output.status.code(), Some(0));
    let mut names: Vec<String> = fs_err::read_dir(folder.path().join("man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("wrote {} pages to man1\n", names.len()));
    for name in ["allegiance.1", "allegiance-run.1", "allegiance-data.1", "allegiance-data-import-ged.1"] {
        assert!(names.iter().any(|known| known == name), "{name} isn't among {names:?}");
    }
    let run = fs_err::read_to_string(folder.path().join("man1/allegiance-run.1")).unwrap();
    assert!(run.contains(".SH NAME\nallegiance\\-run \\- Simulate a scenario and summarise what happened\n"), "{run}");
    assert!(run.contains("\\-\\-replicates"), "{run}");
    assert!(run.contains(".SH NOTES\n.nf\nExamples:\n  allegiance run one\\-village\n"), "{run}");
    assert!(run.contains(concat!("\"allegiance ", env!("CARGO_PKG_VERSION"), " (")), "{run}");
}

/// groff finds nothing to warn of in any page.
#[test]
fn the_pages_are_clean_for_groff() {
    let folder = Folder::new();
    folder.output("man --out man1");
    for entry in fs_err::read_dir(folder.path().join("man1")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(output) = Command::new("groff").args(["-man", "-Tutf8", "-ww"]).arg(&path).output() else {
            std::io::stderr().write_all(b"skipped: there is no groff to read the manual pages with\n").unwrap();
            return;
        };
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", path.display());
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("file"), "").unwrap();
    let output = folder.output("man --out file/man1");
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: failed to create directory `file`: "), "{said}");
}
