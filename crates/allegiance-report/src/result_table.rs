//! A result as a table for other programs and papers.

use crate::experiment::{difference_in_words, sign_of};
use allegiance_lab::experiment::ExperimentResults;
use allegiance_show::difference::percent_in_words;
use allegiance_show::text::markdown_table;

/// A table of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultTable {
    /// What the numbers are, as a sentence or two.
    pub caption: String,
    /// Names of its columns.
    pub header: Vec<&'static str>,
    /// Its cells.
    pub rows: Vec<Vec<String>>,
    /// Columns of numbers as they are, for programs.
    pub numbers: Vec<Vec<String>>,
}

/// Columns for people, then those for programs.
const WORDS: [&str; 6] = ["arm", "outcome", "unit", "difference", "percent", "sign"];
const NUMBERS: [&str; 10] =
    ["arm", "outcome", "unit", "n_pairs", "mean_baseline", "mean_arm", "difference", "low", "high", "p_together"];

impl ResultTable {
    /// The differences of an experiment or comparison.
    pub fn of_experiment(results: &ExperimentResults) -> Self {
        let rows = results.differences.iter().map(|row| {
            let percent = match results.nothing_came(&row.arm) {
                Some(_) => String::new(),
                None => percent_in_words(row.difference.as_ref()),
            };
            let named = [&row.arm, &row.outcome, &row.unit].map(Clone::clone);
            named.into_iter().chain([difference_in_words(results, row), percent, sign_of(results, row)]).collect()
        });
        let numbers = results.differences.iter().map(|row| {
            let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
            let found = row.difference.as_ref();
            let interval = found.and_then(|found| found.interval);
            let named = [&row.arm, &row.outcome, &row.unit].map(Clone::clone);
            let n_pairs = found.map_or_else(String::new, |found| found.n_pairs.to_string());
            let values = [
                number(found.map(|found| found.mean_first)),
                number(found.map(|found| found.mean_second)),
                number(found.map(|found| found.mean)),
                number(interval.map(|interval| interval.low)),
                number(interval.map(|interval| interval.high)),
                number(row.p_together()),
            ];
            named.into_iter().chain([n_pairs]).chain(values).collect()
        });
        Self {
            caption: format!(
                "{} Each arm minus the baseline, {}, on {}: means over {} replicates with the same random draws, 95% \
                 interval in brackets.",
                results.about, results.baseline, results.scenario, results.n_replicates
            ),
            header: WORDS.to_vec(),
            rows: rows.collect(),
            numbers: numbers.collect(),
        }
    }

    /// Numbers as comma-separated values, with full precision.
    pub fn csv(&self) -> String {
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let cells: Vec<String> = cells.map(quoted).collect();
            format!("{}\n", cells.join(","))
        };
        let head = line(&mut NUMBERS.into_iter());
        self.numbers.iter().fold(head, |text, row| text + &line(&mut row.iter().map(String::as_str)))
    }

    /// Words as a table of Markdown.
    pub fn markdown(&self) -> String {
        format!("{}\n\n{}", self.caption, markdown_table(&self.header, self.rows.iter().cloned()))
    }

    /// Words as a table of LaTeX, for the package booktabs.
    pub fn latex(&self) -> String {
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let cells: Vec<String> = cells.map(escaped).collect();
            format!("  {} \\\\\n", cells.join(" & "))
        };
        let rows: String = self.rows.iter().map(|row| line(&mut row.iter().map(String::as_str))).collect();
        format!(
            "\\begin{{table}}\n\\caption{{{}}}\n\\begin{{tabular}}{{lllrrl}}\n  \\toprule\n{}  \\midrule\n{rows}  \
             \\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n",
            escaped(&self.caption),
            line(&mut self.header.iter().copied()),
        )
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// A text whose characters mean nothing to LaTeX.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\\' => "\\textbackslash{}".to_owned(),
            '~' => "\\textasciitilde{}".to_owned(),
            '^' => "\\textasciicircum{}".to_owned(),
            '–' => "--".to_owned(),
            '−' => "$-$".to_owned(),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{letter}"),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ResultTable, escaped};

    #[test]
    fn no_cell_breaks_its_table() {
        let table = ResultTable {
            caption: "50% of a_b".to_owned(),
            header: vec!["arm", "outcome"],
            rows: vec![vec!["x|y & z".to_owned(), "deaths_civilians".to_owned()]],
            numbers: vec![vec!["a,\"b\"".to_owned(), "1".to_owned()]],
        };
        assert!(table.csv().ends_with("\n\"a,\"\"b\"\"\",1\n"), "{}", table.csv());
        assert!(table.markdown().contains("| x\\|y & z | deaths_civilians |"), "{}", table.markdown());
        let latex = table.latex();
        assert!(
            latex.contains("  x|y \\& z & deaths\\_civilians \\\\\n") && latex.contains("50\\% of a\\_b"),
            "{latex}"
        );
        assert_eq!(escaped("\\~^"), "\\textbackslash{}\\textasciitilde{}\\textasciicircum{}");
    }
}
