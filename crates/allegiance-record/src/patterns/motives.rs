//! Patterns of why people join and why they leave.

use crate::exits::exits_among;
use crate::patterns::Measured;
use allegiance_model::ids::{GroupId, PersonId};
use allegiance_model::maths::ln;
use allegiance_model::tables::{Allegiance, AllegianceKind, Records};
use std::collections::BTreeSet;

/// Of the inhabitants who joined one of the groups, the share whose heaviest
/// motive is ideology: what they'd name first.
pub(super) fn ideology_first(records: &Records, groups: &[GroupId]) -> Measured {
    let joiners: BTreeSet<PersonId> = records
        .allegiance
        .rows()
        .filter(|row| row.kind == AllegianceKind::Join && !row.is_foreign)
        .filter(|row| row.to_group.is_some_and(|group| groups.contains(&group)))
        .map(|row| row.person)
        .collect();
    let (mut n, mut n_ideologues) = (0_u32, 0_u32);
    for person in records.persons.rows().filter(|person| joiners.contains(&person.person)) {
        n += 1;
        let is_first = person.motive_ideology > person.motive_material && person.motive_ideology > person.motive_social;
        n_ideologues += u32::from(is_first);
    }
    if n == 0 { Err("nobody joined".to_owned()) } else { Ok(f64::from(n_ideologues) / f64::from(n)) }
}

/// How much likelier than a stayer a block must have made somebody to go before
/// he names it: by a quarter, below which nobody would notice.
const LEAST_REASON: f64 = 1.25;

/// Of the local members of one of the groups who left the country, the share
/// among whose reasons the prospects of the war are: "we can't win". A block of
/// the hazard of exit is a reason of a leaver where it stands above its mean
/// among those who stayed; there may be several.
pub(super) fn prospects_named(records: &Records, groups: &[GroupId]) -> Measured {
    let is_of_groups = |row: &Allegiance| row.group.is_some_and(|group| groups.contains(&group));
    let decisions: Vec<Allegiance> =
        exits_among(records, |kind| kind == AllegianceKind::Capture).into_iter().filter(is_of_groups).collect();
    let is_asked = |row: &&Allegiance| row.kind == AllegianceKind::Departure && !row.is_foreign;
    let asked: Vec<f64> = decisions.iter().filter(is_asked).filter_map(prospects_of).collect();
    let Some(usual) = mean_among_stayers(&decisions) else { return Err("nobody left these groups".to_owned()) };
    if asked.is_empty() {
        return Err("nobody of these groups left the country".to_owned());
    }
    let n_named = asked.iter().filter(|&&prospects| prospects > usual + ln(LEAST_REASON)).count();
    Ok(n_named as f64 / asked.len() as f64)
}

/// What the prospects of the war added to somebody's log-hazard of leaving, in
/// whichever way they are modelled.
fn prospects_of(row: &Allegiance) -> Option<f64> {
    Some(row.block_prospects? + row.block_expectation.unwrap_or(0.0))
}

/// The mean over all days of all members of what the prospects of the war add.
///
/// The table has those who left, and their hazards: on each day each member is
/// among them in proportion to his hazard. Weighted by its inverse they stand for
/// all members (Horvitz & Thompson 1952), but for the companions of others, who
/// left by no hazard of their own.
fn mean_among_stayers(decisions: &[Allegiance]) -> Option<f64> {
    let (mut sum, mut total) = (0.0, 0.0);
    for row in decisions {
        let (Some(prospects), Some(desertion)) = (prospects_of(row), row.hazard) else { continue };
        let hazard = desertion + row.hazard_defection.unwrap_or(0.0) + row.hazard_departure.unwrap_or(0.0);
        if hazard > 0.0 {
            sum += prospects / hazard;
            total += 1.0 / hazard;
        }
    }
    (total > 0.0).then_some(sum / total)
}

#[cfg(test)]
mod tests {
    use super::{mean_among_stayers, prospects_named};
    use allegiance_model::ids::{GroupId, PersonId};
    use allegiance_model::maths::exp;
    use allegiance_model::tables::{Allegiance, AllegianceKind, Records};

    const REBELS: GroupId = GroupId(1);

    fn leaver(person: u32, kind: AllegianceKind, prospects: f64) -> Allegiance {
        let hazard = Some(0.01 * exp(prospects));
        Allegiance {
            person: PersonId(person),
            kind,
            group: Some(REBELS),
            hazard,
            hazard_defection: Some(0.0),
            hazard_departure: hazard,
            block_prospects: Some(prospects),
            block_expectation: Some(0.0),
            ..Allegiance::BLANK
        }
    }

    /// Of a thousand members half see defeat; those leave twice as often.
    #[test]
    fn the_mean_among_stayers_is_found_from_those_who_left() {
        let leavers = (0..30).map(|nth| leaver(nth, AllegianceKind::Desertion, if nth < 20 { 0.693 } else { 0.0 }));
        let mean = mean_among_stayers(&leavers.collect::<Vec<_>>()).expect("somebody left");
        assert!((mean - 0.5 * 0.693).abs() < 0.001, "{mean}");
        assert_eq!(mean_among_stayers(&[]), None);
    }

    #[test]
    fn those_who_left_the_country_are_asked_and_name_what_is_above_the_mean() {
        let mut records = Records::default();
        let rows = [
            leaver(1, AllegianceKind::Desertion, 0.0),
            leaver(2, AllegianceKind::Desertion, 0.0),
            leaver(3, AllegianceKind::Departure, 0.9),
            leaver(4, AllegianceKind::Departure, 0.1),
            leaver(5, AllegianceKind::Departure, -0.5),
            Allegiance { block_expectation: Some(1.0), ..leaver(6, AllegianceKind::Departure, 0.0) },
            Allegiance { is_foreign: true, ..leaver(7, AllegianceKind::Departure, 0.9) },
        ];
        for row in rows {
            records.allegiance.push(row);
        }
        assert_eq!(prospects_named(&records, &[REBELS]), Ok(0.5), "the third and the sixth of four");
        assert_eq!(prospects_named(&records, &[GroupId(0)]), Err("nobody left these groups".to_owned()));
        let mut home = Records::default();
        home.allegiance.push(leaver(1, AllegianceKind::Desertion, 1.0));
        assert_eq!(prospects_named(&home, &[REBELS]), Err("nobody of these groups left the country".to_owned()));
    }
}
