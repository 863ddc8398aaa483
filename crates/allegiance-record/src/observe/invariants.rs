//! What holds of the rows of UCDP GED, real or simulated, as one list of
//! checks.
//!
//! # Source
//! Found on the 866 rows of the GED v25.1 sample of the R package
//! uncertainUCDP, and read beside the GED codebook (Högbladh 2025).

use crate::observe::record::RecordRow;
use crate::observe::{Violence, priogrid_gid};

/// A rule that rows keep.
#[derive(Debug, Clone, Copy)]
pub struct Invariant {
    /// What holds, as a clause.
    pub rule: &'static str,
    /// Real rows in a thousand that break it. The simulated ones never do.
    pub most_real_exceptions_per_mille: u32,
    /// Whether a row keeps it.
    pub holds: fn(&RecordRow) -> bool,
}

const fn always(rule: &'static str, holds: fn(&RecordRow) -> bool) -> Invariant {
    Invariant { rule, most_real_exceptions_per_mille: 0, holds }
}

/// The number of civilians as a side.
const CIVILIANS_ID: u32 = 1;
/// How far a date of a precision reaches, in days from the first to the last.
const NIGHTS: [(u8, std::ops::RangeInclusive<i32>); 5] =
    [(1, 0..=0), (2, 1..=5), (3, 6..=6), (4, 7..=30), (5, 31..=366)];

/// Every check.
pub const INVARIANTS: &[Invariant] = &[
    always("best is the sum of the dead of side A, of side B, civilian and unknown", |row| {
        row.best == row.deaths_a + row.deaths_b + row.deaths_civilians + row.deaths_unknown
    }),
    Invariant {
        rule: "low is at most best, and best at most high",
        most_real_exceptions_per_mille: 20,
        holds: |row| row.low <= row.best && row.best <= row.high,
    },
    always("high is at least 1", |row| row.high >= 1),
    always("side B is Civilians, number 1, in one-sided violence and only there", |row| {
        let is_one_sided = row.violence == Violence::OneSided;
        (row.side_b == "Civilians") == is_one_sided && (row.side_b_id == CIVILIANS_ID) == is_one_sided
    }),
    always("no dead of a side are known in one-sided violence", |row| {
        row.violence != Violence::OneSided || row.deaths_a + row.deaths_b == 0
    }),
    always("the sides differ", |row| row.side_a != row.side_b && row.side_a_id != row.side_b_id),
    always("dyad_name names both sides, A first", |row| {
        row.dyad_name.split_once(" - ").is_some_and(|(a, b)| a.trim() == row.side_a && b.trim() == row.side_b)
    }),
    always("side A is a government in state-based violence", |row| {
        row.violence != Violence::StateBased || row.gwno_a.is_some()
    }),
    always("no side is a government in non-state violence", |row| {
        row.violence != Violence::NonState || (row.gwno_a.is_none() && row.gwno_b.is_none())
    }),
    always("where_prec is 1 to 7", |row| (1..=7).contains(&row.where_prec)),
    always("adm_1 and adm_2 are given where where_prec is 3", |row| {
        row.where_prec != 3 || !(row.adm_1.is_empty() || row.adm_2.is_empty())
    }),
    always("adm_1 alone is given where where_prec is 4", |row| {
        row.where_prec != 4 || (!row.adm_1.is_empty() && row.adm_2.is_empty())
    }),
    always("priogrid_gid is the cell of latitude and longitude", |row| {
        row.priogrid_gid == priogrid_gid(row.latitude_deg, row.longitude_deg)
    }),
    always("country and region are given", |row| !row.country.is_empty() && !row.region.is_empty()),
    always("date_prec is 1 to 5 and says how far date_end lies from date_start", |row| {
        NIGHTS.iter().any(|(precision, nights)| row.date_prec == *precision && nights.contains(&row.n_nights()))
    }),
    always("year is that of date_start and of date_end", |row| {
        [row.date_start, row.date_end].iter().all(|date| date.ymd().0 == row.year as i32)
    }),
    always("an event dated to the day is reported by itself", |row| row.date_prec > 1 || row.event_clarity == 1),
    always("event_clarity is 1 or 2", |row| (1..=2).contains(&row.event_clarity)),
    always("relid holds the year and the type of violence", |row| {
        let mut parts = row.relid.split('-').skip(1);
        parts.next() == Some(row.year.to_string().as_str())
            && parts.next() == Some((row.violence as u32).to_string().as_str())
    }),
];

/// How many rows break each rule that is broken, in the order of the list.
pub fn broken(rows: &[RecordRow]) -> Vec<(&'static Invariant, usize)> {
    let counted = INVARIANTS.iter().map(|rule| (rule, rows.iter().filter(|row| !(rule.holds)(row)).count()));
    counted.filter(|&(_, n)| n > 0).collect()
}
