//! State, kept at the level at which it varies: groups, places, units, and
//! the people whom history touched.

mod groups;
mod people;
mod places;
mod schedule;
mod units;

pub(crate) use groups::Groups;
pub(crate) use people::{Acceptance, Grievance, Hearing, Mind, NewPerson, People, PersonState, Suspicion};
pub(crate) use places::Places;
pub(crate) use schedule::{Due, Schedule};
pub(crate) use units::{Setback, UnitState, Units};
