//! Pieces of HTML that sections share.

use crate::intervals::Interval;
use crate::report::looks::Look;
use crate::summary::text::number;
use maud::{Markup, html};

/// A section with a heading that the list of contents links to.
pub(super) fn section(id: &str, title: &str, body: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby=(format!("{id}-title")) {
            h2 id=(format!("{id}-title")) { (title) }
            (body)
        }
    }
}

/// A table: its first column heads the rows.
pub(super) fn table(caption: &str, header: &[String], rows: &[Vec<String>]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead {
                    tr {
                        @for (at, cell) in header.iter().enumerate() {
                            @if at == 0 && cell.is_empty() { td {} } @else { th scope="col" { (cell) } }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The same, folded away.
pub(super) fn folded(summary: &str, body: &Markup) -> Markup {
    html! { details { summary { (summary) } (body) } }
}

/// The data of a figure.
pub(super) fn data(caption: &str, header: &[String], rows: &[Vec<String>]) -> Markup {
    folded("Data of this figure", &table(caption, header, rows))
}

/// A group's mark: its letter in a ring of its colour.
pub(super) fn mark(look: &Look) -> Markup {
    html! { span class=(format!("mark {}", look.class)) aria-hidden="true" { (look.letter) } }
}

/// The groups with their marks.
pub(super) fn legend(looks: &[Look]) -> Markup {
    html! {
        ul.legend aria-label="Groups" {
            @for look in looks { li { (mark(look)) " " (look.name) } }
        }
    }
}

/// What an interval's median and ends are, in a sentence.
pub(super) fn interval_words(interval: &Interval) -> String {
    let [median, low, high] = [interval.median, interval.low_90, interval.high_90].map(|value| number(value, 0));
    if interval.n == 1 || low == high { median } else { format!("{median} (90% interval {low} to {high})") }
}

/// `1 replicate`, `20 replicates`.
pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", number(n as f64, 0), if n == 1 { "" } else { "s" })
}

/// A word of the tables as people read it.
pub(super) fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// Texts as owned ones.
pub(super) fn texts<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}
