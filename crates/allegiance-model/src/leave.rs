//! Leave of members at home, by a rota that costs no state: each local member
//! has a phase, and is at home for the first days of every cycle.
//!
//! # Form
//! A member with a home in the region is on leave for the first `d_l` days of every cycle of `d_l / l`
//! days, from a phase of his own. Leave asks neither how far the home is nor who holds it.

use crate::ids::PersonId;
use crate::parameters::parameters;
use crate::random::{Draws, Purpose};

parameters! {
    /// Leave of members at home, by rota.
    pub struct LeaveParameters = "leave" {
        /// Share of local members who are on leave at any time.
        share_on_leave: "l", "share", 0.1 in 0.03 .. 0.2, Judgement, "evidence A17: 10% on leave";
        /// Length of one leave.
        days: "d_l", "d", 7.0 in 3.0 .. 21.0, Judgement, "no number exists";
    }
}

/// The rota of leave of a run.
#[derive(Debug, Clone, Copy)]
pub struct Rota {
    cycle_days: u32,
    leave_days: u32,
}

impl Rota {
    /// The rota that the parameters describe; without leave if switched off.
    pub fn new(parameters: &LeaveParameters, is_on: bool) -> Self {
        let leave_days = (parameters.days.round() as u32).max(1);
        let cycle_days = (f64::from(leave_days) / parameters.share_on_leave.max(1e-6)).round() as u32;
        if is_on && parameters.share_on_leave > 0.0 {
            Self { cycle_days: cycle_days.max(1), leave_days }
        } else {
            Self { cycle_days: 1, leave_days: 0 }
        }
    }

    /// The phase of a member in the rota.
    pub fn phase(&self, draws: &Draws, person: PersonId) -> u32 {
        (draws.uniform(Purpose::LeavePhase, person.0, 0, 0) * f64::from(self.cycle_days)) as u32
    }

    /// Whether the rota has a member of a phase on leave on a day.
    pub fn is_on_leave(&self, phase: u32, day: u32) -> bool {
        (day + phase) % self.cycle_days < self.leave_days
    }
}

#[cfg(test)]
mod tests {
    use super::{LeaveParameters, Rota};

    #[test]
    fn the_rota_keeps_the_wanted_share_on_leave() {
        let rota = Rota::new(&LeaveParameters::default(), true);
        let n_days = (0..70).map(|day| (0..70).filter(|&phase| rota.is_on_leave(phase, day)).count());
        assert!(n_days.clone().all(|n| n == 7));
        let none = Rota::new(&LeaveParameters::default(), false);
        assert!((0..70).all(|day| !none.is_on_leave(0, day)));
    }
}
