//! Evidence of people and groups: aggregates of a survey, counts of members, maps of control, as a scholar has
//! them, and the same aggregates of a simulated war.
//!
//! An [`Evidence`] says whom a survey sampled, when and how, what was asked, and what was found. Put to a
//! simulated war, it samples that war's people in the same way, asks them the same questions, with the same
//! errors, and aggregates their answers alike ([`Evidence::measure`]). Where it says nothing of what was found,
//! it is a plan of a survey. There are no rows about real people in it, and no place for any.

mod survey;

pub use survey::{Respondent, Told, another, respondents, step_of, told};

use crate::digest::digest_of_bytes;
use crate::intervals::wilson;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::interviews::{Interview, QUESTIONS, Question, Scale};
use allegiance_model::maths::{exp, ln};
use allegiance_model::random::{Draws, Purpose};
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use serde::Serialize;
use std::fmt::Write as _;

/// Whom a sample is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// People who left a group by decision, got away, and were alive when asked.
    Leavers,
    /// People who serve on the day on which they are asked.
    Serving,
    /// Both.
    Everyone,
}

impl Who {
    /// The words of [`Who::of_word`].
    pub const WORDS: &'static [&'static str] = &["leavers", "serving", "everyone"];

    /// Whom a word stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Leavers, Self::Serving, Self::Everyone].into_iter().find(|who| who.word() == word)
    }

    /// The word used in files.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// Whom a survey sampled, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its name; unique in its evidence.
    pub id: String,
    /// Whom it is of.
    pub who: Who,
    /// The groups that they left or serve; empty for any.
    pub groups: Vec<GroupId>,
    /// Their homes; empty for any.
    pub homes: Vec<PlaceId>,
    /// The days within which leavers left, the last included.
    pub left: (u32, u32),
    /// The day on which they were asked, at its end.
    pub asked: u32,
    /// The most people who were asked.
    pub size: u32,
    /// Share of them who can be found: somewhere in this range, and the survey doesn't know where.
    pub found: (f64, f64),
    /// Share of answers that are missing.
    pub unanswered: f64,
    /// How they were reached, in words.
    pub reached: String,
}

/// A condition on who counts: an answer to another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// The question's position in [`QUESTIONS`].
    pub question: usize,
    /// What was answered.
    pub is_yes: bool,
}

/// What is aggregated.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Answers to a question: the share of a yes, or the mean of steps and numbers.
    Answers {
        /// The sample's position.
        sample: usize,
        /// The question's position in [`QUESTIONS`].
        question: usize,
        /// How those who count answered other questions.
        given: Vec<Given>,
    },
    /// Members of a group at the end of a day.
    Members {
        /// The group.
        group: GroupId,
        /// The day.
        day: u32,
        /// Standard deviation of the count's error, on its logarithm.
        error: f64,
    },
    /// Share of the places of a map that a group holds at the end of a day.
    Held {
        /// The map's number; an error about a place is the same for every group.
        map: u32,
        /// The group.
        group: GroupId,
        /// The places on the map.
        places: Vec<PlaceId>,
        /// The day.
        day: u32,
        /// Share of places that the map has wrong.
        error: f64,
    },
}

/// An aggregate of a war, real or simulated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Aggregate {
    /// The share, mean or count; not a number where nobody answered.
    pub value: f64,
    /// How many it is of; 0 where nobody answered.
    pub n: f64,
    /// Standard error as stated; empty where it follows from `n`.
    pub se: Option<f64>,
}

/// One thing that the evidence says, or would.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name; unique in its evidence.
    pub id: String,
    /// The question as it was worded; empty for counts and maps.
    pub wording: String,
    /// What it is.
    pub what: What,
    /// What was found; empty in a plan.
    pub found: Option<Aggregate>,
}

/// What a survey, a count or a map says of one war.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Its name, as for a file.
    pub id: String,
    /// Title shown to people.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// Where it was published.
    pub source: String,
    /// Who was sampled.
    pub samples: Vec<Sample>,
    /// Share of wrong answers, or the relative error of numbers, by question. Shape: `(n_questions,)`.
    pub errors: Vec<f64>,
    /// What it says, in order.
    pub items: Vec<Item>,
    /// SHA-256 of the file as read, in hexadecimal digits.
    pub digest: String,
}

/// Share of wrong answers about facts, unless stated: judgement, on the pessimistic side of what surveys achieve.
pub const FACT_ERROR: f64 = 0.1;
/// Share of answers on five steps that are a step off.
pub const VIEW_ERROR: f64 = 0.25;
/// Relative error of a number that is remembered.
const NUMBER_ERROR: f64 = 0.2;
/// Share of leavers who give another reason than the true one.
pub const REASON_ERROR: f64 = 0.3;

/// The error of a question, unless evidence states another. Nobody measured these.
pub fn usual_error(question: &Question) -> f64 {
    match question.scale {
        _ if question.is_reason => REASON_ERROR,
        Scale::YesOrNo => FACT_ERROR,
        Scale::Steps => VIEW_ERROR,
        Scale::Number => NUMBER_ERROR,
    }
}

/// How the values of an item are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Shares, by their log-odds.
    Share,
    /// Means and shares of places, as they are.
    Plain,
    /// Counts, by their logarithm.
    Count,
}

impl Item {
    /// How its question is answered; none of counts and maps.
    pub fn scale(&self) -> Option<Scale> {
        match &self.what {
            What::Answers { question, .. } => Some(QUESTIONS[*question].scale),
            What::Members { .. } | What::Held { .. } => None,
        }
    }

    /// The unit of its value.
    pub fn unit(&self) -> &'static str {
        if self.counts_members() { "persons" } else { "1" }
    }

    /// Whether it is a count of members.
    pub fn counts_members(&self) -> bool {
        matches!(self.what, What::Members { .. })
    }

    /// How its values are compared.
    pub fn comparison(&self) -> Comparison {
        match &self.what {
            What::Answers { question, .. } if QUESTIONS[*question].scale == Scale::YesOrNo => Comparison::Share,
            What::Answers { .. } | What::Held { .. } => Comparison::Plain,
            What::Members { .. } => Comparison::Count,
        }
    }

    /// Whether it reads the reasons for which people left, which the model's own hazard decides.
    pub fn is_circular(&self) -> bool {
        let of_reason = |at: usize| QUESTIONS[at].is_reason;
        match &self.what {
            What::Answers { question, given, .. } => {
                of_reason(*question) || given.iter().any(|given| of_reason(given.question))
            }
            What::Members { .. } | What::Held { .. } => false,
        }
    }

    /// The value by which it is compared: finite for any war.
    ///
    /// # Source
    /// Log-odds of a share with half an answer added to either side: Haldane (1956), Anscombe (1956).
    pub fn scaled(&self, of: Aggregate) -> f64 {
        match self.comparison() {
            Comparison::Share => {
                let yes = if of.n > 0.0 { of.value * of.n } else { 0.0 };
                ln((yes + 0.5) / (of.n - yes + 0.5))
            }
            Comparison::Count => ln(1.0 + of.value.max(0.0)),
            Comparison::Plain if of.value.is_finite() => of.value,
            Comparison::Plain => 0.0,
        }
    }

    /// The 90% interval of what was found, by its size or its standard error.
    pub fn band(&self, found: Aggregate) -> (f64, f64) {
        /// Standard errors to either side that hold 90%.
        const HALF_90: f64 = 1.645;
        match (self.comparison(), found.se, &self.what) {
            (Comparison::Share, None, _) => wilson(found.value, found.n, HALF_90),
            (Comparison::Count, None, What::Members { error, .. }) => {
                (found.value * exp(-HALF_90 * error), found.value * exp(HALF_90 * error))
            }
            (_, None, What::Held { places, error, .. }) => {
                let half = HALF_90 * (error * (1.0 - error) / places.len() as f64).sqrt();
                (found.value - half, found.value + half)
            }
            (_, se, _) => {
                // Those who all answer alike leave some doubt about the next.
                let half = (HALF_90 * se.unwrap_or(0.0)).max(1e-6 * (1.0 + found.value.abs()));
                (found.value - half, found.value + half)
            }
        }
    }
}

impl Evidence {
    /// The days at whose end people who serve are asked, counted from the start.
    pub fn days(&self) -> Vec<u32> {
        let serving = self.samples.iter().filter(|sample| sample.who != Who::Leavers);
        let mut days: Vec<u32> = serving.map(|sample| sample.asked).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Digest of what it measures, whatever was found and however it is called; questions that it
    /// doesn't ask make no difference.
    pub fn digest_of_plan(&self) -> String {
        let mut plan = format!("{:?}", self.samples);
        let name = |question: usize| format!("{} {}", QUESTIONS[question].id, self.errors[question]);
        for item in &self.items {
            match &item.what {
                What::Answers { sample, question, given } => {
                    let given = given.iter().map(|given| format!("{} {}", name(given.question), given.is_yes));
                    let given = given.collect::<Vec<String>>();
                    let _ = write!(plan, "{sample} {} {given:?}", name(*question));
                }
                what => {
                    let _ = write!(plan, "{what:?}");
                }
            }
        }
        digest_of_bytes(plan.as_bytes())
    }

    /// Whether it says what was found, and isn't only a plan.
    pub fn is_found(&self) -> bool {
        self.items.iter().all(|item| item.found.is_some())
    }

    /// What was found, as it is compared, in the order of the items; nothing of a plan.
    pub fn found_as_compared(&self) -> Vec<f64> {
        self.items.iter().filter_map(|item| Some(item.scaled(item.found?))).collect()
    }

    /// The same aggregates of a simulated war of so many places and groups, in the order of the items. `draws` are
    /// those of the replicate.
    pub fn measure(
        &self,
        records: &Records,
        interviews: &[Interview],
        (n_places, n_groups): (usize, usize),
        draws: Draws,
    ) -> Vec<Aggregate> {
        let told: Vec<Vec<Told>> = self
            .samples
            .iter()
            .enumerate()
            .map(|(at, sample)| {
                let asked = respondents((at, sample), records, interviews, draws);
                asked.iter().map(|respondent| told((at, sample), respondent, &self.errors, draws)).collect()
            })
            .collect();
        let measure = |item: &Item| match &item.what {
            What::Answers { sample, question, given } => of_answers(&told[*sample], *question, given),
            What::Members { group, day, error } => {
                let mut stream = draws.stream(Purpose::Interview, group.0.into(), *day, MEMBERS);
                let of_day = records.groups.rows().filter(|row| row.day.0 == *day && row.group == *group);
                let members: u32 = of_day.map(|row| row.n_members).sum();
                let value = f64::from(members) * exp(error * stream.normal());
                Aggregate { value, n: 1.0, se: None }
            }
            What::Held { map, group, places, day, error } => {
                let held = holders(records, (n_places, n_groups), *day, places);
                let mut stream = draws.stream(Purpose::Interview, *map, *day, MAP);
                let n_groups = n_groups as u32;
                let seen = held.iter().map(|&holder| {
                    let (u, other) = (stream.uniform(), stream.below(n_groups.max(2) - 1));
                    let wrong = if other < holder { other } else { other + 1 };
                    if u < *error && n_groups > 1 { wrong } else { holder }
                });
                let n = seen.filter(|&holder| holder == u32::from(group.0)).count();
                Aggregate { value: n as f64 / places.len() as f64, n: places.len() as f64, se: None }
            }
        };
        self.items.iter().map(measure).collect()
    }
}

/// Places and groups of a setup, as [`Evidence::measure`] takes them.
pub fn shape_of(setup: &Setup) -> (usize, usize) {
    (setup.places.len(), setup.groups.len())
}

/// Indices of draws that aren't about a person.
const MEMBERS: u32 = u32::MAX;
const MAP: u32 = u32::MAX - 1;

/// The share or mean of the answers of those who count.
fn of_answers(told: &[Told], question: usize, given: &[Given]) -> Aggregate {
    let counts = |told: &&Told| {
        given.iter().all(|given| told[given.question].is_some_and(|answer| (answer > 0.5) == given.is_yes))
    };
    let answers: Vec<f64> = told.iter().filter(counts).filter_map(|told| told[question]).collect();
    let n = answers.len() as f64;
    let value = answers.iter().sum::<f64>() / n;
    // The error of a share follows from its size; that of a mean from the spread of the answers.
    let is_mean = QUESTIONS[question].scale != Scale::YesOrNo && n > 1.0;
    let squares = || answers.iter().map(|answer| (answer - value) * (answer - value)).sum::<f64>();
    Aggregate { value, n, se: is_mean.then(|| (squares() / (n - 1.0) / n).sqrt()) }
}

/// The group with the largest control share of each place at the end of a day.
fn holders(records: &Records, (n_places, n_groups): (usize, usize), day: u32, places: &[PlaceId]) -> Vec<u32> {
    let mut shares = vec![0.0; n_places * n_groups];
    for row in records.control.rows().take_while(|row| row.day.0 <= day) {
        shares[row.place.idx() * n_groups + row.group.idx()] = row.share;
    }
    let holder = |place: &PlaceId| {
        let of_place = &shares[place.idx() * n_groups..][..n_groups];
        (0..n_groups).max_by(|&a, &b| of_place[a].total_cmp(&of_place[b])).unwrap_or(0) as u32
    };
    places.iter().map(holder).collect()
}

#[cfg(test)]
mod tests {
    use super::{Aggregate, Evidence, Given, Item, Sample, What, Who, respondents, told, usual_error};
    use allegiance_model::ids::{GroupId, PersonId};
    use allegiance_model::interviews::{Interview, Occasion, QUESTIONS, Question};
    use allegiance_model::random::Draws;
    use allegiance_model::tables::{Allegiance, AllegianceKind, Day, ExitKind, Records};

    fn at(id: &str) -> usize {
        Question::position(id).expect("a question")
    }

    /// Somebody who answers every question with this, asked on a day.
    fn interview(person: u32, day: u32, occasion: Occasion, answer: f64) -> Interview {
        let answers = vec![Some(answer); QUESTIONS.len()];
        Interview { person: PersonId(person), day, occasion, group: GroupId(0), home: None, answers }
    }

    fn sample(who: Who) -> Sample {
        Sample {
            id: "asked".to_owned(),
            who,
            groups: Vec::new(),
            homes: Vec::new(),
            left: (0, 20),
            asked: 20,
            size: 1_000,
            found: (1.0, 1.0),
            unanswered: 0.0,
            reached: "by lot".to_owned(),
        }
    }

    fn persons(sample: &Sample, records: &Records, interviews: &[Interview]) -> Vec<u32> {
        let asked = respondents((0, sample), records, interviews, Draws::of_population(1));
        let mut persons: Vec<u32> = asked.iter().map(|interview| interview.person.0).collect();
        persons.sort_unstable();
        persons
    }

    #[test]
    fn the_dead_are_not_asked_nor_who_left_later_nor_anybody_twice() {
        let left = Occasion::Leaving(ExitKind::Desertion);
        let interviews = [
            interview(1, 5, left, 1.0),
            interview(2, 5, left, 1.0),
            interview(3, 25, left, 1.0),
            interview(4, 5, left, 0.0),
            interview(4, 20, Occasion::Serving, 1.0),
            interview(5, 20, Occasion::Serving, 1.0),
            interview(6, 19, Occasion::Serving, 1.0),
        ];
        let mut records = Records::default();
        for (person, day) in [(2, 9), (1, 21)] {
            let (person, day, kind) = (PersonId(person), Day(day), AllegianceKind::Reprisal);
            records.allegiance.push(Allegiance { person, day, kind, ..Allegiance::BLANK });
        }
        assert_eq!(persons(&sample(Who::Leavers), &records, &interviews), [1, 4]);
        assert_eq!(persons(&sample(Who::Serving), &records, &interviews), [4, 5]);
        assert_eq!(persons(&sample(Who::Everyone), &records, &interviews), [1, 4, 5]);
        let late = Sample { left: (10, 20), ..sample(Who::Leavers) };
        assert_eq!(persons(&late, &records, &interviews), Vec::<u32>::new());
        // Back in service he tells of today.
        let everyone = respondents((0, &sample(Who::Everyone)), &records, &interviews, Draws::of_population(1));
        assert!(everyone.iter().all(|interview| interview.person.0 != 4 || interview.day == 20));
    }

    #[test]
    fn as_many_are_found_as_can_be_and_a_smaller_sample_is_a_part_of_a_larger_one() {
        let interviews: Vec<Interview> =
            (0..2_000).map(|person| interview(person, 5, Occasion::Leaving(ExitKind::Desertion), 1.0)).collect();
        let of = |size, found| Sample { size, found, ..sample(Who::Leavers) };
        let found = persons(&of(10_000, (0.4, 0.4)), &Records::default(), &interviews);
        // 800 expected, standard deviation 22.
        assert!((730..=870).contains(&found.len()), "{}", found.len());
        let few = persons(&of(100, (0.4, 0.4)), &Records::default(), &interviews);
        assert!(few.len() == 100 && few.iter().all(|person| found.contains(person)));
    }

    #[test]
    fn answers_are_wrong_as_often_as_stated_and_the_same_whoever_asks_again() {
        let (n, yes, steps, number) = (8_000, at("home_attacked"), at("cause_served"), at("age"));
        let errors: Vec<f64> = QUESTIONS.iter().map(usual_error).collect();
        let sample = Sample { unanswered: 0.3, ..sample(Who::Leavers) };
        let draws = Draws::of_population(2);
        let answers = |question: usize, truth: f64| -> Vec<Option<f64>> {
            let of = |person| interview(person, 5, Occasion::Leaving(ExitKind::Desertion), truth);
            (0..n).map(|person| told((0, &sample), &of(person), &errors, draws)[question]).collect()
        };
        let given = |answers: &[Option<f64>]| answers.iter().flatten().count() as f64;
        let mean = |answers: &[Option<f64>]| answers.iter().flatten().sum::<f64>() / given(answers);
        let facts = answers(yes, 1.0);
        assert!((given(&facts) / f64::from(n) - 0.7).abs() < 0.02);
        let n_wrong = facts.iter().flatten().filter(|&&answer| answer < 0.5).count() as f64;
        assert!((n_wrong / given(&facts) - 0.1).abs() < 0.015, "{n_wrong}");
        // A chance of a yes is told as often, apart from errors: .3 (1 - .1) + .7 .1.
        let share = mean(&answers(yes, 0.3));
        assert!((share - 0.34).abs() < 0.02, "{share}");
        let views = answers(steps, 0.5);
        assert!(views.iter().flatten().all(|step| [2.0, 3.0, 4.0].contains(step)));
        let n_off = views.iter().flatten().filter(|&&step| (step - 3.0).abs() > 0.5).count() as f64;
        assert!((n_off / given(&views) - 0.25).abs() < 0.02, "{n_off}");
        let age = mean(&answers(number, 30.0));
        assert!((age - 30.0).abs() < 0.4, "{age}");
        assert_eq!(facts, answers(yes, 1.0));
    }

    #[test]
    fn three_leavers_in_ten_give_another_reason_and_nobody_gives_two() {
        let errors: Vec<f64> = QUESTIONS.iter().map(usual_error).collect();
        let reasons: Vec<usize> = (0..QUESTIONS.len()).filter(|&at| QUESTIONS[at].is_reason).collect();
        let (n, draws) = (6_000, Draws::of_population(8));
        let mut counts = vec![0.0; reasons.len()];
        for person in 0..n {
            let mut of = interview(person, 5, Occasion::Leaving(ExitKind::Desertion), 0.0);
            of.answers[reasons[2]] = Some(1.0);
            let told = told((0, &sample(Who::Leavers)), &of, &errors, draws);
            let given: Vec<f64> = reasons.iter().map(|&at| told[at].expect("leavers are asked")).collect();
            assert!(given.iter().sum::<f64>() <= 1.0);
            counts.iter_mut().zip(given).for_each(|(sum, given)| *sum += given / f64::from(n));
        }
        assert!((counts[2] - 0.7).abs() < 0.02, "{counts:?}");
        let each = 0.3 / reasons.len() as f64;
        let is_other = |&(at, _): &(usize, &f64)| at != 2;
        assert!(
            counts.iter().enumerate().filter(is_other).all(|(_, share)| (share - each).abs() < 0.015),
            "{counts:?}"
        );
        let serving = Interview { answers: vec![None; QUESTIONS.len()], ..interview(1, 20, Occasion::Serving, 0.0) };
        let told = told((0, &sample(Who::Serving)), &serving, &errors, draws);
        assert!(reasons.iter().all(|&at| told[at].is_none()));
    }

    fn item(question: &str, given: Vec<Given>) -> Item {
        Item {
            id: question.to_owned(),
            wording: String::new(),
            what: What::Answers { sample: 0, question: at(question), given },
            found: Some(Aggregate { value: 0.25, n: 40.0, se: None }),
        }
    }

    #[test]
    fn a_cross_tabulation_counts_those_who_answered_so() {
        let (asked, of) = (at("kin_killed"), at("home_attacked"));
        let person = |number: u32, of_home: f64, of_kin: f64| {
            let mut interview = interview(number, 5, Occasion::Leaving(ExitKind::Defection), 0.0);
            (interview.answers[of], interview.answers[asked]) = (Some(of_home), Some(of_kin));
            interview
        };
        // Of 30 whose home was attacked 10 lost kin, of 10 others none.
        let people: Vec<Interview> = (0..40)
            .map(|number| person(number, f64::from(u8::from(number < 30)), f64::from(u8::from(number < 10))))
            .collect();
        let given = |is_yes| vec![Given { question: of, is_yes }];
        let evidence = Evidence {
            id: "invented".to_owned(),
            title: String::new(),
            about: String::new(),
            source: String::new(),
            samples: vec![sample(Who::Leavers)],
            errors: vec![0.0; QUESTIONS.len()],
            items: vec![
                item("kin_killed", Vec::new()),
                item("kin_killed", given(true)),
                item("kin_killed", given(false)),
            ],
            digest: String::new(),
        };
        let found = evidence.measure(&Records::default(), &people, (0, 1), Draws::of_population(3));
        let brief: Vec<(f64, f64)> = found.iter().map(|found| (found.value, found.n)).collect();
        assert_eq!(brief, [(0.25, 40.0), (10.0 / 30.0, 30.0), (0.0, 10.0)]);
    }

    #[test]
    fn shares_are_compared_by_their_log_odds_and_nobody_asked_says_nothing() {
        let item = item("kin_killed", Vec::new());
        let found = item.found.expect("it was found");
        assert!((item.scaled(found) - (10.5_f64 / 30.5).ln()).abs() < 1e-12);
        assert!(item.scaled(Aggregate { value: f64::NAN, n: 0.0, se: None }).abs() < 1e-12);
        // Wilson's interval of 10 of 40 at 90%.
        let (low, high) = item.band(found);
        assert!((low - 0.156).abs() < 0.002 && (high - 0.375).abs() < 0.003, "{low} {high}");
        let stated = Aggregate { se: Some(0.1), ..found };
        assert!((item.band(stated).0 - 0.0855).abs() < 1e-9);
    }
}
