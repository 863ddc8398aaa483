//! Integration tests of the laboratory.

mod checkpoints;
mod folders;
mod kill;
mod observation;
mod paths;
mod patterns;
mod read_run;
mod scales;
mod stories;
mod summaries;
mod tables;
mod world;
