//! Numbers of inhabitants, as programs and offices write them: with a fraction where they
//! are estimated, and with something between thousands.

use allegiance_scenario::event_rows::whole_of;

/// What may stand between thousands beside a point.
const BETWEEN: &[char] = &[',', ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '\u{2019}'];

/// How a column writes its numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct People {
    /// Whether fractions follow a comma.
    has_commas: bool,
    /// Whether a cell shows that a point stands before fractions.
    is_point_fraction: bool,
}

impl People {
    /// Of a table with a separator; behind semicolons and tabs a comma may stand before fractions.
    pub(super) fn of(separator: u8) -> Self {
        Self { has_commas: separator != b',', is_point_fraction: false }
    }

    /// Looks at a cell, to know what its points mean.
    pub(super) fn look(&mut self, cell: &str) {
        if let Some((whole, fraction)) = cell.split_once('.') {
            let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let is_group = fraction.len() == 3 && whole.len() <= 3;
            self.is_point_fraction |= is_digits(whole) && is_digits(fraction) && !is_group;
        }
    }

    /// The number, to the nearest whole one; `None` where the cell has none, or could mean two.
    pub(super) fn read(self, cell: &str) -> Option<u64> {
        if let Some(number) = whole_of(cell) {
            return Some(number);
        }
        let fraction = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let number: f64 = text.parse().ok().filter(|_| is_plain)?;
            Some(number.round() as u64)
        };
        let between = BETWEEN.iter().copied().find(|between| cell.contains(*between));
        match between {
            // A comma before a fraction, or between thousands before a point.
            Some(',') if self.has_commas && cell.matches(',').count() == 1 && !is_grouped(cell, ',') => {
                let (whole, rest) = cell.split_once(',')?;
                let whole = if is_grouped(whole, '.') { whole.replace('.', "") } else { whole.to_owned() };
                fraction(&format!("{whole}.{rest}"))
            }
            // Three digits behind the only comma may be either.
            Some(',') if self.has_commas && cell.matches(',').count() == 1 => None,
            Some(between) => {
                let (whole, rest) = cell.split_once('.').map_or((cell, None), |(whole, rest)| (whole, Some(rest)));
                if !is_grouped(whole, between) {
                    return None;
                }
                let whole = whole.replace(between, "");
                fraction(&rest.map_or_else(|| whole.clone(), |rest| format!("{whole}.{rest}")))
            }
            None if cell.matches('.').count() > 1 => {
                is_grouped(cell, '.').then(|| cell.replace('.', "").parse().ok()).flatten()
            }
            None if is_grouped(cell, '.') && !self.is_point_fraction => None,
            None => fraction(cell),
        }
    }
}

/// Whether digits stand in groups of three but for the first.
fn is_grouped(text: &str, between: char) -> bool {
    let mut groups = text.split(between);
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && is_digits(first));
    let rest: Vec<&str> = groups.collect();
    is_first && !rest.is_empty() && rest.iter().all(|group| group.len() == 3 && is_digits(group))
}

#[cfg(test)]
mod tests {
    use super::People;

    fn read(separator: u8, column: &[&str]) -> Vec<Option<u64>> {
        let mut people = People::of(separator);
        for cell in column {
            people.look(cell);
        }
        column.iter().map(|cell| people.read(cell)).collect()
    }

    #[test]
    fn thousands_apart_are_read_in_every_way_that_means_one_number() {
        let cells = ["20,000", "1,234,567", "20 000", "1'234'567", "8\u{202f}000", "1.234.567", "2e4", "120000.0"];
        let expected = [20_000, 1_234_567, 20_000, 1_234_567, 8_000, 1_234_567, 20_000, 120_000];
        assert_eq!(read(b',', &cells), expected.map(Some));
        assert_eq!(read(b',', &["1,234.6", "20345.72"]), [Some(1_235), Some(20_346)]);
        assert_eq!(read(b';', &["1.234.567", "20345,72", "1.234,5"]), [1_234_567, 20_346, 1_235].map(Some));
    }

    #[test]
    fn what_may_be_thousands_or_a_fraction_is_no_number_unless_the_column_tells() {
        assert_eq!(read(b',', &["20.000", "8.125"]), [None, None]);
        assert_eq!(read(b';', &["20.000", "8,125"]), [None, None]);
        assert_eq!(read(b',', &["20345.72", "120.125"]), [Some(20_346), Some(120)]);
        for cell in ["", "20k", "-1", "1,23", "12,34,567", "1 23", "many", "1,234,56", "1.23.456", "inf", "1,000,00.5"]
        {
            assert_eq!(read(b',', &[cell]), [None], "{cell}");
        }
    }
}
