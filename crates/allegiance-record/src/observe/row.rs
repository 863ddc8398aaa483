//! What one row of the table `reported` is made of.

use crate::observe::gazetteer::{Point, priogrid_gid};
use crate::observe::record::RecordRow;
use crate::observe::{ReportedEvent, Violence};
use allegiance_model::calendar::Date;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Country, GroupSetup, PlaceSetup, Setup};

/// Number of civilians in UCDP's series of new identifiers.
const CIVILIANS: u32 = 1;
/// Number of civilians in UCDP's older series.
const CIVILIANS_DSET: u32 = 9_999;

/// Number of a group among the sides: its position in the scenario, after the
/// number of civilians.
fn id_of(group: GroupId) -> u32 {
    u32::from(group.0) + 1 + CIVILIANS
}

/// The group that a side of a record is, by its name as reports write it, else
/// by its identifier in the scenario; case doesn't matter.
pub fn group_named(setup: &Setup, side: &str) -> Option<GroupId> {
    let of = |word: fn(&GroupSetup) -> &str| {
        setup.groups.iter().position(|group| word(group).eq_ignore_ascii_case(side)).map(GroupId::from_idx)
    };
    of(|group| &group.name).or_else(|| of(|group| &group.id))
}

/// A reported event with everything that its row is made of.
pub(super) struct Row<'a> {
    pub(super) event: &'a ReportedEvent,
    pub(super) setup: &'a Setup,
    pub(super) point: &'a Point,
    pub(super) start: Date,
    pub(super) end: Date,
    pub(super) is_active_year: bool,
}

impl Row<'_> {
    pub(super) fn relid(&self) -> String {
        let (kind, dyad) = (self.event.violence as u32, self.dyad_id());
        format!("SIM-{}-{kind}-{dyad}-{}", self.year(), self.event.incident)
    }

    pub(super) fn country(&self) -> &Country {
        &self.setup.country
    }

    pub(super) fn place(&self) -> &PlaceSetup {
        &self.setup.places[self.event.place.idx()]
    }

    pub(super) fn governorate(&self) -> String {
        format!("{} governorate", self.place().governorate)
    }

    /// The district, as far as the location is known.
    pub(super) fn district(&self) -> String {
        if self.event.where_prec == 4 { String::new() } else { format!("{} district", self.place().district) }
    }

    pub(super) fn well_known_text(&self) -> String {
        let point = self.point;
        format!("POINT ({} {})", point.longitude_deg, point.latitude_deg)
    }

    /// 2, part of a summary, where the date is no better than a week.
    pub(super) fn event_clarity(&self) -> u8 {
        1 + u8::from(self.event.date_prec >= 3)
    }

    /// The row as a reader of the table has it.
    pub(super) fn record(&self) -> RecordRow {
        let event = self.event;
        RecordRow {
            id: u64::from(event.incident),
            relid: self.relid(),
            year: self.year(),
            violence: event.violence,
            dyad_name: self.dyad_name(),
            side_a: self.side_a().to_owned(),
            side_a_id: self.side_a_id(),
            side_b: self.side_b().to_owned(),
            side_b_id: self.side_b_id(),
            where_prec: event.where_prec,
            adm_1: self.governorate(),
            adm_2: self.district(),
            latitude_deg: self.point.latitude_deg,
            longitude_deg: self.point.longitude_deg,
            priogrid_gid: priogrid_gid(self.point.latitude_deg, self.point.longitude_deg),
            country: self.country().name.clone(),
            region: self.country().region.clone(),
            event_clarity: self.event_clarity(),
            date_prec: event.date_prec,
            date_start: self.start,
            date_end: self.end,
            deaths_a: event.deaths_a,
            deaths_b: event.deaths_b,
            deaths_civilians: event.deaths_civilians,
            deaths_unknown: event.deaths_unknown,
            best: event.best(),
            high: event.high,
            low: event.low,
            gwno_a: self.gw_number(Some(event.side_a)),
            gwno_b: self.gw_number(event.side_b),
        }
    }

    pub(super) fn side_a_id(&self) -> u32 {
        id_of(self.event.side_a)
    }

    /// Number of side B; UCDP's number of civilians where there is none.
    pub(super) fn side_b_id(&self) -> u32 {
        self.event.side_b.map_or(CIVILIANS, id_of)
    }

    /// As [`Row::side_b_id`], in the older series of numbers.
    pub(super) fn side_b_dset_id(&self) -> u32 {
        self.event.side_b.map_or(CIVILIANS_DSET, id_of)
    }

    pub(super) fn side_a(&self) -> &str {
        &self.setup.groups[self.event.side_a.idx()].name
    }

    pub(super) fn side_b(&self) -> &str {
        self.event.side_b.map_or("Civilians", |group| &self.setup.groups[group.idx()].name)
    }

    pub(super) fn dyad_id(&self) -> u32 {
        self.event.violence as u32 * 100_000 + self.side_a_id() * 300 + self.side_b_id()
    }

    pub(super) fn dyad_name(&self) -> String {
        format!("{} - {}", self.side_a(), self.side_b())
    }

    /// All state-based violence belongs to the conflict of the country; every
    /// other dyad is a conflict of its own.
    pub(super) fn conflict_id(&self) -> u32 {
        match self.event.violence {
            Violence::StateBased => 100_000,
            Violence::NonState | Violence::OneSided => self.dyad_id(),
        }
    }

    pub(super) fn conflict_name(&self) -> String {
        match self.event.violence {
            Violence::StateBased => self.country().conflict_name(),
            Violence::NonState | Violence::OneSided => self.dyad_name(),
        }
    }

    pub(super) fn year(&self) -> u32 {
        self.start.ymd().0 as u32
    }

    pub(super) fn gw_number(&self, group: Option<GroupId>) -> Option<u32> {
        let group = group?;
        self.setup.kind_of(group).is_state.then_some(self.country().gw_number)
    }
}
