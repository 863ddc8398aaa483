//! Differences as text for people.

use super::{Difference, FEW};
use crate::text::thousands;

/// A difference with its interval, or why it has none: one wording for every
/// command, report and page. `show` writes a number with its sign.
pub fn in_words(found: Option<&Difference>, show: &dyn Fn(f64) -> String) -> String {
    let Some(found) = found else { return "–".to_owned() };
    match found.interval {
        None if found.n_differ == 0 => format!("0, no pair of {} differs", thousands(found.n_pairs as u64)),
        None => format!("{}, one pair", show(found.mean)),
        Some(interval) => {
            let text = format!("{} [{}, {}]", show(found.mean), show(interval.low), show(interval.high));
            if found.is_sparse() {
                format!("{text} in {} of {}", thousands(found.n_differ as u64), thousands(found.n_pairs as u64))
            } else {
                text
            }
        }
    }
}

/// The difference in percent of the first outcome's mean, or nothing.
pub fn percent_in_words(found: Option<&Difference>) -> String {
    let share = found.filter(|found| found.n_differ > 0).and_then(Difference::relative);
    share.map_or_else(String::new, |share| {
        let percent = 100.0 * share;
        let digits = usize::from(percent.abs() < 9.95);
        format!("{percent:+.digits$}%")
    })
}

/// How many more pairs it would take to tell the sign; nothing where it is told.
pub fn needed_in_words(found: &Difference) -> String {
    if found.interval.is_none() || found.is_clear() {
        return String::new();
    }
    match found.pairs_for_sign() {
        Some(needed) => format!("about {} more", rounded(needed.saturating_sub(found.n_pairs as u64))),
        None => "out of reach".to_owned(),
    }
}

/// Two figures are all that such a number can carry.
fn rounded(n: u64) -> String {
    let mut step = 1;
    while n / step >= 100 {
        step *= 10;
    }
    thousands(n.div_ceil(step) * step)
}

/// What to know of an interval from few pairs, or replicates; `None` from twenty on.
pub fn few_note(n: usize, what: &str) -> Option<String> {
    let from = if n == 1 { format!("One {what} has no interval") } else { format!("{n} {what}s are few") };
    (n < FEW).then(|| {
        format!("{from}: the ends of an interval are themselves uncertain below {FEW}, so read its size, not its ends.")
    })
}
