//! How well theories predict who, of those asked, answers yes, beside predictions that know nothing of them.
//!
//! Where evidence has one question by two others or more together, its cells are a joint table of persons, each of
//! whom can be left out in turn: ten times a tenth of them is put aside by lot, what predicts learns from the rest,
//! and is scored on those put aside.
//!
//! # Source
//! Good (1952) for the logarithmic score; Stone (1974) for cross-validation.

use crate::inference::cholesky::Cholesky;
use crate::inference::reference::{ReferenceTable, Study};
use allegiance_model::maths::{exp, ln};
use allegiance_model::random::{Draws, Purpose};
use allegiance_record::evidence::What;
use serde::Serialize;
use std::collections::BTreeMap;

/// Folds.
const N_FOLDS: usize = 10;
/// Of a theory's wars, the share that is nearest to what is known.
const NEAREST: f64 = 0.15;
/// Fewest wars that count as near.
const FEWEST: usize = 10;
/// Ridge penalty of the regression, in persons.
const PENALTY: f64 = 0.1;

/// One cell of the joint table.
#[derive(Debug, Clone, PartialEq)]
struct Cell {
    /// Its column of the reference table.
    column: usize,
    name: String,
    sample: usize,
    /// Answers to the other questions.
    given: Vec<bool>,
    yes: u32,
    no: u32,
}

/// The score of one way to predict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogScore {
    /// What predicts: a theory of exit, the shares of groups, or a regression.
    pub predictor: String,
    /// Mean logarithm of the probability that it gave to what each person answered, in nats.
    pub score: f64,
    /// The same above that of the shares by group alone.
    pub gain: f64,
    /// What it predicts for each cell, having learned from all persons.
    pub predicted: Vec<f64>,
}

/// Scores on one joint table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogScores {
    /// Persons in the table.
    pub n_persons: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// The share of a yes in each.
    pub found: Vec<f64>,
    /// How many persons are in each.
    pub n: Vec<u32>,
    /// The shares by group, the regression, then each theory of exit.
    pub scores: Vec<LogScore>,
}

/// The largest joint table in the study's evidence.
fn cells_of(study: &Study) -> Vec<Cell> {
    let layout = study.layout();
    let mut tables: BTreeMap<(usize, usize, Vec<usize>), Vec<Cell>> = BTreeMap::new();
    for (at, (evidence, span)) in study.evidence.iter().zip(&layout.evidence).enumerate() {
        for (item, column) in evidence.items.iter().zip(span.clone()) {
            let (What::Answers { sample, question, given }, Some(found)) = (&item.what, item.found) else { continue };
            if given.len() < 2 {
                continue;
            }
            let mut given = given.clone();
            given.sort_by_key(|given| given.question);
            let by = given.iter().map(|given| given.question).collect();
            let yes = (found.value * found.n).round();
            tables.entry((at, *question, by)).or_default().push(Cell {
                column,
                name: item.id.clone(),
                sample: *sample,
                given: given.iter().map(|given| given.is_yes).collect(),
                yes: yes as u32,
                no: (found.n - yes).max(0.0) as u32,
            });
        }
    }
    tables.into_values().max_by_key(Vec::len).unwrap_or_default()
}

/// Yes and no of each cell among some persons.
type Counts = Vec<(f64, f64)>;

/// Scores every theory of exit on the evidence's joint table; nothing where it has none.
pub fn log_scores(study: &Study, table: &ReferenceTable) -> Option<LogScores> {
    let cells = cells_of(study);
    if cells.len() < 4 {
        return None;
    }
    let folds = folds(&cells, study.setup.seed);
    let exits = study.exit_names();
    let mut predictors: Vec<(String, Predictor<'_>)> =
        vec![("share by group".to_owned(), Predictor::Shares), ("logistic regression".to_owned(), Predictor::Logistic)];
    for (theory, name) in exits.iter().enumerate() {
        let wars = (0..table.n_draws()).filter(|&draw| table.row(draw)[1] as usize == theory).collect();
        predictors.push(((*name).to_owned(), Predictor::Theory(table, wars)));
    }
    let all: Counts = cells.iter().map(|cell| (f64::from(cell.yes), f64::from(cell.no))).collect();
    let n_persons: f64 = all.iter().map(|(yes, no)| yes + no).sum();
    let mut scores: Vec<LogScore> = predictors
        .iter()
        .map(|(predictor, of)| {
            let mut total = 0.0;
            for test in &folds {
                let train: Counts = all.iter().zip(test).map(|(all, test)| (all.0 - test.0, all.1 - test.1)).collect();
                let predicted = of.predict(&cells, &train);
                total +=
                    predicted.iter().zip(test).map(|(p, test)| test.0 * ln(*p) + test.1 * ln(1.0 - p)).sum::<f64>();
            }
            let predicted = of.predict(&cells, &all);
            LogScore { predictor: predictor.clone(), score: total / n_persons, gain: 0.0, predicted }
        })
        .collect();
    let baseline = scores[0].score;
    for score in &mut scores {
        score.gain = score.score - baseline;
    }
    Some(LogScores {
        n_persons: n_persons as u32,
        cells: cells.iter().map(|cell| cell.name.clone()).collect(),
        found: all.iter().map(|(yes, no)| yes / (yes + no)).collect(),
        n: cells.iter().map(|cell| cell.yes + cell.no).collect(),
        scores,
    })
}

/// Which persons are put aside each time.
fn folds(cells: &[Cell], seed: u64) -> Vec<Counts> {
    let draws = Draws::of_population(seed);
    let mut folds = vec![vec![(0.0, 0.0); cells.len()]; N_FOLDS];
    for (at, cell) in cells.iter().enumerate() {
        for (is_yes, n) in [(true, cell.yes), (false, cell.no)] {
            for person in 0..n {
                let u = draws.uniform(Purpose::Bootstrap, at as u32, u32::from(is_yes), person);
                let (yes, no) = &mut folds[((u * N_FOLDS as f64) as usize).min(N_FOLDS - 1)][at];
                if is_yes { *yes += 1.0 } else { *no += 1.0 }
            }
        }
    }
    folds
}

enum Predictor<'a> {
    Shares,
    Logistic,
    Theory(&'a ReferenceTable, Vec<usize>),
}

impl Predictor<'_> {
    /// The chance of a yes in each cell, after what was learned from counts.
    fn predict(&self, cells: &[Cell], train: &Counts) -> Vec<f64> {
        match self {
            Self::Shares => {
                let share = |sample: usize| {
                    let of =
                        cells.iter().zip(train).filter(|(cell, _)| cell.sample == sample).map(|(_, counts)| counts);
                    let (yes, no) = of.fold((0.5, 0.5), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
                    yes / (yes + no)
                };
                cells.iter().map(|cell| share(cell.sample)).collect()
            }
            Self::Logistic => logistic(cells, train),
            Self::Theory(table, wars) => {
                let scaled = |(yes, no): &(f64, f64)| ln((yes + 0.5) / (no + 0.5));
                let error = |(yes, no): &(f64, f64)| 1.0 / (yes + 0.5) + 1.0 / (no + 0.5);
                let mut near: Vec<(f64, usize)> = wars
                    .iter()
                    .map(|&war| {
                        let off = |(cell, counts): (&Cell, &(f64, f64))| {
                            let off = table.row(war)[cell.column] - scaled(counts);
                            off * off / error(counts)
                        };
                        (cells.iter().zip(train).map(off).sum(), war)
                    })
                    .collect();
                near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                near.truncate(((wars.len() as f64 * NEAREST) as usize).max(FEWEST));
                let chance = |logit: f64| 1.0 / (1.0 + exp(-logit));
                let mean = |cell: &Cell| {
                    near.iter().map(|&(_, war)| chance(table.row(war)[cell.column])).sum::<f64>()
                        / near.len().max(1) as f64
                };
                cells.iter().map(|cell| mean(cell).clamp(1e-6, 1.0 - 1e-6)).collect()
            }
        }
    }
}

/// A regression on the sample and the other answers, by Newton's steps.
fn logistic(cells: &[Cell], train: &Counts) -> Vec<f64> {
    let n_samples = cells.iter().map(|cell| cell.sample).max().unwrap_or(0) + 1;
    let features = |cell: &Cell| -> Vec<f64> {
        let samples = (0..n_samples).map(|sample| f64::from(u8::from(cell.sample == sample)));
        samples.chain(cell.given.iter().map(|&is_yes| f64::from(u8::from(is_yes)))).collect()
    };
    let rows: Vec<Vec<f64>> = cells.iter().map(features).collect();
    let n = rows.first().map_or(0, Vec::len);
    let mut weights = vec![0.0; n];
    let chance =
        |row: &[f64], weights: &[f64]| 1.0 / (1.0 + exp(-row.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>()));
    for _ in 0..25 {
        let mut hessian = vec![0.0; n * n];
        let mut gradient: Vec<f64> = weights.iter().map(|w| -PENALTY * w).collect();
        for (row, (yes, no)) in rows.iter().zip(train) {
            let p = chance(row, &weights);
            for (at, &x) in row.iter().enumerate() {
                gradient[at] += (yes - (yes + no) * p) * x;
                for (other, &y) in row.iter().enumerate() {
                    hessian[at * n + other] += (yes + no) * p * (1.0 - p) * x * y;
                }
            }
        }
        for at in 0..n {
            hessian[at * n + at] += PENALTY;
        }
        let Some(factored) = Cholesky::of(hessian, n) else { break };
        weights.iter_mut().zip(factored.solve(&gradient)).for_each(|(w, step)| *w += step);
    }
    rows.iter().map(|row| chance(row, &weights).clamp(1e-6, 1.0 - 1e-6)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, N_FOLDS, Predictor, folds, logistic};

    fn cells() -> Vec<Cell> {
        // log-odds -1 + 1 [sample 1] + 2 [first] - 1 [second], 1,000 persons a cell.
        let mut cells = Vec::new();
        for (sample, given) in [0, 1].into_iter().flat_map(|sample| {
            [[false, false], [false, true], [true, false], [true, true]].map(|given| (sample, given))
        }) {
            let of = |is_so: bool, weight: f64| if is_so { weight } else { 0.0 };
            let logit = -1.0 + of(sample == 1, 1.0) + of(given[0], 2.0) + of(given[1], -1.0);
            let yes = (1_000.0 / (1.0 + f64::exp(-logit))).round() as u32;
            cells.push(Cell { column: 0, name: String::new(), sample, given: given.to_vec(), yes, no: 1_000 - yes });
        }
        cells
    }

    #[test]
    fn the_regression_finds_what_the_cells_were_made_of() {
        let cells = cells();
        let all = cells.iter().map(|cell| (f64::from(cell.yes), f64::from(cell.no))).collect();
        let found = logistic(&cells, &all);
        for (cell, p) in cells.iter().zip(found) {
            assert!((p - f64::from(cell.yes) / 1_000.0).abs() < 0.003, "{cell:?}: {p}");
        }
        let shares = Predictor::Shares.predict(&cells, &all);
        assert!((shares[0] - shares[3]).abs() < 1e-12 && (shares[0] - shares[4]).abs() > 0.1);
    }

    #[test]
    fn everybody_is_put_aside_once() {
        let cells = cells();
        let folds = folds(&cells, 3);
        assert_eq!(folds.len(), N_FOLDS);
        for (at, cell) in cells.iter().enumerate() {
            let (yes, no) = folds.iter().fold((0.0, 0.0), |sum, fold| (sum.0 + fold[at].0, sum.1 + fold[at].1));
            assert_eq!((yes as u32, no as u32), (cell.yes, cell.no));
        }
        let n_of_first: f64 = folds[0].iter().map(|(yes, no)| yes + no).sum();
        assert!((n_of_first / 8_000.0 - 0.1).abs() < 0.02);
    }
}
