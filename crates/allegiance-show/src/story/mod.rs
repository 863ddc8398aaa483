//! Why a simulated person stayed or left: his dated path, from the record alone.
//!
//! A [`Story`] is terse and factual: every sentence states rows of the tables.
//! It judges nobody and ranks nobody.

mod pick;
mod plain;
mod render;
mod sentences;
mod why;

pub(crate) use pick::candidates;
pub use pick::{Pick, pick, stayer_beside};
pub use render::render_story;
pub(crate) use sentences::incident_sentence;

use allegiance_model::ids::{GroupId, IncidentId, PersonId, PlaceId};
use allegiance_model::tables::{Allegiance, AllegianceKind, Exposure, Incident, Outcome, Person, Records, Standing};
use allegiance_record::reading::ReadRun;
use allegiance_record::setting::{Named, Setting};
use serde::Serialize;

/// What every story says about itself.
pub const NOTE: &str = "Simulated person: synthetic, no one real.";

/// Why a story can't be told.
#[derive(Debug, thiserror::Error)]
pub enum TellStoryError {
    /// No person has this number.
    #[error("there is no person {person} in replicate {replicate}: its people are numbered from 0 to {last}")]
    UnknownPerson {
        /// The person asked for.
        person: u32,
        /// The replicate.
        replicate: u32,
        /// The last number that somebody has.
        last: u64,
    },
    /// History didn't touch the person.
    #[error(
        "person {person} has no story in replicate {replicate}: the person lives there, but no group, incident or flight \
         ever reached this person, so the record holds nothing of this person"
    )]
    Untouched {
        /// The person asked for.
        person: u32,
        /// The replicate.
        replicate: u32,
    },
}

/// One person's path through one replicate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Story {
    /// That the person is simulated.
    pub note: &'static str,
    /// The scenario of the run.
    pub scenario: String,
    /// The seed of the run.
    pub seed: u64,
    /// The replicate.
    pub replicate: u32,
    /// Who it is.
    pub who: Who,
    /// The path in a paragraph, for readers without training.
    pub plain: String,
    /// The chance behind what he did, where the record holds it.
    pub odds: Option<Odds>,
    /// What happened to him, in order.
    pub path: Vec<Turn>,
    /// Why he left, or stayed, as far as the record tells.
    pub why: Vec<String>,
    /// How he stands at the end.
    pub end: String,
}

/// The person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Who {
    /// Number in the replicate.
    pub person: u32,
    /// Age on the first day, in years.
    pub age: u32,
    /// Whether the person is a woman or a girl.
    pub is_female: bool,
    /// Whether the person is foreign.
    pub is_foreign: bool,
    /// Identifier of the home place.
    pub home: Option<String>,
    /// Name of the home place.
    pub home_name: Option<String>,
    /// Household number.
    pub household: Option<u32>,
    /// Clan number.
    pub clan: Option<u32>,
    /// Motive weight of ideology.
    pub motive_ideology: f64,
    /// Motive weight of pay and goods.
    pub motive_material: f64,
    /// Motive weight of kin, friends and protection.
    pub motive_social: f64,
    /// Identifier of the first group.
    pub first_group: Option<String>,
    /// Name of the first group.
    pub first_group_name: Option<String>,
    /// The first unit that the record names.
    pub unit: Option<u32>,
    /// Identifier of the group at the end.
    pub group_at_end: Option<String>,
    /// Standing at the end.
    pub standing_at_end: &'static str,
    /// Times wounded.
    pub n_wounds: u32,
}

/// One dated step of a path.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Turn {
    /// The day, 0 for the first.
    pub day: u32,
    /// Its date.
    pub date: String,
    /// Identifier of the place.
    pub place: String,
    /// Name of the place.
    pub place_name: String,
    /// What it is: `exposure`, or the kind of a change of allegiance.
    pub kind: &'static str,
    /// What came of it.
    pub outcome: Option<&'static str>,
    /// The incident behind it.
    pub incident: Option<u32>,
    /// What it did to the person's beliefs.
    pub belief: Option<BeliefShift>,
    /// Conviction at that moment, where there is no shift.
    pub conviction: Option<f64>,
    /// The hazard behind a decision to leave.
    pub hazard: Option<HazardSplit>,
    /// Suspicion by the new side.
    pub suspicion: Option<f64>,
    /// The turn in words.
    pub sentences: Vec<String>,
    /// What the record holds of it in numbers, as sentences.
    pub numbers: Vec<String>,
}

impl Story {
    /// Whether the person ever left a group by decision.
    pub fn has_left(&self) -> bool {
        self.path.iter().any(|turn| AllegianceKind::from_word(turn.kind).is_some_and(AllegianceKind::is_exit))
    }
}

/// Beliefs before and after an incident reached the person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BeliefShift {
    /// Accusations against his group heard before.
    pub n_accusations: u32,
    /// Denials by his command heard before.
    pub n_denials: u32,
    /// Conviction before, log-odds.
    pub conviction_before: f64,
    /// Conviction after, log-odds.
    pub conviction_after: f64,
    /// Credence of the accusations before.
    pub credence_before: f64,
    /// Credence of the same accusations after.
    pub credence_after: f64,
}

/// The hazard of leaving per month, split by block.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HazardSplit {
    /// Hazard of desertion.
    pub desertion: f64,
    /// Hazard of defection.
    pub defection: f64,
    /// Hazard of departure.
    pub departure: f64,
    /// Contribution of each block to the log-hazard of the kind drawn.
    pub blocks: Vec<(String, f64)>,
    /// The block that added most.
    pub most: Option<&'static str>,
    /// The blocks that moved it, as reasons, the strongest first.
    pub reasons: Vec<Reason>,
}

/// A block of the hazard as a reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reason {
    /// The block.
    pub name: String,
    /// The reason, for readers without training.
    pub words: String,
    /// What it adds to the log-hazard: above zero, towards leaving.
    pub value: f64,
    /// The same as how many times as likely it makes it.
    pub times: String,
}

/// The chance on a day of what somebody then did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Odds {
    /// What he did, as in `going over`.
    pub deed: &'static str,
    /// The date.
    pub date: String,
    /// The chance that he would on that day.
    pub chance: f64,
    /// The chance in words.
    pub words: String,
    /// The reason that weighed most towards it; none where nothing did.
    pub reason: Option<String>,
    /// The chance without that reason, the others being as they were.
    pub chance_without: Option<f64>,
    /// The same in words.
    pub words_without: Option<String>,
}

/// The tables that stories are told from.
pub const STORY_TABLES: [&str; 6] = ["incidents", "allegiance", "exposures", "control", "beliefs", "persons"];

/// What stories of one replicate of a run are told from.
///
/// # Errors
/// Where one of [`STORY_TABLES`] can't be read.
pub fn read_story_records<R: ReadRun>(run: &R, replicate: u32) -> Result<Records, R::Error> {
    run.records_of(replicate, &STORY_TABLES)
}

/// Why a person who isn't in the record has no story.
fn unknown(setting: &Setting, records: &Records, replicate: u32, person: u32) -> TellStoryError {
    let last_known = records.persons.person.iter().map(|person| u64::from(person.0)).max().unwrap_or(0);
    let last = last_known.max(setting.n_inhabitants.saturating_sub(1));
    if u64::from(person) > last {
        TellStoryError::UnknownPerson { person, replicate, last }
    } else {
        TellStoryError::Untouched { person, replicate }
    }
}

/// Tells the story of one person.
///
/// # Errors
/// [`TellStoryError`]: nobody has the number, or history didn't touch the person.
pub fn tell(setting: &Setting, records: &Records, replicate: u32, person: PersonId) -> Result<Story, TellStoryError> {
    let person = records
        .persons
        .rows()
        .find(|row| row.person == person)
        .ok_or_else(|| unknown(setting, records, replicate, person.0))?;
    let life = Life::of(setting, records, person);
    Ok(Story {
        note: NOTE,
        scenario: setting.scenario_id.clone(),
        seed: setting.seed,
        replicate,
        who: life.who(),
        plain: life.plain(),
        odds: life.odds(),
        path: life.path(),
        why: life.why(),
        end: life.end(),
    })
}

/// Everything that the record holds of one person.
struct Life<'a> {
    setting: &'a Setting,
    records: &'a Records,
    person: Person,
    turns: Vec<Allegiance>,
    exposures: Vec<Exposure>,
}

impl<'a> Life<'a> {
    fn of(setting: &'a Setting, records: &'a Records, person: Person) -> Self {
        let is_his = |&found: &PersonId| found == person.person;
        let rows_of = |column: &[PersonId]| -> Vec<usize> {
            let all = column.iter().enumerate();
            all.filter(|(_, found)| is_his(found)).map(|(row_idx, _)| row_idx).collect()
        };
        let turns = rows_of(&records.allegiance.person).into_iter();
        let exposures = rows_of(&records.exposures.person).into_iter();
        Self {
            setting,
            records,
            person,
            turns: turns.map(|idx| records.allegiance.row(idx)).collect(),
            exposures: exposures.map(|idx| records.exposures.row(idx)).collect(),
        }
    }

    fn place(&self, place: PlaceId) -> &Named {
        self.setting.place(place)
    }

    fn group_name(&self, group: GroupId) -> &str {
        &self.setting.group(group).name
    }

    fn incident(&self, incident: IncidentId) -> Option<Incident> {
        let numbers = &self.records.incidents.incident;
        let at = numbers.binary_search(&incident).ok()?;
        Some(self.records.incidents.row(at))
    }

    fn who(&self) -> Who {
        let person = &self.person;
        let home = person.home.map(|home| self.place(home));
        let group = |group: Option<GroupId>| group.map(|group| self.setting.group(group));
        Who {
            person: person.person.0,
            age: person.age,
            is_female: person.is_female,
            is_foreign: person.is_foreign,
            home: home.map(|home| home.id.clone()),
            home_name: home.map(|home| home.name.clone()),
            household: person.household.map(|household| household.0),
            clan: person.clan.map(|clan| clan.0),
            motive_ideology: person.motive_ideology,
            motive_material: person.motive_material,
            motive_social: person.motive_social,
            first_group: group(person.first_group).map(|group| group.id.clone()),
            first_group_name: group(person.first_group).map(|group| group.name.clone()),
            unit: self.turns.iter().find_map(|turn| turn.unit).map(|unit| unit.0),
            group_at_end: group(person.group).map(|group| group.id.clone()),
            standing_at_end: person.standing.word(),
            n_wounds: person.n_wounds,
        }
    }

    /// The turns in the engine's order of a day: what happens to the body,
    /// then news, then complaints and decisions.
    fn path(&self) -> Vec<Turn> {
        let mut shown: Vec<IncidentId> = Vec::new();
        let mut path = Vec::new();
        let mut news = self.news().into_iter().peekable();
        for (at, turn) in self.turns.iter().enumerate() {
            let comes_before = |exposed: &Vec<Exposure>| {
                exposed[0].day < turn.day || (exposed[0].day == turn.day && follows_news(turn.kind))
            };
            while let Some(exposed) = news.next_if(comes_before) {
                path.push(self.exposure_turn(&exposed, &mut shown));
            }
            if !self.is_told_by_death(at) {
                path.push(self.allegiance_turn(turn, &mut shown));
            }
        }
        path.extend(news.map(|exposed| self.exposure_turn(&exposed, &mut shown)));
        path
    }

    /// The exposures, those of one incident on one day together.
    fn news(&self) -> Vec<Vec<Exposure>> {
        let mut news: Vec<Vec<Exposure>> = Vec::new();
        for exposure in &self.exposures {
            let known =
                news.iter_mut().find(|known| (known[0].day, known[0].incident) == (exposure.day, exposure.incident));
            match known {
                Some(known) => known.push(*exposure),
                None => news.push(vec![*exposure]),
            }
        }
        news
    }

    /// Whether a row says no more than the death that it leads to.
    fn is_told_by_death(&self, at: usize) -> bool {
        let turn = &self.turns[at];
        let is_killing = matches!(turn.kind, AllegianceKind::Execution | AllegianceKind::Reprisal);
        let mut later = self.turns[at..].iter();
        is_killing
            && later.any(|next| {
                next.day == turn.day && next.kind == AllegianceKind::Death && next.outcome == Some(Outcome::Executed)
            })
    }

    /// How the person stands at the end, and with whom: a prisoner's group isn't his captor.
    fn standing(&self) -> String {
        let person = &self.person;
        let group = person.group.map(|group| self.group_name(group));
        let with = group.map_or_else(String::new, |group| format!(" with {group}"));
        let captor = self.turns.iter().rev().find_map(|turn| match turn.kind {
            AllegianceKind::Imprisonment => turn.to_group,
            _ => None,
        });
        match person.standing {
            Standing::Active => format!("active{with}"),
            Standing::Wounded => format!("recovering from wounds{with}"),
            Standing::Prisoner => {
                let by = captor.map_or_else(String::new, |captor| format!(" of {}", self.group_name(captor)));
                let member = group.map_or_else(String::new, |group| format!(", a member of {group}"));
                format!("a prisoner{by}{member}")
            }
            Standing::Detained => group.map_or_else(|| "detained".to_owned(), |group| format!("detained by {group}")),
            Standing::Deserter => "out of the war, a deserter".to_owned(),
            Standing::Departed => "out of the country".to_owned(),
            Standing::Dead => group.map_or_else(|| "dead".to_owned(), |group| format!("dead, a member of {group}")),
            Standing::Civilian => "a civilian".to_owned(),
        }
    }

    fn end(&self) -> String {
        let last_day = self.setting.n_days.saturating_sub(1);
        let standing = self.standing();
        let wounds = match self.person.n_wounds {
            0 => String::new(),
            1 => ", wounded once".to_owned(),
            n => format!(", wounded {n} times"),
        };
        let suspicion = self.person.suspicion.map_or_else(String::new, |s| format!(", under suspicion ({s:.2})"));
        format!("On {}: {standing}{wounds}{suspicion}.", self.setting.date(last_day))
    }
}

/// Whether a turn comes after the day's news has reached people.
fn follows_news(kind: AllegianceKind) -> bool {
    !matches!(
        kind,
        AllegianceKind::Wound | AllegianceKind::Recovery | AllegianceKind::Imprisonment | AllegianceKind::Release
    )
}
