//! Scales: values and days to coordinates, and round ticks.

use allegiance_model::calendar::Date;
use allegiance_show::text::number;

/// The most ticks of a value axis.
const MOST_VALUE_TICKS: f64 = 5.0;

/// A linear scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AxisScale {
    from: (f64, f64),
    to: (f64, f64),
}

impl AxisScale {
    /// From a range of values to a range of coordinates.
    pub(super) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// The coordinate of a value.
    pub(super) fn at(&self, value: f64) -> f64 {
        let width = self.from.1 - self.from.0;
        let share = if width == 0.0 { 0.0 } else { (value - self.from.0) / width };
        self.to.0 + share * (self.to.1 - self.to.0)
    }
}

/// Round ticks that enclose a range; their step is 1, 2 or 5 times a power of ten.
pub(super) fn value_ticks(low: f64, high: f64) -> Vec<f64> {
    let span = if high > low { high - low } else { 1.0 };
    let rough = span / MOST_VALUE_TICKS;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|&step| step >= rough * 0.999);
    let step = step.unwrap_or(power * 10.0);
    let first = (low / step).floor();
    let last = (if high > low { high } else { low + span }) / step;
    let n = (last.ceil() - first) as usize;
    (0..=n).map(|at| (first + at as f64) * step).collect()
}

/// A tick's value in words, with the digits that its step needs.
pub(super) fn tick_label(value: f64, step: f64, is_share: bool) -> String {
    let value = if value == 0.0 { 0.0 } else { value };
    let digits = (0..6).find(|&digits| {
        let scaled = step * 10_f64.powi(digits) * if is_share { 100.0 } else { 1.0 };
        (scaled - scaled.round()).abs() < 1e-6
    });
    let digits = digits.unwrap_or(6) as usize;
    if is_share { format!("{}%", number(100.0 * value, digits)) } else { number(value, digits) }
}

/// Ticks of a time axis: days with their dates in short.
pub(super) fn date_ticks(start: Date, n_days: u32, most: usize) -> Vec<(u32, String)> {
    let days: Vec<u32> = (0..n_days).collect();
    let fits = |ticks: &Vec<u32>| ticks.len() <= most.max(2);
    let every = |step: usize| days.iter().copied().step_by(step).collect::<Vec<u32>>();
    let months = |step: u32| {
        let is_first = |day: &u32| {
            let (_, month, of_month) = start.plus_days(*day).ymd();
            of_month == 1 && (month - 1).is_multiple_of(step)
        };
        days.iter().copied().filter(is_first).collect::<Vec<u32>>()
    };
    let by_day = [1, 2, 7, 14].into_iter().map(every);
    let by_month = [1, 2, 3, 6, 12, 24, 60].into_iter().map(months).filter(|ticks| !ticks.is_empty());
    let ticks = by_day.chain(by_month).find(fits).unwrap_or_else(|| vec![0]);
    let mut last_year = None;
    ticks
        .into_iter()
        .map(|day| {
            let (year, month, of_month) = start.plus_days(day).ymd();
            let short = format!("{of_month} {}", MONTHS[month as usize - 1]);
            let is_new = last_year.replace(year) != Some(year);
            (day, if is_new { format!("{short} {year}") } else { short })
        })
        .collect()
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::{AxisScale, Date, date_ticks, tick_label, value_ticks};

    #[test]
    fn ticks_are_round_and_enclose_their_range() {
        assert_eq!(value_ticks(0.0, 348.0), [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert_eq!(value_ticks(-12.0, 7.0), [-15.0, -10.0, -5.0, 0.0, 5.0, 10.0]);
        assert_eq!(value_ticks(0.0, 0.0).first(), Some(&0.0));
        for high in [0.013, 1.0, 7.0, 99.0, 1_234.0, 5e6] {
            let ticks = value_ticks(0.0, high);
            assert!(ticks.len() <= 7 && *ticks.last().unwrap() >= high, "{high}: {ticks:?}");
        }
    }

    #[test]
    fn labels_have_the_digits_of_their_step() {
        assert_eq!(tick_label(1_000.0, 500.0, false), "1,000");
        assert_eq!(tick_label(0.4, 0.2, false), "0.4");
        assert_eq!(tick_label(0.2, 0.2, true), "20%");
        assert_eq!(tick_label(0.005, 0.005, true), "0.5%");
    }

    #[test]
    fn dates_name_the_year_once_and_keep_apart() {
        let start = Date::from_ymd(2014, 1, 1).unwrap();
        let labels = |n_days| date_ticks(start, n_days, 5).into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(60), ["1 Jan 2014", "15 Jan", "29 Jan", "12 Feb", "26 Feb"]);
        assert_eq!(labels(90), ["1 Jan 2014", "1 Feb", "1 Mar"]);
        assert_eq!(labels(1), ["1 Jan 2014"]);
        assert_eq!(labels(730).len(), 4);
        assert!((AxisScale::new((0.0, 10.0), (0.0, 100.0)).at(5.0) - 50.0).abs() < 1e-12);
    }
}
