//! Exits: desertion, defection and departure as competing hazards.
//!
//! A theory of exit is the set of blocks that are active; each block has a file
//! of its own in `blocks`, with its form, parameters, bound and theories. Nearly every member stays on nearly
//! every day, which `draws` finds out without computing his hazard; `bounds`
//! watches over what it relies on.
//!
//! # Form
//! ```text
//! h_k = h0_k exp(sum of the active blocks)     a month; h0: h_d desertion, h_s defection, h_l departure
//! P(exit today) = day(sum of the h_k)         the kind is drawn in proportion to h_k
//! ```
//!
//! or, with the mechanism `destination`, from one hazard by what awaits him (see destination).
//!
//! In the blocks `half(t, tau) = 2^(-t / tau)`, and departure takes the ratios of desertion unless a
//! block says otherwise. A leaver may be caught (see deterrence). A defector needs a group at war with
//! his own that has a position within `d_max`; without one he deserts. A foreign deserter leaves the
//! country. When a commander defects and the cascade block is active, he takes his unit along with
//! probability `p_u`; then each member on duty goes with his doubt, `sig(-L)`. The unit learns of an
//! exit after `t_v` days.
//!
//! # Source
//! Nussio & Ugarriza (2021) for the base rate; McLauchlin (2014), Bearman
//! (1991), Costa & Kahn (2003), Oppenheim et al. (2015), Granovetter (1978)
//! for the signs of the blocks; see evidence A7 to A9.

pub(crate) mod blocks;
mod bounds;
mod destination;
mod draws;
mod hazards;
mod leaving;
pub(crate) mod losses;
mod persuasion;
mod with_unit;

pub use blocks::{ActiveBlocks, BLOCKS, Block, BlockParameters, BlockRules, BlockWords, N_BLOCKS};
pub(crate) use blocks::{PreparedBlocks, exit_blocks, share_from_one_area};
pub use bounds::{Bound, BrokenBound};
pub(crate) use bounds::{BoundWatch, check_candidate, check_claims};
pub use destination::DestinationParameters;
pub(crate) use draws::LowDraws;
pub(crate) use leaving::{Leaving, be_gone};
pub(crate) use losses::note_loss;
pub use persuasion::PersuasionParameters;
pub(crate) use with_unit::{hand_over, leave_with_unit};

use crate::crew::Crew;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::Mechanism;
use crate::tables::{ExitKind, Standing};

/// Number of kinds of exit.
pub(crate) const N_KINDS: usize = ExitKind::ALL.len();
/// A value for each kind of exit, in the order of [`ExitKind::ALL`].
pub(crate) type PerKind = [f64; N_KINDS];

parameters! {
    /// Hazards of desertion, defection and departure.
    pub struct ExitParameters = "exits" {
        /// Baseline hazard of desertion.
        desertion_per_month: "h_d", "1/month", 0.003 in 0.001..0.008 within 0.0..2.0 off 0.0, Derived, "men whom nothing reached then desert at 0.4-1.5% a month (evidence A7: FARC, 0.85%, Nussio & Ugarriza 2021): the blocks multiply the baseline by three on average";
        /// Baseline hazard of defection.
        defection_per_month: "h_s", "1/month", 0.00075 in 0.0002..0.003 within 0.0..2.0 off 0.0, Derived, "evidence A7";
        /// Baseline hazard of leaving the country.
        departure_per_month: "h_l", "1/month", 0.0004 in 0.0001..0.0015 within 0.0..2.0 off 0.0, Judgement, "no number exists for early 2014";
        /// Distance within which another group can be reached.
        host_reach_km: "d_max", "km", 20.0 in 5.0..50.0, Judgement, "no number exists";
        /// Monthly income outside.
        alternative_pay_usd: "w_0", "USD/month", 100.0 in 50.0..200.0, Judgement, "evidence B6: minimum wage before the war, halved";
        /// Days until the unit knows of an exit.
        exit_visible_days: "t_v", "d", 1.0 in 1.0..7.0, Judgement, "evidence A9";
    } with blocks: BlockParameters
}

/// Every active member stays or leaves.
#[inline(never)]
pub(crate) fn decide(model: &mut Model<'_>, crew: &dyn Crew) {
    if !model.runs(Mechanism::Exits) {
        return;
    }
    losses::count(model);
    for decision in draws::decisions(model, crew) {
        if model.people.at(decision.row).standing == Standing::Active {
            leaving::set_out(model, &decision);
        }
    }
}
