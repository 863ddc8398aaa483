//! Whether the bounds hold by which the engine passes over members.
//!
//! A bound that is too low drops exits from the tables, and nothing in them
//! would show it. So bounds are looked at in every build: the chance to leave of
//! everyone whose draw is low enough to be looked at, and the bound of each block
//! of one in eight of them, of one in 64 whose ceilings are computed again, and of
//! a few others every day; what claims do, of one member of a unit that hears
//! some, when it's the unit's turn. The first that doesn't hold makes
//! [`Model::into_records`] fail by its name.

use super::blocks::{Member, homogeneity};
use super::hazards::{Hazards, hazards, most_of};
use crate::belief;
use crate::ids::{PersonId, Row, UnitId};
use crate::maths::daily_probability;
use crate::model::Model;
use crate::muster::rota_has_leave;
use crate::tables::Cause;
use crate::theory::{PreparedTheory, Slot};

/// What a bound is of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Bound {
    /// What a block of the exit hazard adds to the log-hazard.
    Block(Cause),
    /// What a block that somebody wrote adds to the log-hazard.
    OwnBlock {
        /// The name of the theory.
        theory: String,
        /// The name of the block.
        block: String,
        /// The line of the theory's file on which the block begins.
        line: u32,
        /// Whether the author stated the bound, so that he can mend it.
        is_stated: bool,
    },
    /// How far claims lower conviction under a theory of belief, by its name.
    Claims(String),
    /// The log-hazard of joining under a theory that somebody wrote, by its name.
    Joining(String),
    /// A member's chance to leave on a day, as computed when something last
    /// touched him.
    Ceiling,
}

/// A bound that didn't hold: a bug of the engine, or a bound that the author of
/// a theory stated too low.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BrokenBound {
    /// What it's of.
    pub of: Bound,
    /// The first member for whom it didn't hold.
    pub person: PersonId,
    /// The day, from 0.
    pub day: u32,
    /// What was found.
    pub value: f64,
    /// What it should not have exceeded, or fallen below for conviction.
    pub bound: f64,
    /// How often any bound was found not to hold.
    pub n_times: u32,
}

impl core::fmt::Display for BrokenBound {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.of {
            Bound::OwnBlock { theory, block, line, .. } => {
                write!(
                    f,
                    "the bound of the block {block:?} of the theory {theory}, on line {line} of its file, doesn't hold"
                )?;
            }
            Bound::Block(cause) => write!(f, "the bound of the exit block {} doesn't hold", cause.word())?,
            Bound::Claims(theory) => write!(f, "the bound of the theory of belief {theory} doesn't hold")?,
            Bound::Joining(theory) => {
                write!(f, "the bound of the hazard of joining under the theory {theory} doesn't hold")?;
            }
            Bound::Ceiling => write!(f, "the ceiling of a member's chance to leave is out of date")?,
        }
        let than = if matches!(self.of, Bound::Claims(_)) { "below" } else { "above" };
        write!(
            f,
            ": {} is {than} {} for person {} on day {}, the first of {} cases; exits may be missing, so there are no \
             results; ",
            self.value, self.bound, self.person.0, self.day, self.n_times
        )?;
        f.write_str(if self.is_stated() {
            "state a higher bound, or leave it out and the bound is derived"
        } else {
            "this is a bug of Allegiance, please report it"
        })
    }
}

impl core::error::Error for BrokenBound {}

impl BrokenBound {
    /// Whether somebody stated the bound, and no bug of the engine broke it.
    pub fn is_stated(&self) -> bool {
        matches!(self.of, Bound::OwnBlock { is_stated: true, .. })
    }
}

/// The bounds found not to hold in a run.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct BoundWatch {
    first: Option<BrokenBound>,
}

impl BoundWatch {
    /// The first bound that didn't hold.
    pub(crate) fn first(&self) -> Option<&BrokenBound> {
        self.first.as_ref()
    }

    fn note(&mut self, found: BrokenBound) {
        self.first.get_or_insert(BrokenBound { n_times: 0, ..found }).n_times += 1;
    }
}

/// Of this many members, one is looked at each day whatever his draw.
const AUDIT_STRIDE: usize = 512;
/// Of this many members whose ceilings are computed again, one is looked at.
const RENEWAL_STRIDE: usize = 64;
/// Of this many members whose draws are low enough, the blocks of one are looked at.
const LOOK_STRIDE: usize = 8;
/// Of this many units, one is looked at each day when it hears claims.
const CLAIM_STRIDE: usize = 8;
/// Room for rounding, relative to the bound.
const ROUNDING: f64 = 1e-9;

/// Whether a value is above its bound, or no number.
fn is_above(value: f64, bound: f64) -> bool {
    value.is_nan() || value > bound + ROUNDING * (1.0 + bound.abs())
}

/// Takes note of a candidate whose hazard of joining is above what was taken for the
/// most that it can be.
pub(crate) fn check_candidate(model: &mut Model<'_>, person: PersonId, hazard: f64, most: f64) {
    if is_above(hazard, most) {
        let of = Bound::Joining(model.world.setup.own_in(Slot::Joining).map_or("", |own| &own.name).to_owned());
        let day = model.day;
        model.bounds.note(BrokenBound { of, person, day, value: hazard, bound: most, n_times: 1 });
    }
}

fn note(model: &mut Model<'_>, of: Bound, row: Row, value: f64, bound: f64) {
    let (person, day) = (model.people.at(row).person, model.day);
    model.bounds.note(BrokenBound { of, person, day, value, bound, n_times: 1 });
}

/// Checks the bound of each block that is active.
fn check_blocks(model: &mut Model<'_>, member: Member, hazards: &Hazards) {
    check_own_blocks(model, member);
    let is_on_leave = rota_has_leave(model, member.row);
    for (column, block) in model.active_blocks.by_column().into_iter().enumerate() {
        let Some(block) = block else { continue };
        let most = most_of(model, block, member, is_on_leave);
        let value = hazards.of_column(column);
        if let Some(kind) = (0..most.len()).find(|&kind| is_above(value[kind], most[kind])) {
            note(model, Bound::Block(block.cause), member.row, value[kind], most[kind]);
        }
    }
}

/// Checks the bound of each block that somebody wrote.
fn check_own_blocks(model: &mut Model<'_>, member: Member) {
    let world = model.world;
    let (Some(prepared), Some(theory)) = (&world.own, world.setup.own_in(Slot::Exit)) else { return };
    if let Some((at, value, bound)) = prepared.broken(model, member) {
        let block = &theory.own_blocks[at];
        let is_stated = block.bound.is_some_and(|stated| stated <= bound);
        let (theory, name, line) = (theory.name.clone(), block.name.clone(), block.line);
        note(model, Bound::OwnBlock { theory, block: name, line, is_stated }, member.row, value, bound);
    }
}

/// Whether the theory states bounds, which are looked at whenever they can be.
fn states_bounds(model: &Model<'_>) -> bool {
    model.world.own.as_ref().is_some_and(PreparedTheory::states_bounds)
}

/// Checks that a member's chance to leave is below what was taken for the most
/// that it can be, and gives his hazards. Where it isn't, and now and then where
/// it is, the blocks say whose bound it was.
pub(crate) fn check_member(model: &mut Model<'_>, member: Member, most: f64) -> Hazards {
    let hazards = hazards_of(model, member);
    check_hazards(model, member, most, &hazards);
    hazards
}

/// The same for hazards that are known.
pub(crate) fn check_hazards(model: &mut Model<'_>, member: Member, most: f64, hazards: &Hazards) {
    let p_exit = daily_probability(hazards.total());
    let is_broken = most < 1.0 && (p_exit.is_nan() || p_exit > most * (1.0 + ROUNDING));
    if is_broken || states_bounds(model) || is_turn(model, member.row, LOOK_STRIDE) {
        check_blocks(model, member, hazards);
    }
    if is_broken {
        note(model, Bound::Ceiling, member.row, p_exit, most);
    }
}

/// Checks the bounds of a member whatever his draw.
pub(crate) fn audit_member(model: &mut Model<'_>, member: Member, most: f64) {
    let hazards = check_member(model, member, most);
    check_blocks(model, member, &hazards);
}

/// The hazards of a member, with what his unit's homogeneity needs at hand.
fn hazards_of(model: &mut Model<'_>, member: Member) -> Hazards {
    have_homogeneity(model, member.unit);
    hazards(model, member)
}

/// Makes sure that a unit's homogeneity is at hand, which the hazards of its members need.
pub(crate) fn have_homogeneity(model: &mut Model<'_>, unit: UnitId) {
    if model.units.at(unit).homogeneity.is_none() {
        model.units.at_mut(unit).homogeneity = Some(homogeneity(model, unit));
    }
}

/// Checks the bounds of a member whose ceiling is computed again, if it's his
/// turn: looking at everyone's would make a run a seventh slower.
pub(crate) fn check_renewed(model: &mut Model<'_>, member: Member) {
    if states_bounds(model) || is_turn(model, member.row, RENEWAL_STRIDE) {
        let hazards = hazards_of(model, member);
        check_blocks(model, member, &hazards);
    }
}

fn is_turn(model: &Model<'_>, row: Row, stride: usize) -> bool {
    (row.idx() + model.day as usize).is_multiple_of(stride)
}

/// The members who are looked at today whatever their draw.
pub(crate) fn audited(model: &Model<'_>) -> impl Iterator<Item = Row> + use<> {
    let n_rows = model.people.list.len();
    (model.day as usize % AUDIT_STRIDE..n_rows).step_by(AUDIT_STRIDE).map(|row| Row(row as u32))
}

/// Lets a unit hear claims. Where it's the unit's turn, checks with one of its
/// members that they lower conviction by no more than the theory of belief says
/// they can.
pub(crate) fn check_claims(model: &mut Model<'_>, unit: UnitId, most: f64, hear: impl FnOnce(&mut Model<'_>)) {
    let members = &model.units.at(unit).members;
    let is_its_turn = (unit.idx() + model.day as usize).is_multiple_of(CLAIM_STRIDE);
    let witness = members.get(model.day as usize % members.len().max(1)).copied().filter(|_| is_its_turn);
    let lowest = witness.map(|row| belief::lowest_conviction(model, row) - most);
    hear(model);
    let (Some(row), Some(lowest)) = (witness, lowest) else { return };
    let conviction = belief::conviction_now(model, row);
    if is_above(-conviction, -lowest) {
        note(model, Bound::Claims(model.world.setup.belief_theory().to_owned()), row, conviction, lowest);
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, BrokenBound};
    use crate::dense::worlds::small_war;
    use crate::exits::blocks::{BLOCKS, Block, BlockBound};
    use crate::ids::PersonId;
    use crate::model::Model;
    use crate::setup::{BeliefTheory, ExitTheory, Setup};
    use crate::tables::Cause;
    use crate::world::World;

    fn war(belief: BeliefTheory, exit: ExitTheory) -> Setup {
        let mut setup = small_war();
        (setup.theory.belief, setup.theory.exit) = (belief, exit);
        setup
    }

    fn fight(model: &mut Model<'_>, until: u32) {
        while model.day() < until && !model.is_finished() {
            model.step();
        }
    }

    /// What stops a run in which one block states another bound.
    fn broken_by(block: &Block, bound: BlockBound) -> Option<BrokenBound> {
        let world = World::build(war(BeliefTheory::SourceCredibility, ExitTheory::Full));
        let mut model = Model::new(&world, 0);
        model.active_blocks.replace(block.with_bound(bound));
        fight(&mut model, u32::MAX);
        model.into_records().err()
    }

    #[test]
    fn a_bound_below_what_a_block_adds_stops_the_run_by_the_name_of_the_block() {
        // That of a theory that somebody wrote isn't active here.
        for block in BLOCKS.iter().filter(|block| block.cause != Cause::Own) {
            assert_eq!(broken_by(block, block.rules.bound), None, "{}", block.cause.word());
            let wrong = BlockBound { until_touched: |_, _| [-100.0; 3], ..block.rules.bound };
            let broken = broken_by(block, wrong).unwrap();
            assert_eq!((broken.of, broken.bound < -90.0), (Bound::Block(block.cause), true));
        }
    }

    #[test]
    fn harm_that_was_forgotten_in_a_bound_is_found() {
        let block = BLOCKS.iter().find(|block| block.cause == Cause::KinAndHome).unwrap();
        let broken = broken_by(block, BlockBound::NEVER_ABOVE_ZERO).unwrap();
        assert_eq!((broken.of, broken.bound.to_bits()), (Bound::Block(Cause::KinAndHome), 0.0_f64.to_bits()));
        assert!(broken.value > 0.0 && broken.n_times > 1);
    }

    #[test]
    fn claims_that_lower_conviction_further_than_a_theory_says_stop_the_run_by_its_name() {
        for theory in [BeliefTheory::SourceCredibility, BeliefTheory::MotivatedReasoning] {
            let mut world = World::build(war(theory, ExitTheory::Full));
            world.belief.claim_that_claims_do_nothing();
            let mut model = Model::new(&world, 0);
            fight(&mut model, u32::MAX);
            assert_eq!(model.into_records().unwrap_err().of, Bound::Claims(theory.word().to_owned()));
        }
    }

    #[test]
    fn a_hazard_that_moved_without_a_touch_is_found() {
        let world = World::build(war(BeliefTheory::Fixed, ExitTheory::Full));
        let mut model = Model::new(&world, 0);
        fight(&mut model, 10);
        for row in 0..model.people.list.len() {
            model.people.mind_mut(crate::ids::Row(row as u32)).hearing.prior_conviction -= 6.0;
        }
        fight(&mut model, u32::MAX);
        assert_eq!(model.into_records().unwrap_err().of, Bound::Ceiling);
    }

    #[test]
    fn a_broken_bound_says_what_it_is_of_and_that_it_is_a_bug() {
        let of = |of| BrokenBound { of, person: PersonId(12), day: 3, value: 2.5, bound: 0.5, n_times: 41 };
        let rest = "for person 12 on day 3, the first of 41 cases; exits may be missing, so there are no results; \
                    this is a bug of Allegiance, please report it";
        assert_eq!(
            of(Bound::Block(Cause::KinAndHome)).to_string(),
            format!("the bound of the exit block kin_and_home doesn't hold: 2.5 is above 0.5 {rest}")
        );
        assert_eq!(
            of(Bound::Claims("fixed".to_owned())).to_string(),
            format!("the bound of the theory of belief fixed doesn't hold: 2.5 is below 0.5 {rest}")
        );
        assert_eq!(
            of(Bound::Ceiling).to_string(),
            format!("the ceiling of a member's chance to leave is out of date: 2.5 is above 0.5 {rest}")
        );
    }
}
