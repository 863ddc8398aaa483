//! What was run: where, when, who, under which theories, and what it isn't.

use super::base::BaseMap;
use super::holder::CONTESTED_BELOW;
use super::look::{GroupLook, group_looks};
use crate::factors::exit_reasons;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::maths::near_longitude;
use allegiance_model::parameters::{Parameters, Tag};
use allegiance_model::setup::{self, Setup, TimelineEntry};
use allegiance_model::theory::OwnTheory;
use allegiance_record::manifest::{ChangedParameter, changed_parameters};
use allegiance_record::reading::ReadRun;
use allegiance_record::setting::{Named, Setting};
use allegiance_record::setup_differences::{SetupDifference, change_in_words};
use serde::Serialize;
use std::collections::BTreeMap;

/// What every view says about itself.
pub const ABOUT: &str = "Simulated: synthetic people; not a forecast.";

/// A parameter that isn't at its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Change {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its default.
    pub default: String,
}

/// One thing in which two setups differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DifferenceEntry {
    /// What kind of thing: parameter, theory, pay, timeline and others.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// Its value in the first; none where the first hasn't it.
    pub a: Option<String>,
    /// Its value in the second; none where the second hasn't it.
    pub b: Option<String>,
    /// The second as seen from the first.
    pub words: String,
}

impl DifferenceEntry {
    /// Those of a list.
    pub fn all(differences: &[SetupDifference]) -> Vec<Self> {
        let entry = |found: &SetupDifference| Self {
            kind: found.kind.word(),
            key: found.key.clone(),
            a: found.a.clone(),
            b: found.b.clone(),
            words: found.words.clone(),
        };
        differences.iter().map(entry).collect()
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GroupEntry {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it looks.
    pub look: GroupLook,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlaceEntry {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Inhabitants on the first day.
    pub population: u32,
    /// First administrative level.
    pub region: String,
}

/// A dated entry of the scenario's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HappeningEntry {
    /// The day.
    pub day: u32,
    /// What happens.
    pub text: String,
    /// Where, by the place's position.
    pub place: Option<u32>,
}

/// Who made a record, and from what, where no run folder tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Version of the engine.
    pub engine_version: String,
    /// Commit of the source, if known.
    pub git: Option<String>,
    /// Title of the scenario.
    pub scenario_title: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// What was changed of the scenario, as assignments in their order.
    pub changes: Vec<String>,
    /// What that makes different from the scenario as it was loaded.
    pub changed: Vec<SetupDifference>,
    /// Number of replicates.
    pub n_replicates: u32,
}

/// A theory that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TheoryFile {
    /// Its name.
    pub name: String,
    /// The name of its file, as changes have it after their folder.
    pub file: String,
    /// The slots that it fills, such as `exit`.
    pub slots: Vec<String>,
    /// The text of its file.
    pub text: String,
}

impl TheoryFile {
    fn all(setup: &Setup) -> Vec<Self> {
        let of = |own: &OwnTheory| Self {
            name: own.name.clone(),
            file: own.file.clone(),
            slots: own.slots().into_iter().map(|slot| slot.word().to_owned()).collect(),
            text: own.text.clone(),
        };
        setup.own_theories.iter().map(of).collect()
    }
}

/// One run at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Overview {
    /// That it is simulated.
    pub about: String,
    /// A short name: the scenario and what was changed of it.
    pub label: String,
    /// Version of the engine.
    pub engine_version: String,
    /// Commit of the source.
    pub git: Option<String>,
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// Title of the scenario.
    pub scenario_title: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Seed.
    pub seed: u64,
    /// Number of replicates.
    pub n_replicates: u32,
    /// Number of days.
    pub n_days: u32,
    /// Date of the first day.
    pub start: String,
    /// Date of the last day.
    pub end: String,
    /// The theory of belief.
    pub belief: String,
    /// The theory of exit.
    pub exit: String,
    /// The theories in files, for whoever goes on with it; none where the scenario can't be read.
    pub theories: Vec<TheoryFile>,
    /// What was changed of the scenario, as assignments in their order.
    pub changes: Vec<String>,
    /// What the changes of the user make different from the scenario.
    pub changed: Vec<DifferenceEntry>,
    /// Parameters that aren't at their defaults.
    pub changed_parameters: Vec<Change>,
    /// A place whose leader has less than this share of control is contested.
    pub contested_below: f64,
    /// The groups; views name them by position.
    pub groups: Vec<GroupEntry>,
    /// The places; views name them by position.
    pub places: Vec<PlaceEntry>,
    /// What its map is drawn on; empty where nobody asked for it.
    pub base: BaseMap,
    /// Strongest factors of an exit: the word of the table `allegiance`, and the reason
    /// that it gives somebody to leave.
    #[cfg_attr(test, ts(type = "Array<[string, string]>"))]
    pub reasons: Vec<(String, String)>,
    /// Dated entries of the scenario's timeline.
    pub happenings: Vec<HappeningEntry>,
    /// What this is and isn't, as sentences.
    pub assumptions: Vec<String>,
}

impl Overview {
    /// That of a record made from a setup.
    pub fn of(scenario_id: &str, setup: &Setup, provenance: &Provenance) -> Self {
        let setting = Setting::of(scenario_id, setup);
        let places = setup.places.iter().map(|place| PlaceEntry {
            id: place.id.clone(),
            name: place.name.clone(),
            lon: near_longitude(place.longitude_deg, setup.places[0].longitude_deg),
            lat: place.latitude_deg,
            population: place.population,
            region: place.governorate.clone(),
        });
        Self {
            label: label(scenario_id, &provenance.changes),
            engine_version: provenance.engine_version.clone(),
            git: provenance.git.clone(),
            scenario_title: provenance.scenario_title.clone(),
            scenario_hash: provenance.scenario_hash.clone(),
            n_replicates: provenance.n_replicates,
            belief: setup.belief_theory().to_owned(),
            exit: setup.exit_theory().to_owned(),
            theories: TheoryFile::all(setup),
            changes: provenance.changes.clone(),
            changed: DifferenceEntry::all(&provenance.changed),
            changed_parameters: changes(&changed_parameters(setup)),
            happenings: happenings(&setting, &setup.timeline),
            assumptions: assumptions(provenance.n_replicates),
            about: setup.about().to_owned(),
            ..Self::bare(&setting, places.collect())
        }
    }

    /// That of a finished run. The run's tables hold no timeline: `setup` gives
    /// it, where the run's scenario can be read.
    ///
    /// # Errors
    /// Where the places of the run can't be read.
    pub fn of_run<R: ReadRun>(run: &R, setup: Option<&Setup>) -> Result<Self, R::Error> {
        let (manifest, setting) = (run.manifest(), run.setting());
        let sites = run.sites()?;
        let first = sites.first().map_or(0.0, |site| site.longitude_deg);
        let places = setting.places.iter().zip(sites).map(|(place, site)| PlaceEntry {
            id: place.id.clone(),
            name: place.name.clone(),
            lon: near_longitude(site.longitude_deg, first),
            lat: site.latitude_deg,
            population: site.population,
            region: site.governorate,
        });
        Ok(Self {
            label: label(&manifest.scenario_id, &manifest.changes),
            engine_version: manifest.engine_version.clone(),
            git: manifest.git.clone(),
            scenario_title: manifest.scenario_title.clone(),
            scenario_hash: manifest.scenario_hash.clone(),
            n_replicates: manifest.n_replicates,
            belief: manifest.theory.belief.clone(),
            exit: manifest.theory.exit.clone(),
            theories: setup.map_or_else(Vec::new, TheoryFile::all),
            changes: manifest.changes.clone(),
            changed: DifferenceEntry::all(&manifest.changed),
            changed_parameters: changes(&manifest.changed_parameters),
            happenings: setup.map_or_else(Vec::new, |setup| happenings(setting, &setup.timeline)),
            assumptions: assumptions(manifest.n_replicates),
            about: manifest.note().to_owned(),
            ..Self::bare(setting, places.collect())
        })
    }

    /// The same with what its map is drawn on.
    #[must_use]
    pub fn with_base(mut self) -> Self {
        let places: Vec<[f64; 2]> = self.places.iter().map(|place| [place.lon, place.lat]).collect();
        let (base, sources) = BaseMap::around(&places);
        self.base = base;
        self.assumptions.extend(sources);
        self
    }

    /// What a setting alone tells.
    fn bare(setting: &Setting, places: Vec<PlaceEntry>) -> Self {
        let looks = group_looks(setting.groups.iter().map(|group| group.name.as_str()));
        let groups = setting.groups.iter().zip(looks);
        let entry =
            |(group, look): (&Named, GroupLook)| GroupEntry { id: group.id.clone(), name: group.name.clone(), look };
        Self {
            about: ABOUT.to_owned(),
            label: String::new(),
            engine_version: String::new(),
            git: None,
            scenario_id: setting.scenario_id.clone(),
            scenario_title: String::new(),
            scenario_hash: String::new(),
            seed: setting.seed,
            n_replicates: 0,
            n_days: setting.n_days,
            start: setting.start.to_string(),
            end: setting.date(setting.n_days.saturating_sub(1)).to_string(),
            belief: String::new(),
            exit: String::new(),
            theories: Vec::new(),
            changes: Vec::new(),
            changed: Vec::new(),
            changed_parameters: Vec::new(),
            contested_below: CONTESTED_BELOW,
            groups: groups.map(entry).collect(),
            places,
            base: BaseMap::default(),
            reasons: exit_reasons(setting.own_blocks.as_deref()),
            happenings: Vec::new(),
            assumptions: Vec::new(),
        }
    }
}

/// A run as its two names tell it: the scenario and what was changed.
pub fn label(scenario_id: &str, changes: &[String]) -> String {
    let parts = std::iter::once(scenario_id).chain(changes.iter().map(String::as_str));
    parts.collect::<Vec<_>>().join(" · ")
}

fn changes(changed: &BTreeMap<String, ChangedParameter>) -> Vec<Change> {
    let changed = changed.iter();
    changed
        .map(|(name, change)| Change {
            name: name.clone(),
            value: change.value.to_string(),
            default: change.default.to_string(),
        })
        .collect()
}

/// The timeline within the run's days. An entry that changes several things has
/// one note, which is told once.
fn happenings(setting: &Setting, timeline: &[TimelineEntry]) -> Vec<HappeningEntry> {
    let within = timeline.iter().filter(|entry| entry.day < setting.n_days);
    let mut told: Vec<HappeningEntry> = within
        .map(|entry| HappeningEntry {
            day: entry.day,
            text: if entry.note.is_empty() { in_words(setting, &entry.change) } else { entry.note.clone() },
            place: entry.place.map(|place| place.0),
        })
        .collect();
    told.dedup_by(|next, kept| next.day == kept.day && next.text == kept.text);
    told
}

/// A change that has no note.
fn in_words(setting: &Setting, change: &setup::Change) -> String {
    let group = |group: GroupId| setting.group(group).name.as_str();
    let place = |place: PlaceId| setting.place(place).name.as_str();
    change_in_words(change, &group, &place)
}

fn assumptions(n_replicates: u32) -> Vec<String> {
    let tagged = |tag: Tag| Parameters::dictionary().filter(|info| info.tag == tag).count();
    let n_all = Parameters::dictionary().count();
    let replicates = if n_replicates == 1 {
        "There is one replicate: one possible history. Another replicate of the same world would differ.".to_owned()
    } else {
        format!("There are {n_replicates} replicates: each is one possible history of the same world.")
    };
    vec![
        "Every person is synthetic: drawn from shares and counts, no one real.".to_owned(),
        "Places, groups, garrisons and dated happenings come from the scenario's files, which name their sources."
            .to_owned(),
        format!(
            "Of the {n_all} parameters of the model, {} are sourced, {} are derived from sources and {} are judgements.",
            tagged(Tag::Sourced),
            tagged(Tag::Derived),
            tagged(Tag::Judgement),
        ),
        replicates,
        "A difference between runs says what the model does under its assumptions, not what happened.".to_owned(),
    ]
}
