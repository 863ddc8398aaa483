//! An entry of the dictionary of parameters, for programs.

use allegiance_model::parameters::ParameterInfo;
use serde::Serialize;

/// What the dictionary says of a parameter besides its name, which the command line
/// and the Python package give under keys of their own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterEntry {
    symbol: &'static str,
    meaning: &'static str,
    unit: &'static str,
    default: f64,
    low: f64,
    high: f64,
    spread: &'static str,
    lowest_allowed: f64,
    highest_allowed: f64,
    tag: &'static str,
    source: &'static str,
}

impl ParameterEntry {
    /// The entry of a parameter.
    pub fn of(info: &ParameterInfo) -> Self {
        let (lowest_allowed, highest_allowed) = info.allowed();
        Self {
            symbol: info.symbol,
            meaning: info.meaning.trim(),
            unit: info.unit,
            default: info.default,
            low: info.low,
            high: info.high,
            spread: info.spread().word(),
            lowest_allowed,
            highest_allowed,
            tag: info.tag.word(),
            source: info.source,
        }
    }
}
