//! What two runs are to each other, before any number: what was given to the
//! second otherwise, whether an effect is possible, and what to keep in mind.

use super::overview::DifferenceEntry;
use crate::difference::{few_note, nothing_sentence};
use crate::text::{count, thousands};
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_record::manifest::Manifest;
use allegiance_record::nothing::NothingDiffers;
use allegiance_record::reading::ReadRun;
use allegiance_record::setup_differences::setup_differences;
use serde::Serialize;

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Pair {
    /// What the second was given otherwise than the first; none where that
    /// can't be told.
    pub differs: Option<Vec<DifferenceEntry>>,
    /// Why that can't be told, as a sentence; none where it can.
    pub untold: Option<String>,
    /// That no replicate differs, and why where it is known, as a sentence; none
    /// where something differs.
    pub nothing: Option<String>,
    /// Pairs of replicates.
    pub n_pairs: u32,
    /// What to know before a difference is read, as sentences.
    pub notes: Vec<String>,
}

/// What [`Pair`] is made from. First and second in this order, everywhere.
#[derive(Debug, Clone)]
pub struct PairInput<'a> {
    /// Days of each.
    pub n_days: [u32; 2],
    /// Replicates of each.
    pub n_replicates: [u32; 2],
    /// What each was given, or why that can't be had.
    pub setups: Result<[&'a Setup; 2], String>,
    /// Where no replicate differs.
    pub nothing: Option<NothingDiffers>,
}

impl Pair {
    /// That of two finished runs.
    pub fn of_runs<A: ReadRun, B: ReadRun>(first: &A, second: &B, setups: Result<[&Setup; 2], String>) -> Self {
        let [a, b] = [first.manifest(), second.manifest()];
        Self::of(PairInput {
            n_days: [a.n_days, b.n_days],
            n_replicates: [a.n_replicates, b.n_replicates],
            nothing: nothing_differs(a, b, setups.as_ref().ok().copied()),
            setups,
        })
    }

    /// That of any two.
    pub fn of(input: PairInput<'_>) -> Self {
        let n_pairs = input.n_replicates[0].min(input.n_replicates[1]);
        let notes = notes(&input, n_pairs);
        let (differs, untold) = match input.setups {
            Ok([first, second]) => (Some(DifferenceEntry::all(&setup_differences(first, second))), None),
            Err(why) => (None, Some(untold_sentence(&why))),
        };
        Self { differs, untold, nothing: input.nothing.as_ref().map(nothing_sentence), n_pairs, notes }
    }
}

/// That it can't be told what differs between two runs.
pub fn untold_sentence(why: &str) -> String {
    format!("What differs between the two runs can't be told: {why}.")
}

/// What to know before a difference is read. Where nothing differs there is none
/// to be read.
fn notes(input: &PairInput<'_>, n_pairs: u32) -> Vec<String> {
    let ([a, b], [of_a, of_b]) = (input.n_days, input.n_replicates);
    let mut notes = Vec::new();
    if a != b {
        notes.push(format!(
            "The first has {} and the second {}: differences are over the first {}, which both have.",
            count(a as usize, "day"),
            count(b as usize, "day"),
            count(a.min(b) as usize, "day"),
        ));
    }
    if input.nothing.is_some() {
        return notes;
    }
    if of_a != of_b {
        notes.push(format!(
            "The first has {} and the second {}: only the first {} of each are pairs.",
            count(of_a as usize, "replicate"),
            count(of_b as usize, "replicate"),
            thousands(u64::from(n_pairs)),
        ));
    }
    notes.extend(few_note(n_pairs as usize, "pair"));
    notes
}

/// Where two runs of the same days are equal in every table of every replicate
/// that both have, with the reasons that their setups give.
pub fn nothing_differs(first: &Manifest, second: &Manifest, setups: Option<[&Setup; 2]>) -> Option<NothingDiffers> {
    let n_pairs = first.n_replicates.min(second.n_replicates);
    let digests = |manifest: &Manifest| {
        let of_replicate =
            |at: usize| digest_of_war(|table| manifest.tables.get(table).and_then(|entry| entry.digests.get(at)));
        (0..n_pairs as usize).map(of_replicate).collect::<Vec<String>>()
    };
    let tables = tables_of_war(first);
    if first.n_days != second.n_days || tables.is_empty() || tables != tables_of_war(second) {
        return None;
    }
    NothingDiffers::between([&digests(first), &digests(second)], setups)
}

/// The digests of the tables that the engine fills, of one replicate, as one text;
/// what was reported of them is no part of the war.
pub fn digest_of_war<'d>(digest_of: impl Fn(&str) -> Option<&'d String>) -> String {
    let tables = Records::dictionary().into_iter().filter_map(|table| digest_of(table.name));
    tables.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The tables of a run that the engine fills.
fn tables_of_war(manifest: &Manifest) -> Vec<&'static str> {
    let names = Records::dictionary().into_iter().map(|table| table.name);
    names.filter(|name| manifest.tables.contains_key(*name)).collect()
}
