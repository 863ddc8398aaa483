//! Design files: which values of a scenario vary, how rows are chosen, what
//! is measured.

use std::path::Path;

use allegiance_model::parameters::{Implausible, ParameterInfo, Spread};
use allegiance_record::design::{Design, Factor, Sampler, Scale, Values};
use allegiance_record::evidence::Evidence;
use allegiance_record::outcomes::Outcome;

use crate::document::{Document, Folders, LoadDocumentError, owned_text, read_outcomes};
use crate::evidence::load_evidence_for;
use crate::format;
use crate::load::Scenario;
use crate::overrides::{ApplyChangeError, overlap};
use crate::problem::{Problem, Problems, Spot};
use crate::resolve::{get, items, plausible_range, text};
use crate::tree::{Node, Table, Value};

/// The most factors of a design: the direction numbers behind Saltelli's
/// design reach 1,000 dimensions, and it needs two a factor.
const MAX_FACTORS: usize = 1000;
const DEFAULT_GRID_LEVELS: u32 = 3;
const DEFAULT_MORRIS_LEVELS: u32 = 4;

/// A design, checked; every end of every range is a value that the scenario
/// accepts on its own.
#[derive(Debug, Clone)]
pub struct DesignFile {
    /// Identifier, usable as a folder name.
    pub id: String,
    /// Title shown to people.
    pub title: String,
    /// The scenario, with the changes that hold in every row.
    pub scenario: Scenario,
    /// What varies, and how rows are chosen.
    pub design: Design,
    /// Replicates of each row.
    pub n_replicates: u32,
    /// What is measured.
    pub outcomes: Vec<Outcome>,
    /// Evidence whose questions are asked in every war.
    pub evidence: Vec<Evidence>,
    /// The file as read.
    pub text: String,
    /// What may not be as the author meant.
    pub warnings: Vec<Problem>,
}

/// Loads a design file and the scenario that it names.
///
/// # Errors
/// [`LoadDocumentError`]: not found, unreadable, or with mistakes in it.
pub fn load_design(path: &Path) -> Result<DesignFile, LoadDocumentError> {
    load_design_with(path, &[])
}

/// The same with theories that it can name, given as file names and texts.
///
/// # Errors
/// See [`load_design`].
pub fn load_design_with(path: &Path, theories: &[(String, String)]) -> Result<DesignFile, LoadDocumentError> {
    read_design(Document::open("design", path)?, theories)
}

/// Reads a design from a text; `label` names it in messages. It can name
/// built-in scenarios, and others by their path; theories too, or those of `theories`, given as
/// file names and texts.
///
/// # Errors
/// [`LoadDocumentError`], as for a file.
pub fn parse_design(label: &str, text: &str, theories: &[(String, String)]) -> Result<DesignFile, LoadDocumentError> {
    read_design(Document::of_bytes("design", label, text.as_bytes().to_vec(), None), theories)
}

fn read_design(document: Document, theories: &[(String, String)]) -> Result<DesignFile, LoadDocumentError> {
    let mut document = document.check(&format::DESIGN)?;
    let scenario = document.load_scenario()?;
    let root = document.root().clone();
    let whole = |key: &str| get(&root, key).and_then(Node::as_whole);
    let sampler = read_sampler(&root, &mut document.problems);
    check_n_factors(&root, &mut document.problems);
    let Some(mut scenario) = scenario else {
        return Err(document.invalid());
    };
    for (name, text) in theories {
        scenario.hold_theory(name, text);
    }
    let folders = document.folders();
    Document::read_sets(&mut document.problems, &root, "", (&mut scenario, &folders));
    hold_theories(&root, (&mut scenario, &folders), &mut document.problems);
    let factors = read_factors(&root, (&scenario, &folders), &mut document.problems);
    let outcomes = read_outcomes(&root, &scenario.setup, &mut document.problems);
    let evidence = read_evidence(&root, (&scenario, &folders), &mut document.problems)?;
    let Some(sampler) = sampler else {
        return Err(document.invalid());
    };
    let design = Design { factors, sampler, seed: whole("seed").unwrap_or(0) as u64 };
    let mut document = document.give_up_on_errors()?;
    check_size(&root, &design, &mut document.problems);
    let mut document = document.give_up_on_errors()?;
    Ok(DesignFile {
        id: owned_text(&root, "id"),
        title: owned_text(&root, "title"),
        design,
        n_replicates: whole("replicates").unwrap_or(1) as u32,
        outcomes,
        evidence,
        scenario,
        text: document.texts.swap_remove(0),
        warnings: document.problems.into_sorted(),
    })
}

/// The evidence that the design names, each beside it.
fn read_evidence(
    root: &Table,
    (scenario, folders): (&Scenario, &Folders),
    problems: &mut Problems,
) -> Result<Vec<Evidence>, LoadDocumentError> {
    let mut found: Vec<Evidence> = Vec::new();
    let names = root.get("evidence").map_or_else(Vec::new, |(_, node)| node.as_texts());
    for (idx, (name, spot)) in names.into_iter().enumerate() {
        let path = folders.of(spot).map_or_else(|| Path::new(name).to_owned(), |folder| folder.join(name));
        if !path.is_file() {
            let hint = "write one with: allegiance evidence new";
            problems
                .error(spot, format!("evidence[{idx}]"), format!("names {name}, and there is no such file"))
                .hint(hint);
            continue;
        }
        let evidence = load_evidence_for(&path, scenario)?.evidence;
        if found.iter().any(|other| other.id == evidence.id) {
            problems.error(spot, format!("evidence[{idx}]"), format!("{} is there twice", evidence.id));
        } else {
            found.push(evidence);
        }
    }
    Ok(found)
}

fn spot_of(table: &Table, key: &str) -> Spot {
    table.get(key).map_or(Spot { file_idx: 0, line: 0 }, |(spot, _)| *spot)
}

/// The sampler; none where there is no such word, which the shape has told.
fn read_sampler(root: &Table, problems: &mut Problems) -> Option<Sampler> {
    let word = text(root, "sampler");
    if !format::SAMPLERS.contains(&word) {
        return None;
    }
    let n_levels = read_levels(root, word, problems);
    let n_rows = read_rows(root, word, problems);
    match word {
        "grid" => Some(Sampler::Grid { n_levels }),
        "random" => Some(Sampler::Random { n_rows }),
        "latin_hypercube" => Some(Sampler::LatinHypercube { n_rows }),
        "sobol" => Some(Sampler::Sobol { n_rows }),
        "saltelli" => Some(Sampler::Saltelli { n_base: n_rows }),
        "morris" => Some(Sampler::Morris { n_trajectories: n_rows, n_levels }),
        _ => None,
    }
}

fn read_levels(root: &Table, sampler: &str, problems: &mut Problems) -> u32 {
    let Some(levels) = get(root, "levels").and_then(Node::as_whole) else {
        return if sampler == "morris" { DEFAULT_MORRIS_LEVELS } else { DEFAULT_GRID_LEVELS };
    };
    let spot = spot_of(root, "levels");
    match sampler {
        "grid" => {}
        "morris" if levels % 2 == 0 => {}
        "morris" => {
            problems
                .error(spot, "levels", format!("is {levels}"))
                .allowed("must be even for morris, so that every level is equally likely");
        }
        _ => {
            problems
                .error(spot, "levels", "means nothing for this sampler")
                .allowed("only grid and morris have levels");
        }
    }
    levels as u32
}

fn read_rows(root: &Table, sampler: &str, problems: &mut Problems) -> u32 {
    match (get(root, "rows").and_then(Node::as_whole), sampler) {
        (Some(_), "grid") => {
            problems
                .error(spot_of(root, "rows"), "rows", "means nothing for a grid")
                .allowed("a grid has one row for each combination of levels");
            0
        }
        (None, "grid") => 0,
        (Some(rows), _) => rows as u32,
        (None, _) => {
            problems
                .error(spot_of(root, "sampler"), "rows", "is missing")
                .allowed(format!("must be a whole number from 1 to {}", format::MAX_ROWS));
            0
        }
    }
}

/// Holds the theories that factors name by their files, so that every row has the same.
fn hold_theories(root: &Table, (scenario, folders): (&mut Scenario, &Folders), problems: &mut Problems) {
    for (idx, table, _) in items(root, "factors") {
        let key = text(table, "key");
        for (at, value) in get(table, "values").map_or(&[][..], Node::items).iter().enumerate() {
            let Some(word) = value.as_text() else { continue };
            let (change, beside) = (format!("{key}={word}"), folders.of(value.spot));
            // What can't be read at all is told when the value is tried.
            if let Err(error @ ApplyChangeError::Theory { .. }) = scenario.hold_theory_of(&change, beside)
                && scenario.apply_beside(&mut scenario.setup.clone(), &change, beside).is_ok()
            {
                problems.error(value.spot, format!("factors[{idx}].values[{at}]"), format!("can't be used: {error}"));
            }
        }
    }
}

fn read_factors(root: &Table, (scenario, folders): (&Scenario, &Folders), problems: &mut Problems) -> Vec<Factor> {
    let mut factors: Vec<Factor> = Vec::new();
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for (idx, table, spot) in items(root, "factors") {
        let path = format!("factors[{idx}]");
        let key = owned_text(table, "key");
        let listed: Vec<String> =
            get(table, "values").map_or_else(Vec::new, |node| node.items().iter().filter_map(setting_of).collect());
        let beside = folders.of(spot);
        let slots_of = |change: &str| scenario.slots_of(change, beside);
        let is_same = |(other, values): &&(String, Vec<String>)| overlap((other, values), (&key, &listed), &slots_of);
        if let Some((other, _)) = seen.iter().find(is_same) {
            let found = if *other == key {
                format!("{key:?} is there twice")
            } else {
                format!("{key:?} changes what the factor {other:?} changes")
            };
            problems.error(spot_of(table, "key"), format!("{path}.key"), found);
        }
        // What the shape refused has no value to try.
        let is_refused = |part: &str| problems.has_error_below(&format!("{path}.{part}"));
        if key.is_empty() || ["low", "high", "scale"].into_iter().any(is_refused) {
            continue;
        }
        let key_path = format!("{path}.key");
        let mut reader = FactorReader { table, path, key: &key, spot, scenario, beside, problems };
        let values = reader.read();
        if !problems.has_error_at(&key_path) {
            seen.push((key.clone(), listed));
        }
        if let Some(values) = values {
            factors.push(Factor { key, values });
        }
    }
    factors
}

struct FactorReader<'a> {
    table: &'a Table,
    path: String,
    key: &'a str,
    spot: Spot,
    scenario: &'a Scenario,
    /// Where theories lie that it names.
    beside: Option<&'a Path>,
    problems: &'a mut Problems,
}

impl FactorReader<'_> {
    fn read(&mut self) -> Option<Values> {
        // A key that nothing has is told once, not with each of its values.
        if let Err(error @ ApplyChangeError::UnknownKey { .. }) = self.try_value("0") {
            let path = format!("{}.key", self.path);
            self.problems.error(spot_of(self.table, "key"), path, format!("can't be used: {error}"));
            return None;
        }
        match self.table.get("values") {
            Some((spot, node)) => self.read_list(*spot, node),
            None => self.read_range(),
        }
    }

    /// Sets a value; gives what the scenario's own setup doesn't have outside
    /// its plausible range.
    fn try_value(&self, value: &str) -> Result<Option<Implausible>, ApplyChangeError> {
        let mut setup = self.scenario.setup.clone();
        self.scenario.apply_beside(&mut setup, &format!("{}={value}", self.key), self.beside)?;
        let before = self.scenario.setup.implausible();
        Ok(setup.implausible().into_iter().find(|found| !before.contains(found)))
    }

    /// Whether the scenario accepts a value; else adds the problem.
    fn accepts(&mut self, value: &str, part: &str, spot: Spot) -> bool {
        let result = self.try_value(value);
        let path = format!("{}.{part}", self.path);
        match &result {
            Err(error) => {
                self.problems.error(spot, path, format!("can't be used: {error}"));
            }
            Ok(Some(found)) => {
                let text = format!("sets {} to {}", self.key, found.value);
                self.problems.warning(spot, path, text).allowed(plausible_range(found.info));
            }
            Ok(None) => {}
        }
        result.is_ok()
    }

    fn read_list(&mut self, spot: Spot, node: &Node) -> Option<Values> {
        for key in ["low", "high", "scale"] {
            if let Some((spot, _)) = self.table.get(key) {
                self.problems
                    .error(*spot, format!("{}.{key}", self.path), "stands next to `values`")
                    .allowed("a factor has either values or a range");
            }
        }
        let values: Option<Vec<String>> = node.items().iter().map(setting_of).collect();
        let Some(values) = values.filter(|values| !values.is_empty()) else {
            self.problems
                .error(spot, format!("{}.values", self.path), node.describe())
                .allowed("must be a list of numbers, words, or true and false, such as [0.1, 0.2]");
            return None;
        };
        let is_right = |at: usize, value: &String, reader: &mut Self| {
            reader.accepts(value, &format!("values[{at}]"), node.items()[at].spot)
        };
        let mut all_right = true;
        for (at, value) in values.iter().enumerate() {
            all_right &= is_right(at, value, self);
        }
        all_right.then_some(Values::List { values })
    }

    fn read_range(&mut self) -> Option<Values> {
        let path = self.key.strip_prefix("parameters.").unwrap_or(self.key);
        let prior = self.scenario.setup.whole_dictionary().find(|info| info.path() == path);
        let end = |key: &str| get(self.table, key).and_then(Node::as_number);
        let (low, high) = (end("low").or(prior.map(|info| info.low)), end("high").or(prior.map(|info| info.high)));
        let (Some(low), Some(high)) = (low, high) else {
            self.problems
                .error(self.spot, &self.path, "has no range")
                .allowed(format!("{} has no prior, so state low and high, or values", self.key));
            return None;
        };
        let scale = match (text(self.table, "scale"), prior.map(ParameterInfo::spread)) {
            ("log", _) => Scale::Log,
            ("whole", _) => Scale::Whole,
            ("linear", _) | (_, None | Some(Spread::Flat)) => Scale::Linear,
            (_, Some(Spread::LogFlat)) => Scale::Log,
        };
        if low >= high {
            self.problems
                .error(self.spot, format!("{}.low", self.path), format!("is {low}"))
                .allowed(format!("must be below high, which is {high}"));
            return None;
        }
        if scale == Scale::Log && low <= 0.0 {
            if self.table.contains_key("scale") {
                self.problems
                    .error(self.spot, format!("{}.scale", self.path), format!("is log, but low is {low}"))
                    .allowed("low must be above 0 where the scale is log");
            } else {
                self.problems.error(self.spot, format!("{}.low", self.path), format!("is {low}")).allowed(format!(
                    "must be above 0 on the scale of {path}'s prior, log; or state scale = \"linear\""
                ));
            }
            return None;
        }
        let ends = [("low", low), ("high", high)];
        let mut all_right = true;
        for (part, value) in ends {
            let value = if scale == Scale::Whole { value.round() } else { value };
            let spot = self.table.get(part).map_or(spot_of(self.table, "key"), |(spot, _)| *spot);
            let part = if self.table.contains_key(part) { part } else { "key" };
            // The second message about the same key says nothing new.
            if all_right || part != "key" {
                all_right &= self.accepts(&value.to_string(), part, spot);
            }
        }
        all_right.then_some(Values::Range { low, high, scale })
    }
}

/// A value as `--set` takes it.
fn setting_of(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) if !text.is_empty() => Some(text.clone()),
        Value::Whole(whole) => Some(whole.to_string()),
        Value::Number(number) if number.is_finite() => Some(number.to_string()),
        Value::Flag(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Checks that the design has 1 to the most factors.
fn check_n_factors(root: &Table, problems: &mut Problems) {
    let Some(node) = get(root, "factors").filter(|_| !problems.has_error_at("factors")) else { return };
    let n_factors = node.items().len();
    if !(1..=MAX_FACTORS).contains(&n_factors) {
        problems
            .error(spot_of(root, "factors"), "factors", format!("lists {n_factors} factors"))
            .allowed(format!("must list 1 to {MAX_FACTORS}"));
    }
}

/// Checks that the design makes no more than the most rows.
fn check_size(root: &Table, design: &Design, problems: &mut Problems) {
    let n_all = design.size();
    if n_all > format::MAX_ROWS as f64 {
        problems
            .error(spot_of(root, "sampler"), "sampler", format!("makes {n_all:.0} rows"))
            .allowed(format!("a design has at most {} rows", format::MAX_ROWS));
    }
}
