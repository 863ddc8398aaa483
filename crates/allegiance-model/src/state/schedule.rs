//! What is due on a later day.

use crate::ids::{IncidentId, Row, UnitId};
use crate::tables::Channel;

/// Something due on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) enum Due {
    /// A wounded member returns to duty.
    Recovery(Row),
    /// A wounded member dies.
    DeathOfWounds {
        /// The member.
        row: Row,
        /// The incident in which he was wounded.
        incident: IncidentId,
        /// Whether he was on the side that the incident was done to.
        is_of_target: bool,
    },
    /// A prisoner or detained member is freed.
    Release(Row),
    /// A prisoner is let go home.
    Parole(Row),
    /// A prisoner enters the service of his captor.
    Recruitment(Row),
    /// A unit gets to know that one of its own has left.
    ExitKnown(UnitId),
    /// News of an incident reaches a member.
    News {
        /// The member.
        row: Row,
        /// The incident.
        incident: IncidentId,
        /// How it reaches him.
        channel: Channel,
    },
}

/// What is due, by day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Schedule {
    by_day: Vec<Vec<Due>>,
}

impl Schedule {
    /// An empty schedule of a number of days; later days are dropped.
    pub(crate) fn new(n_days: u32) -> Self {
        Self { by_day: vec![Vec::new(); n_days as usize] }
    }

    /// Puts something on a day.
    pub(crate) fn add(&mut self, day: u32, due: Due) {
        if let Some(list) = self.by_day.get_mut(day as usize) {
            list.push(due);
        }
    }

    /// Drops what is forgotten, on every day.
    pub(crate) fn forget(&mut self, is_forgotten: impl Fn(&Due) -> bool) {
        for list in &mut self.by_day {
            list.retain(|due| !is_forgotten(due));
        }
    }

    /// Takes what is due on a day, in the order in which it was put there.
    pub(crate) fn take(&mut self, day: u32) -> Vec<Due> {
        self.by_day.get_mut(day as usize).map(std::mem::take).unwrap_or_default()
    }
}
