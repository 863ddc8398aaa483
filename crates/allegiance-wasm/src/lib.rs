//! The engine for a browser, or any other host of WebAssembly.
//!
//! A host writes a [`Request`] as JSON and reads an [`Answer`] as JSON: which
//! built-in scenario, what is changed of it, which replicate; then the digest
//! of every table and the tables asked for. It is the engine, the scenarios and
//! the tables of the command line, so the digests are those of
//! `allegiance run`.
//!
//! The host calls `input(n)`, writes `n` bytes of JSON at the address it gets,
//! calls `run()`, and reads `output_length()` bytes at `output()`; the files in
//! `tests` do so in Node.

mod abi;
mod answer;

pub use answer::{Answer, Cell, Column, Mistake, Request, Tables, answer};
