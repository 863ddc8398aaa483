//! The reference page of the scenario format, from the shapes that check it.

use std::fmt::Write as _;

use crate::format::{
    CASE, CONTROL, CsvShape, DESIGN, EVENTS, EVIDENCE, EXPERIMENT, GARRISONS, OWN_PARAMETER, OWN_STATE, PLACES,
    SCENARIO, TABLES, THEORY_FILE, TIMELINE,
};
use crate::shape::{Field, Shape, TableShape};
use allegiance_model::exits::BLOCKS;
use allegiance_model::interviews::QUESTIONS;
use allegiance_model::theory::{Function, GIVEN, Of, QUANTITIES, Rule, StateEvent};

const INTRODUCTION: &str = "\
# Scenario format

A scenario is a folder with `scenario.toml` and the CSV tables that it names. \
This page lists every key and column of version 1 of the format; \
`allegiance check FOLDER` tells what is wrong with a scenario, and \
`schemas/scenario.schema.json` lets an editor complete and check keys. \
Keys and columns that aren't listed are refused.
";

/// The reference page of the scenario format, in Markdown.
pub fn reference_page() -> String {
    let mut page = Page { text: INTRODUCTION.to_owned() };
    page.heading("`scenario.toml`");
    page.fields(SCENARIO.fields);
    page.inner_tables("", &SCENARIO);
    page.heading("CSV tables");
    page.paragraph(
        "UTF-8, comma-separated, with a header; columns may come in any order, and a text that contains a comma stands in double quotes.",
    );
    for shape in [&PLACES, &CONTROL, &GARRISONS, &EVENTS] {
        page.csv(shape);
    }
    page.text
}

/// The reference page of design files, in Markdown.
pub fn design_reference_page() -> String {
    document_page(
        "# Design format\n\nA design says which values of a scenario vary and what is measured; \
         `allegiance sweep` runs its rows. [How to sweep](../howto/sweep.md) shows one. \
         Keys that aren't listed are refused.\n",
        &DESIGN,
    )
}

/// The reference page of experiment files, in Markdown.
pub fn experiment_reference_page() -> String {
    document_page(
        "# Experiment format\n\nAn experiment has arms that differ in named ways; `allegiance experiment` \
         compares them on the same seeds. [How to compare](../howto/experiment.md) shows one. Entries of \
         `arms.timeline` are those of a [scenario's timeline](scenario-format.md). Keys that aren't listed are \
         refused.\n",
        &EXPERIMENT,
    )
}

/// The reference page of case files, in Markdown.
pub fn case_reference_page() -> String {
    document_page(
        "# Case format\n\nA case says what is known of a war, for runs to be held against: patterns with bands and \
         sources. A [scenario](scenario-format.md) names it by its key `case`; `north-syria-2014` has \
         [one](../../crates/allegiance-scenario/builtin/north-syria-2014/january-2014.toml). \
         `allegiance run --patterns` and `allegiance calibrate` read it. Keys that aren't listed are refused.\n",
        &CASE,
    )
}

/// The reference page of files of evidence, in Markdown.
pub fn evidence_reference_page() -> String {
    let mut page = Page {
        text: document_page(
            "# Evidence format\n\nWhat is known of a war's people and groups, in aggregates: answers of surveys, counts of \
             members, maps of control. [How to bring evidence](../howto/evidence.md) fills one in; `allegiance evidence new` \
             starts one. `recover`, `tournament` and `calibrate` take such files with `--evidence`. Evidence says what was \
             found everywhere, or nowhere: then it is a plan. There is no place in it for rows about persons, and \
             aggregates of fewer than five people are refused; see [ethics](../concepts/ethics.md). Keys that aren't listed \
             are refused.\n",
            &EVIDENCE,
        ),
    };
    page.heading("Questions");
    page.paragraph(
        "What people can be asked: those who left tell of the day on which they left, and those who serve of the day \
         on which they are asked. A simulated person answers from his own history and state, whatever theory moves him, \
         with the errors that the evidence states.",
    );
    page.text
        .push_str("\n| question | answered by | unit | as it may be asked | in the model |\n|---|---|---|---|---|\n");
    for question in QUESTIONS.iter().filter(|question| !question.is_reason) {
        let _ = writeln!(
            page.text,
            "| `{}` | {} | {} | {} | {} |",
            question.id,
            question.scale.word(),
            question.unit,
            question.wording,
            question.meaning
        );
    }
    page.paragraph(
        "Reasons can be asked of leavers too. They read what the model's own hazard decides, so they name its theories \
         best and prove least; what rests on them is marked wherever they are used.",
    );
    page.text.push_str("\n| reason | as it may be asked |\n|---|---|\n");
    for question in QUESTIONS.iter().filter(|question| question.is_reason) {
        let _ = writeln!(page.text, "| `{}` | {} |", question.id, question.wording);
    }
    page.text
}

/// The reference page of theory files, in Markdown.
pub fn theory_reference_page() -> String {
    let mut page = Page {
        text: document_page(
            "# Theory format\n\nA theory in a file: which built-in blocks move the hazards of leaving, blocks \
             of its own, and rules of its own for belief, destination, joining and voice. [Your own theory](../howto/theory.md) writes one in an hour; `allegiance theories new NAME \
             --from conviction` starts one. Keys that aren't listed are refused.\n",
            &THEORY_FILE,
        ),
    };
    for (title, key, shape) in [("Parameters", "parameters", &OWN_PARAMETER), ("States", "state", &OWN_STATE)] {
        page.heading(&format!("{title}: `[{key}.NAME]`"));
        page.fields(shape.fields);
    }
    page.language();
    page.quantities();
    page.slots();
    page.text
}

fn document_page(introduction: &str, shape: &TableShape) -> String {
    let mut page = Page { text: introduction.to_owned() };
    page.heading("The file");
    page.fields(shape.fields);
    page.inner_tables("", shape);
    page.text
}

struct Page {
    text: String,
}

impl Page {
    /// What expressions are made of.
    fn language(&mut self) {
        self.heading("Expressions");
        self.paragraph(
            "An expression is made of numbers, names, and what this table lists; parentheses group, `#` begins a comment. \
             What holds counts as 1 in arithmetic, and what doesn't as 0. Units must agree: days aren't added to persons, \
             and what a block adds is a plain number; a number as it is written takes the unit of what stands beside it. \
             Nothing may be able to divide by 0, or to be infinite, whatever the quantities are within their ranges.",
        );
        self.text.push_str("\n| written | meaning |\n|---|---|\n");
        for function in Function::ALL {
            let _ = writeln!(self.text, "| `{}` | {} |", function.usage(), function.meaning());
        }
        self.heading("Events that add to a state");
        self.text.push_str("\n| event | meaning |\n|---|---|\n");
        for event in StateEvent::ALL {
            let _ = writeln!(self.text, "| `{}` | {} |", event.word(), event.meaning());
        }
    }

    /// What expressions can name.
    fn quantities(&mut self) {
        for of in Of::ALL {
            self.heading(of.title());
            self.text.push_str("\n| quantity | unit | range | meaning |\n|---|---|---|---|\n");
            for quantity in QUANTITIES.iter().filter(|quantity| quantity.of == of) {
                let (low, high) = quantity.range();
                let range = if quantity.unit == "yes or no" { String::new() } else { format!("{low} to {high}") };
                let _ =
                    writeln!(self.text, "| `{}` | {} | {range} | {} |", quantity.name, quantity.unit, quantity.meaning);
            }
        }
        self.heading("Built-in blocks and parameters");
        self.paragraph(
            "What each built-in block adds today, active or not, kept within -50 to 50; and every parameter of the engine \
             by its full name, such as `exits.alternative_pay_usd`.",
        );
        self.text.push_str("\n| quantity | meaning |\n|---|---|\n");
        for block in BLOCKS.iter().filter(|block| block.cause.word() != "own") {
            let _ = writeln!(self.text, "| `block_{}` | {} |", block.cause.word(), block.rules.words.meaning);
        }
    }

    /// What the slots offer to their rules, and what each rule may name.
    fn slots(&mut self) {
        self.heading("What the slots offer");
        self.paragraph(
            "These names are for the rules of their slot alone. A rule is kept within its range, whatever it comes to.",
        );
        self.text.push_str("\n| rule | range | may name |\n|---|---|---|\n");
        for &rule in Rule::ALL {
            let ((low, high), slot) = (rule.range(), rule.info().slot.word());
            let _ = writeln!(self.text, "| `{slot}.{}` | {low} to {high} | {} |", rule.key(), rule.vocabulary());
        }
        self.text.push_str("\n| quantity | slot | unit | range | meaning |\n|---|---|---|---|---|\n");
        for given in GIVEN {
            let (low, high) = given.range();
            let range = if given.unit == "yes or no" { String::new() } else { format!("{low} to {high}") };
            let (slot, unit) = (given.slot.word(), given.unit);
            let _ = writeln!(self.text, "| `{}` | {slot} | {unit} | {range} | {} |", given.name, given.meaning);
        }
    }

    fn paragraph(&mut self, text: &str) {
        write!(self.text, "\n{text}\n").expect("a string takes any text");
    }

    fn heading(&mut self, title: &str) {
        self.paragraph(&format!("## {title}"));
    }

    fn rows(&mut self, header: [&str; 4], rows: impl Iterator<Item = [String; 4]>) {
        let rule = ["---"; 4].join("|");
        self.paragraph(&format!("| {} |\n|{rule}|", header.join(" | ")));
        for row in rows {
            let row = row.map(|cell| cell.replace('|', "\\|"));
            writeln!(self.text, "| {} |", row.join(" | ")).expect("a string takes any text");
        }
    }

    fn fields(&mut self, fields: &[Field]) {
        let rows = fields
            .iter()
            .map(|field| [format!("`{}`", field.name), type_of(field.shape), needed(field), field.meaning.to_owned()]);
        self.rows(["key", "value", "needed", "meaning"], rows);
    }

    /// The tables inside a table, each with a heading of its own.
    fn inner_tables(&mut self, path: &str, shape: &TableShape) {
        for field in shape.fields {
            let (inner, brackets) = match field.shape {
                Shape::Table(inner) => (inner, ["[", "]"]),
                // It has its place on the page of the scenario format.
                Shape::List(inner) if !path.is_empty() && inner.noun == TIMELINE.noun => continue,
                Shape::List(inner) => (inner, ["[[", "]]"]),
                _ => continue,
            };
            let inner_path = format!("{path}{}", field.name);
            let [open, close] = brackets;
            self.heading(&format!("`{open}{inner_path}{close}`"));
            self.paragraph(field.meaning);
            self.fields(inner.fields);
            if inner.sums_to_one {
                self.paragraph("The numbers sum to 1.");
            }
            self.example(inner.example);
            for kind in inner.by_kind {
                self.paragraph(&format!("### `kind = \"{}\"`", kind.word));
                self.paragraph(kind.meaning);
                self.fields(kind.fields);
                self.example(kind.example);
            }
            self.inner_tables(&format!("{inner_path}."), inner);
        }
    }

    fn example(&mut self, example: &str) {
        if !example.is_empty() {
            self.paragraph(&format!("```toml\n{}\n```", example.trim_end()));
        }
    }

    fn csv(&mut self, shape: &CsvShape) {
        let named = TABLES.fields.iter().find(|field| field.name == shape.key);
        self.paragraph(&format!("### `{}.csv`", shape.key));
        self.paragraph(shape.meaning);
        if let Some(field) = named {
            self.paragraph(&format!("`tables.{}`: {}", shape.key, field.meaning));
        }
        let rows = shape.columns.iter().map(|column| {
            [format!("`{}`", column.name), column.allowed.to_owned(), "yes".to_owned(), column.meaning.to_owned()]
        });
        self.rows(["column", "cell", "needed", "meaning"], rows);
    }
}

fn needed(field: &Field) -> String {
    match (field.is_required, field.is_of_profile) {
        (true, true) => "yes, or a profile".to_owned(),
        (true, false) => "yes".to_owned(),
        (false, _) => String::new(),
    }
}

/// What a value may be, in few words.
fn type_of(shape: Shape) -> String {
    let listed = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        words.join(", ")
    };
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Id => "1 to 64 letters, digits, `_` or `-`".to_owned(),
        Shape::Texts => "text, or list of texts".to_owned(),
        Shape::Word(words) => listed(words),
        Shape::Flag => "`true` or `false`".to_owned(),
        Shape::Day => "date, such as `2014-01-01`".to_owned(),
        Shape::Whole(low, high) if low == high => format!("`{low}`"),
        Shape::Whole(low, high) => format!("whole number, {low} to {high}"),
        Shape::Number(low, high) => format!("number, {low} to {high}"),
        Shape::NumberBy(_, bounds) => {
            let bounds = bounds.iter().map(|(word, low, high)| format!("`{word}` {low} to {high}"));
            format!("number: {}", bounds.collect::<Vec<_>>().join(", "))
        }
        Shape::Table(_) => "table".to_owned(),
        Shape::List(_) => "list of tables".to_owned(),
        Shape::TextByKey | Shape::MaybeTextByKey => "table of texts".to_owned(),
        Shape::NumberByKey(low, high) => format!("table of numbers, {low} to {high}"),
        Shape::Flags(words) => format!("table of `true` or `false`: {}", listed(words)),
        Shape::Values => "list of numbers, words, or `true` and `false`".to_owned(),
        Shape::Open => "table of tables of numbers".to_owned(),
    }
}
