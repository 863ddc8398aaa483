//! Which columns make up each stored table. The engine declares the tables;
//! a column that it adds has to be named here too, or this doesn't compile.

use super::ReadRunError;
use super::cells::Rows;
use allegiance_model::tables::{
    Allegiances, Beliefs, ControlShares, Displacements, Exposures, GroupDays, Incidents, Persons, Table,
};

/// A table of the engine that can be read back from a run folder.
pub trait StoredTable: Table + Sized {
    /// The table made of some rows of its file.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    fn from_rows(rows: &Rows<'_>) -> Result<Self, ReadRunError>;
}

macro_rules! stored_tables {
    ($($store:ident { $($column:ident),* $(,)? })*) => {
        $(impl StoredTable for $store {
            fn from_rows(rows: &Rows<'_>) -> Result<Self, ReadRunError> {
                Ok(Self { $($column: rows.column(stringify!($column))?,)* })
            }
        })*
    };
}

stored_tables! {
    Incidents {
        incident, day, place, kind, perpetrator, target, n_attackers, n_defenders,
        p_attackers_win, attackers_won, dead_perpetrator, dead_target, dead_civilians,
        n_executed, n_wounded, n_prisoners, control_after,
    }
    Allegiances {
        day, person, kind, outcome, group, to_group, unit, place, is_foreign, is_on_leave,
        incident, cause, conviction, hazard, hazard_defection, hazard_departure, block_belief,
        block_kin_and_home, block_opportunity, block_deterrence, block_material,
        block_prospects, block_cascade, block_cohesion, suspicion,
    }
    Exposures {
        day, person, incident, channel, group, place, is_on_leave, is_home, blames_group,
        dead_civilians, n_accusations, n_denials, conviction_before, conviction_after,
        credence_before, credence_after,
    }
    GroupDays {
        day, group, n_members, n_foreign, n_wounded, n_held, n_units, n_places_controlled,
        population_share, dead, executed_by_enemy, executed_by_own, joined, deserted, defected,
        departed, arrived, civilians_killed, momentum,
    }
    ControlShares {
        day, place, group, share,
    }
    Displacements {
        day, place, households_fled, households_returned, households_away, people_away,
    }
    Beliefs {
        day, person, group, home, conviction, evidence, n_accusations, n_denials,
        honesty_own_command, honesty_kin, honesty_rivals, honesty_outside_media, credence,
        perceived_risk,
    }
    Persons {
        person, home, household, clan, age, is_female, is_foreign, motive_ideology,
        motive_material, motive_social, first_group, group, standing, n_wounds, suspicion,
    }
}
