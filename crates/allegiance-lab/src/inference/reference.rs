//! The reference table: wars simulated under parameters and theories drawn
//! from their priors, each seen through the observation model.
//!
//! Draw `i` is a pure function of the study's seed and `i`. One table serves
//! every synthetic truth, every record and every choice of summaries.

use crate::evidence::simulate_asked;
use crate::inference::draw_table::{
    Cut, DrawColumn, DrawFolder, DrawTableError, digest_of_study, missing_chunks, read_all,
};
use crate::inference::instruments::{Instrument, measure_with};
use crate::inference::prior::Prior;
use crate::inference::record::seen_events;
use crate::inference::record_summaries::{EVENTS, summarise_record};
use crate::inference::workers::{Filling, SimulateWar, WantedChunk, WantedWar};
use crate::sweep::Shard;
use allegiance_model::World;
use allegiance_model::interviews::Interview;
use allegiance_model::maths::exp;
use allegiance_model::random::{Draws, Purpose, Stream};
use allegiance_model::setup::{BeliefTheory, ExitTheory, Setup, Theory};
use allegiance_model::tables::Records;
use allegiance_model::theory::{OwnParameter, OwnTheory, Slot};
use allegiance_record::digest::{Hasher, digest_of_setup};
use allegiance_record::evidence::{Evidence, shape_of};
use allegiance_record::intervals::Interval;
use allegiance_record::observe::{Gazetteer, ObservationParameters, RecordRow, observe, reported_rows};
use allegiance_replay::{BrokenRun, Progress};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Draws a chunk of the table; the number of draws is rounded up to it.
pub const CHUNK_SIZE: u32 = 256;

/// Raised whenever a summary changes, so that an older table isn't mixed in.
const SUMMARIES_VERSION: u32 = 3;

/// What a study infers, and on which scenario.
#[derive(Debug, Clone)]
pub struct Study {
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// The scenario, its seed included.
    pub setup: Setup,
    /// The observation model where a prior doesn't say otherwise.
    pub observation: ObservationParameters,
    /// Version of the program.
    pub version: String,
    /// What is inferred.
    pub priors: Vec<Prior>,
    /// Theories of belief, each as likely as any other.
    pub beliefs: Vec<BeliefTheory>,
    /// Theories of exit, each as likely as any other, whatever the belief.
    pub exits: Vec<ExitTheory>,
    /// Theories that people wrote, each one more of the slot that it fills; see
    /// [`Study::with_theories`].
    pub own: Vec<OwnTheory>,
    /// Instruments beside the record.
    pub instruments: Vec<Instrument>,
    /// Evidence of people and groups beside the record; what was found in the war itself
    /// doesn't matter to the table.
    pub evidence: Vec<Evidence>,
}

/// What `study.json` says.
#[derive(Serialize)]
struct StudyIdentity<'a> {
    kind: &'static str,
    version: &'a str,
    summaries_version: u32,
    scenario: &'a str,
    setup_digest: String,
    observation_digest: String,
    seed: u64,
    beliefs: Vec<&'static str>,
    exits: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    theories: Vec<[&'a str; 2]>,
    priors: &'a [Prior],
    instruments: &'a [Instrument],
    /// Each evidence's name and digest of what it measures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<[String; 2]>,
    /// Digest of a survey that everybody is asked in.
    #[serde(skip_serializing_if = "str::is_empty")]
    survey: &'a str,
    chunk_size: u32,
}

impl Study {
    /// A study of every theory of belief and exit with every instrument, beside every incident
    /// as it happened, which bounds what a record could tell.
    pub fn of_all_theories(scenario_id: &str, setup: Setup, priors: Vec<Prior>, version: &str) -> Self {
        Self {
            scenario_id: scenario_id.to_owned(),
            observation: setup.observation.clone(),
            setup,
            version: version.to_owned(),
            priors,
            beliefs: BeliefTheory::ALL.to_vec(),
            exits: ExitTheory::ALL.to_vec(),
            own: Vec::new(),
            instruments: Instrument::ALL.into_iter().chain([Instrument::EveryIncident]).collect(),
            evidence: Vec::new(),
        }
    }

    /// The study with evidence of people and groups in place of the instruments that come
    /// with the program.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Vec<Evidence>) -> Self {
        if !evidence.is_empty() {
            self.instruments = Vec::new();
        }
        self.evidence = evidence;
        self
    }

    /// The study with theories that people wrote among those that are told apart,
    /// each in the slot of exit or of belief; what else it fills comes with it.
    ///
    /// # Errors
    /// [`RivalTheoryError`] for the first that fits in none.
    pub fn with_theories(mut self, own: Vec<OwnTheory>) -> Result<Self, RivalTheoryError> {
        for (at, theory) in own.iter().enumerate() {
            let name = theory.name.clone();
            if theory.fills(Slot::Belief) && theory.fills(Slot::Exit) {
                return Err(RivalTheoryError::BothSlots { name });
            }
            if slot_of(theory).is_none() {
                return Err(RivalTheoryError::NoSlot { name });
            }
            let is_taken = BeliefTheory::from_word(&name).is_some() || ExitTheory::from_word(&name).is_some();
            if is_taken || own[..at].iter().any(|other| other.name == name) {
                return Err(RivalTheoryError::SameName { name });
            }
            // One of belief and one of exit stand in one war.
            for beside in own[..at].iter().filter(|other| slot_of(other) != slot_of(theory)) {
                let other = beside.name.clone();
                if let Some(slot) = theory.slots().into_iter().find(|&slot| beside.fills(slot)) {
                    return Err(RivalTheoryError::SameSlot { name, other, slot: slot.word() });
                }
                let is_shared = |own: &&OwnParameter| beside.parameter(own.info.name).is_some();
                if let Some(shared) = theory.parameters.iter().find(is_shared) {
                    return Err(RivalTheoryError::SameParameter { name, other, parameter: shared.info.name });
                }
            }
        }
        self.own = own;
        Ok(self)
    }

    /// The folder in which its table is kept where nobody says otherwise.
    pub fn usual_folder(&self) -> PathBuf {
        let study = format!("recover-{}-seed{}", self.scenario_id, self.setup.seed);
        let own = self.own.iter().map(|theory| theory.name.as_str());
        let evidence = self.evidence.iter().map(|evidence| evidence.id.as_str());
        Path::new("runs")
            .join(core::iter::once(study.as_str()).chain(own).chain(evidence).collect::<Vec<&str>>().join("-"))
    }

    /// Names of the theories of belief, those that people wrote last.
    pub fn belief_names(&self) -> Vec<&str> {
        self.beliefs.iter().map(|theory| theory.word()).chain(self.own_names(Slot::Belief)).collect()
    }

    /// Names of the theories of exit, those that people wrote last.
    pub fn exit_names(&self) -> Vec<&str> {
        self.exits.iter().map(|theory| theory.word()).chain(self.own_names(Slot::Exit)).collect()
    }

    fn own_names(&self, slot: Slot) -> impl Iterator<Item = &str> {
        self.own.iter().filter(move |own| slot_of(own) == Some(slot)).map(|own| own.name.as_str())
    }

    /// Opens the folder of the study's table.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn open(&self, path: &Path) -> Result<DrawFolder, DrawTableError> {
        self.open_with(path, "")
    }

    /// The same for a table that a survey of some design belongs to.
    pub(crate) fn open_with(&self, path: &Path, survey: &str) -> Result<DrawFolder, DrawTableError> {
        DrawFolder::open(path, &self.identity(survey))
    }

    fn identity<'a>(&'a self, survey: &'a str) -> StudyIdentity<'a> {
        let mut observation = Hasher::default();
        for (path, value) in self.observation.pairs() {
            observation.text(&path);
            observation.real(value);
        }
        StudyIdentity {
            kind: "reference table",
            version: &self.version,
            summaries_version: SUMMARIES_VERSION,
            scenario: &self.scenario_id,
            setup_digest: digest_of_setup(&self.setup),
            observation_digest: observation.finish(),
            seed: self.setup.seed,
            beliefs: self.beliefs.iter().map(|theory| theory.word()).collect(),
            exits: self.exits.iter().map(|theory| theory.word()).collect(),
            theories: self.own.iter().map(|own| [own.name.as_str(), own.digest.as_str()]).collect(),
            priors: &self.priors,
            instruments: &self.instruments,
            evidence: self.evidence.iter().map(|evidence| [evidence.id.clone(), evidence.digest_of_plan()]).collect(),
            survey,
            chunk_size: CHUNK_SIZE,
        }
    }

    /// How a table of at least `n_draws` is cut.
    pub fn cut(n_draws: u32) -> Cut {
        Cut { n_draws: n_draws.div_ceil(CHUNK_SIZE) * CHUNK_SIZE, chunk_size: CHUNK_SIZE }
    }

    /// Names of the summaries of the record, and of each instrument.
    fn summary_names(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let record = summarise_record(&[], &self.setup).names;
        let nothing = Records::default();
        let draws = Draws::of_population(0);
        let of = |&instrument: &Instrument| measure_with(instrument, &nothing, &self.setup, draws).names;
        (record, self.instruments.iter().map(of).collect())
    }

    /// The columns of the table: two theories, the parameters, the summaries.
    pub fn columns(&self) -> Vec<DrawColumn> {
        let column = |name: &str, meaning: &str| DrawColumn { name: name.to_owned(), meaning: meaning.to_owned() };
        let mut columns = vec![
            column("belief", "Position of the theory of belief in the study's list."),
            column("exit", "Position of the theory of exit in the study's list."),
        ];
        columns.extend(self.priors.iter().map(|prior| column(&prior.path, "Value drawn from the prior.")));
        let (record, instruments) = self.summary_names();
        columns.extend(record.iter().map(|name| column(name, "Summary of the reported record.")));
        for (instrument, names) in self.instruments.iter().zip(&instruments) {
            columns.extend(names.iter().map(|name| column(name, instrument.meaning())));
        }
        for evidence in &self.evidence {
            let name = |item: &str| format!("{}: {item}", evidence.id);
            columns.extend(evidence.items.iter().map(|item| column(&name(&item.id), &evidence.title)));
        }
        columns
    }

    /// Where each kind of column lies.
    pub fn layout(&self) -> Layout {
        let (record, instruments) = self.summary_names();
        let first = 2 + self.priors.len();
        let mut next = first + record.len();
        let spans = instruments.iter().map(|names| {
            let span = next..next + names.len();
            next = span.end;
            span
        });
        let instruments = spans.collect();
        let spans = self.evidence.iter().map(|evidence| {
            let span = next..next + evidence.items.len();
            next = span.end;
            span
        });
        let evidence = spans.collect();
        Layout {
            n_parameters: self.priors.len(),
            record: first..first + record.len(),
            instruments,
            evidence,
            n_columns: next,
        }
    }

    /// One row of the table.
    ///
    /// # Errors
    /// Where a bound of the engine didn't hold.
    pub fn simulate(&self, draw: u32) -> Result<Vec<f64>, BrokenRun> {
        let war = self.war(draw)?;
        let mut row = vec![war.belief as f64, war.exit as f64];
        row.extend(&war.values);
        let seen = seen_events(&war.record, &self.setup).expect("a simulated record names the scenario's groups");
        row.extend(summarise_record(&seen, &self.setup).values);
        let draws = Draws::of_replicate(self.setup.seed, draw);
        for &instrument in &self.instruments {
            row.extend(measure_with(instrument, &war.records, &self.setup, draws).values);
        }
        row.extend(war.evidence.iter().flatten());
        Ok(row)
    }

    /// A war from the study's priors that its table doesn't hold, whatever the
    /// table's size.
    ///
    /// # Errors
    /// As [`Study::simulate`].
    pub fn fresh_war(&self, number: u32) -> Result<War, BrokenRun> {
        self.war(Self::fresh(number))
    }

    /// The number of a draw that no table holds.
    pub fn fresh(number: u32) -> u32 {
        FIRST_FRESH + number
    }

    /// The theories, parameters and setup of a draw.
    pub(crate) fn drawn_setup(&self, draw: u32) -> DrawnSetup {
        let mut stream = Draws::of_population(self.setup.seed).stream(Purpose::PriorDraw, draw, 0, 0);
        let belief = stream.below(self.belief_names().len() as u32) as usize;
        let exit = stream.below(self.exit_names().len() as u32) as usize;
        let usual = Theory::default();
        let theory = Theory {
            belief: self.beliefs.get(belief).copied().unwrap_or(usual.belief),
            exit: self.exits.get(exit).copied().unwrap_or(usual.exit),
        };
        let of_slot = |slot: Slot, at: Option<usize>| self.own.iter().filter(|own| slot_of(own) == Some(slot)).nth(at?);
        let own = [
            of_slot(Slot::Belief, belief.checked_sub(self.beliefs.len())),
            of_slot(Slot::Exit, exit.checked_sub(self.exits.len())),
        ];
        let values: Vec<f64> = self.priors.iter().map(|prior| prior.value_at(stream.uniform())).collect();
        let (mut setup, observation) = setup_with(self.setup.under(theory), &self.observation, &self.priors, &values);
        setup.own_theories = own.into_iter().flatten().map(|own| drawn(own, &mut stream)).collect();
        DrawnSetup { belief, exit, values, setup, observation }
    }

    fn war(&self, draw: u32) -> Result<War, BrokenRun> {
        let DrawnSetup { belief, exit, values, setup, observation } = self.drawn_setup(draw);
        let (records, interviews, world) = simulate_war_asked(setup, draw, &self.evidence)?;
        let gazetteer = Gazetteer::of(&world.setup);
        let events = observe(&records, &world.setup, &gazetteer, &observation, draw);
        let record = reported_rows(&events, &world.setup, &gazetteer);
        let draws = Draws::of_replicate(world.setup.seed, draw);
        let measure = |evidence: &Evidence| {
            let measured = evidence.measure(&records, &interviews, shape_of(&world.setup), draws);
            evidence.items.iter().zip(measured).map(|(item, of)| item.scaled(of)).collect()
        };
        let evidence = self.evidence.iter().map(measure).collect();
        Ok(War { belief, exit, values, record, evidence, records })
    }

    /// Computes the draws of a shard that the folder lacks.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn fill(
        &self,
        folder: &DrawFolder,
        n_draws: u32,
        shard: Shard,
        threads: usize,
        progress: &dyn Progress,
    ) -> Result<(), DrawTableError> {
        let (columns, cut) = (self.columns(), Self::cut(n_draws));
        let missing = self.missing(folder, n_draws, shard);
        let n_of = |chunk: u32| cut.draws_of(chunk).len() as u32;
        let n_all: u32 = (0..cut.n_chunks()).filter(|&chunk| shard.holds(chunk)).map(n_of).sum();
        let n_missing: u32 = missing.iter().map(|&chunk| n_of(chunk)).sum();
        progress.begin(n_all, n_all - n_missing, 1);
        let filling = Filling { folder, columns: &columns, simulate: self };
        missing.into_iter().try_for_each(|chunk| filling.compute(&Self::wanted(chunk), threads, progress))
    }

    /// The chunks of a shard that the folder lacks, in order.
    pub fn missing(&self, folder: &DrawFolder, n_draws: u32, shard: Shard) -> Vec<u32> {
        missing_chunks(folder, (TABLE, &self.columns()), (Self::cut(n_draws), shard))
    }

    /// A chunk of the table, to be simulated anywhere.
    pub fn wanted(chunk: u32) -> WantedChunk {
        // Tables are as long as somebody asks, and all chunks equally long.
        let draws = Cut { n_draws: u32::MAX, chunk_size: CHUNK_SIZE }.draws_of(chunk);
        let wars = draws.map(|number| WantedWar { number, positions: Vec::new() });
        WantedChunk { table: TABLE.to_owned(), chunk, wars: wars.collect() }
    }

    /// Reads the whole table.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn read(&self, folder: &DrawFolder, n_draws: u32) -> Result<ReferenceTable, DrawTableError> {
        let values = read_all(folder, TABLE, &self.columns(), Self::cut(n_draws))?;
        Ok(ReferenceTable { layout: self.layout(), values })
    }
}

impl SimulateWar for Study {
    fn row_of(&self, war: &WantedWar) -> Result<Vec<f64>, BrokenRun> {
        self.simulate(war.number)
    }

    fn digest(&self) -> Result<String, DrawTableError> {
        digest_of_study(&self.identity(""))
    }
}

/// Why a theory that somebody wrote can't be told apart from others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RivalTheoryError {
    /// It is a theory of belief and of exit.
    #[error(
        "the theory {name} fills the slots of belief and exit, and theories are told apart by slot; write a file for \
         each"
    )]
    BothSlots {
        /// Its name.
        name: String,
    },
    /// It is neither.
    #[error("the theory {name} fills neither the slot of belief nor that of exit, whose theories are told apart")]
    NoSlot {
        /// Its name.
        name: String,
    },
    /// One of belief and one of exit fill another slot both.
    #[error(
        "the theories {other} and {name} are told apart in different slots, so that one war has both, and both fill the \
         slot of {slot}; write it into one file"
    )]
    SameSlot {
        /// Its name.
        name: String,
        /// The earlier one.
        other: String,
        /// The slot.
        slot: &'static str,
    },
    /// One of belief and one of exit have a parameter of one name.
    #[error(
        "the theories {other} and {name} stand in one war, and both have a parameter {parameter}; give it another name \
         in one of the files"
    )]
    SameParameter {
        /// Its name.
        name: String,
        /// The earlier one.
        other: String,
        /// The parameter.
        parameter: &'static str,
    },
    /// Its name is that of another.
    #[error("two theories are called {name}; give one of them another name in its file")]
    SameName {
        /// The name.
        name: String,
    },
}

/// The slot in which a theory stands beside its rivals.
fn slot_of(theory: &OwnTheory) -> Option<Slot> {
    [Slot::Exit, Slot::Belief].into_iter().find(|&slot| theory.fills(slot))
}

/// A theory with each of its parameters drawn from its prior: one that fits only at a
/// lucky point pays for it, as the priors of a study have it for the engine's.
fn drawn(theory: &OwnTheory, stream: &mut Stream) -> OwnTheory {
    let mut drawn = theory.clone();
    for parameter in &mut drawn.parameters {
        parameter.value = parameter.info.value_at(stream.uniform());
    }
    drawn
}

/// Folder of the table's chunks.
const TABLE: &str = "draws";

/// The first draw that no table reaches.
const FIRST_FRESH: u32 = 3_000_000_000;

/// What a draw is of, before it is simulated.
pub(crate) struct DrawnSetup {
    pub(crate) belief: usize,
    pub(crate) exit: usize,
    pub(crate) values: Vec<f64>,
    pub(crate) setup: Setup,
    pub(crate) observation: ObservationParameters,
}

/// A simulated war: its truth, and what was reported of it.
#[derive(Debug, Clone)]
pub struct War {
    /// Position of its theory of belief in the study's list.
    pub belief: usize,
    /// And of exit.
    pub exit: usize,
    /// Its parameters, in the order of the priors.
    pub values: Vec<f64>,
    /// The reported record.
    pub record: Vec<RecordRow>,
    /// What each evidence finds in it, item by item, as it is compared.
    pub evidence: Vec<Vec<f64>>,
    records: Records,
}

/// A setup, whatever its theory, and observation model with values of parameters.
pub(crate) fn setup_with(
    setup: Setup,
    observation: &ObservationParameters,
    priors: &[Prior],
    values: &[f64],
) -> (Setup, ObservationParameters) {
    let mut changed = setup;
    let mut seen = observation.clone();
    for (prior, &value) in priors.iter().zip(values) {
        prior.apply(value, &mut changed, &mut seen);
    }
    (changed, seen)
}

/// One war with what its people told, where evidence asks them.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub(crate) fn simulate_war_asked(
    setup: Setup,
    replicate: u32,
    evidence: &[Evidence],
) -> Result<(Records, Vec<Interview>, World), BrokenRun> {
    let world = World::build(setup);
    let (records, interviews) = simulate_asked(&world, replicate, evidence)?;
    Ok((records, interviews, world))
}

/// Where each kind of column lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Parameters, from column 2 on.
    pub n_parameters: usize,
    /// Summaries of the record.
    pub record: std::ops::Range<usize>,
    /// Summaries of each instrument.
    pub instruments: Vec<std::ops::Range<usize>>,
    /// Items of each evidence.
    pub evidence: Vec<std::ops::Range<usize>>,
    /// All columns.
    pub n_columns: usize,
}

/// A table of draws in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceTable {
    /// Where each kind of column lies.
    pub layout: Layout,
    /// The cells, shape (n draws, n columns), row-major.
    pub values: Vec<f64>,
}

impl ReferenceTable {
    /// Number of draws.
    pub fn n_draws(&self) -> usize {
        self.values.len() / self.layout.n_columns
    }

    /// How many events the records of its wars hold.
    pub fn n_events(&self) -> Interval {
        let column = self.layout.record.start + EVENTS;
        let count = |draw: usize| (exp(self.row(draw)[column]) - 1.0).round();
        Interval::of((0..self.n_draws()).map(count)).expect("a table holds draws")
    }

    /// One draw.
    pub fn row(&self, draw: usize) -> &[f64] {
        &self.values[draw * self.layout.n_columns..(draw + 1) * self.layout.n_columns]
    }
}
