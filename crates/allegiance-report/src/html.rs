//! Pieces of HTML that sections share.

use crate::looks::Look;
use allegiance_record::intervals::Interval;
use allegiance_show::text::number;
pub(super) use allegiance_show::text::{count, signed};
use maud::{Markup, html};

/// Folded tables with more rows aren't printed.
const MOST_PRINTED: usize = 120;
/// Cells with more characters may break.
const LONGEST_LINE: usize = 34;

/// A section with a heading that the list of contents links to.
pub(super) fn section(id: &str, title: &str, body: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby=(format!("{id}-title")) {
            h2 id=(format!("{id}-title")) { (title) }
            (body)
        }
    }
}

/// A table: its first column heads the rows; columns of words are flush left,
/// those of numbers flush right.
pub(super) fn table(caption: &str, header: &[String], rows: &[Vec<String>]) -> Markup {
    let is_text = |at: usize| {
        let mut cells = rows.iter().filter_map(|row| row.get(at));
        cells.any(|cell| cell.chars().next().is_some_and(char::is_alphabetic))
    };
    let is_long = |at: usize| rows.iter().filter_map(|row| row.get(at)).any(|cell| cell.chars().count() > LONGEST_LINE);
    let classes: Vec<&str> = (0..header.len())
        .map(|at| match (is_text(at), is_long(at)) {
            (true, true) => "words long",
            (true, false) => "words",
            (false, true) => "long",
            (false, false) => "",
        })
        .collect();
    let has_dash = rows.iter().flatten().any(|cell| cell == "–" || cell == "-");
    let class = |at: usize| classes.get(at).copied().filter(|class| !class.is_empty());
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption {
                    span { (caption) @if has_dash { ". A dash: there is nothing to count or to measure." } }
                }
                thead {
                    tr {
                        @for (at, cell) in header.iter().enumerate() {
                            @if at == 0 && cell.is_empty() { td {} } @else { th scope="col" class=[class(at)] { (cell) } }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                @if at == 0 { th scope="row" { (cell) } } @else { td class=[class(at)] { (unsplit(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A cell whose interval isn't split between lines, on paper either.
fn unsplit(cell: &str) -> Markup {
    let interval = cell.rfind(" (").filter(|&at| cell.ends_with(')') && cell[at..].contains('–'));
    let Some(at) = interval else { return html! { (cell) } };
    html! { (cell[..at]) " " span.whole { (cell[at + 1..]) } }
}

/// A wide drawing, which scrolls in a narrow window.
pub(super) fn drawing(svg: &Markup) -> Markup {
    html! { div.drawing tabindex="0" { (svg) } }
}

/// The same, folded away.
pub(super) fn folded(summary: &str, body: &Markup) -> Markup {
    html! { details { summary { (summary) } (body) } }
}

/// The data of a figure.
pub(super) fn data(caption: &str, header: &[String], rows: &[Vec<String>]) -> Markup {
    folded_table("Data of this figure", caption, header, rows)
}

/// A table that is folded away. Paper gets what is folded, too, but for tables
/// of hundreds of rows.
pub(super) fn folded_table(summary: &str, caption: &str, header: &[String], rows: &[Vec<String>]) -> Markup {
    let n_rows = rows.len();
    let is_long = n_rows > MOST_PRINTED;
    html! {
        details class=[is_long.then_some("many")] { summary { (summary) } (table(caption, header, rows)) }
        @if is_long {
            p.not-printed { (summary) ": " (n_rows) " rows, which are printed where they are unfolded first." }
        }
    }
}

/// A group's mark: its letters on its colour, as on the maps.
pub(super) fn mark(look: &Look) -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" aria-hidden="true" {
            circle class=(format!("place {}", look.class)) cx="12" cy="12" r="11.5" {}
            text class=(format!("on-place {}", look.class)) font-size=(if look.letters.len() > 1 { "11" } else { "14" }) x="12" y="16.8" {
                (look.letters)
            }
        }
    }
}

/// The groups with their marks.
pub(super) fn legend(looks: &[Look]) -> Markup {
    html! {
        ul.legend aria-label="Groups" {
            @for look in looks { li { (mark(look)) " " (look.name) } }
        }
    }
}

/// An interval's median, and its ends in brackets; `lead` says what they are.
pub(super) fn interval_words(interval: &Interval, lead: &str) -> [String; 2] {
    let [median, low, high] = [interval.median, interval.low_90, interval.high_90].map(|value| number(value, 0));
    let ends = if interval.n == 1 || low == high { String::new() } else { format!(" ({lead}{low} to {high})") };
    [median, ends]
}

/// A word of the tables as people read it.
pub(super) fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// A text whose characters mean nothing to SVG.
pub(super) fn escaped(text: &str) -> String {
    html! { (text) }.into_string()
}

/// Texts as owned ones.
pub(super) fn texts<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::{table, texts};

    #[test]
    fn a_dash_in_a_cell_is_explained() {
        let page = |cell: &str| table("a", &texts(["", "x"]), &[texts(["one", cell])]).into_string();
        assert!(page("–").contains("<span>a. A dash: there is nothing"), "{}", page("–"));
        assert!(!page("-1").contains("A dash"), "{}", page("-1"));
    }

    #[test]
    fn cells_are_escaped_and_words_are_flush_left() {
        let rows = [texts(["<b>", "one", "1"])];
        let page = table("a & b", &texts(["", "x", "y"]), &rows).into_string();
        assert!(page.contains("<caption><span>a &amp; b</span></caption>"), "{page}");
        assert!(page.contains(r#"<th scope="row">&lt;b&gt;</th><td class="words">one</td><td>1</td>"#), "{page}");
    }
}
