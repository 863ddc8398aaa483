//! The names under which event files have the official columns, and what
//! stands in for a column that a file lacks.

use crate::format::EVENTS;

/// Columns without which no event can be told.
pub(super) const NEEDED: &[&str] = &[
    "id",
    "side_a",
    "side_b",
    "latitude",
    "longitude",
    "country",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
];

/// Columns that would tell more, and what stands in for each.
pub const STAND_INS: &[(&str, &str)] = &[
    (
        "type_of_violence",
        "one-sided where side_b is Civilians, state-based where a side is a government, else non-state",
    ),
    ("where_prec", "every location counts as exact"),
    ("where_coordinates", "places that only events name are called after the nearest town"),
    ("date_prec", "1 where there is a date, 5 where there is only a year"),
    ("best", "the sum of the four columns of deaths, also for low and high"),
];

/// Other names of official columns, as some editions of the data set write
/// them.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("best_est", "best"),
    ("high_est", "high"),
    ("low_est", "low"),
    ("best_estimate", "best"),
    ("high_estimate", "high"),
    ("low_estimate", "low"),
    ("event_id", "id"),
    ("lat", "latitude"),
    ("lon", "longitude"),
    ("long", "longitude"),
    ("conflict_id", "conflict_new_id"),
    ("dyad_id", "dyad_new_id"),
    ("side_a_id", "side_a_new_id"),
    ("side_b_id", "side_b_new_id"),
    ("gwno_a", "gwnoa"),
    ("gwno_b", "gwnob"),
];
/// Names are cut to so many letters in the attributes of a shapefile.
const SHAPEFILE_NAME: usize = 10;

/// The position among the official columns.
///
/// # Panics
/// Where there is no official column of that name.
pub(super) fn position(name: &str) -> usize {
    EVENTS.columns.iter().position(|column| column.name == name).expect("an official column")
}

/// A name as it is compared: in lower case, with `_` for blanks, points and
/// hyphens.
pub(super) fn plain_name(cell: &str) -> String {
    cell.trim().to_lowercase().replace([' ', '.', '-'], "_")
}

/// The official column that a name of a header means.
pub(super) fn official(cell: &str) -> Option<usize> {
    let name = plain_name(cell);
    let at = |name: &str| EVENTS.columns.iter().position(|column| column.name == name);
    if let Some(at) = at(&name) {
        return Some(at);
    }
    if let Some((_, official)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        return at(official);
    }
    // As `SideA` of programs that dislike underscores.
    let bare = name.replace('_', "");
    if let Some(at) = EVENTS.columns.iter().position(|column| column.name.replace('_', "") == bare) {
        return Some(at);
    }
    if name.len() != SHAPEFILE_NAME {
        return None;
    }
    let mut longer = EVENTS.columns.iter().enumerate().filter(|(_, column)| column.name.starts_with(&name));
    let (at, _) = longer.next()?;
    longer.next().is_none().then_some(at)
}

/// Data sets that are no UCDP GED: columns by which each is known, and why it
/// isn't read.
const OTHER_DATA: &[(&str, &[&str], &str)] = &[
    (
        "ACLED",
        &["event_id_cnty", "sub_event_type", "actor1", "assoc_actor_1", "fatalities", "inter1", "admin1"],
        "its fatalities aren't told apart by side, so that nobody knows whose they were, and its terms restrict passing on what is made of it; take UCDP GED, which is free to use and has the dead of each side",
    ),
    (
        "the Global Terrorism Database",
        &["eventid", "iyear", "imonth", "gname", "nkill", "attacktype1_txt"],
        "it has attacks of one side alone, without the dead of each; take UCDP GED",
    ),
    (
        "a list of conflicts or dyads by year of UCDP, not of events",
        &["bd_best", "bd_low", "conflict_id", "intensity_level", "dyad_id", "side_a_2nd"],
        "it has no places and days; take the Georeferenced Event Dataset (GED)",
    ),
];
/// So many of its columns tell a data set.
const ENOUGH: usize = 3;

/// What to say of a header that is known to be of another data set.
pub(super) fn other_data(header: &[String]) -> Option<String> {
    let names: Vec<String> = header.iter().map(|cell| plain_name(cell)).collect();
    let is_there = |column: &&&str| names.iter().any(|name| name == **column);
    let (name, _, why) = OTHER_DATA.iter().find(|(_, columns, _)| columns.iter().filter(is_there).count() >= ENOUGH)?;
    Some(format!("is that of {name}, which isn't read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::{official, other_data, position};

    #[test]
    fn a_column_is_known_under_the_names_of_every_edition() {
        for (name, official_name) in [
            ("id", "id"),
            ("Side_A", "side_a"),
            ("best_est", "best"),
            ("type of violence", "type_of_violence"),
            ("deaths.civilians", "deaths_civilians"),
            ("deaths_civ", "deaths_civilians"),
            ("where_coor", "where_coordinates"),
            ("DeathsCivilians", "deaths_civilians"),
            ("SideA", "side_a"),
            ("SideANewId", "side_a_new_id"),
        ] {
            assert_eq!(official(name), Some(position(official_name)), "{name}");
        }
        for name in ["iso3", "#", "", "X", "start_year", "conflict_n"] {
            assert_eq!(official(name), None, "{name}");
        }
    }

    #[test]
    fn other_data_sets_are_known_by_their_columns() {
        let told = |header: &str| other_data(&header.split(',').map(str::to_owned).collect::<Vec<_>>());
        let acled = told("event_id_cnty,event_date,year,sub_event_type,actor1,fatalities").unwrap_or_default();
        assert!(acled.starts_with("is that of ACLED, which isn't read: "), "{acled}");
        assert_eq!(told("id,year,side_a,side_b,country"), None);
    }
}
