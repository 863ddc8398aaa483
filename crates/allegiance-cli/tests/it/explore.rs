//! `allegiance explore`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};

use crate::program::Folder;

/// The program, showing something.
struct Shown {
    program: Child,
    /// Host and port.
    address: String,
}

impl Shown {
    fn start(folder: &Folder, arguments: &str) -> Self {
        let temporary = folder.path().join("temporary");
        fs_err::create_dir_all(&temporary).unwrap();
        let mut program = folder
            .command(&format!("explore --no-open -q {arguments}"))
            .env("TMPDIR", temporary)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
        Self { program, address: address.expect("an address").to_owned() }
    }

    fn get(&self, path: &str) -> serde_json::Value {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(head.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
        serde_json::from_str(body).unwrap()
    }

    /// Asks the program to end as Ctrl-C does, and gives its exit code.
    #[cfg(unix)]
    fn interrupt(mut self) -> Option<i32> {
        let kill = std::process::Command::new("kill").args(["-INT", &self.program.id().to_string()]).status();
        assert!(kill.unwrap().success());
        self.program.wait().unwrap().code()
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        // It has ended already where it was interrupted.
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

fn run_village(folder: &Folder, arguments: &str) {
    assert_eq!(folder.output(&format!("run one-village -q --days 10 {arguments}")).status.code(), Some(0));
}

#[test]
fn a_run_is_shown_and_can_be_simulated_again() {
    let folder = Folder::new();
    run_village(&folder, "--out there --replicates 2 --set combat.decisiveness=2");
    let shown = Shown::start(&folder, "there");
    let runs = shown.get("/api/runs");
    assert_eq!(runs["runs"][0]["label"], "one-village · days=10 · combat.decisiveness=2");
    assert_eq!(runs["runs"][0]["changed_parameters"][0]["name"], "combat.decisiveness");
    assert!(!runs["runs"][0]["happenings"].as_array().unwrap().is_empty());
    let history = shown.get("/api/runs/0/replicates/1");
    let manifest: serde_json::Value =
        serde_json::from_str(&fs_err::read_to_string(folder.path().join("there/run.json")).unwrap()).unwrap();
    assert_eq!(history["digests"]["incidents"], manifest["tables"]["incidents"]["digests"][1]);
}

#[cfg(unix)]
#[test]
fn a_scenario_is_simulated_beside_another_theory_and_nothing_is_left_behind() {
    let folder = Folder::new();
    let shown = Shown::start(&folder, "one-village --days 10 -n 2 --theory-b fixed");
    let runs = shown.get("/api/runs");
    assert_eq!(runs["runs"][0]["belief"], "source_credibility");
    assert_eq!(runs["runs"][1]["belief"], "fixed");
    assert_eq!(runs["runs"][1]["label"], "one-village · days=10 · theory=fixed");
    assert!(!shown.get("/api/difference").as_array().unwrap().is_empty());
    let n_left = || fs_err::read_dir(folder.path().join("temporary")).unwrap().count();
    assert_eq!(n_left(), 1);
    assert_eq!(shown.interrupt(), Some(0));
    assert_eq!(n_left(), 0);
}

#[test]
fn a_run_is_set_beside_itself_with_a_change() {
    let folder = Folder::new();
    run_village(&folder, "--out there --replicates 2 --seed 9");
    let shown = Shown::start(&folder, "there --set-b mechanisms.voice=false");
    let runs = shown.get("/api/runs");
    assert_eq!(runs["runs"][1]["label"], "one-village · seed=9 · days=10 · mechanisms.voice=false");
    assert_eq!(runs["runs"][1]["n_replicates"], 2);
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let folder = Folder::new();
    run_village(&folder, "--out there");
    run_village(&folder, "--out other --seed 2");
    let refused = |arguments: &str, told: &str| {
        assert_eq!(
            folder.snapshot(&format!("explore --no-open -q {arguments}")),
            format!("exit 1\n--- stdout\n--- stderr\n{told}\n"),
        );
    };
    let first_seed = allegiance_scenario::load("one-village").unwrap().setup.seed;
    refused(
        "there other",
        &format!(
            "error: the runs have different seeds, {first_seed} and 2, so their replicates aren't pairs; run one again \
             with the other's seed"
        ),
    );
    refused(
        "there --set combat.decisiveness=2",
        "error: there is a finished run, which --seed, --days, --theory, --set and --replicates can't change; set a \
         changed one next to it with --theory-b or --set-b",
    );
    refused(
        "there other --theory-b fixed",
        "error: other is a finished run, which --theory-b and --set-b can't change; leave it out, or name its scenario \
         instead",
    );
    let told = folder.snapshot("explore one-village --no-open --theory-b guess");
    assert!(
        told.contains("error: theory is the text \"guess\"; theories of belief are") && !told.contains("simulating"),
        "{told}"
    );
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let told = folder.snapshot(&format!("explore there --no-open --port {port}"));
    let start = format!("exit 1\n--- stdout\n--- stderr\nerror: can't listen on port {port} of 127.0.0.1: ");
    assert!(told.starts_with(&start) && told.ends_with("; name a free one with --port\n"), "{told}");
    let path = folder.path().join("there/run.json");
    let text = fs_err::read_to_string(&path).unwrap();
    fs_err::write(&path, text.replace("\"format_version\": 1,", "\"format_version\": 9,")).unwrap();
    refused(
        "there",
        &format!(
            "error: there/run.json has format version 9, and Allegiance {0} reads version 1; read it with Allegiance \
             {0}, which wrote it",
            env!("CARGO_PKG_VERSION")
        ),
    );
    fs_err::write(&path, text).unwrap();
    fs_err::write(folder.path().join("there/places.parquet"), "no table").unwrap();
    let told = folder.snapshot("explore there --no-open");
    assert!(
        told.starts_with("exit 1\n--- stdout\n--- stderr\nerror: there/places.parquet isn't what was written: "),
        "{told}"
    );
}

#[test]
fn pages_from_elsewhere_are_no_part_of_it() {
    let folder = Folder::new();
    run_village(&folder, "--out there");
    let shown = Shown::start(&folder, "there");
    let mut stream = TcpStream::connect(&shown.address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 421 "), "{text}");
}
