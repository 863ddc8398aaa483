//! What a host may ask, and how its answer becomes text.

use crate::answer::{Mistake, Request, Simulated, answer};
use crate::options::Options;
use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_record::InTurn;
use allegiance_replay::but_for::ask_but_for;
use allegiance_replay::{Silent, watch_beliefs};
use allegiance_show::view::{ButForView, Filter, StoryView, persons, trust_of};
use serde::{Deserialize, Serialize};

/// A question, told apart by `ask`. Those about people are about the replicate
/// that was run last; places and groups go by their positions in its overview.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// What comes of a scenario.
    Run(Request),
    /// What can be changed of a scenario.
    Options {
        /// A built-in scenario.
        scenario: String,
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
}

/// The answer to a question as JSON, and whether it tells a mistake. A run is
/// kept in `last` for the questions that follow.
pub(crate) fn answer_text(question: &[u8], last: &mut Option<Simulated>) -> (Vec<u8>, bool) {
    let question = serde_json::from_slice(question).map_err(|error| Mistake::new(&format!("the request: {error}")));
    let answered = question.and_then(|question| answer_question(question, last));
    let is_mistake = answered.is_err();
    let text = answered.or_else(|mistake| text_of(&mistake));
    (text.unwrap_or_default(), is_mistake)
}

fn answer_question(question: Question, last: &mut Option<Simulated>) -> Result<Vec<u8>, Mistake> {
    match question {
        Question::Run(request) => {
            let (answer, simulated) = answer(&request)?;
            *last = Some(simulated);
            text_of(&answer)
        }
        Question::Options { scenario } => text_of(&Options::of(&scenario)?),
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
    }
}

fn simulated(last: Option<&Simulated>) -> Result<&Simulated, Mistake> {
    last.ok_or_else(|| Mistake::new(&"nothing was run yet; ask for a run first"))
}

fn text_of(answer: &impl Serialize) -> Result<Vec<u8>, Mistake> {
    serde_json::to_vec(answer).map_err(|error| Mistake::new(&error))
}

#[cfg(test)]
mod tests {
    use super::answer_text;
    use crate::answer::Simulated;
    use serde_json::Value;

    fn ask(question: &str, last: &mut Option<Simulated>) -> (Value, bool) {
        let (text, is_mistake) = answer_text(question.as_bytes(), last);
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
        ] {
            let (answer, is_mistake) = ask(asked, &mut None);
            let said = answer["error"].as_str().expect("a mistake");
            assert!(is_mistake && said.contains(told), "{asked}: {said}");
        }
    }

    #[test]
    fn people_of_the_last_run_have_stories_and_a_but_for() {
        let mut last = None;
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
                assert!(answer["low"].as_f64() <= answer["difference"].as_f64());
                assert!(answer["difference"].as_f64() <= answer["high"].as_f64());
            }
        }
        assert!(has_answer, "some defector was reached by an incident");
    }
}
