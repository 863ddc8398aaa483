//! Numbers on the command line: what can't be one is told with the value, the
//! range and the fix, also where it starts with a minus sign.

use std::ops::RangeInclusive;

use allegiance_runs::Threads;
use allegiance_scenario::{MAX_DAYS, MAX_SCALE};
use clap::builder::ValueParser;
use clap::{ArgMatches, Command};

use crate::text::count;

/// Most threads that can be asked for.
const MOST_THREADS: i64 = 4_096;

/// Reads a whole number from a range.
pub(crate) fn whole<T: TryFrom<i64> + Clone + Send + Sync + 'static>(range: RangeInclusive<i64>) -> ValueParser {
    ValueParser::new(move |text: &str| {
        let found = text.trim().parse::<i64>().ok().filter(|number| range.contains(number));
        found.and_then(|number| T::try_from(number).ok()).ok_or_else(|| refusal(text, &range))
    })
}

/// Threads, 0 for one per core; no more than help.
pub(crate) fn threads() -> ValueParser {
    ValueParser::new(|text: &str| {
        let range = 0..=MOST_THREADS;
        let found = text.trim().parse::<i64>().ok().filter(|number| range.contains(number));
        found.map(|asked| (asked as usize).min(Threads::that_help())).ok_or_else(|| refusal(text, &range))
    })
}

/// What is said where more threads are asked for than help, anywhere below a command.
pub(crate) fn note_on_threads(matches: &ArgMatches) -> Option<String> {
    let is_quiet = matches.try_get_one::<bool>("quiet").ok().flatten() == Some(&true);
    let raw = matches.try_get_raw("threads").ok().flatten().and_then(|mut words| words.next());
    let asked = raw.and_then(|word| word.to_str()?.trim().parse::<usize>().ok()).unwrap_or(0);
    let most = Threads::that_help();
    if asked > most && !is_quiet {
        let cores = count(most, "core");
        return Some(format!(
            "{asked} threads are asked for and {most} used: this machine has {cores}, and more don't help"
        ));
    }
    matches.subcommand().and_then(|(_, inner)| note_on_threads(inner))
}

/// The number of something that is counted from 0, or how many there are at most.
pub(crate) fn from(least: i64) -> ValueParser {
    whole::<u32>(least..=i64::from(u32::MAX))
}

/// A seed, as scenarios have it.
pub(crate) fn seed() -> ValueParser {
    whole::<u64>(0..=i64::MAX)
}

/// Days, as scenarios have them.
pub(crate) fn days() -> ValueParser {
    whole::<u32>(1..=MAX_DAYS)
}

/// A scale, as scenarios have it.
pub(crate) fn scale() -> ValueParser {
    whole::<u32>(1..=MAX_SCALE)
}

/// Reads a number above 0.
pub(crate) fn above_zero() -> ValueParser {
    ValueParser::new(|text: &str| {
        let found = text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
        found.ok_or_else(|| "must be a number above 0, such as 2.5".to_owned())
    })
}

/// Reads a number within bounds.
fn between(low: f64, high: f64, allowed: &'static str) -> ValueParser {
    ValueParser::new(move |text: &str| {
        let found = text.trim().parse::<f64>().ok().filter(|number| (low..=high).contains(number));
        found.ok_or_else(|| allowed.to_owned())
    })
}

/// A share.
pub(crate) fn share() -> ValueParser {
    between(0.0, 1.0, "must be a share from 0 to 1, such as 0.4")
}

/// What something costs, in any unit of money.
pub(crate) fn cost() -> ValueParser {
    between(0.0, 1e12, "must be a number from 0 on, such as 60")
}

/// What is allowed, and the number that was probably meant or is nearest.
fn refusal(text: &str, range: &RangeInclusive<i64>) -> String {
    let (low, high) = (range.start(), range.end());
    let fix = match number_of(text) {
        // Saturates where it is too large.
        Some(number) => {
            let nearest = (number.round() as i64).clamp(*low, *high);
            let is_it = number.fract() == 0.0 && range.contains(&(number as i64));
            if is_it { format!("did you mean {nearest}?") } else { format!("the nearest is {nearest}") }
        }
        None => format!("write it in digits, such as {}", low.max(&1)),
    };
    format!("must be a whole number from {low} to {high}; {fix}")
}

/// The number that a text stands for: `1,000` and `1_000`, `1e3`, `1.0`.
fn number_of(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '_' | ' ' | '\'')).collect();
    plain.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Lets numbers start with a minus sign, so that they are refused as numbers
/// and not as options that don't exist.
pub(crate) fn with_signs(command: Command) -> Command {
    command.mut_args(|argument| {
        let takes_a_value = argument.get_action().takes_values();
        if takes_a_value && !argument.is_positional() { argument.allow_negative_numbers(true) } else { argument }
    })
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn what_was_meant_is_told_and_else_the_nearest() {
        for (text, fix) in [
            ("-1", "the nearest is 2"),
            ("0", "the nearest is 2"),
            ("99999999999999999999999", "the nearest is 30000"),
            ("-99999999999999999999999", "the nearest is 2"),
            ("1,000", "did you mean 1000?"),
            ("1_000", "did you mean 1000?"),
            ("1e3", "did you mean 1000?"),
            ("5.0", "did you mean 5?"),
            ("5.4", "the nearest is 5"),
            ("many", "write it in digits, such as 2"),
            ("nan", "write it in digits, such as 2"),
            ("", "write it in digits, such as 2"),
        ] {
            assert_eq!(
                refusal(text, &(2..=30_000)),
                format!("must be a whole number from 2 to 30000; {fix}"),
                "{text}"
            );
        }
    }
}
