//! What doc comments and declarations of the engine's source say.
//!
//! This reads the engine's own files, not any Rust: one declaration a line,
//! doc comments above it, as its style has it.

use allegiance_model::sources::FILES;

/// A thing with its doc comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Documented {
    /// Its name.
    pub(super) name: String,
    /// What follows the name: a type, a value or a word.
    pub(super) rest: String,
    /// Its doc comment, without the slashes.
    pub(super) doc: String,
}

impl Documented {
    /// The first paragraph of the doc comment on one line.
    pub(super) fn summary(&self) -> String {
        let paragraph = prose(&self.doc);
        super::markdown::one_line(paragraph.split("\n\n").next().unwrap_or_default())
    }
}

/// A call in the day's list of phases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phase {
    /// The module of the function called.
    pub(super) module: String,
    /// The function.
    pub(super) function: String,
    /// The case in which it's called, if not always.
    pub(super) case: Option<String>,
}

/// The text of a file of the engine; a bug where there is none.
pub(super) fn text_of(path: &str) -> &'static str {
    let file = FILES.iter().find(|file| file.path == path);
    file.unwrap_or_else(|| panic!("the engine has no file {path}")).text
}

/// The doc comment of a file, as Markdown.
pub(super) fn module_docs(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    prose(&lines.map(unindent).collect::<Vec<_>>().join("\n"))
}

/// A doc comment as Markdown of a page: headings become bold words, links
/// between items become code.
pub(super) fn prose(doc: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in doc.trim().lines() {
        match (line.strip_prefix("# "), lines.last_mut()) {
            (Some(heading), _) => lines.push(format!("**{heading}.**")),
            (None, Some(last)) if last.ends_with(".**") => *last = format!("{last} {line}"),
            (None, _) => lines.push(line.to_owned()),
        }
    }
    lines.join("\n").replace("[`", "`").replace("`]", "`")
}

fn unindent(line: &str) -> &str {
    line.strip_prefix(' ').unwrap_or(line)
}

/// The doc comment that ends above a line.
fn doc_above(lines: &[&str]) -> String {
    let is_above = |line: &&&str| line.trim_start().starts_with("///") || line.trim_start().starts_with("#[");
    let mut docs: Vec<&str> = lines
        .iter()
        .rev()
        .take_while(is_above)
        .filter_map(|line| line.trim_start().strip_prefix("///"))
        .map(unindent)
        .collect();
    docs.reverse();
    docs.join("\n")
}

/// The text without its tests.
fn without_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]").map_or(text, |(code, _)| code)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The visibility of a declaration doesn't matter here.
fn without_visibility(line: &str) -> &str {
    let line = line.trim_start();
    ["pub(crate) ", "pub(super) ", "pub "].iter().find_map(|visible| line.strip_prefix(visible)).unwrap_or(line)
}

/// The functions of a file.
pub(super) fn functions(text: &str) -> Vec<Documented> {
    let lines: Vec<&str> = without_tests(text).lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(rest) = without_visibility(line).strip_prefix("fn ") else { continue };
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        found.push(Documented { name: name.to_owned(), rest: rest.to_owned(), doc: doc_above(&lines[..at]) });
    }
    found
}

/// The lines of a declaration's body, and the number of the first.
fn body<'a>(lines: &[&'a str], keyword: &str, name: &str) -> Vec<&'a str> {
    let opening = format!("{} {{", format!("{keyword} {name}").trim_end());
    let start = lines.iter().position(|line| without_visibility(line) == opening);
    let start = start.unwrap_or_else(|| panic!("the source has no {keyword} {name}"));
    let indent = lines[start].len() - lines[start].trim_start().len();
    let closing = format!("{}}}", " ".repeat(indent));
    let inside = lines[start + 1..].iter().copied();
    inside.take_while(|line| *line != closing).collect()
}

/// The variants of an enum: in `rest`, the word after `=`, if it has one.
pub(super) fn variants(text: &str, name: &str) -> Vec<Documented> {
    let all: Vec<&str> = text.lines().collect();
    let lines = body(&all, "enum", name);
    let least = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let (indent, line) = (line.len() - line.trim_start().len(), line.trim());
        let (variant, rest) = line.split_once([' ', ',', '(']).unwrap_or((line, ""));
        if indent == least && is_name(variant) {
            let word = rest.trim_start_matches("= ").trim_end_matches(',').trim_matches('"');
            found.push(Documented { name: variant.to_owned(), rest: word.to_owned(), doc: doc_above(&lines[..at]) });
        }
    }
    found
}

/// The documented fields of a struct, or arguments of a macro that look like
/// fields: in `rest`, what follows the colon.
pub(super) fn fields(text: &str, keyword: &str, name: &str) -> Vec<Documented> {
    let all: Vec<&str> = text.lines().collect();
    let lines = body(&all, keyword, name);
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((field, rest)) = without_visibility(line).split_once(": ") else { continue };
        let doc = doc_above(&lines[..at]);
        if is_name(field) && !doc.is_empty() {
            let rest = rest.trim_end_matches([',', ';']).to_owned();
            found.push(Documented { name: field.to_owned(), rest, doc });
        }
    }
    found
}

/// The numbers that a file fixes by name: in `rest`, the value.
pub(super) fn constants(text: &str) -> Vec<Documented> {
    let lines: Vec<&str> = without_tests(text).lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(rest) = without_visibility(line).strip_prefix("const ") else { continue };
        let Some((name, rest)) = rest.split_once(": ") else { continue };
        let Some((_, value)) = rest.trim_end_matches(';').split_once(" = ") else { continue };
        if is_name(name) && value.starts_with(|c: char| c.is_ascii_digit() || c == '-') && !value.starts_with("0x") {
            found.push(Documented { name: name.to_owned(), rest: value.to_owned(), doc: doc_above(&lines[..at]) });
        }
    }
    found
}

/// The functions of a file whose doc comments state a formula.
pub(super) fn formulas(text: &str) -> Vec<Documented> {
    functions(text).into_iter().filter(|function| states_formula(&function.doc)).collect()
}

fn states_formula(doc: &str) -> bool {
    let operators = [" = ", " + ", " - ", " / ", " (1 - ", "^", "exp(", "sig("];
    let spans: Vec<&str> = doc.split('`').skip(1).step_by(2).collect();
    spans.iter().any(|span| operators.iter().any(|operator| span.contains(operator)))
}

/// The phases of a day: the calls of `step()` that take the model, in order.
pub(super) fn phases() -> Vec<Phase> {
    let all: Vec<&str> = text_of("model.rs").lines().collect();
    let lines = body(&all, "fn", "step(&mut self)");
    let mut case: Option<String> = None;
    let mut phases = Vec::new();
    for line in lines.into_iter().map(str::trim) {
        let (arm, call) = line.split_once(" => ").map_or((None, line), |(arm, call)| (Some(arm), call));
        let own_case = arm.map(|arm| arm.rsplit("::").next().unwrap_or(arm).to_lowercase());
        if call == "{" {
            case.clone_from(&own_case);
        } else if line == "}" {
            case = None;
        }
        let Some((path, _)) = call.split_once("(self") else { continue };
        let Some((module, function)) = path.rsplit_once("::") else { continue };
        let module = module.rsplit("::").next().unwrap_or(module);
        if is_name(module) && is_name(function) {
            let case = own_case.or_else(|| case.clone());
            phases.push(Phase { module: module.to_owned(), function: function.to_owned(), case });
        }
    }
    phases
}

/// Where a function of a module stands, and its doc comment. A module may be
/// a file, or a folder that hands its functions on.
pub(super) fn find_function(module: &str, function: &str) -> (&'static str, Documented) {
    let (file, folder) = (format!("{module}.rs"), format!("{module}/"));
    let own = FILES.iter().filter(|source| source.path == file || source.path.starts_with(&folder));
    let mut found = own.flat_map(|source| functions(source.text).into_iter().map(|item| (source.path, item)));
    let found = found.find(|(_, item)| item.name == function);
    found.unwrap_or_else(|| panic!("the source has no function {module}::{function}"))
}

/// The file that declares the parameters of a mechanism.
pub(super) fn file_of_mechanism(mechanism: &str) -> &'static str {
    let declaration = format!(" = \"{mechanism}\" {{");
    let file = FILES.iter().find(|file| file.text.contains(&declaration));
    file.unwrap_or_else(|| panic!("no file declares the parameters of {mechanism}")).path
}

/// The files whose code, tests aside, contains a word, besides some.
pub(super) fn files_with(word: &str, besides: &[&str]) -> Vec<&'static str> {
    let mentions = |text: &str| {
        without_tests(text).match_indices(word).any(|(at, _)| {
            let after = text[at + word.len()..].chars().next();
            !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    };
    FILES.iter().filter(|file| !besides.contains(&file.path) && mentions(file.text)).map(|file| file.path).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        constants, fields, file_of_mechanism, find_function, formulas, module_docs, phases, prose, text_of, variants,
    };
    use allegiance_model::parameters::Parameters;
    use allegiance_model::setup::BeliefTheory;

    #[test]
    fn the_phases_of_a_day_are_read_in_order_with_their_cases() {
        let phases = phases();
        let at = |module: &str, function: &str| {
            let found = phases.iter().position(|phase| phase.module == module && phase.function == function);
            found.unwrap_or_else(|| panic!("{module}::{function} is not in the day"))
        };
        assert_eq!(at("timeline", "apply"), 0);
        assert!(at("news", "spread") < at("exits", "decide"));
        assert_eq!(at("records", "close_day"), phases.len() - 1);
        assert_eq!(phases[at("operations", "assault")].case.as_deref(), Some("endogenous"));
        assert_eq!(phases[at("observed", "replay")].case.as_deref(), Some("observed"));
        assert_eq!(phases[at("support", "respond")].case, None);
    }

    #[test]
    fn every_phase_says_what_it_does() {
        for phase in phases() {
            let (_, function) = find_function(&phase.module, &phase.function);
            assert!(!function.doc.is_empty(), "{}::{}", phase.module, phase.function);
        }
    }

    /// The words read from the source are those that the program knows.
    #[test]
    fn words_of_enums_are_read_as_compiled() {
        let words =
            |name| variants(text_of("setup.rs"), name).into_iter().map(|variant| variant.rest).collect::<Vec<_>>();
        assert_eq!(words("BeliefTheory"), BeliefTheory::WORDS);
    }

    #[test]
    fn variants_with_fields_are_found() {
        let names: Vec<String> =
            variants(text_of("setup.rs"), "Change").into_iter().map(|variant| variant.name).collect();
        assert!(names.contains(&"Relation".to_owned()) && names.contains(&"Happening".to_owned()), "{names:?}");
    }

    #[test]
    fn every_mechanism_has_a_file_with_docs() {
        for info in Parameters::dictionary() {
            let path = file_of_mechanism(info.mechanism);
            assert!(!module_docs(text_of(path)).is_empty(), "{path}");
        }
    }

    #[test]
    fn fields_constants_and_formulas_are_found() {
        let person = fields(text_of("state/people.rs"), "struct", "PersonState");
        assert!(person.iter().any(|field| field.name == "standing" && !field.doc.is_empty()));
        assert!(
            constants(text_of("voice.rs"))
                .iter()
                .any(|constant| constant.name == "SETTLEMENT_DAYS" && constant.rest == "180")
        );
        assert!(formulas(text_of("combat.rs")).iter().any(|function| function.name == "contest"));
    }

    #[test]
    fn doc_comments_become_page_prose() {
        assert_eq!(prose("One [`Setup`].\n\n# Source\nA (2000).\nB."), "One `Setup`.\n\n**Source.** A (2000).\nB.");
    }
}
