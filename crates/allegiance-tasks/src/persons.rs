//! Whose story is told.

use allegiance_model::ids::PersonId;
use allegiance_runs::FinishedRun;
use allegiance_show::story::{Pick, Story, pick, read_story_records, stayer_beside, tell};

use crate::{Fix, TaskError};

/// A question for somebody's story.
#[derive(Debug, Clone, Copy, Default)]
pub struct StoryQuestion<'a> {
    /// The person, by number.
    pub person: Option<u32>,
    /// The replicate; 0 with a person, else any.
    pub replicate: Option<u32>,
    /// The first person of a kind.
    pub pick: Option<Pick>,
    /// Somebody whose home this is, by identifier or name.
    pub place: Option<&'a str>,
    /// Whether to tell also of one from the same home and group who stayed.
    pub beside: bool,
}

/// Replicate and number of the person that a question means: without a number
/// and a kind, somebody who walks the conformance path, or else a defector.
///
/// # Errors
/// Where nobody fits, or there is no such place.
pub fn choose_person(run: &FinishedRun, question: StoryQuestion<'_>) -> Result<(u32, PersonId), TaskError> {
    if let Some(person) = question.person {
        return Ok((question.replicate.unwrap_or(0), PersonId(person)));
    }
    let place = match question.place {
        None => None,
        Some(word) => Some(run.find_place(word).ok_or_else(|| {
            let places = run.folder().join("places.parquet");
            TaskError::question(format!(
                "there is no place {word:?} in the run; its places are in {}",
                places.display()
            ))
        })?),
    };
    let find = |what: Pick| pick(run, what, question.replicate, place);
    let found = match question.pick {
        Some(what) => find(what)?,
        None => match find(Pick::Path)? {
            Some(found) => Some(found),
            None => find(Pick::Defector)?,
        },
    };
    found.ok_or_else(|| TaskError::fixable(nobody(run, question), Fix::PickAnother))
}

/// What to say where nobody fits.
fn nobody(run: &FinishedRun, question: StoryQuestion<'_>) -> String {
    let who = match question.pick {
        Some(Pick::Path) => "nobody walks the whole path".to_owned(),
        Some(what) => format!("there is no {}", what.word()),
        None => "there is no defector".to_owned(),
    };
    let place = question.place.map_or_else(String::new, |place| format!(" from {place}"));
    let n = run.manifest().n_replicates;
    let plural = if n == 1 { "" } else { "s" };
    let whence = question
        .replicate
        .map_or_else(|| format!("the run's {n} replicate{plural}"), |replicate| format!("replicate {replicate}"));
    format!("{who}{place} in {whence}")
}

/// The story of a person, and after it that of a stayer where one is asked for
/// and found.
///
/// # Errors
/// See [`TaskError::Read`] and [`TaskError::Tell`].
pub fn tell_stories(run: &FinishedRun, question: StoryQuestion<'_>) -> Result<Vec<Story>, TaskError> {
    let (replicate, person) = choose_person(run, question)?;
    let records = read_story_records(run, replicate)?;
    let mut people = vec![person];
    if question.beside {
        people.extend(stayer_beside(&records, person));
    }
    let told = people.into_iter().map(|person| tell(run.setting(), &records, replicate, person));
    Ok(told.collect::<Result<Vec<_>, _>>()?)
}
