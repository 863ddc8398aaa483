//! Designs and theories, by the first line.

#![no_main]

use allegiance_scenario::{parse_design, parse_theory};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let Some((kind, text)) = input.split_once('\n') else { return };
    match kind {
        "design" => drop(parse_design("design.toml", text, &[])),
        "theory" => drop(parse_theory("theory.toml", text)),
        _ => (),
    }
});
