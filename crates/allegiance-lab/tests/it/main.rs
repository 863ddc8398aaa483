//! Integration tests of the laboratory.

mod checkpoints;
mod disk;
mod folders;
mod in_memory;
mod inference;
mod invariants;
mod kill;
mod numbers;
mod observation;
mod outcomes;
mod paths;
mod patterns;
mod read_run;
mod records;
mod reports;
mod rows_elsewhere;
mod scales;
mod scores;
mod spoiled;
mod stories;
mod studies;
mod summaries;
mod tables;
mod views;
mod world;
