//! A scenario to start from: a small invented war that runs at once, with comments
//! on what to change; or one that extends a built-in scenario.

use std::fmt::Write as _;

use allegiance_model::calendar::Date;
use allegiance_model::setup::Setup;

use crate::builtin;
use crate::format::MAX_DAYS;
use crate::load::ScenarioFile;
use crate::problem::did_you_mean;
use crate::profiles::Profile;
use crate::shape::{is_id, slug};
use crate::tree::quoted;

/// Where the invented places lie.
const LATITUDE: f64 = 10.0;
const LONGITUDE: f64 = 20.0;
/// How far apart they lie, in degrees: some six kilometres.
const STEP_DEG: f64 = 0.055;
/// Places in a row of them.
const PLACES_IN_ROW: u32 = 5;
/// People of the first place, which is a town.
const TOWN_PEOPLE: u32 = 6_000;
/// People of every other.
const VILLAGE_PEOPLE: u32 = 1_800;
/// People for each member, so that groups find their men: one man in two of 15 to 39 at most.
const PEOPLE_PER_MEMBER: u64 = 10;
/// People of a place, at most.
const MOST_PEOPLE: u32 = 40_000_000;
/// The most places.
pub const MOST_NEW_PLACES: u32 = 200;

/// A group of a new scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Name shown to people; the identifier follows from it.
    pub name: String,
    /// What it's like.
    pub profile: Profile,
    /// Members on the first day.
    pub members: u32,
}

impl NewGroup {
    /// Reads `NAME:PROFILE` or `NAME:PROFILE:MEMBERS`.
    ///
    /// # Errors
    /// What is wrong, as a sentence without its end.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split(':').map(str::trim).collect();
        let ([name, word] | [name, word, _]) = parts[..] else {
            return Err(format!("{text:?} isn't NAME:PROFILE or NAME:PROFILE:MEMBERS"));
        };
        let Some(profile) = Profile::named(word) else {
            let hint = did_you_mean(word, Profile::WORDS).map_or_else(String::new, |hint| format!("; {hint}"));
            return Err(format!("{word:?} is no profile; profiles are {}{hint}", Profile::WORDS.join(", ")));
        };
        if slug(name).is_empty() {
            return Err(format!("the name {name:?} has no letter or digit"));
        }
        let members = match parts.get(2) {
            Some(number) => number.parse().ok().filter(|members| *members <= 10_000_000).ok_or_else(|| {
                format!("the members of {name} are {number:?}; must be a whole number from 0 to 10000000")
            })?,
            None => usual_members(profile),
        };
        Ok(Self { name: name.to_owned(), profile, members })
    }
}

/// Members of a group of a small war, where nobody says.
pub fn usual_members(profile: Profile) -> u32 {
    match profile {
        Profile::Government => 120,
        Profile::Rebel => 90,
        Profile::Militia => 40,
        Profile::ForeignState => 30,
    }
}

/// What a new scenario is to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct NewScenario {
    /// Title shown to people.
    pub title: String,
    /// The first day.
    pub start: Date,
    /// Days to simulate.
    pub days: u32,
    /// The groups.
    pub groups: Vec<NewGroup>,
    /// How many places: a town and villages.
    pub places: u32,
}

impl Default for NewScenario {
    fn default() -> Self {
        let group = |name: &str, profile| NewGroup { name: name.to_owned(), profile, members: usual_members(profile) };
        Self {
            title: "A small war".to_owned(),
            start: Date::from_ymd(2000, 1, 1).expect("it's a day"),
            days: 90,
            groups: vec![group("Government", Profile::Government), group("Rebels", Profile::Rebel)],
            places: 4,
        }
    }
}

impl NewScenario {
    /// The files of the scenario, `scenario.toml` first.
    ///
    /// # Errors
    /// What is wrong, as a sentence without its end.
    pub fn files(&self, id: &str) -> Result<Vec<ScenarioFile>, String> {
        check_id(id)?;
        if !(1..=MOST_NEW_PLACES).contains(&self.places) {
            return Err(format!("{} places; must be 1 to {MOST_NEW_PLACES}", self.places));
        }
        if !(1..=MAX_DAYS).contains(&i64::from(self.days)) {
            return Err(format!("{} days; must be 1 to {MAX_DAYS}", self.days));
        }
        let ids = self.ids()?;
        let crowding = self.crowding()?;
        let file = |name: &str, text: String| ScenarioFile { name: name.to_owned(), text };
        Ok(vec![
            file("scenario.toml", self.main_file(id, &ids)),
            file("places.csv", self.places_file(crowding)),
            file("control.csv", self.control_file(&ids)),
        ])
    }

    /// How many times the usual people live in each place, so that the men for the groups are there.
    fn crowding(&self) -> Result<u32, String> {
        let is_local = |group: &&NewGroup| group.profile != Profile::ForeignState;
        let members: u64 = self.groups.iter().filter(is_local).map(|group| u64::from(group.members)).sum();
        let usual = u64::from(TOWN_PEOPLE) + u64::from(self.places - 1) * u64::from(VILLAGE_PEOPLE);
        let crowding = (members * PEOPLE_PER_MEMBER).div_ceil(usual).max(1);
        if crowding > u64::from(MOST_PEOPLE / TOWN_PEOPLE) {
            return Err(format!(
                "{members} members are more than {} places of at most {MOST_PEOPLE} people have men for; give more places or fewer members",
                self.places
            ));
        }
        Ok(crowding as u32)
    }

    /// The groups' identifiers, each of its own.
    fn ids(&self) -> Result<Vec<String>, String> {
        let ids: Vec<String> = self.groups.iter().map(|group| slug(&group.name)).collect();
        if ids.is_empty() {
            return Err("a war needs a group".to_owned());
        }
        if ids.len() > Setup::MAX_GROUPS {
            return Err(format!("{} groups; must be 1 to {}", ids.len(), Setup::MAX_GROUPS));
        }
        match ids.iter().enumerate().find(|(at, id)| ids[..*at].contains(id)) {
            Some((_, id)) => Err(format!("two groups would have the identifier {id}; give one of them another name")),
            None => Ok(ids),
        }
    }

    fn main_file(&self, id: &str, ids: &[String]) -> String {
        let mut text = format!(
            "# A scenario to start from: it runs as it is, and everything in it is invented.\n\
             # Change what you know, cite it, and ask after every change: allegiance check {id}\n\
             # Every key is explained in docs/reference/scenario-format.md.\n\
             format = 1\n\
             id = {id:?}\n\
             title = {}\n\
             description = \"An invented war, to be changed into one of your own.\"\n\
             start = {}\n\
             days = {}\n\
             seed = 1\n\
             # Whether the places exist: every result says so.\n\
             places_are_real = false\n\
             \n\
             # Every source of a number has a key here, which the rest of the files name.\n\
             [sources]\n\
             invented = \"Invented, to start from\"\n\
             \n\
             [tables]\n\
             places = \"places.csv\"\n\
             control = \"control.csv\"\n\
             \n\
             # A profile states what a group doesn't state itself: cause, brutality, discipline, pay, motives, answers to\n\
             # complaints, executions of prisoners. It is judgement. Any of these keys can stand beside it and wins.\n",
            quoted(&self.title),
            self.start,
            self.days,
        );
        for (group, id) in self.groups.iter().zip(ids) {
            put(&mut text, format_args!("[[groups]]\nid = {id:?}\nname = {}", quoted(&group.name)));
            put(&mut text, format_args!("kind = {:?}\nprofile = {:?}", kind_of(group.profile), group.profile.word()));
            put(&mut text, format_args!("members = {}\nsource = \"invented\"\n", group.members));
        }
        for (a, b, relation) in self.relations(ids) {
            put(
                &mut text,
                format_args!("[[relations]]\na = {a:?}\nb = {b:?}\nkind = {relation:?}\nsource = \"invented\"\n"),
            );
        }
        text.push_str(
            "# Parameters of the model; allegiance parameters lists them with their meanings and ranges. Attacks are as many\n\
             # as the range allows, so that a war among few has some.\n\
             [parameters.operations]\n\
             attacks_per_month = 0.3\n",
        );
        text
    }

    /// States and militias stand against rebels, and with each other; rebels are at truce
    /// with one another.
    fn relations<'i>(&self, ids: &'i [String]) -> Vec<(&'i str, &'i str, &'static str)> {
        let mut relations = Vec::new();
        for (a, one) in self.groups.iter().enumerate() {
            for (b, other) in self.groups.iter().enumerate().skip(a + 1) {
                let relation = match (one.profile == Profile::Rebel, other.profile == Profile::Rebel) {
                    (true, true) => "truce",
                    (false, false) => "alliance",
                    _ => "war",
                };
                relations.push((ids[a].as_str(), ids[b].as_str(), relation));
            }
        }
        relations
    }

    fn place(nth: u32) -> (String, String) {
        match nth {
            0 => ("town".to_owned(), "Town".to_owned()),
            nth => (format!("village_{nth}"), format!("Village {nth}")),
        }
    }

    fn places_file(&self, crowding: u32) -> String {
        let mut text =
            "place,name,kind,governorate,district,subdistrict,latitude,longitude,population,source\n".to_owned();
        for nth in 0..self.places {
            let (id, name) = Self::place(nth);
            let (kind, usual) = if nth == 0 { ("town", TOWN_PEOPLE) } else { ("village", VILLAGE_PEOPLE) };
            let people = usual * crowding;
            let latitude = LATITUDE + STEP_DEG * f64::from(nth / PLACES_IN_ROW);
            let longitude = LONGITUDE + STEP_DEG * f64::from(nth % PLACES_IN_ROW);
            let area = 1 + nth / PLACES_IN_ROW;
            put(
                &mut text,
                format_args!(
                    "{id},{name},{kind},Province,District,Area {area},{latitude:.3},{longitude:.3},{people},invented"
                ),
            );
        }
        text
    }

    /// The town is the first group's; villages go round, from the second group on. Where there are
    /// more groups than places, they go round in these and share them.
    fn control_file(&self, ids: &[String]) -> String {
        let mut text = "place,group,share,source\n".to_owned();
        let n_places = self.places as usize;
        for nth in 0..n_places {
            let (place, _) = Self::place(nth as u32);
            let beyond = ids.iter().skip(nth + n_places).step_by(n_places);
            let holders: Vec<&String> = std::iter::once(&ids[nth % ids.len()]).chain(beyond).collect();
            let each = 100 / holders.len();
            let first = 100 - each * (holders.len() - 1);
            for (at, id) in holders.into_iter().enumerate() {
                let share = (if at == 0 { first } else { each }) as f64 / 100.0;
                put(&mut text, format_args!("{place},{id},{share},invented"));
            }
        }
        text
    }
}

/// The files of a scenario that extends a built-in one.
///
/// # Errors
/// What is wrong, as a sentence without its end.
pub fn extending(id: &str, base: &str) -> Result<Vec<ScenarioFile>, String> {
    check_id(id)?;
    let names: Vec<&str> = builtin::names().collect();
    if !names.contains(&base) {
        let hint = did_you_mean(base, &names).map_or_else(String::new, |hint| format!("; {hint}"));
        return Err(format!("there is no built-in scenario {base:?}; they are {}{hint}", names.join(", ")));
    }
    let text = format!(
        "# {base} with changes: what this file doesn't state is as it is there.\n\
         # See what changed: allegiance compare {base} {id}\n\
         format = 1\n\
         extends = {base:?}\n\
         id = {id:?}\n\
         title = \"{base}, changed\"\n\
         \n\
         # A parameter of the model; allegiance parameters lists them.\n\
         # [parameters.exits]\n\
         # home_attacked_desertion = 10\n\
         \n\
         # Keys of a group, which merge with those of the same id; the folder of a run of {base} holds all of it in scenario/.\n\
         # [[groups]]\n\
         # id = \"...\"\n\
         # pay_usd_per_month = 100\n\
         \n\
         # What is added to its timeline. A [[timeline]] of its own would replace that as a whole.\n\
         # [[timeline_append]]\n\
         # date = 2014-01-10\n\
         # kind = \"lever\"\n\
         # lever = \"safe_passage\"\n\
         # group = \"...\"\n\
         # value = 1\n\
         # note = \"Leavers are let through.\"\n\
         # source = [\"judgement\"]\n"
    );
    Ok(vec![ScenarioFile { name: "scenario.toml".to_owned(), text }])
}

fn check_id(id: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err("the folder has no name of its own; give one such as my-war".to_owned());
    }
    if is_id(id) { Ok(()) } else { Err(format!("{id:?} is no identifier; must be of letters, digits, _ and -")) }
}

fn kind_of(profile: Profile) -> &'static str {
    match profile {
        Profile::Government | Profile::ForeignState => "state",
        Profile::Rebel => "rebel",
        Profile::Militia => "local_defence",
    }
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes any text");
}
