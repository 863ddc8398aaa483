//! Where the files are, and how to open them.

use crate::text::wrap;
use allegiance_model::tables::Records;
use allegiance_record::summary::SummaryInput;

pub(super) fn files_section(input: &SummaryInput<'_>) -> String {
    let Some(folder) = input.folder else {
        return String::new();
    };
    let folder = folder.display();
    let tables: Vec<&str> = Records::dictionary().iter().map(|table| table.name).collect();
    let tables = wrap(&format!("tables (.parquet): {}, reported, places", tables.join(", ")), 96, "  ");
    format!(
        "FILES in {folder}
  run.json (what was run, digests) · summary.txt · scenario/
{tables}
  DuckDB   SELECT date, \"group\", n_members FROM '{folder}/groups.parquet';
  pandas   import pandas as pd; incidents = pd.read_parquet(\"{folder}/incidents.parquet\")
  R        library(arrow); allegiance <- read_parquet(\"{folder}/allegiance.parquet\")
"
    )
}
