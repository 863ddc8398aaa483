//! Numbers, columns, tables and small charts in plain text.

use allegiance_model::calendar::{Date, MONTHS};
use allegiance_record::intervals::Interval;
use std::fmt::Write as _;

/// A whole number with its thousands apart, such as `20,200`.
pub fn thousands(number: u64) -> String {
    grouped(&number.to_string())
}

/// Digits with a comma at each thousand.
pub(crate) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun, such as `1 place` or `12 places`.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n as u64))
}

/// A date for readers, such as `12 March 2001`.
pub fn long_date(date: Date) -> String {
    let (year, month, day) = date.ymd();
    format!("{day} {} {year}", MONTHS.get(month.wrapping_sub(1) as usize).unwrap_or(&""))
}

/// A chance that anybody can picture, such as `6 in 10` or `1 in 300`: never 0% of what
/// happened.
pub fn odds(chance: f64) -> String {
    match chance {
        none if none <= 0.0 => "none".to_owned(),
        sure if sure >= 0.995 => "more than 99 in 100".to_owned(),
        high if high >= 0.945 => format!("{:.0} in 100", 100.0 * high),
        fair if fair >= 0.095 => format!("{:.0} in 10", 10.0 * fair),
        small => format!("1 in {}", number(two_digits(1.0 / small), 0)),
    }
}

/// A number with its first two digits, and no more than one below a hundred that can be counted.
pub fn two_digits(value: f64) -> f64 {
    let step = 10_f64.powf(value.abs().max(1.0).log10().floor() - 1.0).max(1.0);
    (value / step).round() * step
}

/// A text that begins with a capital letter.
pub fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Rows as columns padded to the widest cell; the last isn't padded.
pub fn columns(rows: &[Vec<String>], indent: &str) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.chars().count() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A Markdown table; pipes and line ends in cells are made harmless.
pub fn markdown_table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| one_line(cell).replace('|', "\\|")).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")).replace("|  |", "| |"));
    }
    text
}

/// A text without line ends.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number with a comma at each thousand and some digits after the point.
pub fn number(value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    let (sign, unsigned) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
    let mut text = format!("{sign}{}", grouped(whole));
    if let Some(fraction) = fraction {
        let _ = write!(text, ".{fraction}");
    }
    text
}

/// A number with its sign; zero has none.
pub fn signed(value: f64, digits: usize) -> String {
    let text = number(value, digits);
    let is_zero = !text.contains(|letter: char| ('1'..='9').contains(&letter));
    match (is_zero, value > 0.0) {
        (true, _) => number(0.0, digits),
        (false, true) => format!("+{text}"),
        (false, false) => text,
    }
}

/// The median of some counts with its 90% interval, such as `120 (95–160)`; the
/// value alone where it is the same in all, or there is only one.
pub fn spread(values: impl IntoIterator<Item = f64>, digits: usize) -> String {
    let Some(interval) = Interval::of(values) else {
        return "-".to_owned();
    };
    let (median, low, high) =
        (number(interval.median, digits), number(interval.low_90, digits), number(interval.high_90, digits));
    if low == high { median } else { format!("{median} ({low}–{high})") }
}

/// A text filled with blanks on the right up to a width in characters.
pub fn pad_end(text: &str, width: usize) -> String {
    let n = text.chars().count();
    format!("{text}{}", " ".repeat(width.saturating_sub(n)))
}

/// A text filled with blanks on the left up to a width in characters.
pub fn pad_start(text: &str, width: usize) -> String {
    let n = text.chars().count();
    format!("{}{text}", " ".repeat(width.saturating_sub(n)))
}

/// A row of small bars from 0 to the largest value; at most `width` of them,
/// each standing for the largest value of its stretch.
pub fn sparkline(values: &[f64], width: usize) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let n_bars = values.len().min(width);
    let stretches: Vec<f64> = (0..n_bars)
        .map(|bar| {
            let from = bar * values.len() / n_bars;
            let until = ((bar + 1) * values.len() / n_bars).max(from + 1);
            values[from..until].iter().copied().fold(0.0, f64::max)
        })
        .collect();
    let top = stretches.iter().copied().fold(0.0, f64::max);
    stretches
        .into_iter()
        .map(|value| {
            let level = if top > 0.0 { (value / top * 8.0).ceil() as usize } else { 0 };
            BARS[level.clamp(1, BARS.len()) - 1]
        })
        .collect()
}

/// A difference of shares with its unit, such as `-1 point` or `+2 points`.
pub fn in_points(difference: &str) -> String {
    let unit = if difference.trim_start_matches(['+', '-']) == "1" { "point" } else { "points" };
    format!("{difference} {unit}")
}

/// Who somebody is by sex and age, such as `Man of 38`; below 18 years, a boy or a girl.
pub fn sex_and_age(is_female: bool, age: u32) -> String {
    let who = match (is_female, age < 18) {
        (true, true) => "Girl",
        (true, false) => "Woman",
        (false, true) => "Boy",
        (false, false) => "Man",
    };
    format!("{who} of {age}")
}

/// A table: the first column flush left, the others flush right, each as wide
/// as it needs to be. Empty rows give nothing.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let width_of = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
        widest.max(header[column].chars().count())
    };
    let widths: Vec<usize> = (0..header.len()).map(width_of).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = cells
            .zip(&widths)
            .enumerate()
            .map(|(idx, (cell, &width))| if idx == 0 { pad_end(cell, width) } else { pad_start(cell, width) })
            .collect();
        format!("  {}\n", cells.join("  ").trim_end())
    };
    let mut text = line(&mut header.iter().copied());
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    text
}

/// Words joined into lines of at most `width` characters, indented.
pub fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let current = lines.last().map_or(0, |line| line.chars().count());
        if current > 0 && current + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.iter().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{indent}{line}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{columns, markdown_table, number, odds, signed, sparkline, spread, table, thousands, wrap};

    #[test]
    fn cells_cannot_break_a_markdown_table() {
        assert_eq!(
            markdown_table(&["a", "b"], [vec!["x|y".to_owned(), "two\n lines".to_owned()]]),
            "| a | b |\n|---|---|\n| x\\|y | two lines |\n"
        );
    }

    #[test]
    fn chances_are_told_as_what_they_were() {
        for (chance, wanted) in [
            (0.9995, "more than 99 in 100"),
            (0.96, "96 in 100"),
            (0.62, "6 in 10"),
            (0.1, "1 in 10"),
            (0.08, "1 in 13"),
            (0.003_3, "1 in 300"),
            (0.000_247, "1 in 4,000"),
            (0.0, "none"),
        ] {
            assert_eq!(odds(chance), wanted, "{chance}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1_000, 20_200, 21_000_000].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "20,200", "21,000,000"]);
    }

    #[test]
    fn columns_line_up_without_trailing_spaces() {
        let rows = [vec!["a".to_owned(), "bb".to_owned()], vec!["ccc".to_owned(), "d".to_owned()]];
        assert_eq!(columns(&rows, " "), " a    bb\n ccc  d\n");
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(number(1_234_567.0, 0), "1,234,567");
        assert_eq!(number(-1_234.5, 1), "-1,234.5");
        assert_eq!(number(999.0, 0), "999");
    }

    #[test]
    fn signs_are_shown_but_not_of_zero() {
        let shown = [1.24, -0.5, 0.04, -0.04, -1_234.0].map(|value| signed(value, 1));
        assert_eq!(shown, ["+1.2", "-0.5", "0.0", "0.0", "-1,234.0"]);
    }

    #[test]
    fn spreads_show_an_interval_only_where_there_is_one() {
        assert_eq!(spread([5.0], 0), "5");
        assert_eq!(spread([5.0, 5.0], 0), "5");
        assert_eq!(spread((0..=100).map(f64::from), 0), "50 (5–95)");
        assert_eq!(spread([], 0), "-");
    }

    #[test]
    fn sparklines_rise_with_their_values_and_keep_peaks() {
        assert_eq!(sparkline(&[0.0, 1.0, 2.0, 4.0, 8.0], 10), "▁▁▂▄█");
        assert_eq!(sparkline(&[0.0, 0.0, 9.0, 0.0], 2), "▁█");
        assert_eq!(sparkline(&[0.0, 0.0], 10), "▁▁");
        assert_eq!(sparkline(&[], 10), "");
    }

    #[test]
    fn tables_align_by_characters_rather_than_bytes() {
        let rows = vec![vec!["é".to_owned(), "1".to_owned()], vec!["ab".to_owned(), "22".to_owned()]];
        assert_eq!(table(&["", "n"], &rows), "       n\n  é    1\n  ab  22\n");
        assert_eq!(wrap("a bb ccc", 4, "> "), "> a bb\n> ccc\n");
    }
}
