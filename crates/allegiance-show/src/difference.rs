//! Differences as text for people.

use crate::text::{first_upper, signed, thousands};
use allegiance_record::difference::{Difference, FEW, MeanInterval};
use allegiance_record::nothing::{NothingDiffers, WhyNothing};

/// What is said where nothing differs.
pub const NO_EFFECT: &str = "no effect is possible here: nothing that was drawn or decided differs";

/// That nothing differs, and why where it is known. That no effect is possible is
/// said only where it follows from the setups.
pub fn nothing_in_words(found: &NothingDiffers) -> String {
    let clauses: Vec<String> = found.because.iter().map(why).collect();
    let why = if clauses.is_empty() { String::new() } else { format!(" ({})", clauses.join("; ")) };
    if found.follows {
        format!("{NO_EFFECT}{why}")
    } else {
        format!("{}{why}; more may show one", no_difference(found.n_pairs, "replicate"))
    }
}

/// That no pair of futures differs, as a sentence: only chance could tell them
/// apart, so that more may differ.
pub fn same_futures_sentence(found: &NothingDiffers) -> String {
    format!("{}; more may show one.", first_upper(&no_difference(found.n_pairs, "future")))
}

/// That no replicate, or future, of so many differs.
pub fn no_difference(n: usize, what: &str) -> String {
    match n {
        0 => format!("no difference in any {what}"),
        1 => format!("no difference in the one {what}"),
        n => format!("no difference in any of the {} {what}s", thousands(n as u64)),
    }
}

/// The same in a cell of a table, where the reasons stand elsewhere.
pub fn nothing_in_a_cell(found: &NothingDiffers) -> String {
    match (found.follows, found.n_pairs) {
        (true, _) => "no effect possible".to_owned(),
        (false, 0 | 1) => "0, one pair".to_owned(),
        (false, n) => format!("0, no pair of {} differs", thousands(n as u64)),
    }
}

/// The same as a sentence.
pub fn nothing_sentence(found: &NothingDiffers) -> String {
    format!("{}.", first_upper(&nothing_in_words(found)))
}

/// A reason as a clause.
fn why(reason: &WhyNothing) -> String {
    match reason {
        WhyNothing::SameSetup => "the two are the same in every value".to_owned(),
        WhyNothing::OnlyReported => "what differs is how the war is reported, not the war".to_owned(),
        WhyNothing::MechanismOff { what, mechanism } => format!("{what} acts through {mechanism}, which is off"),
        WhyNothing::OtherTheory { what, theory } => {
            format!("{what} belongs to another theory of belief than {theory}")
        }
        WhyNothing::NoBlock { what, block, theory } => {
            format!("{what} acts through the block {block}, which the theory of exit {theory} doesn't have")
        }
        WhyNothing::NoLever { what, lever } => {
            format!("{what} acts through {lever}, which no entry of the timeline sets")
        }
        WhyNothing::NothingToDo { mechanism } => format!("{mechanism} made no difference in them"),
        WhyNothing::AfterTheEnd { day, n_days } => {
            format!("an entry of the timeline is on day {day} and only {n_days} days are simulated")
        }
    }
}

/// A difference with its interval, or why it has none: one wording for every
/// command, report and page. `show` writes a number with its sign.
pub fn in_words(found: Option<&Difference>, show: &dyn Fn(f64) -> String) -> String {
    let Some(found) = found else { return "–".to_owned() };
    match found.interval {
        None if found.n_differ == 0 && found.n_pairs == 1 => "0, one pair".to_owned(),
        None if found.n_differ == 0 => format!("0, no pair of {} differs", thousands(found.n_pairs as u64)),
        None => format!("{}, one pair", show(found.mean)),
        Some(interval) => format!("{}{}", with_interval(found.mean, interval, show), few_differ_in_words(found)),
    }
}

/// A mean with its interval.
pub fn with_interval(mean: f64, interval: MeanInterval, show: &dyn Fn(f64) -> String) -> String {
    format!("{} [{}, {}]", show(mean), show(interval.low), show(interval.high))
}

/// In how many of its pairs a difference is, where that is fewer than half; else nothing.
pub fn few_differ_in_words(found: &Difference) -> String {
    if found.is_sparse() {
        format!(" in {} of {}", thousands(found.n_differ as u64), thousands(found.n_pairs as u64))
    } else {
        String::new()
    }
}

/// The difference in percent of the first outcome's mean, or nothing.
pub fn percent_in_words(found: Option<&Difference>) -> String {
    let share = found.filter(|found| found.n_differ > 0).and_then(Difference::relative);
    share.map_or_else(String::new, |share| {
        let percent = 100.0 * share;
        let digits = usize::from(percent.abs() < 9.95);
        format!("{}%", signed(percent, digits))
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

/// What is known of a difference's sign: that it is told, after Holm's correction for
/// several comparisons (`p_together`) or alone, or how many more pairs that would take.
pub fn sign_in_words(found: Option<&Difference>, p_together: Option<f64>) -> String {
    match (found, p_together) {
        (_, Some(p)) if p < 0.05 => "together".to_owned(),
        (Some(found), _) if found.is_clear() => "alone".to_owned(),
        (found, _) => found.map_or_else(String::new, needed_in_words),
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
    let more = FEW.checked_sub(n).filter(|&more| more > 0)?;
    Some(match n {
        0 | 1 => format!("One {what} has no interval, and doesn't show what chance does; {more} more would."),
        _ => format!(
            "{n} {what}s are few: the ends of an interval are themselves uncertain below {FEW}, so read its size, not its \
             ends; it takes {more} more."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::{
        NO_EFFECT, few_note, in_words, needed_in_words, nothing_in_a_cell, nothing_in_words, percent_in_words,
        sign_in_words,
    };
    use allegiance_record::difference::{Difference, FEW};
    use allegiance_record::nothing::{NothingDiffers, WhyNothing};

    fn of(differences: &[f64]) -> Difference {
        Difference::between(&vec![0.0; differences.len()], differences).unwrap()
    }

    #[test]
    fn a_difference_has_an_interval_or_says_why_not() {
        let show = |value: f64| format!("{value:+.1}");
        assert_eq!(in_words(Some(&of(&[0.0; 40])), &show), "0, no pair of 40 differs");
        assert_eq!(in_words(Some(&of(&[3.0])), &show), "+3.0, one pair");
        assert_eq!(in_words(Some(&of(&[0.0])), &show), "0, one pair");
        assert_eq!(in_words(None, &show), "–");
        assert_eq!(in_words(Some(&of(&[-1.0, 0.5, 2.0, 3.5, 5.0])), &show), "+2.0 [-0.9, +4.9]");
        let rare: Vec<f64> = (0..40).map(|at| f64::from(u8::from(at == 0))).collect();
        assert!(in_words(Some(&of(&rare)), &show).ends_with(" in 1 of 40"));
    }

    #[test]
    fn percents_and_what_is_needed() {
        let found = Difference::between(&[1.0, 2.0, 4.0], &[2.0, 3.0, 5.0]).unwrap();
        assert_eq!(percent_in_words(Some(&found)), "+43%");
        assert_eq!(percent_in_words(Some(&of(&[1.0, 2.0]))), "");
        let even = Difference::between(&[1.0, 3.0], &[2.0, 2.0]);
        assert_eq!(percent_in_words(even.as_ref()), "0.0%");
        let mut open = of(&[-1.0, 0.5, 2.0, 3.5, 5.0]);
        assert_eq!(needed_in_words(&open), "about 3 more");
        open.mean = 1e-5;
        assert_eq!(needed_in_words(&open), "out of reach");
        assert_eq!(needed_in_words(&of(&[2.0, 2.1, 2.2])), "");
        open.mean = 1.0;
        let clear = of(&[2.0, 2.1, 2.2]);
        let signs = [(Some(&clear), Some(0.01)), (Some(&clear), Some(0.2)), (Some(&open), None), (None, None)];
        let signs = signs.map(|(found, p)| sign_in_words(found, p));
        assert_eq!(signs, ["together", "alone", needed_in_words(&open).as_str(), ""]);
    }

    #[test]
    fn fewer_than_twenty_are_flagged() {
        assert_eq!(
            few_note(FEW - 1, "pair").unwrap(),
            "19 pairs are few: the ends of an interval are themselves uncertain below 20, so read its size, not its ends; \
             it takes 1 more."
        );
        assert_eq!(
            few_note(1, "replicate").unwrap(),
            "One replicate has no interval, and doesn't show what chance does; 19 more would."
        );
        assert_eq!(few_note(FEW, "pair"), None);
    }

    #[test]
    fn nothing_is_said_with_its_reasons() {
        let of = |because, follows, n_pairs| NothingDiffers { because, follows, n_pairs };
        assert_eq!(nothing_in_words(&of(vec![], true, 2)), NO_EFFECT);
        let idle = || vec![WhyNothing::NothingToDo { mechanism: "reprisal".to_owned() }];
        let said = [(vec![], 1), (idle(), 10)].map(|(because, n)| nothing_in_words(&of(because, false, n)));
        assert_eq!(
            said,
            [
                "no difference in the one replicate; more may show one",
                "no difference in any of the 10 replicates (reprisal made no difference in them); more may show one"
            ]
        );
        let cells =
            [(true, 10), (false, 10), (false, 1)].map(|(follows, n)| nothing_in_a_cell(&of(idle(), follows, n)));
        assert_eq!(cells, ["no effect possible", "0, no pair of 10 differs", "0, one pair"]);
        let off = WhyNothing::MechanismOff { what: "voice.p_refuse_kin".to_owned(), mechanism: "voice".to_owned() };
        assert_eq!(
            nothing_in_words(&of(vec![off, WhyNothing::AfterTheEnd { day: 9, n_days: 5 }], true, 3)),
            format!(
                "{NO_EFFECT} (voice.p_refuse_kin acts through voice, which is off; an entry of the timeline is on day 9 and \
                 only 5 days are simulated)"
            )
        );
    }
}
