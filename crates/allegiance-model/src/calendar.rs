//! Civil dates without a clock: proleptic Gregorian, counted in days from 1970.

use std::fmt;

/// Names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A civil date, stored as days since 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days_since_1970: i32,
}

impl Date {
    /// The date of a year, month (1-12) and day (1-31), or `None` where the
    /// calendar has no such day.
    ///
    /// # Source
    /// Day count after the civil-calendar algorithms of Howard Hinnant (2013).
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=12).contains(&month) || day < 1 || !(1..=9999).contains(&year) {
            return None;
        }
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let shifted = (month as i32 + 9) % 12;
        let doy = (153 * shifted + 2) / 5 + day as i32 - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        let date = Self { days_since_1970: era * 146_097 + doe - 719_468 };
        (date.ymd() == (year, month, day)).then_some(date)
    }

    /// Year, month and day of this date.
    pub fn ymd(self) -> (i32, u32, u32) {
        let z = self.days_since_1970 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i32::from(month <= 2);
        (year, month as u32, day as u32)
    }

    /// Days since 1 January 1970.
    pub fn days_since_1970(self) -> i32 {
        self.days_since_1970
    }

    /// The date a number of days later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self { days_since_1970: self.days_since_1970 + days as i32 }
    }

    /// Days from this date to the last that is written with four digits of a year,
    /// both counted.
    pub fn days_until_last(self) -> u32 {
        // 31 December 9999.
        const LAST: i32 = 2_932_896;
        (LAST - self.days_since_1970 + 1).max(0) as u32
    }

    /// Whole days from `earlier` to this date; negative where it is later.
    pub fn days_since(self, earlier: Self) -> i32 {
        self.days_since_1970 - earlier.days_since_1970
    }
}

impl fmt::Display for Date {
    /// ISO 8601, such as `2014-01-03`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn known_dates_have_known_day_numbers() {
        let epoch = Date::from_ymd(1970, 1, 1).unwrap();
        assert_eq!(epoch.days_since_1970(), 0);
        let outbreak = Date::from_ymd(2014, 1, 3).unwrap();
        assert_eq!(outbreak.days_since_1970(), 16_073);
        assert_eq!(outbreak.to_string(), "2014-01-03");
        assert_eq!(outbreak.plus_days(70).to_string(), "2014-03-14");
    }

    #[test]
    fn impossible_days_are_refused_and_every_day_round_trips() {
        assert!(Date::from_ymd(2014, 2, 29).is_none());
        assert_eq!(Date::from_ymd(9999, 12, 31).unwrap().days_until_last(), 1);
        assert_eq!(Date::from_ymd(9999, 12, 1).unwrap().days_until_last(), 31);
        assert!(Date::from_ymd(2014, 13, 1).is_none());
        assert!(Date::from_ymd(2014, 4, 31).is_none());
        let mut date = Date::from_ymd(1999, 12, 31).unwrap();
        for _ in 0..2_000 {
            let (year, month, day) = date.ymd();
            assert_eq!(Date::from_ymd(year, month, day), Some(date));
            date = date.plus_days(1);
        }
    }
}
