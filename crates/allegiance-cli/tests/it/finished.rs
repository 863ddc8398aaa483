//! Work that is to be resumed and is finished already, as a cluster asks for it that starts a job a second time.

use std::collections::BTreeMap;
use std::path::Path;

use crate::program::Folder;

const DESIGN: &str = "format = 1\nid = \"leave\"\ntitle = \"Leave\"\nscenario = \"one-village\"\nset = [\"days=3\"]\n\
                      sampler = \"grid\"\nlevels = 2\nreplicates = 1\noutcomes = [\"deaths\"]\n\
                      [[factors]]\nkey = \"exits.leave_desertion\"\n";
const EXPERIMENT: &str = "format = 1\nid = \"pay\"\ntitle = \"Pay\"\nquestion = \"What does pay do?\"\n\
                          scenario = \"one-village\"\nset = [\"days=3\"]\nbaseline = \"a\"\noutcomes = [\"deaths\"]\n\
                          [precision]\nbatch = 2\nmin = 2\nmax = 2\n\
                          [robustness]\ntheories = false\nprior_draws = 0\n\
                          [[arms]]\nid = \"a\"\ntitle = \"A\"\n\
                          [[arms]]\nid = \"b\"\ntitle = \"B\"\nset = [\"groups.isis.pay_usd_per_month=0\"]\n";

fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs_err::read(&path).unwrap())).collect()
}

/// A command without its folder, the result's folder, a file of it, and what makes the command another.
type Work = (&'static str, &'static str, &'static str, [&'static str; 2]);

const WORKS: [Work; 8] = [
    ("run one-village --days 3 -n 2 --out done", "done", "summary.txt", ["-n 2", "-n 3"]),
    ("run one-village --days 3 --out done", "done", "groups.parquet", ["--days 3", "--days 4"]),
    ("sweep design.toml --out done", "done", "rows.parquet", ["design.toml", "other.toml"]),
    ("sweep design.toml --out done --shard 1/2", "done.shard-1-of-2", "rows.jsonl", ["design.toml", "other.toml"]),
    ("experiment pay.toml --out done", "done", "experiment.toml", ["pay.toml", "other-pay.toml"]),
    (
        "compare one-village --set days=3 --set-b mechanisms.voice=false -n 2 --out done",
        "done",
        "summary.txt",
        ["voice", "strikes"],
    ),
    ("theories one-village --replicates 2 --out done", "done", "results.json", ["--replicates 2", "--replicates 3"]),
    ("scales one-village --set days=3 -n 2 --at 10,20 --out done", "done", "results.json", ["-n 2", "-n 3"]),
];

#[test]
fn what_is_finished_already_is_checked_and_told_and_other_work_is_refused() {
    for (command, out, file, [mine, other]) in WORKS {
        let folder = Folder::new();
        for (name, text) in [("design.toml", DESIGN), ("pay.toml", EXPERIMENT)] {
            fs_err::write(folder.path().join(name), text).unwrap();
        }
        fs_err::write(folder.path().join("other.toml"), DESIGN.replace("days=3", "days=4")).unwrap();
        fs_err::write(folder.path().join("other-pay.toml"), EXPERIMENT.replace("days=3", "days=4")).unwrap();
        let first = folder.output(command);
        assert_eq!(first.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&first.stderr));
        let files = files_in(&folder.path().join(out));
        let again = folder.output(&format!("{command} --resume"));
        let said = String::from_utf8(again.stderr).unwrap();
        assert_eq!((again.status.code(), &again.stdout), (Some(0), &first.stdout), "{command}: {said}");
        let told = format!("{out} is finished already: the same work, and its files are as they were written");
        assert!(said.lines().any(|line| line == told), "{command}: {said}");
        assert!(folder.output(&format!("{command} --resume -q")).stderr.is_empty(), "{command}");
        assert!(files == files_in(&folder.path().join(out)), "{command}: the files differ");
        assert!(!folder.path().join(format!("{out}.partial")).exists(), "{command}");

        let refused = folder.snapshot(&format!("{} --resume -q", command.replace(mine, other)));
        let told =
            format!("exit 3\n--- stdout\n--- stderr\nerror: {out} is finished, and isn't what was to be resumed: ");
        assert!(
            refused.starts_with(&told) && refused.ends_with("(use --out or --overwrite)\n"),
            "{command}: {refused}"
        );
        let taken = folder.snapshot(&format!("{command} -q"));
        assert!(taken.starts_with("exit 3\n") && taken.contains(" exists already"), "{command}: {taken}");

        let path = folder.path().join(out).join(file);
        let mut bytes = fs_err::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs_err::write(&path, bytes).unwrap();
        let damaged = folder.snapshot(&format!("{command} --resume -q"));
        assert!(
            damaged.starts_with("exit 1\n") && damaged.contains(&format!("{file} isn't what was written")),
            "{damaged}"
        );
    }
}

#[test]
fn resume_of_a_finished_run_checks_it_and_prints_its_summary() {
    let folder = Folder::new();
    let first = folder.output("run one-village --days 3 --out done");
    let again = folder.output("resume done");
    assert_eq!((again.status.code(), &again.stdout), (Some(0), &first.stdout));
    let told = "done is finished already: the same work, and its files are as they were written\n";
    assert_eq!(String::from_utf8(again.stderr).unwrap(), told);
    fs_err::write(folder.path().join("done/summary.txt"), "nobody died\n").unwrap();
    let refused = folder.snapshot("resume done");
    assert!(
        refused.starts_with("exit 1\n--- stdout\n--- stderr\nerror: done is finished, and can't be taken"),
        "{refused}"
    );
    fs_err::remove_file(folder.path().join("done/SHA256SUMS")).unwrap();
    let refused = folder.snapshot("resume done");
    assert!(refused.contains("done is finished, and has no SHA256SUMS to check it by"), "{refused}");
}

#[test]
fn a_merge_that_is_asked_for_again_needs_no_shards() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("design.toml"), DESIGN).unwrap();
    folder.output("sweep design.toml --out done --shard 1/1 -q");
    let merged = folder.output("sweep design.toml --out done --merge -q");
    fs_err::remove_dir_all(folder.path().join("done.shard-1-of-1")).unwrap();
    let again = folder.output("sweep design.toml --out done --merge --resume -q");
    assert_eq!((again.status.code(), again.stdout), (Some(0), merged.stdout));
}

/// An `--overwrite` that was stopped is what is to be resumed, not what it was to replace.
#[test]
fn what_goes_on_beside_a_finished_run_is_resumed() {
    let folder = Folder::new();
    folder.output("run one-village --days 3 --out done -q");
    let run = fs_err::read_to_string(folder.path().join("done/run.json")).unwrap();
    let partial = folder.path().join("done.partial");
    fs_err::create_dir(&partial).unwrap();
    let run = run.replacen('{', "{\"head\": \"run.json\", \"replaces\": true,", 1);
    fs_err::write(partial.join("partial.json"), run).unwrap();
    let resumed = folder.output("run one-village --days 3 --out done --resume");
    let said = String::from_utf8(resumed.stderr).unwrap();
    assert!(resumed.status.success() && said.ends_with("written to done\n") && !partial.exists(), "{said}");
}
