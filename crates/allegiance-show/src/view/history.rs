//! One replicate: who held what, what happened, who fled, what was believed.

use super::holder::{HolderChange, holder_changes};
use super::rounded;
use super::series::{Series, series};
use crate::story::incident_sentence;
use allegiance_model::tables::Records;
use allegiance_record::reading::ReadRun;
use allegiance_record::setting::Setting;
use serde::Serialize;
use std::collections::BTreeMap;

/// Digits after the point of shares and convictions.
const DIGITS: i32 = 3;

/// A control share, on the first day or when it changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ControlChange {
    /// The day, at its end.
    pub day: u32,
    /// The place, by its position.
    pub place: u32,
    /// The group, by its position.
    pub group: u8,
    /// Its control share from then on.
    pub share: f64,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IncidentView {
    /// Its number.
    pub incident: u32,
    /// The day.
    pub day: u32,
    /// The place, by its position.
    pub place: u32,
    /// What it was.
    pub kind: &'static str,
    /// The group that did it, by its position.
    pub perpetrator: u8,
    /// The armed group it was done to.
    pub target: Option<u8>,
    /// Whether the attackers won.
    pub attackers_won: bool,
    /// Dead of the attacking side.
    pub dead_perpetrator: u32,
    /// Dead of the target side.
    pub dead_target: u32,
    /// Dead civilians.
    pub dead_civilians: u32,
    /// The incident in words.
    pub sentence: String,
}

/// How many inhabitants of a place are away from home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Exodus {
    /// The day, at its end.
    pub day: u32,
    /// The place of origin, by its position.
    pub place: u32,
    /// People away from then on.
    pub people_away: u32,
}

/// What the sampled members from a place believe on a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HomeBelief {
    /// The day.
    pub day: u32,
    /// Their home, by its position.
    pub home: u32,
    /// Their group, by its position.
    pub group: u8,
    /// Mean conviction, log-odds.
    pub mean_conviction: f64,
    /// How many were sampled.
    pub n: u32,
}

/// One replicate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct History {
    /// Its number.
    pub replicate: u32,
    /// Control on change, in order of day; shares rounded to 0.001.
    pub control: Vec<ControlChange>,
    /// Who holds each place on the first day, and every change, in order of day.
    pub holders: Vec<HolderChange>,
    /// Incidents, in order of number.
    pub incidents: Vec<IncidentView>,
    /// Displacement on change, in order of day.
    pub displacement: Vec<Exodus>,
    /// The groups day by day, by measure, then group.
    pub series: Vec<Series>,
    /// Sampled beliefs by home and group, in order of day.
    pub beliefs: Vec<HomeBelief>,
    /// The digest of each table, by name.
    pub digests: BTreeMap<String, String>,
}

impl History {
    /// That of a record. `digests` are those of its tables.
    pub fn of(setting: &Setting, records: &Records, replicate: u32, digests: BTreeMap<String, String>) -> Self {
        Self { digests, ..Self::since(setting, records, replicate, 0) }
    }

    /// What a record, of a history that may still go on, has of a day and later ones;
    /// without digests.
    pub fn since(setting: &Setting, records: &Records, replicate: u32, day: u32) -> Self {
        let control = records.control.rows().filter(|row| row.day.0 >= day);
        let displacement = records.displacement.rows().filter(|row| row.day.0 >= day);
        let mut holders = holder_changes(&records.control, setting.groups.len());
        holders.retain(|change| change.day >= day);
        Self {
            replicate,
            control: control
                .map(|row| ControlChange {
                    day: row.day.0,
                    place: row.place.0,
                    group: row.group.0,
                    share: rounded(row.share, DIGITS),
                })
                .collect(),
            holders,
            incidents: incidents(setting, records, day),
            displacement: displacement
                .map(|row| Exodus { day: row.day.0, place: row.place.0, people_away: row.people_away })
                .collect(),
            series: series(records.groups.rows().filter(|row| row.day.0 >= day), setting.groups.len()),
            beliefs: beliefs(records, day),
            digests: BTreeMap::new(),
        }
    }

    /// That of a replicate of a finished run.
    ///
    /// # Errors
    /// Where one of its tables can't be read.
    pub fn of_run<R: ReadRun>(run: &R, replicate: u32) -> Result<Self, R::Error> {
        let records = run.records_of(replicate, &["incidents", "groups", "control", "displacement", "beliefs"])?;
        // A table of the whole run, such as the places, has one digest that is
        // no replicate's.
        let tables = run.manifest().tables.iter().filter(|(name, _)| *name != "places");
        let digests =
            tables.filter_map(|(name, entry)| Some((name.clone(), entry.digests.get(replicate as usize)?.clone())));
        Ok(Self::of(run.setting(), &records, replicate, digests.collect()))
    }
}

fn incidents(setting: &Setting, records: &Records, since: u32) -> Vec<IncidentView> {
    let rows = records.incidents.rows().filter(|row| row.day.0 >= since);
    rows.map(|row| IncidentView {
        incident: row.incident.0,
        day: row.day.0,
        place: row.place.0,
        kind: row.kind.word(),
        perpetrator: row.perpetrator.0,
        target: row.target.map(|group| group.0),
        attackers_won: row.attackers_won,
        dead_perpetrator: row.dead_perpetrator,
        dead_target: row.dead_target,
        dead_civilians: row.dead_civilians,
        sentence: incident_sentence(setting, &row),
    })
    .collect()
}

fn beliefs(records: &Records, since: u32) -> Vec<HomeBelief> {
    let mut sums: BTreeMap<(u32, u32, u8), (f64, u32)> = BTreeMap::new();
    for row in records.beliefs.rows().filter(|row| row.day.0 >= since) {
        let Some(home) = row.home else { continue };
        let (sum, n) = sums.entry((row.day.0, home.0, row.group.0)).or_default();
        *sum += row.conviction;
        *n += 1;
    }
    sums.into_iter()
        .map(|((day, home, group), (sum, n))| HomeBelief {
            day,
            home,
            group,
            mean_conviction: rounded(sum / f64::from(n), DIGITS),
            n,
        })
        .collect()
}
