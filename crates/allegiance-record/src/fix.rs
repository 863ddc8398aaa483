//! What helps against a mistake, as data.
//!
//! A library says what is wrong and, by a [`Fix`], what helps; the command line
//! words it with its options, Python with its arguments, the page in its words.

use crate::setup_differences::DifferenceKind;

/// What helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Look at the outcomes of this scenario.
    ListOutcomes(String),
    /// Name the incident.
    NameIncident,
    /// Name a case in the scenario's file.
    NameCase,
    /// Name parameters, here or in the case.
    NameParameters,
    /// Pick another kind of person, or run more replicates.
    PickAnother,
    /// Compare setups that are alike in this.
    SameWorld(DifferenceKind),
    /// Write to another folder, or remove the one that is there.
    OtherFolderOrRemove,
    /// Name another folder, where it is what is asked for and no setting.
    NameAnotherOrRemove,
    /// Write to another folder.
    OtherFolder,
    /// Run again with every table, or with this one among those written.
    WriteTable(String),
    /// Run the shards first.
    RunShards,
    /// Run the shard again, over the damaged one.
    RunShardAgain,
    /// Draw more wars, or ask for fewer truths.
    MoreDraws,
    /// Ask for fewer events of a group, or give the sides groups.
    GiveGroups,
    /// Give larger places, or a population.
    GivePopulation,
    /// Name the column of the table of places that has the inhabitants, or say that none has.
    NamePopulationColumn,
    /// Go on though the places are far from the events.
    AcceptFarPlaces,
}
