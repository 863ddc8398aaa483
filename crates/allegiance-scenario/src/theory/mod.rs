//! Theory files: a theory that somebody wrote, read, checked, and put in
//! the slots of a setup that it fills.

mod clashes;
mod infos;
mod places;

use std::path::Path;

use allegiance_model::exits::BLOCKS;
use allegiance_model::setup::{BeliefTheory, ExitTheory};
use allegiance_model::tables::Cause;
use allegiance_model::theory::{
    ExpressionError, Formula, OwnBlock, OwnParameter, OwnState, OwnTheory, Rule, Slot, StateEvent, Unit, Vocabulary,
    is_taken, names_in,
};
use sha2::{Digest as _, Sha256};

use crate::builtin;
use crate::document::{Document, LoadDocumentError, owned_text};
use crate::format::{OWN_PARAMETER, OWN_STATE, THEORY_FILE};
use crate::places::TableFile;
use crate::problem::{Problems, Spot, did_you_mean, list_choices};
use crate::resolve::{get, text};
use crate::shape::{Checker, TableShape};
use crate::tree::{Node, Table, Value};
pub(crate) use clashes::clash;
use places::Places;

/// What a theory of built-in blocks alone goes on with, for its author to fill in.
const START: &str = r#"
# Delete the first character of each line below to give the theory a block of its own. Quantities that expressions
# can use: docs/reference/theory-format.md. The block raises the log-hazard of leaving by its value: 0.7 doubles the hazard.

#[let]
#bonds = "unit_kin * acceptance"

#[parameters.bond_weight]
#default = 1.0
#prior = [0.3, 3.0]
#off = 0.0
#unit = "log-hazard"
#meaning = "Fall of the log-hazard from no bonds in the unit to the strongest."
#tag = "judgement"
#source = "no number exists"

#[state.tiredness]
#half_life_days = 60
#most = 10
#add = { comrade_lost = 1 }

#[[block]]
#name = "bonds"
#words = "weak bonds, and tired of the war"
#all = "0.1 * tiredness - bond_weight * bonds"
"#;

/// The ending of a theory's file.
pub(crate) const ENDING: &str = ".toml";

/// Loads a theory: one that comes with the program by its name, or a file.
///
/// # Errors
/// [`LoadDocumentError`]: not found, unreadable, or with mistakes in it.
pub fn load_theory(name_or_path: &str) -> Result<OwnTheory, LoadDocumentError> {
    match builtin::theory(name_or_path) {
        Some(text) => parse_theory(&format!("{name_or_path}{ENDING}"), text),
        None => read(Document::open("theory", Path::new(name_or_path))?),
    }
}

/// The text of a theory: of one that comes with the program by its name, or of a file.
///
/// # Errors
/// [`LoadDocumentError`]: not found, or unreadable.
pub fn theory_text(name_or_path: &str) -> Result<String, LoadDocumentError> {
    builtin::theory(name_or_path).map_or_else(|| text_of_file(Path::new(name_or_path)), |text| Ok(text.to_owned()))
}

/// The text of a theory's file.
pub(crate) fn text_of_file(path: &Path) -> Result<String, LoadDocumentError> {
    Ok(Document::open("theory", path)?.texts.swap_remove(0))
}

/// Reads a theory from a text; `label` names it in messages.
///
/// # Errors
/// [`LoadDocumentError`], as for a file.
pub fn parse_theory(label: &str, text: &str) -> Result<OwnTheory, LoadDocumentError> {
    read(Document::of_bytes("theory", label, text.as_bytes().to_vec(), None))
}

/// The text of a theory as a file: of one that comes with the program, to be
/// changed into one of another name.
pub fn theory_to_copy(from: &str, name: &str) -> Option<String> {
    let text = builtin::theory(from)?;
    let line = format!("name = {from:?}");
    let named = text.replacen(&line, &format!("name = {name:?}"), 1);
    let states_more = ["[[block]]", "[belief]", "[destination]", "[joining]", "[voice]"];
    let own = if states_more.iter().any(|part| named.contains(part)) { "" } else { START };
    Some(named.replacen(" Also built into the engine under this name.", "", 1) + own)
}

fn read(document: Document) -> Result<OwnTheory, LoadDocumentError> {
    let mut document = document.check(&THEORY_FILE)?;
    let (root, text) = (document.root().clone(), document.texts[0].clone());
    let names = ["parameters", "state", "let"].into_iter().filter_map(|key| get(&root, key).and_then(Node::as_table));
    let names = names.flat_map(|table| table.keys().cloned()).collect();
    let mut reader = Reader { places: Places::new(&text), problems: &mut document.problems, names };
    let theory = reader.theory(&root, &text);
    document.give_up_on_errors()?;
    Ok(theory)
}

/// The name of a file without its folder.
fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The theories that a scenario names, without those that have mistakes, which are added.
pub(crate) fn of_scenario(files: &[(TableFile, Spot)], problems: &mut Problems) -> Vec<OwnTheory> {
    let mut theories = Vec::new();
    for (file, spot) in files {
        match parse_theory(problems.file(file.file_idx), &file.text) {
            Ok(theory) => theories.push(theory),
            Err(LoadDocumentError::Invalid { problems: others, .. }) => problems.append(others),
            Err(_) => {}
        }
        if let Some(found) = clash(&theories) {
            let theory = theories.remove(found.second);
            problems.error(*spot, "theory.file", format!("names the theory {}, {}", theory.name, found.clause()));
        }
    }
    theories
}

struct Reader<'p> {
    places: Places,
    problems: &'p mut Problems,
    /// The names that the file gives a meaning, also where it's mistaken.
    names: Vec<String>,
}

/// What an expression must be.
#[derive(Clone, Copy)]
enum Wanted {
    /// What a block adds, with a bound or without.
    LogHazard(bool),
    /// What a rule of a slot says.
    Rule(Rule),
    /// Of parameters alone, in a unit and between two ends.
    Constant(Unit, (f64, f64)),
}

/// What the evenings have added.
const MOVED: &str = "moved";

const NOTHING: Formula = Formula::Number(0.0);

impl Reader<'_> {
    fn theory(&mut self, root: &Table, text: &str) -> OwnTheory {
        let parameters = self.parameters(root);
        let most = self.states_with_most(root);
        let mut vocabulary = Vocabulary::new(parameters.iter().map(|parameter| parameter.info).collect(), most);
        let states = self.states(root, &vocabulary);
        self.define(root, &mut vocabulary);
        self.check_names(root);
        let rules = self.rules(root, &vocabulary);
        let states_exit = root.contains_key("blocks") || root.contains_key("block");
        OwnTheory {
            name: owned_text(root, "name"),
            authors: owned_text(root, "authors"),
            citation: owned_text(root, "citation"),
            about: owned_text(root, "about"),
            file: file_name(self.problems.file(0)),
            text: text.to_owned(),
            digest: format!("{:x}", Sha256::digest(text.as_bytes())),
            // Nothing at all is a theory of exit that holds no block to count.
            fills_exit: states_exit || rules.is_empty(),
            blocks: self.blocks(root),
            own_blocks: self.own_blocks(root, &vocabulary),
            parameters,
            states,
            rules,
        }
    }

    /// The rules of the slots besides that of exit.
    fn rules(&mut self, root: &Table, vocabulary: &Vocabulary) -> Vec<(Rule, Formula)> {
        let mut rules = Vec::new();
        for &slot in Slot::ALL.iter().filter(|slot| **slot != Slot::Exit) {
            let Some(node) = get(root, slot.word()) else { continue };
            let Some(table) = node.as_table() else { continue };
            // The others have a key that they can't do without, which is told.
            if table.is_empty() && matches!(slot, Slot::Destination | Slot::Voice) {
                let keys: Vec<&str> = Rule::of_slot(slot).map(Rule::key).collect();
                let problem = self.problems.error(node.spot, slot.word(), "says nothing");
                problem.allowed(list_choices("rules", &keys));
            }
            for rule in Rule::of_slot(slot) {
                let path = format!("{}.{}", slot.word(), rule.key());
                if let Some(node) = get(table, rule.key()) {
                    rules.push((rule, self.expression(node, &path, vocabulary, Wanted::Rule(rule))));
                }
            }
            self.check_daily(table, vocabulary);
        }
        rules
    }

    /// What the evenings add must count.
    fn check_daily(&mut self, belief: &Table, vocabulary: &Vocabulary) {
        let (Some(daily), Some(conviction)) =
            (get(belief, Rule::Daily.key()), get(belief, Rule::Conviction.key()).and_then(text_of))
        else {
            return;
        };
        if vocabulary.mentions(&conviction, MOVED) == Some(false) {
            let problem = self.problems.error(daily.spot, "belief.daily", "adds to what conviction doesn't name");
            problem
                .allowed(format!("belief.conviction must name {MOVED}, such as \"conviction_on_joining + {MOVED}\""));
        }
    }

    fn blocks(&mut self, root: &Table) -> Vec<Cause> {
        let words: Vec<&str> = BLOCKS.iter().map(|block| block.cause.word()).filter(|word| *word != "own").collect();
        let mut found: Vec<Cause> = Vec::new();
        if let Some(node) = get(root, "blocks")
            && node.as_texts().len() != node.items().len().max(usize::from(node.as_text().is_some()))
        {
            self.problems.error(node.spot, "blocks", node.describe()).allowed(list_choices("blocks", &words));
        }
        for (word, spot) in get(root, "blocks").map(Node::as_texts).unwrap_or_default() {
            match BLOCKS.iter().find(|block| words.contains(&word) && block.cause.word() == word) {
                Some(block) if found.contains(&block.cause) => {
                    self.problems.error(spot, "blocks", format!("names {word:?} twice"));
                }
                Some(block) => found.push(block.cause),
                None => {
                    let problem = self.problems.error(spot, "blocks", format!("names {word:?}, which is no block"));
                    problem.choices("blocks", word, words.iter().copied());
                }
            }
        }
        found
    }

    /// The tables of a key, each checked against its shape.
    fn tables<'t>(&mut self, root: &'t Table, key: &str, shape: &TableShape) -> Vec<(&'t str, Spot, &'t Table)> {
        let Some((spot, node)) = root.get(key) else { return Vec::new() };
        let Some(tables) = node.as_table() else {
            let allowed = format!("must be tables such as [{key}.NAME]");
            self.problems.error(*spot, key, node.describe()).allowed(allowed);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (name, (spot, node)) in tables {
            let path = format!("{key}.{name}");
            if let Some(table) = node.as_table() {
                let mut checker = Checker { problems: self.problems, is_whole: true };
                checker.check_table(table, *spot, &path, shape);
                found.push((name.as_str(), *spot, table));
            } else {
                let allowed = format!("must be a table [{path}]");
                self.problems.error(*spot, path, node.describe()).allowed(allowed);
            }
        }
        found
    }

    /// Every name of the file must be one that expressions can use, and its own.
    fn check_names(&mut self, root: &Table) {
        let mut names: Vec<(String, Spot)> = Vec::new();
        for key in ["parameters", "state", "let"] {
            for (name, (spot, _)) in get(root, key).and_then(Node::as_table).into_iter().flatten() {
                let path = format!("{key}.{name}");
                let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
                    && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                if !is_name {
                    let problem = self.problems.error(*spot, path, "is no name for expressions");
                    problem.allowed("must be lower-case letters, digits and _, a letter first");
                } else if is_taken(name) {
                    self.problems.error(*spot, path, "has the name of a quantity or function").hint("choose another");
                } else if names.iter().any(|(other, _)| other == name) {
                    self.problems.error(*spot, path, "has the name of a parameter or state of this file");
                }
                names.push((name.clone(), *spot));
            }
        }
    }

    fn parameters(&mut self, root: &Table) -> Vec<OwnParameter> {
        let tables = self.tables(root, "parameters", &OWN_PARAMETER);
        let read = tables.into_iter().filter_map(|(name, spot, table)| {
            let info = infos::read(name, spot, table, self.problems)?;
            Some(OwnParameter { info, value: info.default })
        });
        read.collect()
    }

    fn states_with_most(&mut self, root: &Table) -> Vec<(String, f64)> {
        let tables = self.tables(root, "state", &OWN_STATE);
        if tables.len() > OwnTheory::MAX_STATES {
            let found = format!("has {} states", tables.len());
            self.problems.error(tables[0].1, "state", found).allowed(format!("at most {}", OwnTheory::MAX_STATES));
        }
        let most = |table: &Table| get(table, "most").and_then(Node::as_number).unwrap_or(0.0);
        tables.into_iter().map(|(name, _, table)| (name.to_owned(), most(table))).collect()
    }

    fn states(&mut self, root: &Table, vocabulary: &Vocabulary) -> Vec<OwnState> {
        let days = Unit::parse("d").unwrap_or_default();
        let mut states = Vec::new();
        for (name, (_, node)) in get(root, "state").and_then(Node::as_table).into_iter().flatten() {
            let Some(table) = node.as_table() else { continue };
            let most = get(table, "most").and_then(Node::as_number).unwrap_or(0.0);
            let path = format!("state.{name}");
            let mut of = |key: &str, wanted| {
                let node = get(table, key);
                node.map_or(NOTHING, |node| self.expression(node, &format!("{path}.{key}"), vocabulary, wanted))
            };
            let start = of("start", Wanted::Constant(Unit::NUMBER, (0.0, most)));
            let half_life_days = of("half_life_days", Wanted::Constant(days, (0.0, 36_500.0)));
            let additions = self.additions(table, &path, vocabulary);
            states.push(OwnState { name: name.clone(), start, half_life_days, most, additions });
        }
        states
    }

    fn additions(&mut self, table: &Table, path: &str, vocabulary: &Vocabulary) -> Vec<(StateEvent, Formula)> {
        let Some(node) = get(table, "add") else { return Vec::new() };
        let path = format!("{path}.add");
        let Some(events) = node.as_table() else {
            self.problems
                .error(node.spot, path, node.describe())
                .allowed("must be a table such as { comrade_lost = 1 }");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (word, (spot, node)) in events {
            if let Some(event) = StateEvent::from_word(word) {
                let wanted = Wanted::Constant(Unit::NUMBER, (-1_000.0, 1_000.0));
                found.push((event, self.expression(node, &format!("{path}.{word}"), vocabulary, wanted)));
            } else {
                let problem = self.problems.error(*spot, format!("{path}.{word}"), "is no event");
                problem.choices("events", word, StateEvent::WORDS.iter().copied());
            }
        }
        found
    }

    /// Defines the names under `[let]`, each after those that it uses.
    fn define(&mut self, root: &Table, vocabulary: &mut Vocabulary) {
        let Some((spot, node)) = root.get("let") else { return };
        let Some(table) = node.as_table() else {
            self.problems.error(*spot, "let", node.describe()).allowed("must be a table [let]");
            return;
        };
        let mut waiting: Vec<(&String, &Node, String, Vec<String>)> = Vec::new();
        for (name, (_, node)) in table {
            let Some(text) = text_of(node) else {
                let problem = self.problems.error(node.spot, format!("let.{name}"), node.describe());
                problem.allowed("must be an expression as a text");
                continue;
            };
            match names_in(&text) {
                Ok(names) => waiting.push((name, node, text, names)),
                Err(error) => self.tell(&error, &format!("let.{name}"), node.spot, &text),
            }
        }
        while !waiting.is_empty() {
            let names: Vec<&String> = waiting.iter().map(|(name, ..)| *name).collect();
            let is_ready = |(_, _, _, uses): &(&String, &Node, String, Vec<String>)| {
                uses.iter().all(|used| !names.contains(&used))
            };
            let Some(at) = waiting.iter().position(is_ready) else {
                let (name, node, ..) = waiting[0];
                let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
                let found = format!("at column 1 leads back to itself; the circle is among {}", names.join(", "));
                self.problems.error(node.spot, format!("let.{name}"), found);
                return;
            };
            let (name, node, text, _) = waiting.remove(at);
            if let Err(error) = vocabulary.define(name, &text) {
                self.tell(&error, &format!("let.{name}"), node.spot, &text);
                // What uses it would only repeat it.
                return;
            }
        }
    }

    fn own_blocks(&mut self, root: &Table, vocabulary: &Vocabulary) -> Vec<OwnBlock> {
        let items = get(root, "block").map(Node::items).unwrap_or_default();
        if let Some(node) = items.get(OwnTheory::MAX_BLOCKS) {
            let found = format!("is one of {} blocks", items.len());
            self.problems.error(node.spot, "block", found).allowed(format!("at most {}", OwnTheory::MAX_BLOCKS));
        }
        let mut blocks: Vec<OwnBlock> = Vec::new();
        for (at, node) in items.iter().enumerate() {
            let Some(table) = node.as_table() else { continue };
            let path = format!("block[{at}]");
            let name = text(table, "name").to_owned();
            if blocks.iter().any(|other| other.name == name) {
                self.problems.error(node.spot, format!("{path}.name"), format!("is {name:?} again"));
            }
            let bound = get(table, "bound").and_then(Node::as_number);
            blocks.push(OwnBlock {
                name,
                words: text(table, "words").to_owned(),
                formulas: self.formulas((table, node.spot, &path), vocabulary, bound.is_some()),
                bound,
                line: node.spot.line,
            });
        }
        blocks
    }

    fn formulas(
        &mut self,
        (table, spot, path): (&Table, Spot, &str),
        vocabulary: &Vocabulary,
        has_bound: bool,
    ) -> [Formula; 3] {
        let mut of = |key: &str| {
            let node = get(table, key)?;
            Some(self.expression(node, &format!("{path}.{key}"), vocabulary, Wanted::LogHazard(has_bound)))
        };
        let (all, desertion, defection, departure) = (of("all"), of("desertion"), of("defection"), of("departure"));
        match (all, desertion, defection, departure) {
            (Some(all), None, None, None) => [all.clone(), all.clone(), all],
            (None, Some(desertion), Some(defection), departure) => {
                let departure = departure.unwrap_or_else(|| desertion.clone());
                [desertion, defection, departure]
            }
            (found, ..) => {
                let what = if found.is_some() { "states all and a kind of exit" } else { "doesn't say what it adds" };
                let problem = self.problems.error(spot, path, what);
                problem.allowed("must state either all, or desertion and defection, and departure if it differs");
                [NOTHING; 3]
            }
        }
    }

    fn expression(&mut self, node: &Node, path: &str, vocabulary: &Vocabulary, wanted: Wanted) -> Formula {
        let Some(text) = text_of(node) else {
            self.problems
                .error(node.spot, path, node.describe())
                .allowed("must be a number, or an expression as a text");
            return NOTHING;
        };
        let formula = match wanted {
            Wanted::LogHazard(has_bound) => vocabulary.log_hazard(&text, has_bound),
            Wanted::Rule(rule) => vocabulary.rule(&text, rule),
            Wanted::Constant(unit, range) => vocabulary.constant(&text, unit, range),
        };
        formula.unwrap_or_else(|error| {
            self.tell(&error, path, node.spot, &text);
            NOTHING
        })
    }

    /// Tells a mistake in an expression where it stands in the file.
    fn tell(&mut self, error: &ExpressionError, path: &str, spot: Spot, text: &str) {
        let is_named = |(name, _): &(String, Vec<String>)| self.names.contains(name);
        if error.unknown.as_ref().is_some_and(is_named) && self.problems.has_errors() {
            // What is wrong with the name is told where it's defined.
            return;
        }
        let (line, column) = self.places.of(error.at, spot.line, text);
        let found = format!("at column {column} {}", error.found);
        let problem = self.problems.error(Spot { line, ..spot }, path, found);
        problem.allowed(error.allowed.clone());
        if let Some((name, names)) = &error.unknown {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            problem.hint = did_you_mean(name, &names);
            if problem.hint.is_none() {
                problem.allowed(list_choices("names", &names));
            }
        }
    }
}

/// The text of an expression; a number stands for itself.
fn text_of(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Whole(whole) => Some(whole.to_string()),
        Value::Number(number) if number.is_finite() => Some(number.to_string()),
        _ => None,
    }
}

/// The names of the theories that can stand in the slot of exit without a file.
pub fn theory_names() -> impl Iterator<Item = &'static str> {
    let words = ExitTheory::WORDS.iter().copied();
    let is_new = |name: &&str| ExitTheory::from_word(name).is_none() && BeliefTheory::from_word(name).is_none();
    let is_rule = |name: &&str| builtin::rule_names().any(|rule| rule == *name);
    words.chain(builtin::theory_names().filter(is_new).filter(move |name| !is_rule(name)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
