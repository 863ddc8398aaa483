//! Integration tests of the laboratory.

mod folders;
mod kill;
mod observation;
mod patterns;
mod summaries;
mod tables;
mod world;
