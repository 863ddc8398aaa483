//! Who does the work of a day: one after another, or several at a time.
//!
//! Much of a phase only looks at the state, and changes it afterwards. What it looks at
//! can be cut into parts that don't depend on one another; what they find is put together
//! in their order. So no record depends on the crew, and the engine needs no threads: who
//! has some lends them.

use std::ops::Range;

/// A part of a phase.
pub type Job<'j> = Box<dyn FnOnce() + Send + 'j>;

/// Those who work.
pub trait Crew: Sync {
    /// How many can work at a time.
    fn size(&self) -> usize;

    /// Does all jobs, in any order, and comes back when all are done.
    fn work(&self, jobs: Vec<Job<'_>>);
}

/// One who does everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Alone;

impl Crew for Alone {
    fn size(&self) -> usize {
        1
    }

    fn work(&self, jobs: Vec<Job<'_>>) {
        for job in jobs {
            job();
        }
    }
}

/// Parts for each of the crew: some take longer than others.
const PARTS_EACH: usize = 4;

/// What `part` finds in `0..n`, cut into ranges in their order. Of less than `least` it isn't
/// worth to make several.
pub(crate) fn in_parts<T: Send>(
    crew: &dyn Crew,
    (n, least): (usize, usize),
    part: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let n_parts = if crew.size() > 1 { (n / least.max(1)).min(PARTS_EACH * crew.size()) } else { 1 };
    if n_parts < 2 {
        return vec![part(0..n)];
    }
    let mut found: Vec<Option<T>> = (0..n_parts).map(|_| None).collect();
    let part = &part;
    let jobs = found.iter_mut().enumerate().map(|(at, found)| -> Job<'_> {
        let range = at * n / n_parts..(at + 1) * n / n_parts;
        Box::new(move || *found = Some(part(range)))
    });
    crew.work(jobs.collect());
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::{Alone, Crew, Job, in_parts};

    /// Does the last job first.
    pub(crate) struct Backwards;

    impl Crew for Backwards {
        fn size(&self) -> usize {
            3
        }

        fn work(&self, jobs: Vec<Job<'_>>) {
            jobs.into_iter().rev().for_each(|job| job());
        }
    }

    #[test]
    fn parts_are_put_together_in_their_order_whoever_is_first() {
        for (n, n_parts) in [(0, 1), (9, 1), (25, 2), (120, 12), (1_000, 12)] {
            let found = in_parts(&Backwards, (n, 10), Iterator::collect::<Vec<_>>);
            assert_eq!((found.len(), found.concat()), (n_parts, (0..n).collect()), "{n}");
            assert_eq!(in_parts(&Alone, (n, 10), |range| range.end), [n]);
        }
    }
}
