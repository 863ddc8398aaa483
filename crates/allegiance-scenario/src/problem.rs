//! Problems of a scenario's files, and their one form as a message.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use allegiance_model::parameters::Implausible;

use crate::resolve::plausible_range;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario can't run.
    Error,
    /// The scenario runs, but likely not as its author meant.
    Warning,
}

/// One garrison in so many may vanish before contests come out otherwise.
const MANY_GARRISONS: usize = 20;

/// One problem, with what its reader needs in order to fix it.
///
/// As text: `file:line: key found; allowed; hint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as its reader would open it.
    pub file: String,
    /// The line, from 1, where the problem has one.
    pub line: Option<u32>,
    /// The key, such as `groups[2].brutality`, or the column of a table.
    pub key: String,
    /// What was found: a clause that follows the key.
    pub found: String,
    /// What is allowed; empty where the clause says it.
    pub allowed: String,
    /// The likely fix.
    pub hint: Option<String>,
    /// How bad it is.
    pub severity: Severity,
}

impl Problem {
    /// The warning that a change sets a parameter outside its plausible range.
    pub(crate) fn of_change(change: &str, found: Implausible) -> Self {
        Self {
            file: change.to_owned(),
            line: None,
            key: found.info.path(),
            found: format!("is {}", found.value),
            allowed: plausible_range(found.info),
            hint: None,
            severity: Severity::Warning,
        }
    }

    /// The warning that garrisons round to nobody at a scale, so that contests come out otherwise.
    pub(crate) fn of_scale(change: &str, (n_whole, n_left): (usize, usize)) -> Self {
        Self {
            file: change.to_owned(),
            line: None,
            key: String::new(),
            found: format!(
                "at this scale {} of {n_whole} garrisons have nobody left, and their places fall without a fight",
                n_whole - n_left
            ),
            allowed: String::new(),
            hint: (n_left < n_whole - n_whole / MANY_GARRISONS)
                .then(|| "outcomes aren't those of the whole war; choose a larger share of the people".to_owned()),
            severity: Severity::Warning,
        }
    }

    /// Whether the scenario can't run because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        f.write_str(&self.key)?;
        if !self.key.is_empty() {
            f.write_str(" ")?;
        }
        f.write_str(&self.found)?;
        if !self.allowed.is_empty() {
            write!(f, "; {}", self.allowed)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

/// A place in the files of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Position among the files that were read.
    pub file_idx: usize,
    /// Line from 1; 0 stands for the whole file.
    pub line: u32,
}

/// Collects problems; each is added, none stops the search for more.
#[derive(Debug, Default)]
pub struct Problems {
    files: Vec<String>,
    found: Vec<(Spot, Problem)>,
    /// Lines that aren't TOML, with what is said of each: what else they seem
    /// to say means nothing.
    broken: BTreeMap<Spot, String>,
    /// Whether what else such lines seem to say is left out.
    are_echoes_dropped: bool,
    /// Unknown names by file and kind: where each was first found, and how
    /// many lines more name it.
    unknown: BTreeMap<(usize, &'static str, String), (usize, usize)>,
    /// How many unknown names of a kind a file has.
    n_unknown: BTreeMap<(usize, &'static str), usize>,
    /// Problems of another document, which this one names.
    others: Vec<Problem>,
}

impl Problems {
    /// Registers a file under the name shown in messages.
    pub fn add_file(&mut self, label: String) -> usize {
        self.files.push(label);
        self.files.len() - 1
    }

    /// The name of a file as shown in messages.
    pub fn file(&self, file_idx: usize) -> &str {
        &self.files[file_idx]
    }

    /// Adds an error and gives it back, to add what is allowed or a hint.
    pub fn error(&mut self, spot: Spot, key: impl Into<String>, found: impl Into<String>) -> &mut Problem {
        self.add(Severity::Error, spot, key.into(), found.into())
    }

    /// Adds a warning and gives it back, to add what is allowed or a hint.
    pub fn warning(&mut self, spot: Spot, key: impl Into<String>, found: impl Into<String>) -> &mut Problem {
        self.add(Severity::Warning, spot, key.into(), found.into())
    }

    /// Drops what was found on lines that aren't TOML.
    pub fn drop_echoes(&mut self) {
        self.are_echoes_dropped = true;
    }

    fn add(&mut self, severity: Severity, spot: Spot, key: String, found: String) -> &mut Problem {
        let problem = Problem {
            file: self.files[spot.file_idx].clone(),
            line: (spot.line > 0).then_some(spot.line),
            key,
            found,
            allowed: String::new(),
            hint: None,
            severity,
        };
        let at = self.found.len();
        self.found.push((spot, problem));
        &mut self.found[at].1
    }

    /// Adds a mistake of syntax, and gives it back, once a line.
    pub fn syntax_error(&mut self, spot: Spot, key: String, found: String) -> Option<&mut Problem> {
        if self.broken.contains_key(&spot) {
            return None;
        }
        self.broken.insert(spot, found.clone());
        self.found.retain(|(other, _)| *other != spot);
        Some(self.error(spot, key, found))
    }

    /// Adds that a key names what doesn't exist; a name that comes again in
    /// the same file is counted, not listed again. Gives what was added.
    pub fn unknown_name(
        &mut self,
        spot: Spot,
        key: &str,
        kind: &'static str,
        plural: &str,
        (name, names): (&str, &[String]),
    ) -> Option<&mut Problem> {
        let entry = (spot.file_idx, kind, name.to_owned());
        if let Some((_, n_more)) = self.unknown.get_mut(&entry) {
            *n_more += 1;
            return None;
        }
        self.unknown.insert(entry, (self.found.len(), 0));
        let n_unknown = self.n_unknown.entry((spot.file_idx, kind)).or_default();
        *n_unknown += 1;
        let is_searched = *n_unknown <= MOST_SEARCHED;
        let found = format!("names the {kind} {name:?}, which doesn't exist");
        let problem = self.error(spot, key, found);
        if !is_searched {
            return Some(problem.allowed(format!("the first problems list the {plural}")));
        }
        let mut seen = BTreeSet::new();
        Some(problem.choices(plural, name, names.iter().map(String::as_str).filter(|choice| seen.insert(*choice))))
    }

    /// Whether a key has an error.
    pub fn has_error_at(&self, key: &str) -> bool {
        self.found.iter().any(|(_, problem)| problem.is_error() && problem.key == key)
    }

    /// Whether a key, or one below it, has an error.
    pub fn has_error_below(&self, path: &str) -> bool {
        let is_below =
            |key: &str| key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        self.found.iter().any(|(_, problem)| problem.is_error() && is_below(&problem.key))
    }

    /// Adds the problems of another document, which this one names.
    pub fn append(&mut self, others: Vec<Problem>) {
        self.others.extend(others);
    }

    /// How many are errors.
    pub fn n_errors(&self) -> usize {
        self.found.iter().map(|(_, problem)| problem).chain(&self.others).filter(|problem| problem.is_error()).count()
    }

    /// Whether one is an error.
    pub fn has_errors(&self) -> bool {
        self.n_errors() > 0
    }

    /// Every problem, in the order of files and lines.
    pub fn into_sorted(mut self) -> Vec<Problem> {
        for &(at, n_more) in self.unknown.values().filter(|(_, n_more)| *n_more > 0) {
            let again = match n_more {
                1 => "1 more line names it".to_owned(),
                _ => format!("{n_more} more lines name it"),
            };
            let problem = &mut self.found[at].1;
            let end = |hint: &str| if hint.ends_with('?') { "" } else { ";" };
            let both = |hint: String| format!("{hint}{} {again}", end(&hint));
            problem.hint = Some(problem.hint.take().map_or_else(|| again.clone(), both));
        }
        if self.are_echoes_dropped {
            let broken = &self.broken;
            self.found.retain(|(spot, problem)| broken.get(spot).is_none_or(|found| *found == problem.found));
        }
        self.found.sort_by_key(|&(spot, _)| spot);
        self.found.into_iter().map(|(_, problem)| problem).chain(self.others).collect()
    }
}

impl Problem {
    /// Says what is allowed.
    pub fn allowed(&mut self, allowed: impl Into<String>) -> &mut Self {
        self.allowed = allowed.into();
        self
    }

    /// Says what the fix may be.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }

    /// Lists the allowed words under their noun and points to the nearest.
    pub fn choices<'a>(&mut self, noun: &str, word: &str, choices: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let choices: Vec<&str> = choices.into_iter().collect();
        self.allowed = list_choices(noun, &choices);
        self.hint = did_you_mean(word, &choices);
        self
    }
}

/// The nearest name is looked for as often in a file, for each kind of name: a table whose
/// names are all wrong has one mistake, and needs no search for each of its rows.
pub const MOST_SEARCHED: usize = 200;

/// More words than this aren't listed in full.
const MOST_LISTED: usize = 60;

/// A text on one line, so that the message it stands in is one, too.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let is_break = |letter: char| letter.is_control();
    if text.contains(is_break) { Cow::Owned(text.replace(is_break, " ")) } else { Cow::Borrowed(text) }
}

/// Lists words after their noun, such as `groups are army, rebels`.
pub fn list_choices(noun: &str, choices: &[&str]) -> String {
    let lines: Vec<Cow<'_, str>> = choices.iter().map(|choice| one_line(choice)).collect();
    let choices: &[&str] = &lines.iter().map(|choice| &**choice).collect::<Vec<_>>();
    match choices {
        [] => format!("there are no {noun}"),
        [only] => format!("{noun} are only {only}"),
        _ if choices.len() > MOST_LISTED => format!(
            "{noun} are {}, and {} more",
            choices[..MOST_LISTED / 4].join(", "),
            choices.len() - MOST_LISTED / 4
        ),
        _ => format!("{noun} are {}", choices.join(", ")),
    }
}

/// The hint that names the nearest word, if one is near.
pub fn did_you_mean(word: &str, choices: &[&str]) -> Option<String> {
    let lower = word.to_lowercase();
    if let (Some(only), true) = (only_completion(word, choices), word.len() >= 3) {
        return Some(format!("did you mean \"{only}\"?"));
    }
    let letters = Letters::of(&lower);
    let mut most = (letters.n / 3).max(1);
    let mut nearest = None;
    for choice in choices {
        let other = choice.to_lowercase();
        // Most names are too far by their letters alone, whatever their order.
        if letters.least_distance(&Letters::of(&other)) > most {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &other);
        if distance <= most {
            nearest = Some(*choice);
            if distance == 0 {
                break;
            }
            // Of equally near names the first is meant.
            most = distance - 1;
        }
    }
    nearest.filter(|nearest| *nearest != word).map(|nearest| format!("did you mean \"{nearest}\"?"))
}

/// How often each letter comes in a word; letters share 32 counters.
struct Letters {
    n: usize,
    counts: [u16; 32],
}

impl Letters {
    fn of(word: &str) -> Self {
        let mut letters = Self { n: 0, counts: [0; 32] };
        for letter in word.chars() {
            letters.n += 1;
            let count = &mut letters.counts[letter as usize % 32];
            *count = count.saturating_add(1);
        }
        letters
    }

    /// No fewer edits than this make one word of the other: each adds a letter,
    /// takes one away, or does both.
    fn least_distance(&self, other: &Self) -> usize {
        let pairs = self.counts.iter().zip(&other.counts);
        let (more, fewer) = pairs.fold((0, 0), |(more, fewer), (a, b)| {
            (more + usize::from(a.saturating_sub(*b)), fewer + usize::from(b.saturating_sub(*a)))
        });
        more.max(fewer)
    }
}

/// The one word that begins like another.
fn only_completion<'a>(word: &str, choices: &[&'a str]) -> Option<&'a str> {
    let mut longer = choices.iter().filter(|choice| choice.starts_with(word) && choice.len() > word.len());
    let first = longer.next()?;
    longer.next().is_none().then_some(*first)
}
