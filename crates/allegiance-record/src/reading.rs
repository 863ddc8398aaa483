//! A run that can be read, whoever holds it.

use crate::manifest::Manifest;
use crate::observe::RecordRow;
use crate::setting::Setting;
use allegiance_model::tables::Records;
use std::error::Error;

/// Where a place lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// First administrative level.
    pub governorate: String,
    /// Second administrative level.
    pub district: String,
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Inhabitants on the first day.
    pub population: u32,
}

/// A finished run, open for reading: in a folder, or somewhere else.
pub trait ReadRun: Sync {
    /// Why something can't be read.
    type Error: Error + Send + Sync + 'static;

    /// The content of `run.json`.
    fn manifest(&self) -> &Manifest;

    /// Names, dates, and whose record it is.
    fn setting(&self) -> &Setting;

    /// Where it lies, as people name it.
    fn name(&self) -> String;

    /// Some tables of one replicate, by name; the others stay empty.
    ///
    /// # Errors
    /// Where one of them can't be read.
    fn records_of(&self, replicate: u32, tables: &[&str]) -> Result<Records, Self::Error>;

    /// The reported record of one replicate.
    ///
    /// # Errors
    /// Where it can't be read.
    fn reported(&self, replicate: u32) -> Result<Vec<RecordRow>, Self::Error>;

    /// Where the places lie, in their order.
    ///
    /// # Errors
    /// Where it can't be read.
    fn sites(&self) -> Result<Vec<Site>, Self::Error>;

    /// The replicates, in their order.
    fn replicates(&self) -> std::ops::Range<u32> {
        0..self.manifest().n_replicates
    }
}
