//! `allegiance completions`.

use std::io::Write as _;
use std::process::Command;

use crate::program::{Folder, snapshot};

/// What bash offers at the end of a line, or nothing where there is no bash.
/// The function is called as readline calls it.
fn offered(folder: &Folder, line: &str) -> Option<Vec<String>> {
    fs_err::write(folder.path().join("script"), folder.output("completions bash").stdout).unwrap();
    let asked = r#"
        source ./script
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        [[ $(complete -p allegiance) == *"-F _allegiance "* ]] || exit 1
        _allegiance allegiance "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut command = Command::new("bash");
    command.current_dir(folder.path()).args(["--norc", "-u", "-c", asked, "bash"]).args(line.split(' '));
    let Ok(output) = command.output() else {
        std::io::stderr().write_all(b"skipped: there is no bash to complete in\n").unwrap();
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_commands_options_values_and_names() {
    let folder = Folder::new();
    for (line, wanted) in [
        ("allegiance ver", vec!["verify"]),
        ("allegiance data imp", vec!["import-ged"]),
        ("allegiance run --checkp", vec!["--checkpoint-every"]),
        ("allegiance run one-village-", vec!["one-village-observed"]),
        ("allegiance compare nor", vec!["north-syria-2014"]),
        ("allegiance experiment thesis-", vec!["thesis-north-syria-2014"]),
        ("allegiance schema --format m", vec!["markdown"]),
        // Bash itself falls back to files where nothing is offered.
        ("allegiance run ./my-", vec![""]),
    ] {
        let Some(offered) = offered(&folder, line) else { return };
        assert_eq!(offered, wanted, "{line}");
    }
}

#[test]
fn every_shell_gets_a_script_that_knows_every_command() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = folder.output(&format!("completions {shell}"));
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        for word in ["but-for", "import-ged", "checkpoint-every", "completions"] {
            assert!(script.contains(word), "{shell} doesn't know {word}");
        }
    }
}

/// zsh shows nothing but the listed values, so that a folder of the user's own
/// could no longer be completed.
#[test]
fn zsh_completes_files_where_a_scenario_is_named() {
    let script = String::from_utf8(Folder::new().output("completions zsh").stdout).unwrap();
    assert!(!script.contains("north-syria-2014)"));
}

#[test]
fn an_unknown_shell_is_refused() {
    assert_eq!(
        snapshot("completions nu"),
        "exit 2
--- stdout
--- stderr
error: invalid value 'nu' for '<SHELL>'
  [possible values: bash, elvish, fish, powershell, zsh]

For more information, try '--help'.
"
    );
}
