//! A server on a free port over short runs of `one-village`.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use allegiance_explore::{Door, Exhibit, Exhibition, Interrupt, Origin, ServeError, serve};
use allegiance_replay::Silent;
use allegiance_runs::{FinishedRun, RunInput, RunOptions, run};
use allegiance_scenario::{apply_change, load};
use allegiance_show::view::ScenarioFiles;
use tempfile::TempDir;

pub(crate) const N_DAYS: usize = 20;

/// An answer of the server.
pub(crate) struct Response {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().expect("a message").to_owned()
    }
}

/// A running server.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    _folder: TempDir,
    stop: Option<Box<dyn FnOnce() + Send>>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

/// A finished run of `one-village` with some changes.
pub(crate) fn finished(folder: &TempDir, name: &str, changes: &[&str]) -> Exhibit {
    let mut scenario = load("one-village").expect("a built-in scenario");
    let days = format!("days={N_DAYS}");
    for change in [days.as_str()].iter().chain(changes) {
        apply_change(&mut scenario.setup, change).expect("a change");
    }
    let files = scenario.files.iter().map(|file| (file.name.clone(), file.text.clone())).collect();
    let origin = Origin {
        setup: scenario.setup.clone(),
        scenario: ScenarioFiles { named: Some(format!("{name}/scenario")), files },
    };
    let input = RunInput {
        scenario_id: scenario.id,
        title: scenario.title,
        scenario_hash: scenario.hash,
        files: Vec::new(),
        setup: scenario.setup,
        unchanged: None,
    };
    let out = folder.path().join(name);
    let options = RunOptions { threads: 1, ..RunOptions::new(&out).with_replicates(2) };
    run(&input, &options, &|_| String::new(), &Silent).expect("it runs");
    Exhibit::new(FinishedRun::open(&out).expect("it opens"), Ok(origin)).expect("it can be read")
}

impl Served {
    /// One run.
    pub(crate) fn one() -> Self {
        let folder = TempDir::new().expect("a folder");
        let first = finished(&folder, "first", &[]);
        Self::of(folder, Exhibition::of(vec![first]).expect("one run"))
    }

    /// Two runs, the second under another theory.
    pub(crate) fn two() -> Self {
        let folder = TempDir::new().expect("a folder");
        let first = finished(&folder, "first", &[]);
        let second = finished(&folder, "second", &["theory=fixed"]);
        Self::of(folder, Exhibition::of(vec![first, second]).expect("a pair"))
    }

    pub(crate) fn of(folder: TempDir, exhibition: Exhibition) -> Self {
        let door = Door::open(None).expect("a free port");
        let address = door.address();
        let (interrupt, stop) = Interrupt::by_hand();
        let thread = spawn(move || serve(exhibition, door, &interrupt));
        Self { address, _folder: folder, stop: Some(Box::new(stop)), thread: Some(thread) }
    }

    /// What a browser at this server's own page would ask.
    pub(crate) fn get(&self, path: &str) -> Response {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\n", self.address))
    }

    /// Sends a head without its last lines, and reads all of the answer.
    pub(crate) fn ask(&self, head: &str) -> Response {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).expect("it takes the question");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("a head is text");
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
        Response { status, head, body: bytes[end + 4..].to_vec() }
    }

    /// Asks the server to stop, and gives what it ended with.
    pub(crate) fn stop(&mut self) -> Result<(), ServeError> {
        if let Some(stop) = self.stop.take() {
            stop();
        }
        let thread = self.thread.take().expect("it is stopped once");
        thread.join().expect("it doesn't panic")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
