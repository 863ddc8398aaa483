//! The page of the output tables.

use allegiance_model::setup::PlaceKind;
use allegiance_model::tables::{AllegianceKind, Cause, Channel, IncidentKind, Outcome, Rank, Records, Standing};
use allegiance_record::observe::{Gazetteer, reported_table};
use allegiance_record::places::places_table;
use allegiance_record::table::{Names, OutputColumn, OutputKind, TableData, tables_of};

use super::markdown::{code, table};
use super::template::fill;

pub(super) fn page() -> String {
    let tables = tables();
    fill(include_str!("../../templates/tables.md"), |name, _| match name {
        "list" => Some(list(&tables)),
        "tables" => Some(tables.iter().map(describe).collect::<Vec<_>>().join("\n")),
        "words" => Some(words()),
        _ => None,
    })
}

/// Every table without rows, as a run writes it.
fn tables() -> Vec<TableData> {
    let scenario = allegiance_scenario::load("one-village").expect("a built-in scenario is valid");
    let setup = &scenario.setup;
    let mut tables = tables_of(&Records::default(), &Names::of(setup));
    tables.push(reported_table(&[], setup, &Gazetteer::of(setup)));
    let mut tables: Vec<TableData> = tables.into_iter().map(|table| table.with_file_columns(Some(0), 0)).collect();
    tables.push(places_table(setup).with_file_columns(None, 0));
    tables
}

fn list(tables: &[TableData]) -> String {
    let rows = tables.iter().map(|one| {
        let name = format!("[`{0}`](#{0})", one.name);
        vec![name, one.columns.len().to_string(), one.meaning.to_owned()]
    });
    table(&["table", "columns", "a row is"], rows)
}

fn describe(one: &TableData) -> String {
    let rows = one.columns.iter().map(|column| {
        vec![
            code(&column.name),
            kind(column),
            column.unit.to_owned(),
            if column.nullable { "yes" } else { "" }.to_owned(),
            column.meaning.to_string(),
        ]
    });
    let columns = table(&["column", "kind", "unit", "may be empty", "meaning"], rows);
    format!("### {}\n\n{}\n\n{columns}", one.name, one.meaning)
}

/// The kind of a column; a column of words links to its list.
fn kind(column: &OutputColumn) -> String {
    let OutputKind::Coded("word", own) = &column.kind else { return column.kind.word().to_owned() };
    let list = word_lists().into_iter().find(|list| list.words.iter().map(|(word, _)| word).eq(own.iter()));
    let list = list.unwrap_or_else(|| panic!("no list of words for the column {}", column.name));
    format!("[word](#{})", list.anchor())
}

/// A fixed list of words that columns use, each with its meaning.
struct WordList {
    title: &'static str,
    words: Vec<(&'static str, &'static str)>,
}

impl WordList {
    fn anchor(&self) -> String {
        self.title.to_lowercase().replace(' ', "-")
    }
}

fn word_lists() -> Vec<WordList> {
    macro_rules! list {
        ($title:literal, $named:ty) => {
            WordList { title: $title, words: <$named>::ALL.iter().map(|one| (one.word(), one.meaning())).collect() }
        };
    }
    vec![
        list!("Kinds of incident", IncidentKind),
        list!("Turns of allegiance", AllegianceKind),
        list!("Outcomes", Outcome),
        list!("Channels", Channel),
        list!("Causes", Cause),
        list!("Ranks", Rank),
        list!("Standings", Standing),
        list!("Kinds of place", PlaceKind),
    ]
}

fn words() -> String {
    let section = |list: WordList| {
        let rows = list.words.iter().map(|(word, meaning)| vec![code(word), (*meaning).to_owned()]);
        format!("### {}\n\n{}", list.title, table(&["word", "meaning"], rows))
    };
    word_lists().into_iter().map(section).collect::<Vec<_>>().join("\n")
}
