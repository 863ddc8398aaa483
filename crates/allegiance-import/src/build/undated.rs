//! The day of an event of which only the year is known.

use allegiance_model::calendar::Date;
use allegiance_model::random::philox4x32;

/// Sets these draws apart from those of the engine ("unda").
const ADDRESS: u32 = 0x756e_6461;

/// A day of the year, each as likely, drawn by seed and identifier, so that it
/// depends on no other row; `None` where the calendar has no such year.
pub(super) fn day_of(seed: u64, id: u64, year: u32) -> Option<Date> {
    let first = Date::from_ymd(year as i32, 1, 1)?;
    let last = Date::from_ymd(year as i32, 12, 31)?;
    let n_days = last.days_since(first) as u64 + 1;
    let [word, ..] = philox4x32([id as u32, (id >> 32) as u32, year, ADDRESS], [seed as u32, (seed >> 32) as u32]);
    Some(first.plus_days(((u64::from(word) * n_days) >> 32) as u32))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::day_of;

    #[test]
    fn days_fill_the_year_evenly_and_depend_on_seed_and_identifier_alone() {
        let mut months = [0; 12];
        for id in 0..12_000 {
            let (year, month, _) = day_of(1, id, 2008).unwrap().ymd();
            assert_eq!(year, 2008);
            months[month as usize - 1] += 1;
        }
        // A month's expectation is 918 to 1,016 with a deviation of about 31.
        assert!(months.iter().all(|n| (810..=1_130).contains(n)), "{months:?}");
        assert_eq!(day_of(1, 77, 2008), day_of(1, 77, 2008));
        let n_moved = (0..100).filter(|&id| day_of(1, id, 2008) != day_of(2, id, 2008)).count();
        assert!(n_moved > 90, "{n_moved} of 100 days depend on the seed");
        assert_eq!(day_of(1, 1, 0), None);
    }
}
