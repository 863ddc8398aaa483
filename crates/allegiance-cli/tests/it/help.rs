//! Help, version and the command line's own mistakes.

use crate::program::{Folder, snapshot};

#[test]
fn alone_it_says_where_to_start() {
    assert_eq!(
        snapshot(""),
        "exit 0
--- stdout
Allegiance simulates allegiance in civil war: who stays silent, complains,
deserts or changes sides, and why. People are synthetic; it is no forecast.

Start with:
  allegiance run one-village    simulate a built-in scenario, say what happened
  allegiance explore            see it in the browser
  allegiance scenarios          list the built-in scenarios

Every command: allegiance help
--- stderr
"
    );
}

/// The reference of the command line. `ALLEGIANCE_BLESS=1 cargo test` rewrites
/// it; read the difference before committing it.
#[test]
fn the_help_of_every_command_is_the_reference() {
    let folder = Folder::new();
    let mut tree = String::new();
    for command in [
        "",
        "run",
        "explore",
        "story",
        "paths",
        "check",
        "scenarios",
        "conformance",
        "theories",
        "scales",
        "parameters",
        "schema",
    ] {
        let output = folder.output(&format!("{command} --help"));
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
        let help = String::from_utf8(output.stdout).unwrap();
        tree.push_str(&format!("$ allegiance {command} --help\n").replace("  ", " "));
        tree.push_str(&help);
        tree.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/help_tree.txt");
    if std::env::var_os("ALLEGIANCE_BLESS").is_some() {
        fs_err::write(path, &tree).unwrap();
    }
    assert_eq!(tree, fs_err::read_to_string(path).unwrap());
}

#[test]
fn the_version_names_the_commit() {
    let output = Folder::new().output("--version");
    let text = String::from_utf8(output.stdout).unwrap();
    let version = concat!("allegiance ", env!("CARGO_PKG_VERSION"), " (");
    assert!(text.starts_with(version) && text.ends_with(")\n"), "{text}");
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    assert_eq!(
        snapshot("xyzzy"),
        "exit 2
--- stdout
--- stderr
error: unrecognized subcommand 'xyzzy'

Usage: allegiance [COMMAND]

For more information, try '--help'.
"
    );
    assert_eq!(
        snapshot("rnu one-village"),
        "exit 2
--- stdout
--- stderr
error: unrecognized subcommand 'rnu'

Usage: allegiance [COMMAND]

For more information, try '--help'.
"
    );
    assert_eq!(
        snapshot("run one-village --replicates 0"),
        "exit 2
--- stdout
--- stderr
error: invalid value '0' for '--replicates <N>': must be a whole number from 1 to 4294967295; the nearest is 1

For more information, try '--help'.
"
    );
    assert_eq!(
        snapshot("run one-village --overwrite --resume"),
        "exit 2
--- stdout
--- stderr
error: the argument '--overwrite' cannot be used with '--resume'

Usage: allegiance run --overwrite <SCENARIO>

For more information, try '--help'.
"
    );
    assert_eq!(
        snapshot("run"),
        "exit 2
--- stdout
--- stderr
error: the following required arguments were not provided:
  <SCENARIO>

Usage: allegiance run <SCENARIO>

For more information, try '--help'.
"
    );
}
