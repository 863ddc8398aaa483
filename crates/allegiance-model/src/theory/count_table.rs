//! What follows from a count alone, such as the accusations that a member heard, or from
//! two, one of which changes only when something touches him: looked up, with the most
//! and the least that it is from a count on.
//!
//! The closed form is worked out once for each count up to some hundreds, so that a
//! look-up has its bits, and beyond when it's asked for. For whatever counts are still to
//! come there is a bound, as in the engine's own belief with honest and partisan sources
//! (`belief/table.rs`).

use std::collections::BTreeSet;

use super::interval::Interval;
use super::program::{Input, Program, Step};
use super::quantities::{Changes, QUANTITIES};
use super::rules::GIVEN;

/// Counts up to which values are kept.
const N_COUNTS: usize = 1024;
/// Values of a second count up to which they are kept.
const N_ROWS: usize = 8;
/// The most pieces in which counts beyond are looked at.
const MOST_PIECES: u32 = 64;
/// How much wider than what was found a bound of counts beyond may be.
const WIDE: f64 = 1e-3;
/// Counts from which on the most that any number of further ones can do is compared with
/// what few can.
const N_COMPARED: usize = 64;

/// What is known of a count that something reads.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Count {
    most: usize,
    /// Whether it changes only when something touches the member.
    is_kept: bool,
}

fn count_of(input: Input) -> Option<Count> {
    let (unit, (_, high), is_kept) = match input {
        Input::Quantity(at) => (QUANTITIES[at].unit, QUANTITIES[at].range(), QUANTITIES[at].changes == Changes::Never),
        Input::Given(at) => (GIVEN[at].unit, GIVEN[at].range(), GIVEN[at].is_kept()),
        Input::Block(_) | Input::State(_) => return None,
    };
    (unit == "1").then_some(Count { most: high as usize, is_kept })
}

/// Whether an input is a count of claims that a unit hears together.
pub(super) fn is_heard(input: Input) -> bool {
    match input {
        Input::Quantity(at) => QUANTITIES[at].changes == Changes::AsClaims,
        _ => count_of(input).is_some_and(|count| !count.is_kept),
    }
}

/// The counts that a step follows from, and from nothing else.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counts {
    /// The steps that stand for them; the same twice where it's one.
    pub(super) places: [usize; 2],
    of: [Count; 2],
}

impl Counts {
    /// The counts that a step follows from; none where it follows from anything else too,
    /// or from two of which neither stays while nothing touches the member.
    pub(super) fn of(program: &Program, at: usize) -> Option<Self> {
        let mut reads = Reads::default();
        reads.look(program, at);
        let counted: Vec<(usize, Count)> = reads
            .chains
            .iter()
            .map(|(input, chain)| Some((*chain.last()?, count_of(program.inputs()[*input])?)))
            .collect::<Option<_>>()?;
        match counted.as_slice() {
            [(at, one)] => Some(Self { places: [*at; 2], of: [*one; 2] }),
            [a, b] => {
                let (long, short) = if b.1.is_kept { (a, b) } else { (b, a) };
                short.1.is_kept.then_some(Self { places: [long.0, short.0], of: [long.1, short.1] })
            }
            _ => None,
        }
    }
}

/// What a step reads.
#[derive(Default)]
struct Reads {
    /// For each input, the steps from it on that stand for it in all of what reads it.
    chains: Vec<(usize, Vec<usize>)>,
    seen: BTreeSet<usize>,
    /// Whether anything else than counts is read.
    is_other: bool,
}

impl Reads {
    fn look(&mut self, program: &Program, at: usize) {
        if self.is_other || !self.seen.insert(at) {
            return;
        }
        match program.steps()[at] {
            Step::Input(_) | Step::Narrowed(..) => {
                let mut chain = vec![at];
                while let Step::Narrowed(of, ..) = program.steps()[chain[chain.len() - 1]] {
                    chain.push(of);
                }
                chain.reverse();
                let input = program.input_of(at);
                self.is_other |= count_of(program.inputs()[input]).is_none();
                match self.chains.iter_mut().find(|(other, _)| *other == input) {
                    Some((_, known)) => {
                        let n_common = known.iter().zip(&chain).take_while(|(a, b)| a == b).count();
                        known.truncate(n_common);
                    }
                    None => self.chains.push((input, chain)),
                }
            }
            Step::Apply(_, places) => places.iter().for_each(|part| self.look(program, part)),
            // Tables are made of steps that have none.
            Step::Number(_) | Step::Table(..) => {}
        }
    }
}

/// The table of what follows from counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CountTable {
    closed_form: Program,
    most: usize,
    /// Whether it's of one count alone.
    is_of_one: bool,
    is_kept: bool,
    /// By the second count, where there is one.
    rows: Vec<TableRow>,
}

#[derive(Debug, Clone, PartialEq)]
struct TableRow {
    /// By count. Shape: `(n_counts,)`.
    values: Vec<f64>,
    /// Where it lies from a count on. Shape: `(n_counts + 1,)`, the last for all beyond.
    from: Vec<Interval>,
}

impl CountTable {
    pub(super) fn of(program: &Program, at: usize, counts: &Counts) -> Self {
        let closed_form = program.of_counts(at, counts.places);
        let [long, short] = counts.of;
        let is_of_one = counts.places[0] == counts.places[1];
        let n_rows = if is_of_one { 1 } else { N_ROWS.min(short.most + 1) };
        let row = |row: usize| TableRow::new(&closed_form, row as f64, long.most, is_of_one);
        let rows = (0..n_rows).map(row).collect();
        Self { rows, closed_form, most: long.most, is_of_one, is_kept: long.is_kept }
    }

    fn row(&self, second: f64) -> Option<&TableRow> {
        if self.is_of_one { self.rows.first() } else { whole(second).and_then(|row| self.rows.get(row)) }
    }

    pub(super) fn value(&self, counts: [f64; 2]) -> f64 {
        let kept = self.row(counts[1]).zip(whole(counts[0])).and_then(|(row, at)| row.values.get(at));
        kept.copied().unwrap_or_else(|| self.closed_form.value_at(&counts))
    }

    /// Where it lies for counts in intervals; none where it can be infinite.
    pub(super) fn bounds(&self, counts: [Interval; 2]) -> Option<Interval> {
        let row = if counts[1].is_one() || self.is_of_one { self.row(counts[1].low) } else { None };
        let found = match row {
            Some(row) => row.bounds(&self.closed_form, counts),
            None => self.closed_form.bounds_at(&counts),
        };
        found.is_finite().then_some(found)
    }

    /// How fast it rises with each count.
    pub(super) fn slopes(&self, counts: [Interval; 2]) -> [Interval; 2] {
        let of_long = self.row(counts[1].low).and_then(|row| row.slopes(counts[0])).unwrap_or(Interval::EVERYWHERE);
        // Of one count, both places are its.
        let of_other = if self.is_of_one { Interval::of(0.0) } else { Interval::EVERYWHERE };
        [of_long, of_other]
    }

    /// Whether any number of further counts can do little more than a few can.
    pub(super) fn is_soon_done(&self, few: usize) -> bool {
        self.is_kept || self.rows.iter().all(|row| row.is_soon_done(few))
    }
}

/// A count that is a whole number.
fn whole(value: f64) -> Option<usize> {
    let at = value as usize;
    (at as f64).total_cmp(&value).is_eq().then_some(at)
}

impl TableRow {
    fn new(closed_form: &Program, second: f64, most: usize, is_of_one: bool) -> Self {
        let n_counts = N_COUNTS.min(most + 1);
        let at = |count: usize| [count as f64, if is_of_one { count as f64 } else { second }];
        let values: Vec<f64> = (0..n_counts).map(|count| closed_form.value_at(&at(count))).collect();
        let nothing = Interval { low: f64::INFINITY, high: f64::NEG_INFINITY };
        let tail = if n_counts > most {
            nothing
        } else {
            let second = (!is_of_one).then(|| Interval::of(second));
            beyond(closed_form, second, n_counts, most)
        };
        let mut from = vec![tail; n_counts + 1];
        for at in (0..n_counts).rev() {
            from[at] = from[at + 1].and_of(values[at]);
        }
        Self { values, from }
    }

    fn bounds(&self, closed_form: &Program, counts: [Interval; 2]) -> Interval {
        let Interval { low, high } = counts[0];
        let below = low as usize;
        let first = (below + usize::from((below as f64) < low)).min(self.values.len());
        let last = high as usize;
        if last >= self.values.len() {
            let is_one = counts[0].is_one();
            return if is_one { closed_form.bounds_at(&counts) } else { self.from[first] };
        }
        let few = self.values.get(first..=last).filter(|few| few.len() <= N_ROWS * N_ROWS && !few.is_empty());
        match few {
            Some(few) => few.iter().fold(Interval::NOWHERE, |found, &value| found.and_of(value)),
            None => self.from[first],
        }
    }

    fn slopes(&self, count: Interval) -> Option<Interval> {
        let (first, last) = (count.low.floor() as usize, count.high.ceil() as usize);
        let few = self.values.get(first..=last).filter(|few| few.len() <= N_ROWS * N_ROWS && few.len() > 1)?;
        Some(few.windows(2).fold(Interval::NOWHERE, |found, pair| found.and_of(pair[1] - pair[0])))
    }

    fn is_soon_done(&self, few: usize) -> bool {
        let mut most = [0.0_f64; 2];
        for at in 0..N_COMPARED.min(self.values.len()) {
            let soon = self.values[at..self.values.len().min(at + few + 1)]
                .iter()
                .fold(Interval::NOWHERE, |found, &value| found.and_of(value));
            for (most, range) in most.iter_mut().zip([soon, self.from[at]]) {
                let value = self.values[at];
                *most = most.max(range.high - value).max(value - range.low);
            }
        }
        most[1] <= 2.0 * most[0] + WIDE
    }
}

/// Where the closed form lies for a count from `first` to `last`: in ever smaller pieces,
/// where a larger one seems to be beyond its values.
fn beyond(closed_form: &Program, second: Option<Interval>, first: usize, last: usize) -> Interval {
    let at = |low: usize, high: usize| {
        let count = Interval { low: low as f64, high: high as f64 };
        closed_form.bounds_at(&[count, second.unwrap_or(count)])
    };
    let mut known = Interval::NOWHERE;
    let mut pieces = Vec::new();
    let mut low = first;
    while low <= last {
        let high = (low + low / 2).min(last);
        pieces.push((low, high));
        known = known.hull(at(low, low)).hull(at(high, high));
        low = high + 1;
    }
    let mut found = known;
    let mut n_pieces = 0;
    while let Some((low, high)) = pieces.pop() {
        let here = at(low, high);
        let is_close = here.high <= known.high + WIDE && here.low >= known.low - WIDE;
        n_pieces += 1;
        if is_close || low == high || n_pieces > MOST_PIECES {
            found = found.hull(here);
            continue;
        }
        let middle = low + (high - low) / 2;
        known = known.hull(at(middle, middle));
        pieces.extend([(low, middle), (middle + 1, high)]);
    }
    found
}
