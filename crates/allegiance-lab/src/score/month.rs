//! Calendar months.

use allegiance_model::calendar::Date;
use std::fmt;

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// Months since January of the year 0.
    number: i32,
}

impl Month {
    /// The month of a date.
    pub fn of(date: Date) -> Self {
        let (year, month, _) = date.ymd();
        Self { number: year * 12 + month as i32 - 1 }
    }

    /// Reads a month such as `2014-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_right = text.len() == 7 && text.bytes().enumerate().all(|(at, b)| (at == 4) == (b == b'-') && b != b'+');
        let (year, month) = text.split_once('-').filter(|_| is_right)?;
        Date::from_ymd(year.parse().ok()?, month.parse().ok()?, 1).map(Self::of)
    }

    /// The month a number of months later, or earlier.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self { number: self.number + months }
    }

    /// Months from an earlier one to this.
    pub fn since(self, earlier: Self) -> i32 {
        self.number - earlier.number
    }

    /// The first whole month of a span of days, both ends included, and the
    /// last; `None` where it holds no whole month.
    pub fn whole_within(first: Date, last: Date) -> Option<(Self, Self)> {
        let is_first_of_month = first.ymd().2 == 1;
        let is_last_of_month = last.plus_days(1).ymd().2 == 1;
        let from = Self::of(first).plus(i32::from(!is_first_of_month));
        let to = Self::of(last).plus(-i32::from(!is_last_of_month));
        (from <= to).then_some((from, to))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.number.div_euclid(12), self.number.rem_euclid(12) + 1)
    }
}

impl serde::Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Month;
    use allegiance_model::calendar::Date;

    fn date(year: i32, month: u32, day: u32) -> Date {
        Date::from_ymd(year, month, day).expect("a date")
    }

    #[test]
    fn months_read_as_they_are_written() {
        for text in ["2014-01", "1989-12"] {
            assert_eq!(Month::parse(text).expect("a month").to_string(), text);
        }
        for text in ["2014", "2014-13", "2014-1", "14-01-01", "+014-01", "2014-00", "2014_01"] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
        let december = Month::of(date(2013, 12, 5));
        assert_eq!((december.plus(1).to_string(), december.plus(1).since(december)), ("2014-01".to_owned(), 1));
    }

    #[test]
    fn only_whole_months_count() {
        let span = |first, last| Month::whole_within(first, last).map(|(a, b)| format!("{a} {b}"));
        assert_eq!(span(date(2014, 1, 1), date(2014, 3, 31)), Some("2014-01 2014-03".to_owned()));
        assert_eq!(span(date(2014, 1, 2), date(2014, 3, 30)), Some("2014-02 2014-02".to_owned()));
        assert_eq!(span(date(2014, 1, 2), date(2014, 2, 27)), None);
    }
}
