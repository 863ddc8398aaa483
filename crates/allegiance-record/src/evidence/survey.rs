//! Sampling the people of a simulated war, and what they tell.

use super::{Sample, Who};
use allegiance_model::ids::PersonId;
use allegiance_model::interviews::{Interview, Occasion, QUESTIONS, Question, Scale};
use allegiance_model::random::{Draws, Purpose, Stream};
use allegiance_model::tables::{AllegianceKind, Records};
use std::collections::BTreeMap;

/// Somebody who is asked.
pub type Respondent<'a> = &'a Interview;
/// What somebody tells, by question; empty where he doesn't answer.
pub type Told = Vec<Option<f64>>;

/// Whom a sample, with its position, asks in a simulated war: those of whom it is who are alive, in an order drawn by lot,
/// of whom a share can be found, up to its size. Nobody is asked twice.
pub fn respondents<'a>(
    (at, sample): (usize, &Sample),
    records: &Records,
    interviews: &'a [Interview],
    draws: Draws,
) -> Vec<Respondent<'a>> {
    let (low, high) = sample.found;
    let found_share = low + (high - low) * draws.stream(Purpose::Interview, at as u32, SAMPLE, 0).uniform();
    let died = deaths(records);
    let is_of = |interview: &&Interview| {
        let is_meant = match interview.occasion {
            Occasion::Leaving(_) => {
                let (from, to) = sample.left;
                sample.who != Who::Serving && (from..=to.min(sample.asked)).contains(&interview.day)
            }
            Occasion::Serving => sample.who != Who::Leavers && interview.day == sample.asked,
        };
        is_meant
            && (sample.groups.is_empty() || sample.groups.contains(&interview.group))
            && (sample.homes.is_empty() || interview.home.is_some_and(|home| sample.homes.contains(&home)))
            && died.get(&interview.person).is_none_or(|&day| day > sample.asked)
    };
    // Of two interviews of one person the last counts.
    let by_person: BTreeMap<PersonId, Respondent<'a>> =
        interviews.iter().filter(is_of).map(|interview| (interview.person, interview)).collect();
    let lot = |person: PersonId| draws.stream(Purpose::Interview, person.0, SAMPLE, 1 + at as u32).uniform();
    let mut found: Vec<(f64, Respondent<'a>)> = by_person
        .into_values()
        .map(|interview| (lot(interview.person), interview))
        .filter(|&(lot, _)| lot < found_share)
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.person.cmp(&b.1.person)));
    found.truncate(sample.size as usize);
    found.into_iter().map(|(_, interview)| interview).collect()
}

/// The `day` of the address of draws about who is sampled; no war lasts so long.
const SAMPLE: u32 = u32::MAX;

/// The day on which each of the dead died.
fn deaths(records: &Records) -> BTreeMap<PersonId, u32> {
    let is_death = |kind| matches!(kind, AllegianceKind::Reprisal | AllegianceKind::Death | AllegianceKind::Execution);
    records.allegiance.rows().filter(|row| is_death(row.kind)).map(|row| (row.person, row.day.0)).collect()
}

/// What a respondent of a sample, with its position, tells to each question, with the errors of the questions. Of
/// reasons he gives one, the main one or another.
pub fn told((at, sample): (usize, &Sample), respondent: Respondent<'_>, errors: &[f64], draws: Draws) -> Told {
    let stream = |question: usize| draws.stream(Purpose::Interview, respondent.person.0, at as u32, question as u32);
    let answer = |question: usize| {
        let mut stream = stream(question);
        let is_missing = stream.uniform() < sample.unanswered;
        let truth = respondent.answers[question].filter(|_| !is_missing)?;
        Some(with_error(&QUESTIONS[question], truth, errors[question], &mut stream))
    };
    let mut told: Told = (0..QUESTIONS.len()).map(answer).collect();
    let reasons: Vec<usize> = (0..QUESTIONS.len()).filter(|&question| QUESTIONS[question].is_reason).collect();
    let is_asked = reasons.iter().all(|&question| told[question].is_some());
    if let (Some(&first), true) = (reasons.first(), is_asked) {
        // One more stands for every reason that isn't asked about.
        let truth = reasons.iter().position(|&question| respondent.answers[question] == Some(1.0));
        let mut stream = stream(first);
        let _missing = stream.uniform();
        let (n, truth) = (reasons.len() + 1, truth.unwrap_or(reasons.len()));
        let given = if stream.uniform() < errors[first] { another(truth, n, &mut stream) } else { truth };
        for (reason, &question) in reasons.iter().enumerate() {
            told[question] = Some(f64::from(u8::from(reason == given)));
        }
    }
    told
}

/// An answer as it is told: a wrong yes or no now and then, a step too few or too many, a number misremembered.
fn with_error(question: &Question, truth: f64, error: f64, stream: &mut Stream) -> f64 {
    match question.scale {
        Scale::YesOrNo => {
            let (says, errs) = (stream.uniform() < truth, stream.uniform() < error);
            f64::from(u8::from(says != errs))
        }
        Scale::Steps => step_of(truth, error, stream),
        Scale::Number => truth * (1.0 + error * stream.normal()).max(0.0),
    }
}

/// One of `n` things other than the true one, each as likely: an answer that is
/// wrong can't be right. The true one where there is no other.
pub fn another(truth: usize, n: usize, stream: &mut Stream) -> usize {
    if n < 2 {
        return truth;
    }
    let drawn = stream.below(n as u32 - 1) as usize;
    if drawn < truth { drawn } else { drawn + 1 }
}

/// The steps on which a view is told.
const STEPS: (f64, f64) = (1.0, 5.0);

/// The step from 1 to 5 that stands for a share, each a fifth of the whole; a share of the answers is a step off. At
/// either end a wrong answer can only be a step towards the middle.
pub fn step_of(share: f64, error: f64, stream: &mut Stream) -> f64 {
    let (first, last) = STEPS;
    let step = (first + (share * last).floor()).clamp(first, last);
    let u = stream.uniform();
    if u >= error {
        return step;
    }
    let off = if u < 0.5 * error { step - 1.0 } else { step + 1.0 };
    if (first..=last).contains(&off) { off } else { 2.0 * step - off }
}
