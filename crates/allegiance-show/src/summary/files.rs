//! Where the files are, and how to open them.

use crate::text::wrap;
use allegiance_model::tables::Records;
use allegiance_record::summary::SummaryInput;

pub(super) fn files_section(input: &SummaryInput<'_>) -> String {
    let Some(folder) = input.folder else {
        return String::new();
    };
    let folder = folder.display();
    let is_there = |name: &str| input.tables.is_none_or(|wanted| wanted.iter().any(|table| table == name));
    let all = Records::dictionary().into_iter().map(|table| table.name).chain(["reported"]);
    let tables: Vec<&str> = all.filter(|name| is_there(name)).chain(["places"]).collect();
    let tables = wrap(&format!("tables (.parquet): {}", tables.join(", ")), 96, "  ");
    let ways = [
        ("groups", format!("DuckDB   SELECT date, \"group\", n_members FROM '{folder}/groups.parquet';")),
        (
            "incidents",
            format!("pandas   import pandas as pd; incidents = pd.read_parquet(\"{folder}/incidents.parquet\")"),
        ),
        ("allegiance", format!("R        library(arrow); allegiance <- read_parquet(\"{folder}/allegiance.parquet\")")),
    ];
    let ways: Vec<String> =
        ways.into_iter().filter(|(table, _)| is_there(table)).map(|(_, way)| format!("  {way}\n")).collect();
    let ways = ways.concat();
    format!("FILES in {folder}\n  run.json (what was run, digests) · summary.txt · scenario/\n{tables}\n{ways}")
}
