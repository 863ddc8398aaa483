//! Rows of the tables as sentences.

use super::{BeliefShift, HazardSplit, Life, Reason, Turn};
use crate::factors::{factor, factor_under, reason};
use crate::text::{count, number, odds, thousands, two_digits};
use allegiance_model::exits::{BLOCKS, Block};
use allegiance_model::ids::{GroupId, IncidentId};
use allegiance_model::maths::{daily_probability, exp};
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Channel, Exposure, Incident, IncidentKind, Outcome};
use allegiance_record::setting::Setting;

impl Life<'_> {
    pub(super) fn he(&self) -> &'static str {
        if self.person.is_female { "She" } else { "He" }
    }

    pub(super) fn his(&self) -> &'static str {
        if self.person.is_female { "her" } else { "his" }
    }

    pub(super) fn him(&self) -> &'static str {
        if self.person.is_female { "her" } else { "him" }
    }

    /// What reached the person of one incident on one day.
    pub(super) fn exposure_turn(&self, exposed: &[Exposure], shown: &mut Vec<IncidentId>) -> Turn {
        let (first, last) = (exposed[0], exposed[exposed.len() - 1]);
        let mut sentences = self.incident_once(first.incident, shown);
        sentences.extend(exposed.iter().map(|exposure| self.channel(exposure)));
        if !last.blames_group {
            sentences.push(format!("{} does not blame {} group.", self.he(), self.his()));
        }
        let shift = BeliefShift {
            n_accusations: first.n_accusations,
            n_denials: first.n_denials,
            conviction_before: first.conviction_before,
            conviction_after: last.conviction_after,
            credence_before: first.credence_before,
            credence_after: last.credence_after,
        };
        let numbers = vec![belief_sentence(&shift)];
        let place = self.place(first.place);
        Turn {
            day: first.day.0,
            date: self.setting.date(first.day.0).to_string(),
            place: place.id.clone(),
            place_name: place.name.clone(),
            kind: "exposure",
            outcome: None,
            incident: Some(first.incident.0),
            belief: Some(shift),
            conviction: None,
            hazard: None,
            suspicion: None,
            sentences,
            numbers,
        }
    }

    /// A change of allegiance.
    pub(super) fn allegiance_turn(&self, row: &Allegiance, shown: &mut Vec<IncidentId>) -> Turn {
        let mut sentences = row.incident.map_or_else(Vec::new, |incident| self.incident_once(incident, shown));
        sentences.push(self.deed(row));
        let hazard = hazard_of(row, self.setting.own_blocks.as_deref());
        let own_blocks = self.setting.own_blocks.as_deref();
        let mut numbers: Vec<String> = hazard.iter().flat_map(|hazard| hazard_sentences(hazard, own_blocks)).collect();
        if row.kind == AllegianceKind::Join {
            numbers.extend(join_reason(row));
        }
        let place = self.place(row.place);
        Turn {
            day: row.day.0,
            date: self.setting.date(row.day.0).to_string(),
            place: place.id.clone(),
            place_name: place.name.clone(),
            kind: row.kind.word(),
            outcome: row.outcome.map(Outcome::word),
            incident: row.incident.map(|incident| incident.0),
            belief: None,
            conviction: row.conviction,
            hazard,
            suspicion: row.suspicion,
            sentences,
            numbers,
        }
    }

    /// The facts of an incident, the first time that a story comes to it.
    fn incident_once(&self, incident: IncidentId, shown: &mut Vec<IncidentId>) -> Vec<String> {
        if shown.contains(&incident) {
            return Vec::new();
        }
        shown.push(incident);
        let found = self.incident(incident);
        found.map(|found| incident_sentence(self.setting, &found)).into_iter().collect()
    }

    fn channel(&self, row: &Exposure) -> String {
        let he = self.he();
        let home = if row.is_home { ", in his own quarter" } else { "" };
        let home = home.replace("his", self.his());
        match row.channel {
            Channel::Witnessed if row.is_on_leave => {
                format!("{he} sees it, on leave at home{home}.")
            }
            Channel::Witnessed => format!("{he} is there, among the attackers."),
            Channel::KinKilled if row.is_on_leave => {
                format!("{he} is on leave at home. {} kin are among the dead.", capital(self.his()))
            }
            Channel::KinKilled => format!("{} kin are among the dead.", capital(self.his())),
            Channel::Kin => format!("{he} hears of it from kin."),
            Channel::Village => format!("{he} hears of it from home."),
        }
    }

    fn deed(&self, row: &Allegiance) -> String {
        let he = self.he();
        let him = self.him();
        let name = |group: Option<GroupId>| group.map_or("nobody", |group| self.group_name(group));
        let (from, to) = (name(row.group), name(row.to_group));
        let suspicion = row.suspicion.map_or_else(String::new, |s| format!(" Suspicion {s:.2}."));
        let along =
            if row.cause == Some(Cause::WithUnit) { format!(", with {} unit", self.his()) } else { String::new() };
        match (row.kind, row.outcome) {
            (AllegianceKind::Join, _) => format!("{he} joins {to}."),
            (AllegianceKind::Voice, _) => format!("{he} complains to {} commander.", self.his()),
            (AllegianceKind::Answer, Some(Outcome::Offered)) => "The commander offers restitution.".to_owned(),
            (AllegianceKind::Answer, Some(Outcome::Punished)) => {
                format!("The commander punishes {him}.")
            }
            (AllegianceKind::Answer, _) => "The commander does nothing.".to_owned(),
            (AllegianceKind::Settlement, Some(Outcome::Accepted)) => format!("{he} accepts."),
            (AllegianceKind::Settlement, _) => format!("{he} refuses."),
            (AllegianceKind::Capture, _) => format!("{he} tries to leave {from} and is caught."),
            (AllegianceKind::Execution, _) => format!("{he} is executed by {to}."),
            (AllegianceKind::Desertion, _) => format!("{he} leaves {from} and the war{along}."),
            (AllegianceKind::Defection, _) => format!("{he} leaves {from} for {to}{along}."),
            (AllegianceKind::Departure, _) => format!("{he} leaves {from} and the country{along}."),
            (AllegianceKind::Arrival, Some(Outcome::TurnedAway)) => {
                format!("{he} is turned away by {to}.")
            }
            (AllegianceKind::Arrival, Some(Outcome::Watched)) => {
                format!("{he} is taken in by {to}, and watched.{suspicion}")
            }
            (AllegianceKind::Arrival, _) => format!("{he} is taken in by {to}.{suspicion}"),
            (AllegianceKind::Arrest, _) => format!("{he} is arrested by {to}.{suspicion}"),
            (AllegianceKind::Reprisal, _) => format!("{he} is killed in reprisal by {to}."),
            (AllegianceKind::Wound, _) => format!("{he} is wounded, serving with {from}."),
            (AllegianceKind::Recovery, _) => format!("{he} returns to duty with {from}."),
            (AllegianceKind::Imprisonment, _) => format!("{he} is taken prisoner by {to}."),
            (AllegianceKind::Release, _) => format!("{he} is released by {to}."),
            (AllegianceKind::Death, outcome) => format!("{he} dies: {}.", cause_of_death(outcome)),
        }
    }
}

/// Who did what to whom, and who won. Groups are never the subject of a verb:
/// some names are plural, and the scenario doesn't say which.
pub(crate) fn incident_sentence(setting: &Setting, row: &Incident) -> String {
    let name = |group| setting.group(group).name.as_str();
    let (by, place) = (name(row.perpetrator), &setting.place(row.place).name);
    let target = row.target.map(name);
    let when = format!("on {} (incident {})", setting.date(row.day.0), row.incident.0);
    let what = match (row.kind, target) {
        (IncidentKind::Assault, Some(target)) if row.n_defenders == 0 => format!(
            "Attack by {by} ({} men) on {place}, which {target} had left without defenders, {when}: {}",
            number(f64::from(row.n_attackers), 0),
            outcome(row),
        ),
        (IncidentKind::Assault, Some(target)) => format!(
            "Attack by {by} ({} men) on {place}, defended by {target} ({} men), {when}: {}",
            number(f64::from(row.n_attackers), 0),
            number(f64::from(row.n_defenders), 0),
            outcome(row),
        ),
        (IncidentKind::Assault, None) => format!("Attack by {by} on {place} {when}"),
        (IncidentKind::Execution, _) => format!(
            "Execution of prisoners{} by {by} in {place} {when}",
            target.map_or_else(String::new, |target| format!(" of {target}"))
        ),
        (IncidentKind::Repression, _) => format!("Killing of civilians by {by} in {place} {when}"),
        (IncidentKind::Strike, _) => format!("Strike by {by} on {place} {when}"),
        (IncidentKind::Reprisal, _) => format!("Killing in reprisal by {by} in {place} {when}"),
    };
    let members = [(row.dead_perpetrator, by), (row.dead_target, target.unwrap_or("others"))];
    let members =
        members.into_iter().filter(|&(n, _)| n > 0).map(|(n, whom)| format!("{} of {whom}", thousands(u64::from(n))));
    let civilians = (row.dead_civilians > 0).then(|| plural(row.dead_civilians, "civilian"));
    let killed: Vec<String> = members.chain(civilians).collect();
    let killed = if killed.is_empty() { "nobody".to_owned() } else { killed.join(", ") };
    format!("{what}. Killed: {killed}.")
}

fn outcome(row: &Incident) -> &'static str {
    if row.attackers_won { "won" } else { "beaten off" }
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().to_string() + letters.as_str())
}

pub(super) fn cause_of_death(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Combat) => "killed in combat",
        Some(Outcome::Wounds) => "of wounds",
        Some(Outcome::Executed) => "executed",
        Some(Outcome::Strike) => "killed by a strike",
        _ => "the record does not say how",
    }
}

fn belief_sentence(shift: &BeliefShift) -> String {
    let (before, after) = (shift.conviction_before, shift.conviction_after);
    let turns = match (before > 0.0, after > 0.0) {
        (true, false) => ": it reverses",
        (true, true) => ": it stays above zero",
        _ => "",
    };
    let heard = if shift.n_accusations > 0 {
        format!(
            " Credence of {} heard before: {:.2} to {:.2}.",
            plural(shift.n_accusations, "accusation"),
            shift.credence_before,
            shift.credence_after,
        )
    } else {
        " No accusation heard before.".to_owned()
    };
    format!("Conviction {before:+.2} to {after:+.2}{turns}.{heard} Denials heard: {}.", shift.n_denials)
}

pub(super) fn plural(n: u32, noun: &str) -> String {
    count(n as usize, noun)
}

pub(super) fn hazard_of(row: &Allegiance, own_blocks: Option<&str>) -> Option<HazardSplit> {
    let is_attempt = row.kind.is_exit() || row.kind == AllegianceKind::Capture;
    let desertion = row.hazard.filter(|_| is_attempt)?;
    let name = |block: &Block| match own_blocks.filter(|_| block.cause == Cause::Own) {
        Some(words) => words.to_owned(),
        None => block.name(),
    };
    Some(HazardSplit {
        desertion,
        defection: row.hazard_defection.unwrap_or(0.0),
        departure: row.hazard_departure.unwrap_or(0.0),
        blocks: BLOCKS.iter().map(|block| (name(block), block.of_row(row).unwrap_or(0.0))).collect(),
        most: row.cause.map(Cause::word),
        reasons: reasons(row, own_blocks),
    })
}

/// What moved the hazard of what somebody did, the strongest reason first.
fn reasons(row: &Allegiance, own_blocks: Option<&str>) -> Vec<Reason> {
    const LEAST: f64 = 0.005;
    let mut reasons: Vec<Reason> = BLOCKS
        .iter()
        .filter_map(|block| {
            let value = block.of_row(row).filter(|value| value.abs() >= LEAST)?;
            let name = own_blocks.filter(|_| block.cause == Cause::Own).map_or_else(|| block.name(), str::to_owned);
            Some(Reason { words: reason(&name, value), name, value, times: times(value) })
        })
        .collect();
    reasons.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    reasons
}

/// How many times as likely a contribution to the log-hazard makes it, in words.
fn times(value: f64) -> String {
    let factor = exp(value);
    let digits = if factor < 0.095 { 2 } else { usize::from(factor < 9.95) };
    format!("{} times as likely", number(if digits == 0 { two_digits(factor) } else { factor }, digits))
}

fn hazard_sentences(hazard: &HazardSplit, own_blocks: Option<&str>) -> Vec<String> {
    let total = hazard.desertion + hazard.defection + hazard.departure;
    let blocks: Vec<String> = hazard
        .blocks
        .iter()
        .filter(|(_, value)| value.abs() >= 0.005)
        .map(|(name, value)| format!("{name} {value:+.2}"))
        .collect();
    let mut sentences = vec![format!(
        "Hazard per month: desertion {:.2}, defection {:.2}, departure {:.2}; together a chance of {} on that day.",
        hazard.desertion,
        hazard.defection,
        hazard.departure,
        odds(daily_probability(total)),
    )];
    if !blocks.is_empty() {
        sentences.push(format!("Log-hazard by block: {}.", blocks.join(", ")));
    }
    if let Some(most) = hazard.most {
        sentences.push(format!("Strongest factor: {}.", factor_under(own_blocks, most)));
    }
    sentences
}

fn join_reason(row: &Allegiance) -> Option<String> {
    let cause = factor(row.cause?.word());
    let hazard = row.hazard.map_or_else(String::new, |h| format!("Hazard of joining per month: {h:.3}. "));
    Some(format!("{hazard}Strongest factor: {cause}."))
}
