//! A replicate that is simulated some days at a time, so that a host can show how far it is, and stop.

use crate::answer::{Answer, Mistake, Request, Simulated, Views, changed_scenario, columns_of, pair_with};
use allegiance_model::setup::Setup;
use allegiance_model::{Model, SavedModel, World};
use allegiance_record::digest::digest_of_table;
use allegiance_record::setting::Setting;
use allegiance_record::setup_differences::{SetupDifference, setup_differences};
use allegiance_record::tabulator::Tabulator;
use allegiance_replay::record_of;
use allegiance_show::setup_differences::other_worlds_in_words;
use allegiance_show::view::{History, Overview, Provenance};
use serde::Serialize;
use std::collections::BTreeMap;

/// A replicate in progress, between two days.
#[derive(Debug)]
pub struct Running {
    request: Request,
    scenario_id: String,
    scenario_title: String,
    scenario_hash: String,
    /// What the changes make different from the scenario.
    changed: Vec<SetupDifference>,
    /// What the run beside it was given.
    beside: Option<Setup>,
    setting: Setting,
    world: World,
    saved: SavedModel<'static>,
}

/// How far a replicate is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HowFar {
    /// Days done.
    pub day: u32,
    /// Days that it has.
    pub n_days: u32,
    /// What was begun, where views are asked for; none later on.
    pub overview: Option<Overview>,
    /// What the days done since the last answer brought, where that is asked for.
    pub history: Option<History>,
    /// What makes it another world than the run beside it, where it is; told at the beginning.
    pub apart: Option<String>,
}

impl Running {
    /// Builds the people of a request, before the first day.
    ///
    /// # Errors
    /// Where the request names something that doesn't exist, or a value out of its
    /// bounds.
    pub fn begin(request: Request) -> Result<Self, Mistake> {
        let scenario = changed_scenario(&request, &request.changes, &request.theories)?;
        let beside =
            request.beside.as_ref().map(|beside| changed_scenario(&request, &beside.changes, &beside.theories));
        let beside = beside.transpose()?.map(|scenario| scenario.setup);
        let changed =
            scenario.unchanged.as_ref().map_or_else(Vec::new, |before| setup_differences(before, &scenario.setup));
        let setting = Setting::of(&scenario.id, &scenario.setup);
        let world = World::build(scenario.setup);
        let saved = Model::new(&world, request.replicate).into_saved();
        Ok(Self {
            request,
            scenario_id: scenario.id,
            scenario_title: scenario.title,
            scenario_hash: scenario.hash,
            changed,
            beside,
            setting,
            world,
            saved,
        })
    }

    /// Simulates some more days, at most those that are left.
    #[must_use]
    pub fn go_on(mut self, days: u32) -> Self {
        let mut model = taken_up(&self.world, self.request.replicate, self.saved);
        for _ in 0..days {
            if model.is_finished() {
                break;
            }
            model.step();
        }
        self.saved = model.into_saved();
        self
    }

    /// Days that it has.
    pub fn n_days(&self) -> u32 {
        self.world.setup.n_days
    }

    /// How far it is at the beginning.
    pub fn begun(&self) -> HowFar {
        let other_world = |beside| other_worlds_in_words(&setup_differences(beside, &self.world.setup));
        HowFar {
            overview: self.request.view.then(|| self.overview()),
            apart: self.beside.as_ref().and_then(other_world),
            ..self.how_far(None)
        }
    }

    /// How far it is; with what came from a day on, where that is asked for.
    pub fn how_far(&self, since: Option<u32>) -> HowFar {
        let (records, replicate) = (self.saved.records(), self.request.replicate);
        HowFar {
            day: self.saved.day(),
            n_days: self.n_days(),
            overview: None,
            history: since.map(|day| History::since(&self.setting, records, replicate, day)),
            apart: None,
        }
    }

    /// The answer at the end, and the replicate.
    ///
    /// # Errors
    /// Where days are left, a bound of the engine didn't hold, or a table is asked for
    /// that doesn't exist.
    pub fn end(self) -> Result<(Answer, Simulated), Mistake> {
        let (day, n_days) = (self.saved.day(), self.n_days());
        if day < n_days {
            return Err(Mistake::new(&format!("the run isn't at its end: {day} of {n_days} days are done")));
        }
        let overview = self.request.view.then(|| self.overview());
        let Self { request, scenario_hash, beside, setting, world, saved, .. } = self;
        let model = taken_up(&world, request.replicate, saved);
        let records = record_of(model, request.replicate).map_err(|broken| Mistake::new(&broken))?;
        let setup = world.setup;
        let tables = Tabulator::new(&setup, &setup.observation).tables(records.clone(), request.replicate);
        if let Some(unknown) = request.tables.iter().find(|name| tables.iter().all(|table| table.name != **name)) {
            let known: Vec<&str> = tables.iter().map(|table| table.name).collect();
            return Err(Mistake::new(&format!("there is no table {unknown}; tables are: {}", known.join(", "))));
        }
        let digests: BTreeMap<&'static str, String> =
            tables.iter().map(|table| (table.name, digest_of_table(table))).collect();
        let of_history = || digests.iter().map(|(table, digest)| ((*table).to_owned(), digest.clone())).collect();
        let view = overview.map(|overview| Views {
            overview,
            history: History::of(&setting, &records, request.replicate, of_history()),
        });
        let beside = request.beside.as_ref().zip(beside.as_ref());
        let (pair, apart) =
            beside.map_or((None, None), |(beside, first)| pair_with((beside, first), (&setup, &digests)));
        let answer = Answer {
            is_simulated: true,
            engine_version: env!("CARGO_PKG_VERSION"),
            scenario_hash,
            seed: setup.seed,
            n_days,
            tables: tables
                .iter()
                .filter(|table| request.tables.iter().any(|name| name == table.name))
                .map(|table| (table.name.to_owned(), columns_of(table)))
                .collect(),
            view,
            pair,
            apart,
            digests,
        };
        Ok((answer, Simulated { setting, setup, records, replicate: request.replicate }))
    }

    fn overview(&self) -> Overview {
        let provenance = Provenance {
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            git: None,
            scenario_title: self.scenario_title.clone(),
            scenario_hash: self.scenario_hash.clone(),
            changes: self.request.changes.clone(),
            changed: self.changed.clone(),
            n_replicates: 1,
        };
        Overview::of(&self.scenario_id, &self.world.setup, &provenance)
    }
}

fn taken_up<'w>(world: &'w World, replicate: u32, saved: SavedModel<'_>) -> Model<'w> {
    Model::restore(world, replicate, saved).expect("the state was set aside with its world")
}

#[cfg(test)]
mod tests {
    use super::Running;
    use crate::answer::{Request, answer};

    fn asked(of: &serde_json::Value) -> Request {
        serde_json::from_value(of.clone()).expect("a request")
    }

    #[test]
    fn days_at_a_time_give_what_all_at_once_do() {
        let of = serde_json::json!({
            "scenario": "one-village", "changes": ["days=30"], "view": true, "tables": ["groups"],
            "beside": {"changes": ["days=30"], "digests": {}}
        });
        let (whole, _) = answer(&asked(&of)).expect("an answer");
        let mut running = Running::begin(asked(&of)).expect("it begins");
        let begun = running.begun();
        assert_eq!((begun.day, begun.n_days, begun.apart), (0, 30, None));
        let mut told = Vec::new();
        let mut control = Vec::new();
        let mut holders = Vec::new();
        let mut strength = Vec::new();
        for days in [1, 4, 11, 200] {
            let since = running.how_far(None).day;
            running = running.go_on(days);
            let how_far = running.how_far(Some(since));
            let history = how_far.history.expect("what the days brought");
            told.push(how_far.day);
            control.extend(history.control);
            holders.extend(history.holders);
            strength.extend(history.series[0].values.iter().copied());
        }
        assert_eq!(told, [1, 5, 16, 30]);
        let (answered, _) = running.end().expect("it is at its end");
        assert_eq!(answered, whole, "to the last bit");
        let history = whole.view.expect("views").history;
        assert_eq!(control, history.control);
        assert_eq!(holders, history.holders);
        assert_eq!(strength, history.series[0].values);
    }

    #[test]
    fn it_has_no_answer_before_its_end_and_says_what_makes_it_another_world() {
        let of = serde_json::json!({
            "scenario": "one-village", "changes": ["days=9", "seed=3"],
            "beside": {"changes": ["days=9"], "digests": {}}
        });
        let running = Running::begin(asked(&of)).expect("it begins").go_on(4);
        assert_eq!(running.begun().apart.as_deref(), Some("the seed is 3 instead of 2014"));
        let told = running.end().expect_err("days are left").error;
        assert_eq!(told, "the run isn't at its end: 4 of 9 days are done");
    }
}
