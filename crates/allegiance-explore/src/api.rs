//! The questions that the page asks.

use crate::assets;
use crate::exhibit::{Exhibit, Exhibition, json};
use allegiance_model::ids::{IncidentId, PersonId, PlaceId};
use allegiance_replay::but_for::{UnansweredError, ask_but_for};
use allegiance_replay::{WorkProgress, watch_beliefs_while};
use allegiance_runs::ReadRunError;
use allegiance_runs::Threads;
use allegiance_show::view::{ButForView, Filter, PersonKind, StoryView, persons, trust_of};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Pairs of futures of a but-for where none are asked for.
const USUAL_FUTURES: u32 = 100;
/// The most and the fewest pairs of futures of a but-for.
const MOST_FUTURES: u32 = 500;
const FEWEST_FUTURES: u32 = 2;

/// What the handlers share.
#[derive(Debug)]
pub(crate) struct Shared {
    exhibition: Exhibition,
    /// But-for and trust simulate; one at a time.
    simulating: Arc<Semaphore>,
    /// How far that is.
    at_work: Arc<Mutex<AtWork>>,
    /// What else is worked out; no more at a time than help.
    answering: Arc<Semaphore>,
}

/// How far a simulation for somebody is.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct AtWork {
    /// The question, as its address has it; none where nobody asks one.
    asked: Option<String>,
    /// Pairs of futures that are drawn.
    done: u64,
    /// Of so many; 0 where it isn't known yet.
    n: u64,
}

/// Answers worked out at a time, besides one that simulates.
const MOST_ANSWERS: usize = 4;

/// Goes when its asker does, and tells the simulation that nobody waits any more.
struct Asker(Arc<AtomicBool>);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether somebody waits for a simulation, and how far it is.
struct Awaited {
    is_gone: Arc<AtomicBool>,
    at_work: Arc<Mutex<AtWork>>,
}

impl Awaited {
    fn tell(&self, change: impl FnOnce(&mut AtWork)) {
        change(&mut self.at_work.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl WorkProgress for Awaited {
    fn begin(&self, n: u64, n_kept: u64) {
        self.tell(|at_work| (at_work.n, at_work.done) = (n, n_kept));
    }

    fn piece_done(&self) {
        self.tell(|at_work| at_work.done += 1);
    }

    fn is_cancelled(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.tell(|at_work| *at_work = AtWork::default());
    }
}

/// Every question with its answer.
pub(crate) fn router(exhibition: Exhibition) -> Router {
    let shared = Arc::new(Shared {
        exhibition,
        simulating: Arc::new(Semaphore::new(1)),
        at_work: Arc::default(),
        answering: Arc::new(Semaphore::new(MOST_ANSWERS)),
    });
    Router::new()
        .route("/", get(assets::page))
        .route("/engine.wasm", get(assets::engine))
        .route("/api/runs", get(runs))
        .route("/api/difference", get(difference))
        .route("/api/at-work", get(at_work))
        .route("/api/runs/{run}/bands", get(bands))
        .route("/api/runs/{run}/agreement", get(agreement))
        .route("/api/runs/{run}/scenario", get(scenario))
        .route("/api/runs/{run}/replicates/{replicate}", get(history))
        .route("/api/runs/{run}/replicates/{replicate}/persons", get(people))
        .route("/api/runs/{run}/replicates/{replicate}/persons/{person}", get(story))
        .route("/api/runs/{run}/replicates/{replicate}/persons/{person}/but-for", get(but_for))
        .route("/api/runs/{run}/replicates/{replicate}/persons/{person}/trust", get(trust))
        .fallback(|| async { Refusal::new(StatusCode::NOT_FOUND, "there is nothing here") })
        .with_state(shared)
}

/// Why a question isn't answered.
#[derive(Debug, Serialize)]
pub(crate) struct Refusal {
    #[serde(skip)]
    status: StatusCode,
    error: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into() }
    }

    fn not_found(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json(&self))).into_response()
    }
}

impl From<ReadRunError> for Refusal {
    fn from(error: ReadRunError) -> Self {
        let status = match error {
            ReadRunError::Replicate { .. } | ReadRunError::TableLeftOut { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let fix = if error.fix().is_some() { "; simulate the run again with this table" } else { "" };
        Self::new(status, format!("{error}{fix}"))
    }
}

impl From<UnansweredError> for Refusal {
    fn from(error: UnansweredError) -> Self {
        let status = match error {
            UnansweredError::UnknownIncident { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, error.to_string())
    }
}

/// Bytes that are JSON.
struct Json(Bytes);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], self.0).into_response()
    }
}

type Answer = Result<Json, Refusal>;
type Asked = State<Arc<Shared>>;

/// Works an answer out where it doesn't hold up other requests.
async fn work<T: Send + 'static>(
    shared: Arc<Shared>,
    answer: impl FnOnce(&Exhibition) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    // The turn lasts as long as the work, and not only as long as somebody waits for it.
    let turn = Arc::clone(&shared.answering).acquire_owned().await;
    let answered = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        answer(&shared.exhibition)
    });
    answered.await.unwrap_or_else(|_| Err(not_worked_out()))
}

/// The same for what is simulated: one at a time, and only while somebody waits.
async fn simulate<T: Send + 'static>(
    shared: Arc<Shared>,
    asked: &Uri,
    answer: impl FnOnce(&Exhibition, &Awaited) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let (simulating, at_work) = (Arc::clone(&shared.simulating), Arc::clone(&shared.at_work));
    let asked = asked.to_string();
    while_awaited(simulating, at_work, move |awaited| {
        awaited.tell(|at_work| at_work.asked = Some(asked));
        answer(&shared.exhibition, awaited)
    })
    .await
    .unwrap_or_else(|| Err(not_worked_out()))
}

/// How far the simulation is that somebody waits for.
async fn at_work(State(shared): Asked) -> Json {
    let found = shared.at_work.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Json(json(&found))
}

/// Does some work when it has its turn; the turn ends with the work, and whoever
/// stops waiting tells it to end. Nothing where the work panicked.
async fn while_awaited<T: Send + 'static>(
    turns: Arc<Semaphore>,
    at_work: Arc<Mutex<AtWork>>,
    work: impl FnOnce(&Awaited) -> T + Send + 'static,
) -> Option<T> {
    let turn = turns.acquire_owned().await;
    let is_gone = Arc::new(AtomicBool::new(false));
    let (_asker, awaited) = (Asker(Arc::clone(&is_gone)), Awaited { is_gone, at_work });
    let worked = tokio::task::spawn_blocking(move || {
        // Given back last, when nothing is told of this work any more.
        let _turn = turn;
        let awaited = awaited;
        work(&awaited)
    });
    worked.await.ok()
}

fn not_worked_out() -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the answer couldn't be worked out")
}

fn number<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, Refusal> {
    text.parse().ok().ok_or_else(|| Refusal::not_found(format!("{text:?} is no number of a {what}")))
}

/// A run by its number.
fn exhibit<'e>(exhibition: &'e Exhibition, run: &str) -> Result<&'e Exhibit, Refusal> {
    let number: usize = number("run", run)?;
    exhibition.exhibit(number).ok_or_else(|| Refusal::not_found(format!("there is no run {number}")))
}

/// Why a run can't be simulated again.
fn conflict(why: &String) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, why)
}

async fn runs(State(shared): Asked, asked: HeaderMap) -> Response {
    shared.exhibition.runs().answer(&asked)
}

async fn difference(State(shared): Asked, asked: HeaderMap) -> Result<Response, Refusal> {
    work(shared, move |exhibition| {
        let found = exhibition.difference()?;
        let none = || Refusal::not_found("differences are told of two runs");
        Ok(found.ok_or_else(none)?.answer(&asked))
    })
    .await
}

async fn bands(State(shared): Asked, Path(run): Path<String>, asked: HeaderMap) -> Result<Response, Refusal> {
    work(shared, move |exhibition| Ok(exhibit(exhibition, &run)?.bands()?.answer(&asked))).await
}

async fn agreement(State(shared): Asked, Path(run): Path<String>, asked: HeaderMap) -> Result<Response, Refusal> {
    work(shared, move |exhibition| Ok(exhibit(exhibition, &run)?.agreement()?.answer(&asked))).await
}

async fn scenario(State(shared): Asked, Path(run): Path<String>, asked: HeaderMap) -> Result<Response, Refusal> {
    work(shared, move |exhibition| Ok(exhibit(exhibition, &run)?.scenario().map_err(conflict)?.answer(&asked))).await
}

async fn history(
    State(shared): Asked,
    Path((run, replicate)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Refusal> {
    work(shared, move |exhibition| {
        Ok(exhibit(exhibition, &run)?.history(number("replicate", &replicate)?)?.answer(&asked))
    })
    .await
}

/// Which people are listed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeopleAsked {
    /// Identifier or name of a place.
    home: Option<String>,
    /// A word of [`PersonKind`].
    kind: Option<String>,
    /// Identifier of a group.
    group: Option<String>,
    since: Option<u32>,
    until: Option<u32>,
    from_age: Option<u32>,
    to_age: Option<u32>,
    is_foreign: Option<bool>,
    rank: Option<String>,
    cause: Option<String>,
    offset: Option<usize>,
    limit: Option<usize>,
}

impl PeopleAsked {
    fn filter(self, exhibit: &Exhibit) -> Result<Filter, Refusal> {
        let wrong = |text: String| Refusal::new(StatusCode::BAD_REQUEST, text);
        let place = |word: String| -> Result<PlaceId, Refusal> {
            let found = exhibit.run.find_place(&word);
            found.ok_or_else(|| wrong(format!("there is no place {word:?} in the run")))
        };
        let kind = |word: String| {
            PersonKind::from_word(&word).ok_or_else(|| {
                let known = PersonKind::ALL.map(PersonKind::word).join(", ");
                wrong(format!("{word:?} is no kind of person; kinds are: {known}"))
            })
        };
        let group = |id: String| {
            let found = exhibit.run.groups().iter().position(|group| group.id == id);
            found.map(|group| group as u8).ok_or_else(|| wrong(format!("there is no group {id:?} in the run")))
        };
        Ok(Filter {
            home: self.home.map(place).transpose()?.map(|place| place.0),
            kind: self.kind.map(kind).transpose()?,
            group: self.group.map(group).transpose()?,
            since: self.since,
            until: self.until,
            from_age: self.from_age,
            to_age: self.to_age,
            is_foreign: self.is_foreign,
            rank: self.rank,
            cause: self.cause,
            offset: self.offset,
            limit: self.limit,
        })
    }
}

fn asked<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Refusal> {
    let wrong = |error: QueryRejection| Refusal::new(StatusCode::BAD_REQUEST, error.body_text());
    query.map(|Query(asked)| asked).map_err(wrong)
}

async fn people(
    State(shared): Asked,
    Path((run, replicate)): Path<(String, String)>,
    query: Result<Query<PeopleAsked>, QueryRejection>,
) -> Answer {
    let query = asked(query)?;
    work(shared, move |exhibition| {
        let exhibit = exhibit(exhibition, &run)?;
        let records = exhibit.records(number("replicate", &replicate)?)?;
        Ok(Json(json(&persons(exhibit.run.setting(), &records, &query.filter(exhibit)?))))
    })
    .await
}

async fn story(State(shared): Asked, Path((run, replicate, person)): Path<(String, String, String)>) -> Answer {
    work(shared, move |exhibition| {
        let exhibit = exhibit(exhibition, &run)?;
        let (replicate, person) = (number("replicate", &replicate)?, PersonId(number("person", &person)?));
        let records = exhibit.records(replicate)?;
        let found = StoryView::of(exhibit.run.setting(), &records, replicate, person);
        Ok(Json(json(&found.map_err(|error| Refusal::not_found(error.to_string()))?)))
    })
    .await
}

async fn trust(
    State(shared): Asked,
    uri: Uri,
    Path((run, replicate, person)): Path<(String, String, String)>,
) -> Answer {
    simulate(shared, &uri, move |exhibition, awaited| {
        let exhibit = exhibit(exhibition, &run)?;
        let (replicate, person) = (number("replicate", &replicate)?, PersonId(number("person", &person)?));
        // So that no replicate is simulated that the run doesn't have.
        exhibit.records(replicate)?;
        let looks =
            watch_beliefs_while(exhibit.setup().map_err(conflict)?, replicate, person, &|| !awaited.is_cancelled());
        Ok(Json(json(&trust_of(looks.ok_or_else(not_worked_out)?.into_iter()))))
    })
    .await
}

/// What is taken out, and how many futures are drawn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ButForAsked {
    incident: Option<u32>,
    replicates: Option<u32>,
}

async fn but_for(
    State(shared): Asked,
    uri: Uri,
    Path((run, replicate, person)): Path<(String, String, String)>,
    query: Result<Query<ButForAsked>, QueryRejection>,
) -> Answer {
    let query = asked(query)?;
    let n_futures = query.replicates.unwrap_or(USUAL_FUTURES);
    if !(FEWEST_FUTURES..=MOST_FUTURES).contains(&n_futures) {
        let text = format!("replicates is {n_futures}; must be from {FEWEST_FUTURES} to {MOST_FUTURES}");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, text));
    }
    simulate(shared, &uri, move |exhibition, awaited| {
        let exhibit = exhibit(exhibition, &run)?;
        let (replicate, person) = (number("replicate", &replicate)?, PersonId(number("person", &person)?));
        let records = exhibit.records(replicate)?;
        let (record, incident) = ((&*records, replicate), query.incident.map(IncidentId));
        let (incident, found) = ask_but_for(
            exhibit.setup().map_err(conflict)?,
            record,
            person,
            incident,
            n_futures,
            (&Threads(0), awaited),
        )?;
        Ok(Json(json(&ButForView::of(exhibit.run.setting(), person, &incident, &found))))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::{Arc, AtWork, Mutex, Semaphore, WorkProgress as _, while_awaited};
    use std::time::Duration;

    #[test]
    fn work_that_nobody_waits_for_ends_and_gives_its_turn_to_the_next() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let turns = Arc::new(Semaphore::new(1));
            let at_work = Arc::<Mutex<AtWork>>::default();
            let forever = while_awaited(Arc::clone(&turns), Arc::clone(&at_work), |awaited| {
                awaited.begin(200, 0);
                awaited.piece_done();
                while !awaited.is_cancelled() {
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
            assert!(tokio::time::timeout(Duration::from_millis(50), forever).await.is_err(), "it never ends by itself");
            let told = |of: &Mutex<AtWork>| of.lock().unwrap().clone();
            let seen = Arc::clone(&at_work);
            let next = while_awaited(turns, Arc::clone(&at_work), move |_| told(&seen));
            let next = tokio::time::timeout(Duration::from_secs(60), next).await;
            assert_eq!(next.expect("the turn is free again"), Some(AtWork::default()), "the first one's is gone");
        });
    }
}
