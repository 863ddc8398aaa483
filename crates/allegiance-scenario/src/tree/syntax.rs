//! What to say of a line that isn't TOML.

use allegiance_model::calendar::{Date, MONTHS};

use super::{Table, Value};
use crate::problem::{Problems, Spot};
use crate::shape::join;

/// Adds what is wrong with a line, with its key and the fix where the line
/// shows them.
pub(super) fn tell(spot: Spot, line: &str, table: &Table, message: &str, problems: &mut Problems) {
    let Some((key, value)) = line.split_once('=').map(|(key, value)| (key.trim(), without_comment(value))) else {
        problems.syntax_error(spot, String::new(), format!("isn't TOML: {message}"));
        return;
    };
    let path = path_of(spot, table, "").unwrap_or_else(|| key.to_owned());
    let (found, allowed, hint) = explain(value).unwrap_or_else(|| (format!("isn't TOML: {message}"), "", None));
    if let Some(problem) = problems.syntax_error(spot, path, found) {
        allowed.clone_into(&mut problem.allowed);
        problem.hint = hint;
    }
}

/// The path of the key that stands on a line.
fn path_of(spot: Spot, table: &Table, path: &str) -> Option<String> {
    table.iter().find_map(|(key, (key_spot, node))| {
        let path = join(path, key);
        if *key_spot == spot {
            return Some(path);
        }
        match &node.value {
            Value::Table(inner) => path_of(spot, inner, &path),
            Value::List(items) => items.iter().enumerate().find_map(|(idx, item)| {
                item.as_table().and_then(|inner| path_of(spot, inner, &format!("{path}[{idx}]")))
            }),
            _ => None,
        }
    })
}

/// A value without what stands behind it; a `#` inside a text isn't looked for,
/// since what begins with a quote isn't explained by its value.
fn without_comment(value: &str) -> &str {
    value.split('#').next().unwrap_or_default().trim()
}

/// What was found, what is allowed, and the fix, of a value that people write
/// and TOML doesn't take.
fn explain(value: &str) -> Option<(String, &'static str, Option<String>)> {
    let is = || format!("is {value}");
    let is_letters = |text: &str| text.chars().next().is_some_and(char::is_alphabetic);
    if let Some(quote) = ['"', '\''].into_iter().find(|quote| value.starts_with(*quote)) {
        let is_open = value.len() == 1 || !value.ends_with(quote);
        return (is_open && !value.starts_with("\"\"\"") && !value.starts_with("'''"))
            .then(|| (is(), "a text ends with the quote that it begins with", None));
    }
    if let Some(hint) = date_hint(value) {
        return Some((is(), "must be a date of the calendar, as year-month-day, such as 2014-01-31", hint));
    }
    if value.strip_suffix('%').is_some_and(is_number) {
        return Some((is(), "must be a number without %", Some("write a share of 1, such as 0.85 for 85%".to_owned())));
    }
    if value.contains(',') && is_number(&value.replace(',', ".")) {
        let point = value.replace(',', ".");
        return Some((is(), "a point, not a comma, stands before a fraction", Some(format!("write {point}"))));
    }
    let lower = value.to_lowercase();
    if value != lower && (lower == "true" || lower == "false") {
        return Some((is(), "must be true or false, in small letters", None));
    }
    is_letters(value).then(|| (is(), "a text stands in double quotes", Some(format!("write {value:?}"))))
}

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok_and(f64::is_finite)
}

/// What there is to say to a value that is meant as a date: nothing, or how many days its month has or
/// how it is written.
type DateHint = Option<String>;

/// The hint to a value that is meant as a date; none where it isn't.
fn date_hint(value: &str) -> Option<DateHint> {
    let parts: Vec<&str> = value.split(['-', '.', '/']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let numbers: Vec<u32> = [a, b, c].iter().filter_map(|part| part.trim().parse().ok()).collect();
    let &[a, b, c] = numbers.as_slice() else { return None };
    // Year first, or day first; nobody can tell month first from day first.
    let (year, month, day) = if a > 31 { (a, b, c) } else { (c, b, a) };
    if year < 100 {
        return Some(None);
    }
    let date = |month, day| Date::from_ymd(year as i32, month, day);
    if date(month, day).is_some() {
        return Some((a > 31).then(|| format!("write {year:04}-{month:02}-{day:02}")));
    }
    let last = (28..=31).rev().find(|&day| date(month, day).is_some());
    Some(last.map(|last| format!("{} {year} has {last} days", MONTHS[month as usize - 1])))
}

#[cfg(test)]
mod tests {
    use super::explain;

    fn told(value: &str) -> Option<String> {
        explain(value).map(|(found, allowed, hint)| {
            format!("{found}; {allowed}{}", hint.map_or_else(String::new, |hint| format!("; {hint}")))
        })
    }

    #[test]
    fn what_people_write_and_toml_does_not_take_is_explained() {
        const DATE: &str = "must be a date of the calendar, as year-month-day, such as 2014-01-31";
        for (value, expected) in [
            ("2014-02-30", format!("is 2014-02-30; {DATE}; February 2014 has 28 days")),
            ("2016-02-30", format!("is 2016-02-30; {DATE}; February 2016 has 29 days")),
            ("2014-13-01", format!("is 2014-13-01; {DATE}")),
            ("2014-1-3", format!("is 2014-1-3; {DATE}; write 2014-01-03")),
            ("03.01.2014", format!("is 03.01.2014; {DATE}")),
            ("31/4/2014", format!("is 31/4/2014; {DATE}; April 2014 has 30 days")),
            ("0,8", "is 0,8; a point, not a comma, stands before a fraction; write 0.8".to_owned()),
            ("85%", "is 85%; must be a number without %; write a share of 1, such as 0.85 for 85%".to_owned()),
            ("True", "is True; must be true or false, in small letters".to_owned()),
            ("January", "is January; a text stands in double quotes; write \"January\"".to_owned()),
            ("\"one", "is \"one; a text ends with the quote that it begins with".to_owned()),
        ] {
            assert_eq!(told(value), Some(expected), "{value}");
        }
        for value in ["", "3 4", "{", "[1, 2", "\"\"\"open", "1.2.3.4"] {
            assert_eq!(told(value), None, "{value}");
        }
    }
}
