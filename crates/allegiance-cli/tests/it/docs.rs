//! `allegiance docs`.

use crate::program::Folder;
use crate::repository;

/// The documents of this repository are as the code would write them. If this
/// fails, run `allegiance docs` and commit what it changed.
#[test]
fn the_documents_of_the_repository_are_fresh() {
    let Some(root) = repository::root() else { return };
    let output = Folder::new().command("docs --check").current_dir(root).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(text, "every document is up to date\n");
    assert_eq!(output.status.code(), Some(0));
}

/// The scenario format, as the repository shows it to editors and readers, is
/// what `allegiance schema` prints. `ALLEGIANCE_BLESS=1 cargo test` rewrites it.
#[test]
fn the_scenario_format_of_the_repository_is_fresh() {
    let Some(root) = repository::root() else { return };
    for (file, command) in
        [("schemas/scenario.schema.json", "schema"), ("docs/reference/scenario-format.md", "schema --format markdown")]
    {
        let printed = String::from_utf8(Folder::new().output(command).stdout).unwrap();
        let path = root.join(file);
        if std::env::var_os("ALLEGIANCE_BLESS").is_some() {
            fs_err::write(&path, &printed).unwrap();
        }
        let committed = fs_err::read_to_string(&path).unwrap();
        assert!(committed == printed, "{file} is stale; run: cargo run -- {command} > {file}");
    }
}

#[test]
fn documents_are_written_checked_and_found_stale() {
    let folder = Folder::new();
    assert_eq!(
        folder.snapshot("docs --out mine --check"),
        "exit 1
--- stdout
stale: mine/concepts/odd.md
stale: mine/reference/cli.md
stale: mine/reference/case-format.md
stale: mine/reference/design-format.md
stale: mine/reference/experiment-format.md
stale: mine/reference/outcomes.md
stale: mine/reference/parameters.md
stale: mine/reference/tables.md
stale: mine/reference/theories.md
--- stderr
error: 9 documents are stale; write them again with: allegiance docs --out mine
"
    );
    assert_eq!(folder.output("docs --out mine").status.code(), Some(0));
    let page = folder.path().join("mine/reference/cli.md");
    let text = fs_err::read_to_string(&page).unwrap();
    fs_err::write(&page, text + "\n").unwrap();
    assert_eq!(
        folder.snapshot("docs --out mine --check"),
        "exit 1
--- stdout
stale: mine/reference/cli.md
--- stderr
error: 1 document is stale; write it again with: allegiance docs --out mine
"
    );
    assert_eq!(folder.snapshot("docs --out mine"), "exit 0\n--- stdout\nwrote mine/reference/cli.md\n--- stderr\n");
    assert_eq!(folder.snapshot("docs --out mine"), "exit 0\n--- stdout\nevery document is up to date\n--- stderr\n");
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("file"), "").unwrap();
    let output = folder.output("docs --out file");
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: can't create the folder file/concepts: "), "{said}");
}
