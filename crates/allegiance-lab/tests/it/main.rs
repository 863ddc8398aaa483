//! Integration tests of the laboratory.

mod checkpoints;
mod folders;
mod inference;
mod invariants;
mod kill;
mod observation;
mod paths;
mod patterns;
mod read_run;
mod reports;
mod scales;
mod scores;
mod stories;
mod summaries;
mod tables;
mod views;
mod world;
