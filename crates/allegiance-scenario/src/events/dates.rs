//! Dates as event files write them, made year-month-day.

use std::borrow::Cow;

/// In which order a file writes days and months that come before the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Such as 12/31/2001.
    MonthFirst,
    /// Such as 31/12/2001.
    DayFirst,
}

impl DateOrder {
    /// The order, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::MonthFirst => "month/day/year",
            Self::DayFirst => "day/month/year",
        }
    }
}

/// Two numbers before a year, with what stands between them and after.
#[derive(Debug, Clone, Copy)]
pub(super) struct YearLast<'c> {
    pub(super) first: u32,
    pub(super) second: u32,
    year: &'c str,
    rest: &'c str,
    is_dotted: bool,
}

impl<'c> YearLast<'c> {
    /// Reads a cell such as `1/31/2001 0:00` or `31.1.2001`.
    pub(super) fn read(cell: &'c str) -> Option<Self> {
        let separator = cell.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '.' | '-'))?;
        let (first, rest) = cell.split_once(separator)?;
        let (second, rest) = rest.split_once(separator)?;
        let (year, rest) = rest.split_at_checked(4)?;
        let number = |part: &str| {
            let is_short = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            is_short.then(|| part.parse().ok()).flatten()
        };
        let is_year = year.bytes().all(|byte| byte.is_ascii_digit());
        let (first, second) = (number(first)?, number(second)?);
        (is_year && is_time(rest)).then_some(Self { first, second, year, rest, is_dotted: separator == '.' })
    }

    /// The order that the cell alone tells.
    pub(super) fn order(&self) -> Option<DateOrder> {
        match (self.first > 12, self.second > 12) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ if self.is_dotted => Some(DateOrder::DayFirst),
            _ => None,
        }
    }

    fn in_order(&self, order: DateOrder) -> String {
        let (month, day) = match order {
            DateOrder::MonthFirst => (self.first, self.second),
            DateOrder::DayFirst => (self.second, self.first),
        };
        format!("{}-{month:02}-{day:02}{}", self.year, self.rest)
    }
}

/// Whether what follows a date is nothing or a time.
pub(super) fn is_time(rest: &str) -> bool {
    rest.is_empty()
        || (rest.starts_with([' ', 'T']) && rest[1..].chars().all(|c| c.is_ascii_digit() || " :.Z+-AMPamp".contains(c)))
}

/// A date with the year first; what is none is left as it is.
pub(super) fn year_first(cell: &str, order: Option<DateOrder>) -> Cow<'_, str> {
    if let (Some(order), Some(date)) = (order, YearLast::read(cell)) {
        return Cow::Owned(date.in_order(order));
    }
    let bytes = cell.as_bytes();
    let is_slashed = bytes.len() >= 8 && bytes[..4].iter().all(u8::is_ascii_digit) && matches!(bytes[4], b'/' | b'.');
    let has_short_parts =
        || bytes.len() < 10 || !bytes[5..10].iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
    let is_hyphened = bytes.get(4) == Some(&b'-') && has_short_parts();
    if is_slashed || is_hyphened {
        return year_month_day(cell).map_or(Cow::Borrowed(cell), Cow::Owned);
    }
    Cow::Borrowed(cell)
}

/// A date such as 2001/1/31 with hyphens and two digits a part.
fn year_month_day(cell: &str) -> Option<String> {
    let end = cell.find([' ', 'T']).unwrap_or(cell.len());
    let (date, rest) = cell.split_at(end);
    let mut parts = date.split(['/', '.', '-']);
    let mut number = || parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?.parse::<u32>().ok();
    let (year, month, day) = (number()?, number()?, number()?);
    (parts.next().is_none() && is_time(rest)).then(|| format!("{year:04}-{month:02}-{day:02}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::{DateOrder, YearLast, year_first};

    #[test]
    fn days_and_months_before_the_year_are_put_in_order() {
        let read = |cell: &'static str| {
            let order = YearLast::read(cell).and_then(|date| date.order());
            (order, year_first(cell, order.or(Some(DateOrder::MonthFirst))))
        };
        assert_eq!(read("01/12/2001 00:00:00"), (None, "2001-01-12 00:00:00".into()));
        assert_eq!(read("1/31/2001 0:00"), (Some(DateOrder::MonthFirst), "2001-01-31 0:00".into()));
        assert_eq!(read("31/1/2001"), (Some(DateOrder::DayFirst), "2001-01-31".into()));
        assert_eq!(read("1.2.2001"), (Some(DateOrder::DayFirst), "2001-02-01".into()));
        assert_eq!(read("12/31/2001 12:00:00 AM"), (Some(DateOrder::MonthFirst), "2001-12-31 12:00:00 AM".into()));
        for plain in ["2001-01-31", "2001-01-31 00:00:00.000", "", "soon", "1/2/01", "1/2/20015", "2001", "á/1/2001"] {
            assert_eq!(read(plain), (None, plain.into()), "{plain}");
        }
        assert_eq!(year_first("2001/1/31", None), "2001-01-31");
        assert_eq!(year_first("2001-1-31", None), "2001-01-31");
    }
}
