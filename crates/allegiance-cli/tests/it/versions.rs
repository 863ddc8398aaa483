//! Files and folders of another version are refused, by name, before anything
//! else is said of them.

use std::path::Path;

use crate::program::Folder;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn refused(folder: &Folder, arguments: &str, message: &str) {
    let output = folder.output(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, format!("error: {message}\n"), "{arguments}");
    assert_eq!(output.status.code(), Some(1), "{arguments}");
}

fn newer(file: &str) -> String {
    format!(
        "{file} has format version 2, and Allegiance {VERSION} reads version 1; read it with Allegiance 9.0.0, which \
         wrote it"
    )
}

/// A head file as a newer program might write it: nothing of it is known here
/// but what every version says first.
fn write_newer(path: &Path) {
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, r#"{"format_version": 2, "engine_version": "9.0.0", "all": {"else": "differs"}}"#).unwrap();
}

#[test]
fn every_command_refuses_a_run_folder_of_another_version() {
    let folder = Folder::new();
    write_newer(&folder.path().join("there/run.json"));
    for command in [
        "story there",
        "paths there",
        "but-for there --person 1",
        "explore there --no-open",
        "report there",
        "score there --record record.csv",
        "verify there",
        "tournament there",
    ] {
        refused(&folder, command, &newer("there/run.json"));
    }
}

#[test]
fn a_second_run_or_experiment_of_another_version_is_refused_too() {
    let folder = Folder::new();
    assert!(folder.output("run one-village --days 3 --quiet --out first").status.success());
    write_newer(&folder.path().join("second/run.json"));
    refused(&folder, "report first second", &newer("second/run.json"));
    refused(&folder, "explore first second --no-open", &newer("second/run.json"));
    write_newer(&folder.path().join("arms/experiment.json"));
    refused(&folder, "report first arms", &newer("arms/experiment.json"));
}

#[test]
fn sweeps_shards_and_studies_of_another_version_are_refused() {
    let folder = Folder::new();
    write_newer(&folder.path().join("swept/design.json"));
    refused(&folder, "sensitivity swept", &newer("swept/design.json"));
    let design = "format = 1\nid = \"one\"\ntitle = \"One\"\nscenario = \"one-village\"\nsampler = \"grid\"\nreplicates = 1\n\
                  outcomes = [\"deaths\"]\n\n[[factors]]\nkey = \"seed\"\nvalues = [1]\n";
    fs_err::write(folder.path().join("design.toml"), design).unwrap();
    write_newer(&folder.path().join("whole.shard-1-of-1/design.json"));
    refused(&folder, "sweep design.toml --merge --out whole --quiet", &newer("whole.shard-1-of-1/design.json"));
    write_newer(&folder.path().join("draws/study.json"));
    refused(&folder, "recover --draws 1000 --table draws --quiet", &newer("draws/study.json"));
}

#[test]
fn an_unfinished_run_of_another_version_is_not_resumed() {
    let folder = Folder::new();
    write_newer(&folder.path().join("there.partial/partial.json"));
    fs_err::write(folder.path().join("there.partial/resume.json"), r#"{"all": "differs"}"#).unwrap();
    refused(&folder, "resume there", &newer("there.partial/partial.json"));
}

#[test]
fn files_of_a_newer_format_are_refused() {
    let folder = Folder::new();
    let text = "format = 2\nbrand_new = true\n";
    for (name, command, what) in [
        ("scenario.toml", "run", "scenario"),
        ("design.toml", "sweep", "design"),
        ("experiment.toml", "experiment", "experiment"),
    ] {
        fs_err::write(folder.path().join(name), text).unwrap();
        let told = folder.snapshot(&format!("{command} {name}"));
        let expected = format!(
            "exit 1\n--- stdout\n--- stderr\n{name}:1: format is 2; Allegiance {VERSION} reads format 1; get a newer \
             Allegiance for this file\nerror: the {what} has 1 problem\n"
        );
        assert_eq!(told, expected);
    }
}

/// A run of another release can be read, and isn't simulated any further.
#[test]
fn a_run_of_another_release_is_read_and_not_gone_on_with() {
    let folder = Folder::new();
    assert!(folder.output("run one-village --days 20 --quiet --out there").status.success());
    let path = folder.path().join("there/run.json");
    let text = fs_err::read_to_string(&path).unwrap();
    // With it, the changed file would be told for what it is.
    fs_err::remove_file(folder.path().join("there/SHA256SUMS")).unwrap();
    let own = format!("\"engine_version\": \"{VERSION}\"");
    assert_eq!(text.matches(&own).count(), 1);
    fs_err::write(&path, text.replace(&own, "\"engine_version\": \"0.0.9\"")).unwrap();
    for command in ["story there", "report there"] {
        let output = folder.output(command);
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    refused(
        &folder,
        "but-for there --person 1",
        &format!(
            "the run there is of Allegiance 0.0.9, and this is {VERSION}, which may give it another history; ask with \
             0.0.9, or simulate it again first"
        ),
    );
    let verified = folder.output("verify there");
    assert_eq!(verified.status.code(), Some(1));
    let said = String::from_utf8(verified.stderr).unwrap();
    assert!(said.contains("the program's version") && said.contains("0.0.9"), "{said}");
}
