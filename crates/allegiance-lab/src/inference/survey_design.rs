//! Whom to ask what, and how many, so that rival theories can be told apart.
//!
//! People of many simulated wars are asked everything, once: up to [`MOST_ASKED`] of those who left and as many of
//! those who serve. A design is a part of that: some of the questions, and the first so many people in the order in
//! which they were found. Its worth is what its answers tell about the theory, in nats ([`information`]), and the share of
//! wars whose theory is the likeliest. All designs are judged on the same wars.
//!
//! # Source
//! Bayesian optimal design by expected information: Lindley (1956); Chaloner & Verdinelli (1995). Designs as parts of
//! one set of simulated answers: Huan & Marzouk (2013).

use crate::inference::draw_table::{DrawColumn, DrawFolder, DrawTableError, WHOLE, simulate_all};
use crate::inference::reference::{CHUNK_SIZE, ReferenceTable, Study, simulate_war_asked};
use crate::inference::softmax::{Softmax, information};
use allegiance_model::ids::GroupId;
use allegiance_model::interviews::{QUESTIONS, Scale};
use allegiance_model::maths::ln;
use allegiance_model::random::Draws;
use allegiance_record::Spread as _;
use allegiance_record::digest::digest_of_bytes;
use allegiance_record::evidence::{Evidence, Sample, Who, respondents, told};
use allegiance_record::intervals::Frequency;
use allegiance_replay::{BrokenRun, Progress};
use allegiance_runs::Threads;
use serde::Serialize;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The most people of a kind who are asked in a simulated war.
pub const MOST_ASKED: u32 = 200;
/// Fewer nats than this are nothing.
pub const NOTHING: f64 = 0.01;
/// Designs have so many questions at most.
pub const MOST_QUESTIONS: usize = 20;
/// People asked of each kind while questions are chosen.
const WHILE_CHOOSING: u32 = 60;
/// Shares of the money that go to those who left.
const SPLITS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Shares of what goes to those who serve that go to an earlier wave, where there can be one.
const WAVES: [f64; 3] = [0.0, 0.5, 1.0];
/// A pair is told apart where the true theory is the likelier in so many wars.
pub const ENOUGH: f64 = 0.8;
/// Budgets whose worth is told beside the one that is asked for, as parts of it.
const BUDGETS: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// Which theories are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RivalSlot {
    /// Those of belief.
    Belief,
    /// Those of exit.
    Exit,
}

/// What asking costs, in any one unit of money.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Costs {
    /// Finding and meeting one who left.
    pub of_leaver: f64,
    /// The same of one who serves.
    pub of_serving: f64,
    /// One question to one person.
    pub of_question: f64,
}

/// Whom a survey could reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// Those who left.
    pub leavers: Sample,
    /// Those who serve.
    pub serving: Sample,
    /// Those who serve on an earlier day, where a first wave is possible.
    pub earlier: Option<Sample>,
}

/// How many people are asked, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Asked {
    /// Who left.
    #[serde(rename = "n_leavers")]
    pub leavers: u32,
    /// Who serve.
    #[serde(rename = "n_serving")]
    pub serving: u32,
    /// Who serve on the day of the first wave.
    #[serde(rename = "n_earlier")]
    pub earlier: u32,
}

/// A survey: some questions, to so many people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurveyDesign {
    /// Positions of its questions, the most telling first.
    #[serde(skip)]
    pub questions: Vec<usize>,
    /// Their names.
    pub names: Vec<&'static str>,
    /// People who are asked.
    #[serde(flatten)]
    pub asked: Asked,
    /// What it costs.
    pub cost: f64,
    /// What its answers tell about the theory, in nats.
    pub nats: f64,
    /// Of wars, the share whose theory is the likeliest.
    pub power: f64,
}

/// A question by itself, and after those chosen before it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionWorth {
    /// The question.
    pub name: &'static str,
    /// What it tells alone, in nats.
    pub alone: f64,
    /// What it adds to those chosen before it; empty where it wasn't chosen.
    pub adds: Option<f64>,
}

/// A pair of theories under the proposed design.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairPower {
    /// The two.
    pub pair: [String; 2],
    /// Of wars of either, the share in which the true one is the likelier of the two.
    pub power: f64,
    /// The people asked for the smallest of the budgets tried at which that is [`ENOUGH`]; empty where none is.
    pub enough: Option<Asked>,
}

/// What a promise of power was worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reached {
    /// The power that was promised.
    pub promised: f64,
    /// The share reached in fresh wars.
    pub reached: Frequency,
}

/// A proposal for a survey.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// The scenario.
    pub scenario: String,
    /// Which theories are told apart.
    pub slot: RivalSlot,
    /// The theories.
    pub theories: Vec<String>,
    /// Simulated wars.
    pub n_wars: usize,
    /// The most that could be known: nats that decide every war.
    pub most_nats: f64,
    /// What is known already tells so much, in nats.
    pub known_nats: f64,
    /// What it may cost.
    pub budget: f64,
    /// Costs.
    pub costs: Costs,
    /// Questions in the order in which they were chosen, then the others.
    pub questions: Vec<QuestionWorth>,
    /// The best design for the budget.
    pub best: SurveyDesign,
    /// The best of ten questions or fewer, which costs least among those within [`NOTHING`] of the best such.
    pub short: SurveyDesign,
    /// What reasons for leaving would add to the best, in nats: the model's own answer to who it is.
    pub reasons_add: f64,
    /// The best for other budgets.
    pub curve: Vec<(f64, SurveyDesign)>,
    /// Each pair under the best design.
    pub pairs: Vec<PairPower>,
    /// The promise against fresh wars; empty where none were simulated.
    pub check: Option<Reached>,
}

/// The answers of one war's people.
#[derive(Debug, Clone, PartialEq, Default)]
struct WarAnswers {
    belief: usize,
    exit: usize,
    /// By person, in the order in which they were found, then by question; not a number where there is no answer.
    leavers: Vec<Vec<f32>>,
    serving: Vec<Vec<f32>>,
    earlier: Vec<Vec<f32>>,
}

/// Answers of the people of many wars.
#[derive(Debug)]
pub struct Answers {
    wars: Vec<WarAnswers>,
}

const TABLE: &str = "answers";
/// Rows of a chunk: its wars, and their people.
const ROWS: RangeInclusive<usize> = CHUNK_SIZE as usize..=CHUNK_SIZE as usize * (1 + 3 * MOST_ASKED as usize);
/// Kinds of rows: that of the war itself, one who left, one who serves, one who serves in the first wave.
const KINDS: [f64; 4] = [0.0, 1.0, 2.0, 3.0];

/// The designer of a survey for a study.
#[derive(Debug)]
pub struct Designer<'a> {
    /// The theories and priors; its evidence is what is known already.
    pub study: &'a Study,
    /// Whom the survey could reach.
    pub reach: Reach,
    /// Errors of the answers, by question.
    pub errors: Vec<f64>,
    /// Which theories are told apart.
    pub slot: RivalSlot,
    /// What asking costs.
    pub costs: Costs,
    /// What it may cost in all.
    pub budget: f64,
}

impl Designer<'_> {
    fn columns() -> Vec<DrawColumn> {
        let column = |name: &str, meaning: &str| DrawColumn { name: name.to_owned(), meaning: meaning.to_owned() };
        let mut columns = vec![
            column("kind", "0 a war, 1 one who left, 2 one who serves, 3 one who serves in the first wave."),
            column("belief", "Position of the war's theory of belief."),
            column("exit", "Position of its theory of exit."),
        ];
        columns.extend(QUESTIONS.iter().map(|question| column(question.id, question.meaning)));
        columns
    }

    /// The folder in which the answers are kept where nobody says otherwise.
    pub fn usual_folder(&self) -> PathBuf {
        let name = format!("survey-{}-seed{}", self.study.scenario_id, self.study.setup.seed);
        let own = self.study.own.iter().map(|theory| theory.name.as_str());
        Path::new("runs").join(std::iter::once(name.as_str()).chain(own).collect::<Vec<&str>>().join("-"))
    }

    /// Opens the folder of the answers: the study's own, with whom the survey could reach.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn open(&self, path: &Path) -> Result<DrawFolder, DrawTableError> {
        let errors: Vec<String> =
            QUESTIONS.iter().zip(&self.errors).map(|(question, error)| format!("{} {error}", question.id)).collect();
        let survey = format!("{} {}", self.everything().digest_of_plan(), errors.join(", "));
        self.study.open_with(path, &digest_of_bytes(survey.as_bytes()))
    }

    /// The wars' table of what is known already, kept beside the answers; none where nothing is.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn known_table(&self, folder: &DrawFolder, n_wars: u32) -> Result<Option<ReferenceTable>, DrawTableError> {
        if self.study.evidence.is_empty() {
            return Ok(None);
        }
        self.study.read(folder, n_wars).map(Some)
    }

    fn samples(&self) -> impl Iterator<Item = &Sample> {
        [&self.reach.leavers, &self.reach.serving].into_iter().chain(&self.reach.earlier)
    }

    /// A survey of everything, as evidence with nothing found.
    fn everything(&self) -> Evidence {
        Evidence {
            id: "everything".to_owned(),
            title: String::new(),
            about: String::new(),
            source: String::new(),
            samples: self.samples().cloned().collect(),
            errors: self.errors.clone(),
            items: Vec::new(),
            digest: String::new(),
        }
    }

    /// What the people of a war tell, as rows of the table: the war, then its people.
    fn ask(&self, draw: u32) -> Result<Vec<f64>, BrokenRun> {
        let drawn = self.study.drawn_setup(draw);
        let (records, interviews, world) = simulate_war_asked(drawn.setup, draw, &[self.everything()])?;
        let draws = Draws::of_replicate(world.setup.seed, draw);
        let theories = [drawn.belief as f64, drawn.exit as f64];
        let mut rows = vec![KINDS[0], theories[0], theories[1]];
        rows.extend(std::iter::repeat_n(f64::NAN, QUESTIONS.len()));
        for (at, sample) in self.samples().enumerate() {
            for respondent in respondents((at, sample), &records, &interviews, draws) {
                rows.extend([KINDS[at + 1], theories[0], theories[1]]);
                let answers = told((at, sample), respondent, &self.errors, draws);
                rows.extend(answers.into_iter().map(|answer| answer.unwrap_or(f64::NAN)));
            }
        }
        Ok(rows)
    }

    /// Asks the people of so many wars, those that the folder has kept excepted.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn fill(
        &self,
        folder: &DrawFolder,
        n_wars: u32,
        threads: usize,
        progress: &dyn Progress,
    ) -> Result<(), DrawTableError> {
        let (columns, cut) = (Self::columns(), Study::cut(n_wars));
        let missing: Vec<u32> =
            (0..cut.n_chunks()).filter(|&chunk| folder.read_rows(TABLE, chunk, &columns, ROWS).is_none()).collect();
        let n_missing = missing.len() as u32 * CHUNK_SIZE;
        progress.begin(cut.n_draws, cut.n_draws - n_missing, 1);
        for chunk in missing {
            let asked = simulate_all(threads, cut.draws_of(chunk), progress, &|draw| self.ask(draw))?;
            let Some(asked) = asked else {
                return Err(DrawTableError::Cancelled { path: folder.path().to_owned() });
            };
            let rows: Vec<Vec<f64>> =
                asked.iter().flat_map(|war| war.chunks(columns.len())).map(<[f64]>::to_vec).collect();
            folder.write_chunk(TABLE, chunk, &columns, &rows)?;
        }
        if self.study.evidence.is_empty() {
            return Ok(());
        }
        // The same wars once more, for what is known of them already.
        self.study.fill(folder, n_wars, WHOLE, threads, progress)
    }

    /// Reads the answers of so many wars.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn read(&self, folder: &DrawFolder, n_wars: u32) -> Result<Answers, DrawTableError> {
        let (columns, cut) = (Self::columns(), Study::cut(n_wars));
        let mut wars: Vec<WarAnswers> = Vec::new();
        for chunk in 0..cut.n_chunks() {
            let Some((_, values)) = folder.read_rows(TABLE, chunk, &columns, ROWS) else {
                let path = folder.path().to_owned();
                return Err(DrawTableError::Incomplete { path, found: chunk, wanted: cut.n_chunks() });
            };
            for row in values.chunks(columns.len()) {
                enter(&mut wars, row);
            }
        }
        Ok(Answers { wars })
    }

    /// The theory of a war among those told apart.
    fn theory(&self, war: &WarAnswers) -> usize {
        match self.slot {
            RivalSlot::Belief => war.belief,
            RivalSlot::Exit => war.exit,
        }
    }

    fn theories(&self) -> Vec<&str> {
        match self.slot {
            RivalSlot::Belief => self.study.belief_names(),
            RivalSlot::Exit => self.study.exit_names(),
        }
    }

    fn cost(&self, n_questions: usize, asked: Asked) -> f64 {
        let of_person = |cost: f64, n: u32| (cost + self.costs.of_question * n_questions as f64) * f64::from(n);
        of_person(self.costs.of_leaver, asked.leavers) + of_person(self.costs.of_serving, asked.serving + asked.earlier)
    }

    /// Whom one can ask so many questions for the money: those who left, those who serve and those of a first wave in
    /// different shares.
    fn affordable(&self, n_questions: usize, budget: f64) -> Vec<Asked> {
        let n = |cost: f64, money: f64| {
            let each = cost + self.costs.of_question * n_questions as f64;
            if each > 0.0 { (money / each).min(f64::from(MOST_ASKED)) as u32 } else { MOST_ASKED }
        };
        let waves = if self.reach.earlier.is_some() { &WAVES[..] } else { &WAVES[..1] };
        let mut all: Vec<Asked> = Vec::new();
        for (split, wave) in SPLITS.into_iter().flat_map(|split| waves.iter().map(move |&wave| (split, wave))) {
            let serving = (1.0 - split) * budget;
            // Who costs nothing is still only asked where their share is.
            let of_wave = |share: f64| if share > 0.0 { n(self.costs.of_serving, share * serving) } else { 0 };
            let asked = Asked {
                leavers: n(self.costs.of_leaver, split * budget),
                serving: of_wave(1.0 - wave),
                earlier: of_wave(wave),
            };
            if asked != Asked::default() && !all.contains(&asked) {
                all.push(asked);
            }
        }
        all
    }

    /// So many of each kind that can be reached.
    fn each(&self, n: u32) -> Asked {
        Asked { leavers: n, serving: n, earlier: if self.reach.earlier.is_some() { n } else { 0 } }
    }
}

/// Adds a row of the table to the wars.
fn enter(wars: &mut Vec<WarAnswers>, row: &[f64]) {
    let answers = || row[3..].iter().map(|&answer| answer as f32).collect();
    match (row[0] as u8, wars.last_mut()) {
        (1, Some(war)) => war.leavers.push(answers()),
        (2, Some(war)) => war.serving.push(answers()),
        (3, Some(war)) => war.earlier.push(answers()),
        _ => wars.push(WarAnswers { belief: row[1] as usize, exit: row[2] as usize, ..WarAnswers::default() }),
    }
}

/// What the first so many people say to one question, as it is compared; of steps their spread too.
fn aggregate(people: &[Vec<f32>], n: u32, question: usize) -> Vec<f64> {
    let answers: Vec<f64> = people
        .iter()
        .take(n as usize)
        .map(|answers| f64::from(answers[question]))
        .filter(|answer| answer.is_finite())
        .collect();
    let (n, sum) = (answers.len() as f64, answers.iter().sum::<f64>());
    let mean = if n > 0.0 { sum / n } else { 0.0 };
    match QUESTIONS[question].scale {
        Scale::YesOrNo => vec![ln((sum + 0.5) / (n - sum + 0.5))],
        Scale::Number => vec![mean],
        Scale::Steps => {
            let variance = answers.iter().map(|answer| (answer - mean) * (answer - mean)).sum::<f64>() / n.max(1.0);
            vec![mean, variance]
        }
    }
}

/// The summaries of a design in a war: every question to each kind, and how many could be found.
fn summaries(war: &WarAnswers, questions: &[usize], asked: Asked) -> Vec<f64> {
    let mut row = Vec::with_capacity(3 * questions.len() + 6);
    for (people, n) in [(&war.leavers, asked.leavers), (&war.serving, asked.serving), (&war.earlier, asked.earlier)] {
        if n > 0 {
            row.push(ln(1.0 + people.len().min(n as usize) as f64));
            row.extend(questions.iter().flat_map(|&question| aggregate(people, n, question)));
        }
    }
    row
}

/// What is worked out once for every design.
struct Judge<'a> {
    designer: &'a Designer<'a>,
    wars: &'a [WarAnswers],
    /// What is known already of each war.
    known: Vec<Vec<f64>>,
    theories: Vec<usize>,
    n_theories: usize,
}

impl Judge<'_> {
    fn rows(&self, questions: &[usize], n: Asked) -> Vec<Vec<f64>> {
        let row = |(war, known): (&WarAnswers, &Vec<f64>)| {
            let mut row = known.clone();
            row.extend(summaries(war, questions, n));
            row
        };
        self.wars.iter().zip(&self.known).map(row).collect()
    }

    fn nats(&self, questions: &[usize], n: Asked) -> f64 {
        information(&self.rows(questions, n), &self.theories, self.n_theories).0
    }

    fn design(&self, questions: &[usize], n: Asked) -> SurveyDesign {
        let (nats, posteriors) = information(&self.rows(questions, n), &self.theories, self.n_theories);
        let right = posteriors.iter().zip(&self.theories).filter(|(posterior, truth)| likeliest(posterior) == **truth);
        SurveyDesign {
            questions: questions.to_vec(),
            names: questions.iter().map(|&question| QUESTIONS[question].id).collect(),
            asked: n,
            cost: self.designer.cost(questions.len(), n),
            nats,
            power: right.count() as f64 / self.theories.len().max(1) as f64,
        }
    }

    /// Questions in the order in which each adds most, with what it adds.
    fn order(&self, candidates: &[usize], n: Asked) -> Vec<(usize, f64)> {
        let mut chosen: Vec<(usize, f64)> = Vec::new();
        let mut now = self.nats(&[], n);
        while chosen.len() < MOST_QUESTIONS.min(candidates.len()) {
            let taken: Vec<usize> = chosen.iter().map(|&(question, _)| question).collect();
            let left: Vec<usize> = candidates.iter().copied().filter(|question| !taken.contains(question)).collect();
            let worth = Threads(0).each(left.len(), |at| {
                let mut with = taken.clone();
                with.push(left[at]);
                self.nats(&with, n)
            });
            let best = (0..left.len()).max_by(|&a, &b| worth[a].total_cmp(&worth[b]));
            let Some(best) = best.filter(|&best| worth[best] > now + 0.2 * NOTHING) else { break };
            chosen.push((left[best], worth[best] - now));
            now = worth[best];
        }
        chosen
    }

    /// What each question tells alone and adds, those of an order first.
    fn worths(&self, candidates: &[usize], order: &[(usize, f64)], n: Asked) -> Vec<QuestionWorth> {
        let nothing_asked = self.nats(&[], n);
        let alone = Threads(0).each(candidates.len(), |at| self.nats(&[candidates[at]], n) - nothing_asked);
        let place = |question: usize| order.iter().position(|&(other, _)| other == question);
        let mut worths: Vec<(usize, QuestionWorth)> = candidates
            .iter()
            .zip(&alone)
            .map(|(&question, &alone)| {
                let place = place(question);
                let adds = place.map(|place| order[place].1);
                (place.unwrap_or(usize::MAX), QuestionWorth { name: QUESTIONS[question].id, alone, adds })
            })
            .collect();
        worths.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.alone.total_cmp(&a.1.alone)));
        worths.into_iter().map(|(_, worth)| worth).collect()
    }

    /// The best design for a budget among the first questions of an order.
    fn best(&self, order: &[usize], budget: f64) -> SurveyDesign {
        let of_size = |size: usize| self.designer.affordable(size, budget).into_iter().map(move |asked| (size, asked));
        let tried: Vec<(usize, Asked)> = (1..=order.len()).flat_map(of_size).collect();
        let nats = Threads(0).each(tried.len(), |at| self.nats(&order[..tried[at].0], tried[at].1));
        let best = (0..tried.len()).max_by(|&a, &b| nats[a].total_cmp(&nats[b]));
        match best {
            Some(best) => self.design(&order[..tried[best].0], tried[best].1),
            None => self.design(&[], Asked::default()),
        }
    }

    /// Of designs of ten questions or fewer, the cheapest that tells nearly as much as the best.
    fn short(&self, order: &[usize], budget: f64) -> SurveyDesign {
        let order = &order[..order.len().min(10)];
        let best = self.best(order, budget);
        let smaller = [0.25, 0.5, 0.75].map(|part| {
            let least = self.best(&best.questions, part * budget);
            (least.nats >= best.nats - NOTHING).then_some(least)
        });
        smaller.into_iter().flatten().next().unwrap_or(best)
    }
}

fn likeliest(posterior: &[f64]) -> usize {
    (0..posterior.len()).max_by(|&a, &b| posterior[a].total_cmp(&posterior[b])).unwrap_or(0)
}

impl Designer<'_> {
    /// Proposes a survey from the answers of simulated wars; `known` is the study's table where something is known
    /// already, and `n_fresh` wars more show what the promise is worth.
    ///
    /// # Errors
    /// Where a bound of the engine didn't hold in a fresh war.
    pub fn propose(
        &self,
        answers: &Answers,
        known: Option<&ReferenceTable>,
        n_fresh: u32,
    ) -> Result<Proposal, BrokenRun> {
        let names: Vec<String> = self.theories().into_iter().map(str::to_owned).collect();
        let of_known = |at: usize| {
            known.map_or_else(Vec::new, |table| {
                let spans = table.layout.evidence.iter().cloned();
                spans.flatten().map(|column| table.row(at)[column]).collect()
            })
        };
        let judge = Judge {
            designer: self,
            wars: &answers.wars,
            known: (0..answers.wars.len()).map(of_known).collect(),
            theories: answers.wars.iter().map(|war| self.theory(war)).collect(),
            n_theories: names.len(),
        };
        let is_reason = |question: &usize| QUESTIONS[*question].is_reason;
        let candidates: Vec<usize> = (0..QUESTIONS.len()).filter(|question| !is_reason(question)).collect();
        let reasons: Vec<usize> = (0..QUESTIONS.len()).filter(is_reason).collect();
        let few = self.each(WHILE_CHOOSING);
        let known_nats = judge.nats(&[], Asked::default());
        let order = judge.order(&candidates, few);
        let chosen: Vec<usize> = order.iter().map(|&(question, _)| question).collect();
        let questions = judge.worths(&candidates, &order, few);
        let best = judge.best(&chosen, self.budget);
        let with_reasons: Vec<usize> = best.questions.iter().chain(&reasons).copied().collect();
        let of_budget = |part: f64| {
            // What is asked for has been worked out already.
            let design =
                if (part - 1.0).abs() < f64::EPSILON { best.clone() } else { judge.best(&chosen, part * self.budget) };
            (part * self.budget, design)
        };
        let curve = BUDGETS.map(of_budget).to_vec();
        Ok(Proposal {
            scenario: self.study.scenario_id.clone(),
            slot: self.slot,
            n_wars: answers.wars.len(),
            most_nats: ln(names.len() as f64),
            known_nats,
            budget: self.budget,
            costs: self.costs,
            questions,
            short: judge.short(&chosen, self.budget),
            reasons_add: judge.nats(&with_reasons, best.asked) - best.nats,
            pairs: pairs(&judge, (&best, &curve), &names),
            curve,
            check: if n_fresh > 0 && known.is_none() { Some(self.check(&judge, &best, n_fresh)?) } else { None },
            theories: names,
            best,
        })
    }

    /// Puts the design to fresh wars.
    fn check(&self, judge: &Judge<'_>, best: &SurveyDesign, n_fresh: u32) -> Result<Reached, BrokenRun> {
        let rows = judge.rows(&best.questions, best.asked);
        let learned = Softmax::learn(&rows, &judge.theories, judge.n_theories);
        let is_right = |at: usize| -> Result<bool, BrokenRun> {
            let mut wars = Vec::new();
            for row in self.ask(Study::fresh(at as u32))?.chunks(3 + QUESTIONS.len()) {
                enter(&mut wars, row);
            }
            let posterior = learned.posterior(&summaries(&wars[0], &best.questions, best.asked));
            Ok(likeliest(&posterior) == self.theory(&wars[0]))
        };
        let right: Vec<bool> =
            Threads(0).each(n_fresh as usize, is_right).into_iter().collect::<Result<_, BrokenRun>>()?;
        let n_right = right.iter().filter(|&&right| right).count() as u32;
        Ok(Reached { promised: best.power, reached: Frequency::of(n_right, n_fresh) })
    }
}

/// Each pair of theories under the best design, and under those for other budgets.
fn pairs(
    judge: &Judge<'_>,
    (best, curve): (&SurveyDesign, &[(f64, SurveyDesign)]),
    names: &[String],
) -> Vec<PairPower> {
    let of_budgets: Vec<(Asked, Vec<f64>)> =
        curve.iter().map(|(_, design)| (design.asked, powers(judge, design, names.len()))).collect();
    let pairs = (0..names.len()).flat_map(|a| (a + 1..names.len()).map(move |b| (a, b)));
    let found = pairs.zip(powers(judge, best, names.len())).enumerate();
    found
        .map(|(at, ((a, b), power))| PairPower {
            pair: [names[a].clone(), names[b].clone()],
            power,
            enough: of_budgets.iter().find(|(_, powers)| powers[at] >= ENOUGH).map(|(asked, _)| *asked),
        })
        .collect()
}

/// For each pair of theories, of wars of either, the share in which the true one is the likelier of the two.
fn powers(judge: &Judge<'_>, design: &SurveyDesign, n_theories: usize) -> Vec<f64> {
    let rows = judge.rows(&design.questions, design.asked);
    let (_, posteriors) = information(&rows, &judge.theories, judge.n_theories);
    let pairs = (0..n_theories).flat_map(|a| (a + 1..n_theories).map(move |b| (a, b)));
    let power = |(a, b): (usize, usize)| {
        let of_pair = judge.theories.iter().zip(&posteriors).filter(|(truth, _)| **truth == a || **truth == b);
        let (mut n, mut n_right) = (0.0, 0.0);
        for (&truth, posterior) in of_pair {
            let other = if truth == a { b } else { a };
            n += 1.0;
            n_right += f64::from(u8::from(posterior[truth] > posterior[other]));
        }
        n_right / f64::max(n, 1.0)
    };
    pairs.map(power).collect()
}

/// Those who left and those who serve, as a survey could reach them on a day: the found share of those who left is
/// as uncertain as that of the instruments that come with the program. `first_wave` is an earlier day on which those
/// who serve then can be asked.
pub fn reach_of(groups: &[GroupId], asked: u32, found: (f64, f64), first_wave: Option<u32>) -> Reach {
    let of = |id: &str, who: Who, found: (f64, f64), asked: u32| Sample {
        id: id.to_owned(),
        who,
        groups: groups.to_vec(),
        homes: Vec::new(),
        left: (0, asked),
        asked,
        size: MOST_ASKED,
        found,
        unanswered: 0.0,
        reached: "as a survey can".to_owned(),
    };
    Reach {
        leavers: of("left", Who::Leavers, found, asked),
        serving: of("serve", Who::Serving, (1.0, 1.0), asked),
        earlier: first_wave.map(|day| of("served_before", Who::Serving, (1.0, 1.0), day)),
    }
}
