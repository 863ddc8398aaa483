//! The units that counts are made for: cells of PRIO-GRID, and districts.

use allegiance_model::maths::{cos, degrees_east, sqrt};
use allegiance_record::observe::{RecordRow, priogrid_gid};
use allegiance_record::reading::Site;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A cell of PRIO-GRID, half a degree wide.
    PrioGrid,
    /// A second administrative level of the scenario.
    District,
}

impl Level {
    /// Both, the finer first.
    pub const ALL: [Self; 2] = [Self::PrioGrid, Self::District];

    /// The word that tables and messages use.
    pub fn word(self) -> &'static str {
        match self {
            Self::PrioGrid => "prio_grid",
            Self::District => "district",
        }
    }
}

/// Why an event has no unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unplaced {
    /// It is known to a governorate at best.
    Vague,
    /// It lies where the scenario has no place.
    Elsewhere,
}

/// The least precision of a location that names no district.
const VAGUE_WHERE_PREC: u8 = 4;
/// How far the nearest place of its district may lie from an event, in
/// kilometres. Places lie a few kilometres apart where people live.
const NEAR_KM: f64 = 15.0;
/// Kilometres of a degree along a meridian.
const KM_PER_DEGREE: f64 = 111.195;

/// The units of one level of a scenario: those with a populated place.
#[derive(Debug, Clone)]
pub(super) struct Units {
    level: Level,
    names: Vec<String>,
    cells: BTreeMap<u32, usize>,
    districts: BTreeMap<(String, String), usize>,
    sites: Vec<Site>,
}

impl Units {
    /// The units of the places' sites.
    pub(super) fn of(level: Level, sites: &[Site]) -> Self {
        let of_grid: BTreeSet<u32> =
            sites.iter().map(|site| priogrid_gid(site.latitude_deg, site.longitude_deg)).collect();
        let of_admin: BTreeSet<(String, String)> = sites.iter().map(district_of).collect();
        let names = match level {
            Level::PrioGrid => of_grid.iter().map(u32::to_string).collect(),
            Level::District => {
                of_admin.iter().map(|(governorate, district)| format!("{governorate}/{district}")).collect()
            }
        };
        Self {
            level,
            names,
            cells: of_grid.into_iter().zip(0..).collect(),
            districts: of_admin.into_iter().zip(0..).collect(),
            sites: sites.to_vec(),
        }
    }

    /// What a unit is.
    pub(super) fn level(&self) -> Level {
        self.level
    }

    /// Names, in the order of the units.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The unit of an event.
    ///
    /// A cell is that of the point. A district is the one that `adm_1` and
    /// `adm_2` name, or else that of the nearest place, since administrative
    /// names have many spellings.
    ///
    /// # Errors
    /// Why it has none.
    pub(super) fn unit_of(&self, row: &RecordRow) -> Result<usize, Unplaced> {
        if row.where_prec >= VAGUE_WHERE_PREC {
            return Err(Unplaced::Vague);
        }
        let found = match self.level {
            Level::PrioGrid => self.cells.get(&priogrid_gid(row.latitude_deg, row.longitude_deg)),
            Level::District => self.districts.get(&named(row)).or_else(|| self.nearest(row)),
        };
        found.copied().ok_or(Unplaced::Elsewhere)
    }

    fn nearest(&self, row: &RecordRow) -> Option<&usize> {
        let scale = cos(row.latitude_deg.to_radians());
        let distance_km = |site: &Site| {
            let east = degrees_east(site.longitude_deg, row.longitude_deg) * scale;
            let north = site.latitude_deg - row.latitude_deg;
            KM_PER_DEGREE * sqrt(east * east + north * north)
        };
        let (distance, site) =
            self.sites.iter().map(|site| (distance_km(site), site)).min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        (distance <= NEAR_KM).then(|| self.districts.get(&district_of(site))).flatten()
    }
}

fn district_of(site: &Site) -> (String, String) {
    (site.governorate.clone(), site.district.clone())
}

/// The administrative names of an event without their nouns.
fn named(row: &RecordRow) -> (String, String) {
    let bare = |name: &str, nouns: [&str; 3]| {
        let name = name.trim();
        nouns.iter().find_map(|noun| name.strip_suffix(noun)).unwrap_or(name).trim().to_owned()
    };
    (
        bare(&row.adm_1, [" governorate", " province", " state"]),
        bare(&row.adm_2, [" district", " county", " department"]),
    )
}
