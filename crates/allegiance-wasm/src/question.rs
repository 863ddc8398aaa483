//! What a host may ask, and how its answer becomes text.

use crate::answer::{Mistake, Request, Simulated, answer};
use crate::options::{Options, scenarios};
use crate::running::Running;
use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::tables::Incident;
use allegiance_record::InTurn;
use allegiance_record::but_for::ButForInput;
use allegiance_replay::but_for::{ButForInSteps, ask_but_for, incident_asked, input_of};
use allegiance_replay::{Silent, watch_beliefs};
use allegiance_show::view::{ButForView, Filter, StoryView, persons, trust_of};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question, told apart by `ask`. Those about people are about the replicate
/// that was run last; places and groups go by their positions in its overview.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// What comes of a scenario.
    Run(Request),
    /// The same, some days at a time: the people before the first day.
    Begin(Request),
    /// Some more days of what was begun.
    GoOn {
        /// How many, at most those that are left.
        days: u32,
        /// Whether what they brought is given back.
        #[serde(default)]
        view: bool,
    },
    /// The answer of what was begun, once its days are done: that of [`Question::Run`].
    End,
    /// The scenarios that come with the engine, with their sizes.
    Scenarios,
    /// What can be changed of a scenario.
    Options {
        /// A scenario that comes with the engine; with files, only what theirs is called.
        scenario: String,
        /// The files of a scenario, as those of a [`Request`].
        #[serde(default)]
        files: BTreeMap<String, String>,
    },
    /// A list of people to browse, in order of number.
    Persons(Filter),
    /// A person's story.
    Person {
        /// The person.
        person: u32,
    },
    /// How far a person trusts each source, week by week, by simulating again.
    Trust {
        /// The person.
        person: u32,
    },
    /// What would have become of a person without an incident.
    ButFor {
        /// The person.
        person: u32,
        /// The incident; by default the one behind his exit, or the first that
        /// reached him.
        incident: Option<u32>,
        /// Pairs of futures.
        replicates: u32,
    },
    /// The same, some pairs at a time: the past before the incident.
    ButForBegin {
        /// The person.
        person: u32,
        /// The incident, as in [`Question::ButFor`].
        incident: Option<u32>,
        /// Pairs of futures.
        replicates: u32,
    },
    /// Some more pairs of what was begun.
    ButForGoOn {
        /// How many, at most those that are left.
        pairs: u32,
    },
    /// The answer of what was begun, once its pairs are drawn: that of [`Question::ButFor`].
    ButForEnd,
}

/// A question of but-for whose futures are being drawn.
#[derive(Debug)]
pub(crate) struct Asking {
    person: PersonId,
    incident: Incident,
    n_futures: u32,
    steps: ButForInSteps,
}

/// How many pairs of futures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct PairsDone {
    done: usize,
    n: u32,
}

impl Asking {
    fn begin(run: &Simulated, person: u32, incident: Option<u32>, n_futures: u32) -> Result<Self, Mistake> {
        let person = PersonId(person);
        let incident = incident_asked((&run.records, run.replicate), person, incident.map(IncidentId));
        let incident = incident.map_err(|error| Mistake::new(&error))?;
        let input = input_of(&run.setup, run.replicate, person, &incident, n_futures);
        let steps = ButForInSteps::begin(&input).map_err(|error| Mistake::new(&error))?;
        Ok(Self { person, incident, n_futures, steps })
    }

    fn input<'r>(&self, run: &'r Simulated) -> ButForInput<'r> {
        input_of(&run.setup, run.replicate, self.person, &self.incident, self.n_futures)
    }

    fn done(&self) -> PairsDone {
        PairsDone { done: self.steps.n_done(), n: self.n_futures }
    }
}

/// What later questions are about.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// What was run last.
    pub(crate) last: Option<Simulated>,
    /// What was begun and isn't at its end.
    pub(crate) running: Option<Running>,
    /// A but-for of what was run last.
    pub(crate) asking: Option<Asking>,
}

/// The answer to a question as JSON, and whether it tells a mistake. A run is
/// held for the questions that follow.
pub(crate) fn answer_text(question: &[u8], held: &mut Held) -> (Vec<u8>, bool) {
    let question = serde_json::from_slice(question).map_err(|error| Mistake::new(&format!("the request: {error}")));
    let answered = question.and_then(|question| answer_question(question, held));
    let is_mistake = answered.is_err();
    let text = answered.or_else(|mistake| text_of(&mistake));
    (text.unwrap_or_default(), is_mistake)
}

fn answer_question(question: Question, held: &mut Held) -> Result<Vec<u8>, Mistake> {
    let last = &held.last;
    match question {
        Question::Run(request) => {
            let (answer, simulated) = answer(&request)?;
            *held = Held { last: Some(simulated), ..Held::default() };
            text_of(&answer)
        }
        Question::Begin(request) => {
            // Two worlds at a time would be twice the memory.
            *held = Held::default();
            let running = Running::begin(request)?;
            let begun = text_of(&running.begun());
            held.running = Some(running);
            begun
        }
        Question::GoOn { days, view } => {
            let running = held.running.take().ok_or_else(not_begun)?;
            let since = running.how_far(None).day;
            let running = held.running.insert(running.go_on(days));
            text_of(&running.how_far(view.then_some(since)))
        }
        Question::End => {
            let (answer, simulated) = held.running.take().ok_or_else(not_begun)?.end()?;
            *held = Held { last: Some(simulated), ..Held::default() };
            text_of(&answer)
        }
        Question::Scenarios => text_of(&scenarios()?),
        Question::Options { scenario, files } => text_of(&Options::of(&scenario, &files)?),
        Question::Persons(filter) => {
            let run = simulated(last.as_ref())?;
            text_of(&persons(&run.setting, &run.records, &filter))
        }
        Question::Person { person } => {
            let run = simulated(last.as_ref())?;
            let story = StoryView::of(&run.setting, &run.records, run.replicate, PersonId(person));
            text_of(&story.map_err(|error| Mistake::new(&error))?)
        }
        Question::Trust { person } => {
            let run = simulated(last.as_ref())?;
            text_of(&trust_of(watch_beliefs(&run.setup, run.replicate, PersonId(person)).into_iter()))
        }
        Question::ButFor { person, incident, replicates } => {
            let run = simulated(last.as_ref())?;
            let (person, incident) = (PersonId(person), incident.map(IncidentId));
            // A browser's module has one thread.
            let found = ask_but_for(
                &run.setup,
                (&run.records, run.replicate),
                person,
                incident,
                replicates,
                (&InTurn, &Silent),
            );
            let (incident, found) = found.map_err(|error| Mistake::new(&error))?;
            text_of(&ButForView::of(&run.setting, person, &incident, &found))
        }
        Question::ButForBegin { person, incident, replicates } => {
            let asking = Asking::begin(simulated(last.as_ref())?, person, incident, replicates)?;
            text_of(&held.asking.insert(asking).done())
        }
        Question::ButForGoOn { pairs } => {
            let (run, asking) = (simulated(last.as_ref())?, held.asking.as_mut().ok_or_else(not_begun)?);
            let input = asking.input(run);
            asking.steps.go_on(&input, pairs as usize).map_err(|error| Mistake::new(&error))?;
            text_of(&asking.done())
        }
        Question::ButForEnd => {
            let asking = held.asking.take().ok_or_else(not_begun)?;
            let (run, PairsDone { done, n }) = (simulated(last.as_ref())?, asking.done());
            if done < n as usize {
                return Err(Mistake::new(&format!("the but-for isn't at its end: {done} of {n} pairs are drawn")));
            }
            let found = asking.steps.answer(&asking.input(run));
            text_of(&ButForView::of(&run.setting, asking.person, &asking.incident, &found))
        }
    }
}

fn not_begun() -> Mistake {
    Mistake::new(&"nothing was begun; ask to begin first")
}

fn simulated(last: Option<&Simulated>) -> Result<&Simulated, Mistake> {
    last.ok_or_else(|| Mistake::new(&"nothing was run yet; ask for a run first"))
}

fn text_of(answer: &impl Serialize) -> Result<Vec<u8>, Mistake> {
    serde_json::to_vec(answer).map_err(|error| Mistake::new(&error))
}

#[cfg(test)]
mod tests {
    use super::{Held, answer_text};
    use serde_json::Value;

    fn ask(question: &str, held: &mut Held) -> (Value, bool) {
        let (text, is_mistake) = answer_text(question.as_bytes(), held);
        (serde_json::from_slice(&text).expect("JSON"), is_mistake)
    }

    #[test]
    fn mistakes_are_told() {
        for (asked, told) in [
            ("{", "the request: EOF while parsing"),
            (r#"{"ask": "run", "scenario": "x"}"#, "there is no built-in scenario x; there are: one-village"),
            (r#"{"ask": "run", "scenario": "one-village", "changes": ["combat.decisivenes=2"]}"#, "combat.decisivenes"),
            (
                r#"{"ask": "run", "scenario": "one-village", "changes": ["days=2"], "tables": ["people"]}"#,
                "there is no table people",
            ),
            (r#"{"ask": "run", "scenario": "one-village", "day": 2}"#, "unknown field `day`"),
            (r#"{"ask": "person", "person": 1}"#, "nothing was run yet"),
            (r#"{"ask": "options", "scenario": "x"}"#, "there is no built-in scenario x"),
            (r#"{"ask": "go_on", "days": 3}"#, "nothing was begun"),
            (r#"{"ask": "end"}"#, "nothing was begun"),
        ] {
            let (answer, is_mistake) = ask(asked, &mut Held::default());
            let said = answer["error"].as_str().expect("a mistake");
            assert!(is_mistake && said.contains(told), "{asked}: {said}");
        }
    }

    #[test]
    fn a_run_in_steps_tells_how_far_it_is_and_ends_as_one_at_once_does() {
        let mut held = Held::default();
        let of = r#""scenario": "one-village", "changes": ["days=12"], "view": true}"#;
        let (whole, _) = ask(&format!(r#"{{"ask": "run", {of}"#), &mut held);
        let (begun, _) = ask(&format!(r#"{{"ask": "begin", {of}"#), &mut held);
        assert_eq!((begun["day"].as_u64(), begun["overview"]["n_days"].as_u64()), (Some(0), Some(12)));
        let (_, is_mistake) = ask(r#"{"ask": "person", "person": 1}"#, &mut held);
        assert!(is_mistake, "nobody is known of what was begun");
        let (first, _) = ask(r#"{"ask": "go_on", "days": 5, "view": true}"#, &mut held);
        assert_eq!(
            (first["day"].as_u64(), first["history"]["series"][0]["values"].as_array().map(Vec::len)),
            (Some(5), Some(5))
        );
        let (last, _) = ask(r#"{"ask": "go_on", "days": 99}"#, &mut held);
        assert_eq!((last["day"].as_u64(), last["history"].is_null()), (Some(12), true));
        assert_eq!(ask(r#"{"ask": "end"}"#, &mut held), (whole, false));
        let (people, _) = ask(r#"{"ask": "persons", "limit": 1}"#, &mut held);
        assert!(people["n"].as_u64() > Some(0), "the run is held for questions about people");
    }

    #[test]
    fn people_of_the_last_run_have_stories_and_a_but_for() {
        let mut last = Held::default();
        let (_, is_mistake) = ask(r#"{"ask": "run", "scenario": "one-village"}"#, &mut last);
        assert!(!is_mistake);
        let (defectors, _) = ask(r#"{"ask": "persons", "kind": "defector"}"#, &mut last);
        let numbers: Vec<u64> =
            defectors["rows"].as_array().expect("a list").iter().filter_map(|row| row["person"].as_u64()).collect();
        assert!(!numbers.is_empty() && numbers.is_sorted());
        let mut has_answer = false;
        for person in numbers {
            let (story, _) = ask(&format!(r#"{{"ask": "person", "person": {person}}}"#), &mut last);
            assert_eq!(story["story"]["who"]["person"].as_u64(), Some(person));
            let question = format!(r#"{{"ask": "but_for", "person": {person}, "replicates": 10}}"#);
            let (answer, is_mistake) = ask(&question, &mut last);
            if !is_mistake {
                has_answer = true;
                let begin = format!(r#"{{"ask": "but_for_begin", "person": {person}, "replicates": 10}}"#);
                assert_eq!(ask(&begin, &mut last).0, serde_json::json!({"done": 0, "n": 10}));
                assert_eq!(ask(r#"{"ask": "but_for_go_on", "pairs": 4}"#, &mut last).0["done"], 4);
                assert_eq!(ask(r#"{"ask": "but_for_go_on", "pairs": 50}"#, &mut last).0["done"], 10);
                assert_eq!(ask(r#"{"ask": "but_for_end"}"#, &mut last).0, answer, "the same some pairs at a time");
                assert!(answer["low"].as_f64() <= answer["difference"].as_f64());
                assert!(answer["difference"].as_f64() <= answer["high"].as_f64());
            }
        }
        assert!(has_answer, "some defector was reached by an incident");
    }
}
