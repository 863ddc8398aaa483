//! Why a person left, or why he didn't, as far as the record tells.

use super::Life;
use super::sentences::{hazard_of, plural};
use allegiance_model::ids::{GroupId, IncidentId, PlaceId};
use allegiance_model::tables::{Allegiance, AllegianceKind, Channel, IncidentKind, Outcome, Standing};
use std::collections::BTreeMap;

impl Life<'_> {
    pub(super) fn why(&self) -> Vec<String> {
        let mut why = match self.turns.iter().find(|turn| turn.kind.is_exit()) {
            Some(exit) => self.why_left(exit),
            None => match self.person.first_group {
                Some(group) => self.why_stayed(group),
                None => vec![format!("{} never belonged to a group.", self.he())],
            },
        };
        why.extend(self.person.home.and_then(|home| self.neighbours(home)));
        why
    }

    fn why_left(&self, exit: &Allegiance) -> Vec<String> {
        let mut why = Vec::new();
        if let Some(hazard) = hazard_of(exit, self.setting.own_blocks.as_deref()) {
            let mut blocks = hazard.blocks;
            blocks.sort_by(|a, b| b.1.total_cmp(&a.1));
            let raising: Vec<String> = blocks
                .iter()
                .filter(|(_, value)| *value >= 0.005)
                .map(|(name, value)| format!("{name} ({value:+.2})"))
                .collect();
            let lowering: Vec<String> = blocks
                .iter()
                .rev()
                .filter(|(_, value)| *value <= -0.005)
                .map(|(name, value)| format!("{name} ({value:+.2})"))
                .collect();
            if !raising.is_empty() {
                why.push(format!("Towards leaving, on the log-hazard: {}.", raising.join(", ")));
            }
            if !lowering.is_empty() {
                why.push(format!("Against leaving: {}.", lowering.join(", ")));
            }
        }
        let unmoved = exit.incident.is_none() && self.exposures.is_empty();
        if unmoved {
            why.push(format!("No incident by {} reached {}.", self.old_group(exit), self.him()));
        }
        why
    }

    fn old_group(&self, exit: &Allegiance) -> &str {
        exit.group.map_or("the group", |group| self.group_name(group))
    }

    fn why_stayed(&self, group: GroupId) -> Vec<String> {
        let mut why = vec![self.attempts()];
        let (n_reached, n_without_deaths) = self.incidents_reached();
        let name = self.group_name(group);
        if n_reached == 0 {
            why.push(format!("No incident by {name} reached {}.", self.him()));
        } else {
            let incidents = plural(n_reached, "incident");
            let bloodless = match n_without_deaths {
                0 => String::new(),
                1 if n_reached == 1 => ", an attack in which nobody died".to_owned(),
                1 => ", 1 of them an attack in which nobody died".to_owned(),
                n => format!(", {n} of them attacks in which nobody died"),
            };
            why.push(format!("{incidents} by {name} reached {}{bloodless}.", self.him()));
        }
        if let Some(last) = self.exposures.last() {
            let side = if last.conviction_after > 0.0 { "above" } else { "below" };
            why.push(format!("Conviction after the last of it: {:+.2}, {side} zero.", last.conviction_after));
        }
        let lost_kin = self.exposures.iter().any(|row| row.channel == Channel::KinKilled);
        if !lost_kin {
            why.push(format!("No kin known to {} were killed by {name}.", self.him()));
        }
        why.extend(self.home_attacks(group));
        let has_settled = self.turns.iter().any(|turn| turn.outcome == Some(Outcome::Accepted));
        if has_settled {
            why.push(format!("{} accepted an offer of restitution.", self.he()));
        }
        why.extend(self.sampled_belief());
        why.push("The record holds hazards only for those who tried to leave.".to_owned());
        why
    }

    /// Incidents that reached the person, and those of them in which nobody was killed.
    pub(super) fn incidents_reached(&self) -> (u32, u32) {
        let mut incidents: Vec<_> = self.exposures.iter().map(|row| row.incident).collect();
        incidents.sort_unstable();
        incidents.dedup();
        let is_bloodless = |&&incident: &&IncidentId| {
            let found = self.incident(incident);
            found.is_some_and(|row| row.dead_perpetrator + row.dead_target + row.dead_civilians == 0)
        };
        (incidents.len() as u32, incidents.iter().filter(is_bloodless).count() as u32)
    }

    fn attempts(&self) -> String {
        let of = |kind| self.turns.iter().filter(|turn| turn.kind == kind).count() as u32;
        let n_caught = of(AllegianceKind::Capture);
        if n_caught > 0 {
            format!("{} tried to leave and was caught, {}.", self.he(), plural(n_caught, "time"))
        } else {
            "No attempt to leave is in the record.".to_owned()
        }
    }

    /// The attacks of the own group on the home, and whether he was there.
    fn home_attacks(&self, group: GroupId) -> Option<String> {
        let home = self.person.home?;
        let attacks: Vec<_> = self
            .records
            .incidents
            .rows()
            .filter(|row| row.kind == IncidentKind::Assault && row.place == home && row.perpetrator == group)
            .collect();
        let (name, place) = (self.group_name(group), &self.place(home).name);
        if attacks.is_empty() {
            return Some(format!("{name} never attacked {place}."));
        }
        let is_seen = |incident| {
            let mut exposures = self.exposures.iter();
            exposures.any(|row| row.incident == incident && row.is_on_leave)
        };
        let n_there = attacks.iter().filter(|row| is_seen(row.incident)).count() as u32;
        let attacks = plural(attacks.len() as u32, "time");
        Some(format!(
            "{name} attacked {place} {attacks}; {} was on leave there for {n_there}.",
            self.he().to_lowercase(),
        ))
    }

    /// The last of the weekly samples, where he is among those sampled.
    fn sampled_belief(&self) -> Option<String> {
        let rows = self.records.beliefs.person.iter().enumerate();
        let (at, _) = rows.rev().find(|(_, found)| **found == self.person.person)?;
        let row = self.records.beliefs.row(at);
        Some(format!(
            "Sampled on {}: conviction {:+.2}, perceived risk of capture {:.2}.",
            self.setting.date(row.day.0),
            row.conviction,
            row.perceived_risk,
        ))
    }

    /// Where the other members from the same place stand at the end.
    fn neighbours(&self, home: PlaceId) -> Option<String> {
        let mut standings: BTreeMap<Option<GroupId>, u32> = BTreeMap::new();
        let members = self.records.persons.rows().filter(|row| {
            row.home == Some(home)
                && row.first_group.is_some()
                && row.person != self.person.person
                && row.standing != Standing::Dead
        });
        for row in members {
            *standings.entry(row.group).or_default() += 1;
        }
        let of: Vec<String> = standings
            .iter()
            .filter_map(|(group, n)| group.map(|group| format!("{n} with {}", self.group_name(group))))
            .collect();
        let n_left = standings.get(&None).copied().unwrap_or(0);
        let parts = if n_left > 0 { [of, vec![format!("{n_left} in no group")]].concat() } else { of };
        let place = &self.place(home).name;
        (!parts.is_empty()).then(|| {
            format!("Others from {place} who have served in a group and are alive at the end: {}.", parts.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::follows_news;
    use super::AllegianceKind;

    #[test]
    fn decisions_follow_the_news_of_the_day_and_wounds_come_before() {
        assert!(follows_news(AllegianceKind::Defection) && follows_news(AllegianceKind::Voice));
        assert!(!follows_news(AllegianceKind::Wound));
    }
}
