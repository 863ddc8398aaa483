//! A path in a paragraph, for readers without training.
//!
//! Every clause states rows of the record, as the dated path does. Names of
//! groups are never the subject of a verb: some are plural.

use super::sentences::{capital, cause_of_death, hazard_of, plural};
use super::{Life, Odds, Reason};
use crate::text::{long_date, odds, sex_and_age, thousands};
use allegiance_model::ids::{GroupId, IncidentId};
use allegiance_model::maths::{daily_probability, exp};
use allegiance_model::tables::{
    Allegiance, AllegianceKind, Cause, Channel, Exposure, Incident, IncidentKind, Outcome, Standing,
};

impl Life<'_> {
    pub(super) fn plain(&self) -> String {
        let mut told = vec![self.opening()];
        match (self.exit(), self.person.first_group) {
            (Some(exit), _) => told.extend(self.how_he_left(exit)),
            (None, Some(group)) => told.extend(self.how_he_stayed(group)),
            (None, None) => {}
        }
        told.push(self.ending());
        told.join(" ")
    }

    /// The chance of the first exit.
    pub(super) fn odds(&self) -> Option<Odds> {
        let exit = self.exit()?;
        let hazard = hazard_of(exit, self.setting.own_blocks.as_deref())?;
        let (deed, monthly) = match exit.kind {
            AllegianceKind::Defection => ("going over", hazard.defection),
            AllegianceKind::Departure => ("leaving the country", hazard.departure),
            _ => ("leaving the war", hazard.desertion),
        };
        let chance = daily_probability(monthly);
        let strongest = hazard.reasons.into_iter().find(|reason| reason.value > 0.0);
        let without = strongest.as_ref().map(|Reason { value, .. }| daily_probability(monthly * exp(-value)));
        Some(Odds {
            deed,
            date: self.setting.date(exit.day.0).to_string(),
            chance,
            words: odds(chance),
            reason: strongest.map(|reason| reason.words),
            chance_without: without,
            words_without: without.map(odds),
        })
    }

    fn date(&self, day: u32) -> String {
        long_date(self.setting.date(day))
    }

    fn exit(&self) -> Option<&Allegiance> {
        self.turns.iter().find(|turn| turn.kind.is_exit())
    }

    fn opening(&self) -> String {
        let person = &self.person;
        let who = sex_and_age(person.is_female, person.age).to_lowercase();
        let home = person
            .home
            .map_or_else(|| "came from abroad".to_owned(), |home| format!("came from {}", self.place(home).name));
        let joined = self.turns.iter().find(|turn| turn.kind == AllegianceKind::Join);
        let service = match (person.first_group, joined) {
            (Some(group), Some(join)) => {
                format!("joined {} on {}", self.group_name(group), self.date(join.day.0))
            }
            (Some(group), None) => format!("served with {}", self.group_name(group)),
            (None, _) => "never belonged to an armed group".to_owned(),
        };
        format!("This simulated {who} {home} and {service}.")
    }

    fn how_he_left(&self, exit: &Allegiance) -> Vec<String> {
        let (he, his) = (self.he(), self.his());
        let mut told = Vec::new();
        let before = self.reached_before(exit);
        match (before, exit.incident) {
            (0, None) => told.push(format!("No act of violence by {his} own group had reached {}.", self.him())),
            (0, Some(_)) => {}
            (n, _) => told.push(format!("{he} stayed through {} of violence by {his} own group.", acts(n))),
        }
        told.extend(exit.incident.and_then(|incident| self.incident(incident)).map(|found| self.blow(&found)));
        told.extend(self.complaint(exit));
        let n_caught =
            self.turns.iter().filter(|turn| turn.day < exit.day && turn.kind == AllegianceKind::Capture).count();
        if n_caught > 0 {
            told.push(format!("{he} had tried to leave before and was caught, {}.", plural(n_caught as u32, "time")));
        }
        told.extend(self.chance(exit));
        told.push(self.left(exit));
        told
    }

    /// Incidents that reached him before the one that he left on, if any.
    fn reached_before(&self, exit: &Allegiance) -> u32 {
        let earlier = self.exposures.iter().filter(|row| row.day <= exit.day && Some(row.incident) != exit.incident);
        let mut incidents: Vec<IncidentId> = earlier.map(|row| row.incident).collect();
        incidents.sort_unstable();
        incidents.dedup();
        incidents.len() as u32
    }

    /// The incident that he left on, and how it reached him.
    fn blow(&self, incident: &Incident) -> String {
        let by = self.group_name(incident.perpetrator);
        let place = &self.place(incident.place).name;
        let is_home = self.person.home == Some(incident.place);
        let home = if is_home { format!(", {} home", self.his()) } else { String::new() };
        let what = match incident.kind {
            IncidentKind::Assault => format!("an attack by {by} on {place}{home}"),
            IncidentKind::Execution => format!("an execution of prisoners by {by} in {place}{home}"),
            IncidentKind::Repression => format!("a killing of civilians by {by} in {place}{home}"),
            IncidentKind::Strike => format!("a strike by {by} on {place}{home}"),
            IncidentKind::Reprisal => format!("a killing in reprisal by {by} in {place}{home}"),
        };
        let n_dead = incident.dead_perpetrator + incident.dead_target + incident.dead_civilians;
        let dead = match n_dead {
            0 => "nobody was killed".to_owned(),
            1 => "one person was killed".to_owned(),
            n => format!("{} people were killed", thousands(u64::from(n))),
        };
        let exposures = self.exposures.iter().filter(|row| row.incident == incident.incident);
        let mut how: Vec<String> = exposures.map(|row| self.how_it_reached(row)).collect();
        how.dedup();
        let how = if how.is_empty() { String::new() } else { format!("; {}", how.join(", and ")) };
        format!("On {} there was {what}, in which {dead}{how}.", self.date(incident.day.0))
    }

    fn how_it_reached(&self, row: &Exposure) -> String {
        let he = self.he().to_lowercase();
        match row.channel {
            Channel::Witnessed if row.is_on_leave => format!("{he} was home on leave and saw it"),
            Channel::Witnessed => format!("{he} was there, among the attackers"),
            Channel::KinKilled => format!("kin of {} were among the dead", self.hers()),
            Channel::Kin => format!("{he} heard of it from kin"),
            Channel::Village => format!("{he} heard of it from home"),
        }
    }

    fn hers(&self) -> &'static str {
        if self.person.is_female { "hers" } else { "his" }
    }

    fn complaint(&self, exit: &Allegiance) -> Option<String> {
        let mut before = self.turns.iter().filter(|turn| turn.day <= exit.day);
        before.any(|turn| turn.kind == AllegianceKind::Voice).then(|| {
            let mut answers =
                self.turns.iter().filter(|turn| turn.day <= exit.day && turn.kind == AllegianceKind::Answer);
            let answer = match answers.next_back().and_then(|turn| turn.outcome) {
                Some(Outcome::Offered) => format!("who offered restitution{}", self.settled(exit)),
                Some(Outcome::Punished) => "who had the complaint punished".to_owned(),
                _ => "who did nothing".to_owned(),
            };
            format!("{} complained to {} commander, {answer}.", self.he(), self.his())
        })
    }

    /// What he said to an offer.
    fn settled(&self, exit: &Allegiance) -> String {
        let mut answers =
            self.turns.iter().filter(|turn| turn.day <= exit.day && turn.kind == AllegianceKind::Settlement);
        let he = self.he().to_lowercase();
        answers.next_back().map_or_else(String::new, |turn| match turn.outcome {
            Some(Outcome::Accepted) => format!(", which {he} accepted"),
            _ => format!(", which {he} refused"),
        })
    }

    fn chance(&self, exit: &Allegiance) -> Option<String> {
        let his = capital(self.his());
        let is_same_day =
            exit.incident.and_then(|incident| self.incident(incident)).is_some_and(|row| row.day == exit.day);
        let on = if is_same_day { "that day".to_owned() } else { format!("on {}", self.date(exit.day.0)) };
        if exit.cause == Some(Cause::WithUnit) {
            return Some(format!("{his} unit left as one, and took {} along.", self.him()));
        }
        let found = self.odds()?;
        let small = if found.chance < SMALL { " It was a small chance, and it came true." } else { "" };
        Some(match (&found.reason, &found.words_without) {
            (Some(reason), Some(without)) if *without != found.words => format!(
                "{his} chance of {} {on} was {}. Without {reason}, which weighed most, it would have been \
                 {without}.{small}",
                found.deed, found.words
            ),
            (Some(reason), _) => format!(
                "{his} chance of {} {on} was {}; what weighed most was {reason}.{small}",
                found.deed, found.words
            ),
            _ => format!("{his} chance of {} {on} was {}.{small}", found.deed, found.words),
        })
    }

    fn left(&self, exit: &Allegiance) -> String {
        let name = |group: Option<GroupId>| group.map_or("the group", |group| self.group_name(group));
        let (he, from) = (self.he(), name(exit.group));
        match exit.kind {
            AllegianceKind::Departure => format!("{he} left {from} and the country."),
            AllegianceKind::Defection => {
                let arrival =
                    self.turns.iter().find(|turn| turn.day >= exit.day && turn.kind == AllegianceKind::Arrival);
                let taken = match arrival.and_then(|turn| turn.outcome) {
                    Some(Outcome::TurnedAway) => ", and was turned away",
                    Some(Outcome::Watched) => ", and was taken in and watched",
                    Some(_) => ", and was taken in",
                    None => "",
                };
                format!("{he} left {from} for {}{taken}.", name(exit.to_group))
            }
            _ => format!("{he} left {from} and the war."),
        }
    }

    fn how_he_stayed(&self, group: GroupId) -> Vec<String> {
        let (he, his, him) = (self.he(), self.his(), self.him());
        let mut told = Vec::new();
        let n_caught = self.turns.iter().filter(|turn| turn.kind == AllegianceKind::Capture).count() as u32;
        told.push(match n_caught {
            0 => format!("{he} never tried to leave."),
            1 => format!("{he} tried to leave once, and was caught."),
            n => format!("{he} tried to leave {n} times, and was caught each time."),
        });
        let (n_reached, _) = self.incidents_reached();
        let group = self.group_name(group);
        match (n_reached, self.exposures.last()) {
            (0, _) | (_, None) => told.push(format!("No act of violence by {group} reached {him}.")),
            (n, Some(last)) => {
                let belief = if last.conviction_after > 0.0 {
                    "still believed that the group served its cause"
                } else {
                    "no longer believed that the group served its cause, and stayed all the same"
                };
                let verb = if n == 1 { "it" } else { "the last of them" };
                told.push(format!(
                    "{} of violence by {his} own group reached {him}; after {verb}, {} {belief}.",
                    capital(&acts(n)),
                    he.to_lowercase()
                ));
            }
        }
        if self.exposures.iter().any(|row| row.channel == Channel::KinKilled) {
            told.push(format!("Kin of {} were among the dead.", self.hers()));
        }
        if self.turns.iter().any(|turn| turn.outcome == Some(Outcome::Accepted)) {
            told.push(format!("{he} accepted an offer of restitution."));
        }
        told
    }

    fn ending(&self) -> String {
        let death = self.turns.iter().rev().find(|turn| turn.kind == AllegianceKind::Death);
        if let Some(death) = death.filter(|_| self.person.standing == Standing::Dead) {
            let how = cause_of_death(death.outcome);
            return format!("{} died on {}: {how}.", self.he(), self.date(death.day.0));
        }
        let last = self.date(self.setting.n_days.saturating_sub(1));
        format!("At the end, on {last}, {} was {}.", self.he().to_lowercase(), self.standing())
    }
}

/// Chances below this are called small.
const SMALL: f64 = 0.05;

fn acts(n: u32) -> String {
    if n == 1 { "one act".to_owned() } else { format!("{} acts", thousands(u64::from(n))) }
}
