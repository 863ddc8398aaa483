//! Digests: SHA-256 over what tables and setups say, not over their files.
//!
//! Two runs agree when their digests do, whatever the layout, compression or
//! order of their files. Everything is hashed with its length in front, in
//! little-endian order, so that no two contents share a byte stream.

use crate::table::{OutputCells, OutputKind, TableData};
use allegiance_model::case::{Case, Clashes, Measure, Pattern};
use allegiance_model::ids::GroupId;
use allegiance_model::parameters::Parameters;
use allegiance_model::setup::{
    AxisSetup, Change, Country, FieldValue, GarrisonSetup, GroupSetup, KindSetup, Mechanism, ObservedEvent, PlaceSetup,
    Setup, Switches, Theory, TimelineEntry,
};
use allegiance_model::tables::{Cells, Column, Records};
use allegiance_model::theory::{OwnTheory, Slot};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A hash in progress, fed with typed values.
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Feeds a text with its length.
    pub fn text(&mut self, text: &str) {
        self.whole(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    /// Feeds a whole number.
    pub fn whole(&mut self, value: u64) {
        self.0.update(value.to_le_bytes());
    }

    /// Feeds a real number by its bits.
    pub fn real(&mut self, value: f64) {
        self.0.update(value.to_bits().to_le_bytes());
    }

    /// Feeds several real numbers with their count.
    pub fn reals(&mut self, values: &[f64]) {
        self.whole(values.len() as u64);
        for &value in values {
            self.real(value);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest in hexadecimal digits.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 of some bytes, in hexadecimal digits.
pub fn digest_of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Digest of one table of one replicate: its name, then of each column the
/// name, kind, and for every row a flag (0 empty, 1 filled) with its value.
pub fn digest_of_table(table: &TableData) -> String {
    let mut hasher = Hasher::default();
    hasher.text(table.name);
    hasher.whole(table.columns.len() as u64);
    hasher.whole(table.n_rows() as u64);
    for column in &table.columns {
        hasher.text(&column.name);
        hasher.text(column.kind.word());
        if let OutputKind::Coded(_, words) = &column.kind {
            hasher.whole(words.len() as u64);
            words.iter().for_each(|word| hasher.text(word));
        }
        digest_cells(&mut hasher, &column.cells);
    }
    hasher.finish()
}

fn digest_cells(hasher: &mut Hasher, cells: &OutputCells) {
    fn each<T>(hasher: &mut Hasher, values: &[Option<T>], feed: impl Fn(&mut Hasher, &T)) {
        for value in values {
            hasher.bytes(&[u8::from(value.is_some())]);
            if let Some(value) = value {
                feed(hasher, value);
            }
        }
    }
    match cells {
        OutputCells::Signed(values) => {
            each(hasher, values, |h, value| h.bytes(&value.to_le_bytes()));
        }
        OutputCells::Whole(values) => {
            each(hasher, values, |h, value| h.bytes(&value.to_le_bytes()));
        }
        OutputCells::Real(values) => each(hasher, values, |h, &value| h.real(value)),
        OutputCells::Flag(values) => each(hasher, values, |h, &value| h.bytes(&[u8::from(value)])),
        OutputCells::Text(values) => each(hasher, values, |h, value| h.text(value)),
    }
}

/// Digest of the record of one replicate: all that was drawn or decided, by
/// which two arms are compared.
pub fn digest_of_records(records: &Records) -> String {
    let mut hasher = Hasher::default();
    for column in records.tables().iter().flatten() {
        digest_column(&mut hasher, column);
    }
    hasher.finish()
}

/// Digest of what became of people, groups and places: the record without the
/// incidents and who heard of them.
pub fn digest_of_outcome(records: &Records) -> String {
    let mut hasher = Hasher::default();
    let is_of_news = |name: &str| ["incidents", "exposures"].contains(&name);
    let names = Records::dictionary();
    let tables = records.tables();
    let kept = names.iter().zip(&tables).filter(|(info, _)| !is_of_news(info.name));
    for column in kept.flat_map(|(_, columns)| columns) {
        digest_column(&mut hasher, column);
    }
    hasher.finish()
}

fn digest_column(hasher: &mut Hasher, column: &Column) {
    hasher.text(column.info.name);
    match &column.cells {
        Cells::Whole(cells) => {
            hasher.whole(cells.len() as u64);
            // One more than the value, so that an empty cell is no value.
            for cell in cells {
                hasher.whole(cell.map_or(0, |value| u64::from(value) + 1));
            }
        }
        Cells::Real(cells) => {
            hasher.whole(cells.len() as u64);
            for cell in cells {
                hasher.bytes(&[u8::from(cell.is_some())]);
                hasher.real(cell.unwrap_or(0.0));
            }
        }
        Cells::Flag(cells) => {
            hasher.whole(cells.len() as u64);
            for cell in cells {
                hasher.bytes(&[cell.map_or(2, u8::from)]);
            }
        }
    }
}

/// Digest of a setup: every field of it, in the order of its declaration.
///
/// The patterns name every field, so that a new one can't be forgotten here.
pub fn digest_of_setup(setup: &Setup) -> String {
    let Setup {
        start,
        n_days,
        seed,
        places,
        kinds,
        constituencies,
        axes,
        groups,
        relations,
        garrisons,
        timeline,
        mode,
        events,
        theory,
        own_theories,
        parameters,
        switches,
        // It tells how the people came to be so few, which are hashed themselves.
        scale: _,
        // The same history can be observed in many ways; runs hash this apart.
        observation: _,
        country,
        case,
        places_are_real,
    } = setup;
    let mut hasher = Hasher::default();
    hasher.text(&start.to_string());
    hasher.whole(u64::from(*n_days));
    hasher.whole(*seed);
    digest_each(&mut hasher, places, digest_place);
    digest_each(&mut hasher, kinds, |hasher, kind| digest_kind(hasher, kind, constituencies));
    digest_each(&mut hasher, axes, digest_axis);
    digest_each(&mut hasher, groups, |hasher, group| digest_group(hasher, group, &kinds[group.kind.idx()].id, axes));
    for relation in relations {
        hasher.text(relation.word());
    }
    digest_each(&mut hasher, garrisons, digest_garrison);
    digest_each(&mut hasher, timeline, digest_entry);
    hasher.text(mode.word());
    digest_each(&mut hasher, events, digest_event);
    digest_theory(&mut hasher, *theory, own_theories);
    digest_parameters(&mut hasher, parameters);
    digest_switches(&mut hasher, switches);
    digest_country(&mut hasher, country);
    digest_each(&mut hasher, case.as_slice(), digest_case);
    hasher.whole(places_are_real.map_or(2, u64::from));
    hasher.finish()
}

/// A list with its length in front.
fn digest_each<T>(hasher: &mut Hasher, list: &[T], digest: impl Fn(&mut Hasher, &T)) {
    hasher.whole(list.len() as u64);
    for one in list {
        digest(hasher, one);
    }
}

fn digest_case(hasher: &mut Hasher, case: &Case) {
    let Case { title, about, note, parameters, left_out, patterns } = case;
    for text in [title, about, note] {
        hasher.text(text);
    }
    digest_each(hasher, parameters, |hasher, path| hasher.text(path));
    digest_each(hasher, left_out, |hasher, (name, reason)| {
        hasher.text(name);
        hasher.text(reason);
    });
    digest_each(hasher, patterns, digest_pattern);
}

fn digest_pattern(hasher: &mut Hasher, pattern: &Pattern) {
    let Pattern { id, name, layer, low, high, digits, weight, source, measure } = pattern;
    for text in [id, name, layer.word(), source] {
        hasher.text(text);
    }
    hasher.reals(&[*low, *high, *weight]);
    hasher.whole(u64::from(*digits));
    digest_measure(hasher, measure);
}

fn digest_measure(hasher: &mut Hasher, measure: &Measure) {
    match measure {
        Measure::Deaths(clashes) => {
            hasher.text("deaths");
            digest_clashes(hasher, clashes);
        }
        Measure::EarlyDeathsShare(clashes, n_days) => {
            hasher.text("early_deaths_share");
            digest_clashes(hasher, clashes);
            hasher.whole(u64::from(*n_days));
        }
        Measure::DeathsRatio(clashes) => {
            hasher.text("deaths_ratio");
            digest_clashes(hasher, clashes);
        }
        Measure::CivilianShare(clashes) => {
            hasher.text("civilian_share");
            digest_clashes(hasher, clashes);
        }
        Measure::ExecutedShare(clashes) => {
            hasher.text("executed_share");
            digest_clashes(hasher, clashes);
        }
        Measure::PlacesLost { group, places, area, from, n_days } => {
            hasher.text("places_lost");
            hasher.whole(u64::from(group.0));
            digest_each(hasher, places, |hasher, place| hasher.whole(u64::from(place.0)));
            hasher.text(area);
            hasher.text(&from.to_string());
            hasher.whole(u64::from(*n_days));
        }
        Measure::FirstMembers(group) => {
            hasher.text("first_members");
            hasher.whole(u64::from(group.0));
        }
        Measure::FirstForeignShare(group) => {
            hasher.text("first_foreign_share");
            hasher.whole(u64::from(group.0));
        }
        Measure::QuietDesertions { quiet_days } => {
            hasher.text("quiet_desertions");
            hasher.whole(u64::from(*quiet_days));
        }
        Measure::QuietSwitching { quiet_days, switch_days } => {
            hasher.text("quiet_switching");
            hasher.whole(u64::from(*quiet_days));
            hasher.whole(u64::from(*switch_days));
        }
        Measure::IdeologyFirst(groups) => {
            hasher.text("ideology_first");
            digest_group_ids(hasher, groups);
        }
        Measure::ProspectsNamed(groups) => {
            hasher.text("prospects_named");
            digest_group_ids(hasher, groups);
        }
    }
}

fn digest_clashes(hasher: &mut Hasher, clashes: &Clashes) {
    let Clashes { group, against, from, n_days } = clashes;
    hasher.whole(u64::from(group.0));
    digest_group_ids(hasher, against);
    hasher.text(&from.to_string());
    hasher.whole(u64::from(*n_days));
}

fn digest_group_ids(hasher: &mut Hasher, groups: &[GroupId]) {
    digest_each(hasher, groups, |hasher, group| hasher.whole(u64::from(group.0)));
}

fn digest_kind(hasher: &mut Hasher, kind: &KindSetup, constituencies: &[String]) {
    let KindSetup { id, constituency, is_state, stays_home, reported_as } = kind;
    hasher.text(id);
    hasher.text(&constituencies[constituency.idx()]);
    hasher.whole(u64::from(*is_state) + 2 * u64::from(*stays_home));
    hasher.text(reported_as.word());
}

fn digest_theory(hasher: &mut Hasher, theory: Theory, owns: &[OwnTheory]) {
    let Theory { belief, exit } = theory;
    let of_slot =
        |slot: Slot, word: &'static str| if owns.iter().any(|own| own.fills(slot)) { slot.word() } else { word };
    hasher.text(of_slot(Slot::Belief, belief.word()));
    hasher.text(of_slot(Slot::Exit, exit.word()));
    for own in owns {
        // The text says all of it but the values that were set, and the slots that others took.
        hasher.text(&own.name);
        hasher.text(&own.digest);
        for slot in own.slots() {
            hasher.text(slot.word());
        }
        hasher.reals(&own.parameters.iter().map(|parameter| parameter.value).collect::<Vec<f64>>());
    }
}

fn digest_parameters(hasher: &mut Hasher, parameters: &Parameters) {
    for info in Parameters::dictionary() {
        let path = info.path();
        hasher.text(&path);
        hasher.real(parameters.value(&path).unwrap_or(f64::NAN));
    }
}

fn digest_switches(hasher: &mut Hasher, switches: &Switches) {
    for &mechanism in Mechanism::ALL {
        hasher.text(mechanism.word());
        hasher.whole(u64::from(switches.is_on(mechanism)));
    }
}

fn digest_country(hasher: &mut Hasher, country: &Country) {
    let Country { name, gw_number, region, conflict } = country;
    hasher.text(name);
    hasher.text(region);
    hasher.whole(u64::from(conflict.is_some()));
    hasher.text(conflict.as_deref().unwrap_or_default());
    hasher.whole(u64::from(*gw_number));
}

fn digest_place(hasher: &mut Hasher, place: &PlaceSetup) {
    let PlaceSetup {
        id,
        name,
        kind,
        governorate,
        district,
        subdistrict,
        latitude_deg,
        longitude_deg,
        population,
        control,
        displaced_share,
    } = place;
    for text in [id, name, kind.word(), governorate, district, subdistrict] {
        hasher.text(text);
    }
    hasher.reals(&[*latitude_deg, *longitude_deg]);
    hasher.whole(u64::from(*population));
    hasher.reals(control);
    hasher.real(*displaced_share);
}

fn digest_axis(hasher: &mut Hasher, axis: &AxisSetup) {
    let AxisSetup { id, meaning, mean, weight, against, is_home_rule } = axis;
    hasher.text(id);
    hasher.text(meaning);
    hasher.reals(&[*mean, *weight]);
    digest_group_ids(hasher, against);
    hasher.whole(u64::from(*is_home_rule));
}

fn digest_group(hasher: &mut Hasher, group: &GroupSetup, kind_id: &str, axes: &[AxisSetup]) {
    for text in [&group.id, &group.name, kind_id] {
        hasher.text(text);
    }
    for (path, value) in group.values_on(axes) {
        if value == FieldValue::Unstated {
            continue;
        }
        hasher.text(&path);
        match value {
            FieldValue::Unstated => {}
            FieldValue::Number(number) => hasher.real(number),
            FieldValue::Whole(whole) => hasher.whole(u64::from(whole)),
            FieldValue::Flag(flag) => hasher.whole(u64::from(flag)),
        }
    }
}

fn digest_garrison(hasher: &mut Hasher, garrison: &GarrisonSetup) {
    let &GarrisonSetup { group, place, members } = garrison;
    hasher.whole(u64::from(group.0));
    hasher.whole(u64::from(place.0));
    hasher.whole(u64::from(members));
}

fn digest_event(hasher: &mut Hasher, event: &ObservedEvent) {
    let &ObservedEvent { day, place, side_a, side_b, deaths_a, deaths_b, deaths_civilians } = event;
    hasher.whole(u64::from(day));
    hasher.whole(u64::from(place.0));
    hasher.whole(u64::from(side_a.0));
    hasher.whole(side_b.map_or(u64::MAX, |group| u64::from(group.0)));
    for deaths in [deaths_a, deaths_b, deaths_civilians] {
        hasher.whole(u64::from(deaths));
    }
}

/// A change of one number of a group.
fn of_group(hasher: &mut Hasher, kind: &str, group: GroupId, value: f64) {
    hasher.text(kind);
    hasher.whole(u64::from(group.0));
    hasher.real(value);
}

fn digest_entry(hasher: &mut Hasher, entry: &TimelineEntry) {
    let TimelineEntry { day, change, place, note } = entry;
    hasher.whole(u64::from(*day));
    hasher.whole(place.map_or(u64::MAX, |place| u64::from(place.0)));
    hasher.text(note);
    match *change {
        Change::Relation { a, b, kind } => {
            hasher.text("relation");
            hasher.whole(u64::from(a.0));
            hasher.whole(u64::from(b.0));
            hasher.text(kind.word());
        }
        Change::Pay { group, usd_per_month } => of_group(hasher, "pay", group, usd_per_month),
        Change::Strikes { group, per_month } => of_group(hasher, "strikes", group, per_month),
        Change::Policy { policy, group, value } => {
            hasher.text("policy");
            of_group(hasher, policy.word(), group, value);
        }
        Change::Lever { lever, group, value } => {
            hasher.text("lever");
            of_group(hasher, lever.word(), group, value);
        }
        Change::Control { place, group, share } => {
            hasher.text("control");
            hasher.whole(u64::from(place.0));
            hasher.whole(u64::from(group.0));
            hasher.real(share);
        }
        Change::Assault { group, place } => {
            hasher.text("assault");
            hasher.whole(u64::from(group.0));
            hasher.whole(u64::from(place.0));
        }
        Change::Inflow { group, rank, is_foreign, per_month } => {
            hasher.text("inflow");
            hasher.whole(u64::from(group.0));
            hasher.text(rank.word());
            hasher.whole(u64::from(is_foreign));
            hasher.real(per_month);
        }
        Change::Arms { group, discipline } => of_group(hasher, "arms", group, discipline),
        Change::Revenue { group, usd_per_place_per_month } => {
            of_group(hasher, "revenue", group, usd_per_place_per_month);
        }
        Change::Shock { group, log_odds } => of_group(hasher, "shock", group, log_odds),
        Change::Conscripts { group, men } => {
            hasher.text("conscripts");
            hasher.whole(u64::from(group.0));
            hasher.whole(u64::from(men));
        }
        Change::Dissolve { group } => {
            hasher.text("dissolve");
            hasher.whole(u64::from(group.0));
        }
        Change::Happening => hasher.text("happening"),
    }
}
