//! The dense reference: the same model written a second time, as plainly as
//! it can be, to be compared with the engine to the last bit.
//!
//! Everyone has an entry in a plain vector from the first day, whether history
//! touches him or not. Every mechanism looks at everyone it could concern on
//! every day and evaluates all of it: nothing is remembered that can be worked
//! out, nobody is skipped because he couldn't matter, and what a unit heard is
//! told to each of its members at once. What this file's neighbours share with
//! the engine is what a run starts from (`Setup`, `World`), the addressed
//! draws, `maths`, the rows of the tables, and formulas with closed-form tests
//! of their own (`contest`, `conviction`, `harm_response`, `demography`...).
//! Each mechanism has its own file, named like the engine's, whose header has
//! the form that both compute.
//!
//! A person's `row` and a few other running numbers stand for the order in
//! which things happened, where a draw or a table depends on that order.

mod absorption;
mod acceptance;
mod arrival;
mod belief;
mod bounds;
mod campaign;
mod causes;
mod coercion;
mod combat;
mod compare;
mod control;
mod denunciation;
mod destination;
mod deterrence;
mod displacement;
mod equality;
mod executions;
mod exit_blocks;
mod exits;
mod expectation;
mod flight;
mod harm;
mod information;
mod interventions;
mod joining;
mod local_infighting;
mod losses;
mod movement;
mod muster;
mod news;
mod observed;
mod off_map;
mod operations;
mod persuasion;
mod prisoners;
mod records;
mod relations;
mod reprisal;
mod settlement;
mod sieges;
mod splits;
mod state;
mod support;
mod targets;
mod timeline;
mod voice;
mod watches;
#[path = "../it/worlds.rs"]
pub(crate) mod worlds;

use crate::ids::{GroupId, PersonId, PlaceId, UnitId};
use crate::leave::Rota;
use crate::random::Draws;
use crate::setup::{Mechanism, OperationsMode, RelationKind};
use crate::tables::Records;
use crate::world::World;
use state::{Group, Incident, News, Person, Place, Unit};
use std::collections::BTreeSet;
use watches::Battle;

/// One replicate of a world in progress.
struct Dense<'w> {
    world: &'w World,
    draws: Draws,
    rota: Rota,
    day: u32,
    /// Everyone, by number: inhabitants, then those from outside.
    people: Vec<Person>,
    units: Vec<Unit>,
    places: Vec<Place>,
    groups: Vec<Group>,
    /// Relation of each pair. Shape: `(n_groups, n_groups)`.
    relations: Vec<Vec<RelationKind>>,
    /// How far each group was provoked by each other. Same shape.
    provocation: Vec<Vec<f64>>,
    /// When and where each group was last provoked by each other. Same shape.
    provoked_at: Vec<Vec<Option<(u32, PlaceId)>>>,
    /// Who fights whom in a district alone.
    local_wars: BTreeSet<local_infighting::LocalWar>,
    campaigns: campaign::Campaigns,
    incidents: Vec<Incident>,
    /// Units that gave up or lost their place.
    setbacks: Vec<settlement::Setback>,
    /// Members killed by somebody known.
    deaths: Vec<expectation::Death>,
    /// How many incidents the news has told.
    n_told: usize,
    /// News on its way to members.
    news: Vec<News>,
    /// How many people history has touched.
    n_touched: u32,
    /// How many times somebody entered a unit.
    n_enlisted: u32,
    /// How many returns to duty and deaths of wounds were put on a day.
    n_scheduled: u32,
    /// How many people left a group for the first time.
    n_leavers: u32,
    /// How many people came over from another group for the first time.
    n_newcomers: u32,
    records: Records,
}

/// Runs one replicate to its end.
fn run(world: &World, replicate: u32) -> Records {
    let mut dense = Dense::new(world, replicate);
    while dense.day < world.setup.n_days {
        dense.step();
    }
    dense.list_people();
    dense.records
}

impl<'w> Dense<'w> {
    fn new(world: &'w World, replicate: u32) -> Self {
        let setup = &world.setup;
        let n_groups = setup.n_groups();
        let draws = Draws::of_replicate(setup.seed, replicate);
        let rota = Rota::new(&setup.parameters.leave, setup.switches.is_on(Mechanism::Leave));
        let relations: Vec<Vec<RelationKind>> =
            setup.relations.chunks(n_groups).map(<[RelationKind]>::to_vec).collect();
        let mut dense = Self {
            world,
            draws,
            rota,
            day: 0,
            people: state::inhabitants(world, draws, rota),
            units: Vec::new(),
            places: state::places(world),
            groups: setup.groups.iter().map(Group::new).collect(),
            relations: relations.clone(),
            provocation: vec![vec![0.0; n_groups]; n_groups],
            provoked_at: vec![vec![None; n_groups]; n_groups],
            local_wars: BTreeSet::new(),
            campaigns: campaign::Campaigns::new(&relations),
            incidents: Vec::new(),
            setbacks: Vec::new(),
            deaths: Vec::new(),
            n_told: 0,
            news: Vec::new(),
            n_touched: 0,
            n_enlisted: 0,
            n_scheduled: 0,
            n_leavers: 0,
            n_newcomers: 0,
            records: Records::default(),
        };
        dense.enrol_first_members();
        dense.know_causes();
        dense.start_control();
        dense.start_expectation();
        dense.start_away();
        dense
    }

    /// One day, in the order of MODEL.md 4.
    fn step(&mut self) {
        let orders = self.apply_timeline();
        self.pay_out();
        self.return_to_duty();
        self.count_forces();
        self.reinforce();
        let (mut battles, mut fallen) = (Vec::new(), Vec::new());
        match self.world.setup.mode {
            OperationsMode::Endogenous => {
                self.plan();
                self.review_sieges();
                battles = self.assault(orders);
                fallen = self.fall();
                self.repress();
                self.strike();
            }
            OperationsMode::Observed => self.replay(),
        }
        self.respond();
        self.follow_causes();
        let heard_now = self.spread();
        let aggrieved = self.reach_members(heard_now);
        self.average();
        self.complain(aggrieved);
        let leavings = self.decide();
        self.recruit();
        self.receive_inflow();
        self.flee_and_return();
        self.settle_leavers(leavings);
        self.accept_newcomers();
        self.come_back();
        let (gave_up, left) = self.settle();
        let battles = self.fight_on(Self::without(battles, &gave_up));
        self.pursue();
        self.review();
        self.absorb();
        self.split();
        self.relax(self.captures(&battles, fallen, left));
        self.review_expectation();
        self.close_day();
        self.day += 1;
    }

    /// The places that changed hands today, in order: those that fell to a presence
    /// before those that units left, and a second watch at the end.
    fn captures(
        &self,
        battles: &[Battle],
        fallen: Vec<(PlaceId, GroupId)>,
        left: Vec<(PlaceId, GroupId)>,
    ) -> Vec<(PlaceId, GroupId)> {
        let taken: Vec<_> = battles.iter().filter_map(Battle::capture).collect();
        let (before, after) = if self.runs(Mechanism::Watches) { (Vec::new(), taken) } else { (taken, Vec::new()) };
        before.into_iter().chain(fallen).chain(left).chain(after).collect()
    }

    fn runs(&self, mechanism: Mechanism) -> bool {
        let is_replay = self.world.setup.mode == OperationsMode::Observed;
        match mechanism {
            Mechanism::Settlement | Mechanism::Absorption | Mechanism::Splits if is_replay => false,
            _ => self.world.setup.switches.is_on(mechanism),
        }
    }

    fn person(&self, person: PersonId) -> &Person {
        &self.people[person.idx()]
    }

    fn person_mut(&mut self, person: PersonId) -> &mut Person {
        &mut self.people[person.idx()]
    }

    fn unit(&self, unit: UnitId) -> &Unit {
        &self.units[unit.idx()]
    }

    fn unit_ids(&self) -> impl Iterator<Item = UnitId> + use<> {
        (0..self.units.len()).map(UnitId::from_idx)
    }

    fn group_ids(&self) -> impl Iterator<Item = GroupId> + use<> {
        (0..self.groups.len()).map(GroupId::from_idx)
    }

    fn place_ids(&self) -> impl Iterator<Item = PlaceId> + use<> {
        (0..self.places.len()).map(PlaceId::from_idx)
    }
}
