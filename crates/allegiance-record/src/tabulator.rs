//! From the record of a replicate to all of its tables.

use crate::observe::{Gazetteer, ObservationParameters, ReportedEvent, observe, reported_table};
use crate::table::{Names, TableData, tables_of};
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;

/// What the tables of every replicate of a setup have in common.
#[derive(Debug)]
pub struct Tabulator<'s> {
    setup: &'s Setup,
    observation: &'s ObservationParameters,
    gazetteer: Gazetteer,
    names: Names,
}

impl<'s> Tabulator<'s> {
    /// For a setup and what an observer sees of it.
    pub fn new(setup: &'s Setup, observation: &'s ObservationParameters) -> Self {
        Self { setup, observation, gazetteer: Gazetteer::of(setup), names: Names::of(setup) }
    }

    /// What an observer would have reported of a replicate.
    pub fn observe(&self, records: &Records, replicate: u32) -> Vec<ReportedEvent> {
        observe(records, self.setup, &self.gazetteer, self.observation, replicate)
    }

    /// The tables of a replicate: those of the engine, then the reported one.
    pub fn tables(&self, records: Records, replicate: u32) -> Vec<TableData> {
        let events = self.observe(&records, replicate);
        self.tables_with(records, &events)
    }

    /// The same with what an observer has reported already.
    pub fn tables_with(&self, records: Records, events: &[ReportedEvent]) -> Vec<TableData> {
        let mut tables = tables_of(&records, &self.names);
        drop(records);
        tables.push(reported_table(events, self.setup, &self.gazetteer));
        tables
    }

    /// The reported table of a replicate alone.
    pub fn reported(&self, records: &Records, replicate: u32) -> TableData {
        reported_table(&self.observe(records, replicate), self.setup, &self.gazetteer)
    }
}
