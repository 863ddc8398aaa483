//! What is on the disk when the program says that it has finished: as its system
//! calls tell, and as a disk tells that loses whatever wasn't synchronised.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use allegiance_runs::disk::watch::{Deed, not_durable};

use crate::program::Folder;

const DESIGN: &str = "format = 1\nid = \"few\"\ntitle = \"Few\"\nscenario = \"one-village\"\nset = [\"days=3\"]\n\
    sampler = \"grid\"\nreplicates = 1\noutcomes = [\"deaths\"]\n\n[[factors]]\nkey = \"seed\"\nvalues = [1, 2]\n";

const EXPERIMENT: &str = "format = 1\nid = \"pay\"\ntitle = \"Pay\"\nquestion = \"Does it matter?\"\n\
    scenario = \"one-village\"\nbaseline = \"as_it_is\"\nset = [\"days=3\"]\noutcomes = [\"deaths\"]\n\n\
    [precision]\noutcome = \"deaths\"\nhalf_width = 1000\nbatch = 2\nmin = 2\nmax = 2\n\n\
    [robustness]\ntheories = false\nprior_draws = 0\n\n[[arms]]\nid = \"as_it_is\"\ntitle = \"As it is\"\n\n\
    [[arms]]\nid = \"more\"\ntitle = \"More\"\nset = [\"combat.decisiveness=2\"]\n";

const CLASHES: &str = "id,year,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,deaths_unknown\n\
    1,2001,Government of Marania,Front,10.50,20.50,Marania,1,2,0,0\n\
    2,2001,Government of Marania,Front,10.50,20.50,Marania,0,4,3,1\n\
    3,2001,Front,Civilians,10.52,20.60,Marania,0,0,6,0\n";

/// Every command that writes for its user, in an order in which each finds what it needs.
const COMMANDS: [&str; 11] = [
    "run one-village --days 3 -n 2 -q --threads 1 --out run",
    "run one-village --days 4 -n 2 -q --threads 1 --checkpoint-every 2 --overwrite --out run",
    "sweep few.toml -q --threads 1 --out swept",
    "experiment pay.toml -q --threads 1 --out arms",
    "theories one-village --replicates 1 -q --threads 1 --out theories",
    "data build --events clashes.csv --places towns.csv --country Marania --from 2001-01-01 --to 2001-12-31 \
     --min-events 2 --out built",
    "data build --events clashes.csv --places towns.csv --country Marania --from 2001-01-01 --to 2001-12-31 \
     --min-events 2 --out built --seed 2 --overwrite",
    "data ged-actors dated.csv --format csv --out actors.csv",
    "report run --out report.html",
    "report run --out report.html --overwrite",
    "theories new mine --out mine.toml",
];

fn prepare(folder: &Folder) {
    let towns = "name,latitude,longitude,population\nHilltown,10.50,20.50,20000\nFord,10.50,20.60,\n";
    let dated = "id,date_start,date_end,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,\
         deaths_unknown\n1,2001-02-03,2001-02-03,Government of Marania,Front,10.5,20.5,Marania,1,2,0,0\n";
    fs_err::write(folder.path().join("dated.csv"), dated).unwrap();
    for (name, text) in [("few.toml", DESIGN), ("pay.toml", EXPERIMENT), ("clashes.csv", CLASHES), ("towns.csv", towns)]
    {
        fs_err::write(folder.path().join(name), text).unwrap();
    }
}

/// The steps on the disk that a trace of system calls tells.
fn deeds_of(trace: &str, root: &Path) -> Vec<Deed> {
    let mut unfinished: BTreeMap<&str, &str> = BTreeMap::new();
    let mut deeds = Vec::new();
    for line in trace.lines() {
        let Some((pid, line)) = line.split_once(' ') else { continue };
        let line = line.trim_start();
        let whole = if let Some(begun) = line.strip_suffix(" <unfinished ...>") {
            unfinished.insert(pid, begun);
            continue;
        } else if let Some(rest) = line.strip_prefix("<... ") {
            let (_, rest) = rest.split_once(" resumed>").unwrap();
            format!("{}{rest}", unfinished.remove(pid).unwrap())
        } else {
            line.to_owned()
        };
        let Some((call, result)) = whole.rsplit_once(" = ") else { continue };
        if !result.starts_with('-') {
            deeds.extend(deeds_of_call(call, root));
        }
    }
    deeds
}

/// The paths that a call names: texts in quotes below the folder before them, open files in angles.
fn paths_of(call: &str, root: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut below: Option<PathBuf> = None;
    let mut rest = call;
    while let Some(at) = rest.find(['"', '<']) {
        let end = if rest.as_bytes()[at] == b'"' { '"' } else { '>' };
        let text = &rest[at + 1..];
        let (word, after) = text.split_once(end).unwrap();
        if end == '"' {
            paths.push(below.take().unwrap_or_else(|| root.to_owned()).join(word));
        } else {
            below = Some(PathBuf::from(word));
        }
        rest = after;
    }
    if paths.is_empty() {
        paths.extend(below);
    }
    paths
}

fn deeds_of_call(call: &str, root: &Path) -> Vec<Deed> {
    let name = call.split_once('(').map_or("", |(name, _)| name);
    let mut paths = paths_of(call, root).into_iter();
    let (Some(path), other) = (paths.next(), paths.next()) else { return Vec::new() };
    if !path.starts_with(root) {
        return Vec::new();
    }
    let is_written = call.contains("O_CREAT") && (call.contains("O_WRONLY") || call.contains("O_RDWR"));
    match (name, other) {
        ("openat", _) if is_written => vec![Deed::Wrote(path)],
        // Of a file or of a folder: the call is the same.
        ("fsync" | "fdatasync", _) => vec![Deed::SyncedFile(path.clone()), Deed::SyncedFolder(path)],
        ("mkdir" | "mkdirat", _) => vec![Deed::MadeFolder(path)],
        ("rename" | "renameat" | "renameat2" | "link" | "linkat", Some(to)) => vec![Deed::Renamed(path, to)],
        ("unlink" | "unlinkat" | "rmdir", _) => vec![Deed::Removed(path)],
        _ => Vec::new(),
    }
}

fn skip(what: &str) {
    std::io::stderr().write_all(format!("skipped: {what}\n").as_bytes()).unwrap();
}

#[test]
fn every_command_has_its_files_on_the_disk_before_it_ends_and_before_it_removes_what_they_are_of() {
    let folder = Folder::new();
    prepare(&folder);
    let root = folder.path().canonicalize().unwrap();
    let calls = "openat,fsync,fdatasync,rename,renameat,renameat2,link,linkat,mkdir,mkdirat,unlink,unlinkat,rmdir";
    for command in COMMANDS {
        let mut traced = Command::new("strace");
        traced.current_dir(&root).args([
            "-f",
            "-y",
            "-qq",
            "-s",
            "4096",
            "-e",
            &format!("trace={calls}"),
            "-o",
            "/dev/stderr",
        ]);
        traced.arg(env!("CARGO_BIN_EXE_allegiance")).args(command.split_whitespace());
        let Some(output) = traced.output().ok().filter(|output| !output.stderr.is_empty()) else {
            return skip("there is no strace to watch system calls with");
        };
        let trace = String::from_utf8_lossy(&output.stderr);
        if trace.contains("ptrace(") && trace.contains("Operation not permitted") {
            return skip("strace may not watch system calls here");
        }
        assert!(output.status.success(), "{command}: {trace}");
        let deeds = deeds_of(&trace, &root);
        assert!(deeds.iter().any(|deed| matches!(deed, Deed::SyncedFile(_))), "{command}: {deeds:?}");
        assert_eq!(not_durable(&deeds), BTreeSet::new(), "{command}: told, and not on the disk");
        let serves = ["replicates", "pieces", "replaced", "checkpoints"];
        for (at, deed) in deeds.iter().enumerate() {
            // What is left of a checkpoint goes when its replicate is kept.
            let is_served =
                |path: &Path| path.components().any(|part| serves.iter().any(|name| part.as_os_str() == *name));
            if matches!(deed, Deed::Removed(path) if is_served(path)) {
                assert_eq!(not_durable(&deeds[..at]), BTreeSet::new(), "{command}: not on the disk before {deed:?}");
            }
        }
    }
}

/// A file that is mounted as a disk, as long as it lives.
struct Disk {
    image: PathBuf,
    at: PathBuf,
}

impl Disk {
    fn mount(image: &Path, at: &Path) -> Option<Self> {
        fs_err::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(["-o", "loop,commit=60"]).args([image, at]).output();
        let is_mounted = mounted.is_ok_and(|output| output.status.success());
        is_mounted.then(|| Self { image: image.to_owned(), at: at.to_owned() })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.at).output());
    }
}

fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs_err::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs_err::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_power_cut_right_after_the_end_loses_nothing() {
    let folder = Folder::new();
    prepare(&folder);
    let image = folder.path().join("image");
    fs_err::File::create(&image).unwrap().file().set_len(48 << 20).unwrap();
    let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image).output();
    let made = made.is_ok_and(|output| output.status.success());
    let Some(disk) = made.then(|| Disk::mount(&image, &folder.path().join("disk"))).flatten() else {
        return skip("no image can be mounted here, so that the power can't be cut");
    };
    Command::new("sync").arg("-f").arg(&disk.at).output().unwrap();
    for command in COMMANDS {
        // Inputs stay where they are; what is written lies on the disk.
        let names = ["run", "swept", "arms", "theories", "built", "actors.csv", "report.html", "mine.toml"];
        let words = command
            .split_whitespace()
            .enumerate()
            .map(|(at, word)| if at > 0 && names.contains(&word) { format!("disk/{word}") } else { word.to_owned() });
        let words: Vec<String> = words.collect();
        let output = folder.output(&words.join(" "));
        // What the disk would hold if the power went now.
        let copy = folder.path().join("copy");
        Command::new("cp").args(["--sparse=always"]).args([&disk.image, &copy]).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        let after = Disk::mount(&copy, &folder.path().join("after")).unwrap();
        let (here, there) = (tree(&disk.at), tree(&after.at));
        assert_eq!(here.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>(), "{command}");
        let lost: Vec<&PathBuf> = here.keys().filter(|path| here[*path] != there[*path]).collect();
        assert!(lost.is_empty(), "{command}: lost {lost:?}");
        assert!(here.len() > 1, "{command}");
    }
}
