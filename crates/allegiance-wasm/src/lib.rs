//! The engine for a browser, or any other host of WebAssembly.
//!
//! A host writes a [`Question`] as JSON and reads the answer as JSON. To run is
//! to give a scenario's files, or name one that is built in, what is changed of it and which replicate; the
//! [`Answer`] holds the digest of every table, the tables asked for and, if
//! asked, the views that the explore page draws. It is the engine, the scenarios
//! and the tables of the command line, so the digests are those of
//! `allegiance run`. The module keeps the last replicate for questions about its
//! people. [`Options`] lists what can be changed. A host that shows how far it is begins a
//! run and asks for some days at a time ([`Running`]).
//!
//! The host calls `input(n)`, writes `n` bytes of JSON at the address it gets,
//! calls `run()`, and reads `output_length()` bytes at `output()`; the files in
//! `tests` do so in Node. `build.sh` builds the module that the page carries.

mod abi;
mod answer;
mod options;
mod question;
mod running;

pub use answer::{Answer, Cell, Column, Mistake, Request, Simulated, Tables, Views, answer};
pub use options::{GroupName, Options, ParameterOption, ScenarioSize, SettingOption, TheoryOption};
pub use question::Question;
pub use running::{HowFar, Running};
