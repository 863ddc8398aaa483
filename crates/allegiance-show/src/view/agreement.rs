//! In how many replicates who holds a place.

use super::holder::{Holder, HolderChange, holder_changes};
use allegiance_record::reading::ReadRun;
use allegiance_record::spread::Spread;
use serde::Serialize;
use std::collections::BTreeMap;

/// In how many replicates each group holds a place, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HolderCounts {
    /// The day, at its end.
    pub day: u32,
    /// The place, by its position.
    pub place: u32,
    /// The group, by its position, or none where it is contested, with the
    /// number of replicates; those of none are left out.
    pub held: Vec<(Holder, u32)>,
}

/// How far the replicates of a run agree on who holds what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Agreement {
    /// How many replicates there are.
    pub n_replicates: u32,
    /// The counts from the first day on, and every change, in order of day.
    pub counts: Vec<HolderCounts>,
}

impl Agreement {
    /// That of the holders of some replicates.
    pub fn of(replicates: &[Vec<HolderChange>]) -> Self {
        let mut changes: BTreeMap<(u32, u32), Vec<(usize, Holder)>> = BTreeMap::new();
        for (replicate, holders) in replicates.iter().enumerate() {
            for change in holders {
                changes.entry((change.day, change.place)).or_default().push((replicate, change.holder));
            }
        }
        let mut now: BTreeMap<u32, Vec<Option<Holder>>> = BTreeMap::new();
        let mut counts: Vec<HolderCounts> = Vec::with_capacity(changes.len());
        for ((day, place), changed) in changes {
            let held = now.entry(place).or_insert_with(|| vec![None; replicates.len()]);
            for (replicate, holder) in changed {
                held[replicate] = Some(holder);
            }
            let mut n_of: BTreeMap<Holder, u32> = BTreeMap::new();
            for holder in held.iter().flatten() {
                *n_of.entry(*holder).or_default() += 1;
            }
            counts.push(HolderCounts { day, place, held: n_of.into_iter().collect() });
        }
        Self { n_replicates: replicates.len() as u32, counts }
    }

    /// That of a finished run.
    ///
    /// # Errors
    /// Where a table of the run can't be read.
    pub fn of_run<R: ReadRun>(run: &R, spread: &impl Spread) -> Result<Self, R::Error> {
        let n_groups = run.setting().groups.len();
        let read =
            |replicate: usize| Ok(holder_changes(&run.records_of(replicate as u32, &["control"])?.control, n_groups));
        let replicates: Vec<_> = spread.each(run.replicates().len(), read).into_iter().collect::<Result<_, _>>()?;
        Ok(Self::of(&replicates))
    }
}

#[cfg(test)]
mod tests {
    use super::{Agreement, HolderChange};

    #[test]
    fn each_change_is_counted_over_all_replicates() {
        let change = |day, place, holder| HolderChange { day, place, holder };
        let replicates = [
            vec![change(0, 0, Some(1)), change(0, 1, None), change(4, 0, Some(0))],
            vec![change(0, 0, Some(1)), change(0, 1, Some(0))],
            vec![change(0, 0, Some(1)), change(0, 1, Some(0)), change(4, 0, None)],
        ];
        let found = Agreement::of(&replicates);
        let told: Vec<_> = found.counts.iter().map(|at| (at.day, at.place, at.held.clone())).collect();
        assert_eq!(found.n_replicates, 3);
        assert_eq!(
            told,
            [
                (0, 0, vec![(Some(1), 3)]),
                (0, 1, vec![(None, 1), (Some(0), 2)]),
                (4, 0, vec![(None, 1), (Some(0), 1), (Some(1), 1)]),
            ]
        );
    }
}
