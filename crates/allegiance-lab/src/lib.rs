//! Studies: what is asked of many simulated histories.
//!
//! [designs](design) and [sweeps](sweep) with their [sensitivity], [experiments](experiment),
//! rival [theories], [scales], the [conformance] suite, [inference] of what a
//! record can tell, and [scores](score) against one.
//!
//! Not here: how a run is kept, sentences for people, scenario formats.

pub mod audit;
pub mod conformance;
pub mod design;
pub mod evidence;
pub mod experiment;
pub mod inference;
pub mod measured;
pub mod paired;
pub mod scales;
pub mod score;
pub mod sensitivity;
pub mod sweep;
pub mod theories;
