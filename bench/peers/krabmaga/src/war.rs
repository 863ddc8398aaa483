//! The state of the model: people, villages, and news on its way.

use crate::person::Person;
use crate::spec::Spec;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use rand::rngs::SmallRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, Normal, Poisson};
use std::any::Any;
use std::ops::Range;

const BLOCK_HOUSEHOLDS: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Civilian,
    Member,
    Leaver,
    Dead,
}

/// An inhabitant: a civilian, a member of the group, or one who left it.
pub struct Inhabitant {
    pub village: u32,
    pub household: u32,
    pub clan: u32,
    pub status: Status,
    pub is_idle: bool,
    pub conviction: f64,
    pub home_day: Option<u32>,
    pub kin_day: Option<u32>,
}

#[derive(Default)]
pub struct Village {
    pub members: Vec<u32>,
    pub has_unit: bool,
}

#[derive(Clone, Copy)]
struct News {
    person: u32,
    is_kin: bool,
}

pub struct War {
    pub spec: Spec,
    pub rng: SmallRng,
    pub day: u32,
    pub people: Vec<Inhabitant>,
    pub villages: Vec<Village>,
    pub first_members: Vec<u32>,
    household_people: Vec<Range<u32>>,
    news: Vec<Vec<News>>,
    has_roles: bool,
    n_days: usize,
    seed: u64,
    conviction: Normal<f64>,
    log_ratios: [f64; 3],
    pub n_attacks: u64,
    pub n_killed: u64,
    pub n_exits: u64,
    pub n_joins: u64,
    pub exits_by_day: Vec<u64>,
}

impl War {
    pub fn new(spec: Spec, n_days: usize, seed: u64, has_roles: bool) -> Self {
        let conviction = Normal::new(spec.conviction_mean, spec.conviction_sd).expect("a positive deviation");
        let most_delay_days = spec.kin_days + spec.village_days;
        let log_ratios = [spec.hr_conviction, spec.hr_home, spec.hr_kin].map(f64::ln);
        Self {
            spec,
            log_ratios,
            rng: SmallRng::seed_from_u64(seed),
            day: 0,
            people: Vec::new(),
            villages: Vec::new(),
            first_members: Vec::new(),
            household_people: Vec::new(),
            news: vec![Vec::new(); n_days + most_delay_days],
            has_roles,
            n_days,
            seed,
            conviction,
            n_attacks: 0,
            n_killed: 0,
            n_exits: 0,
            n_joins: 0,
            exits_by_day: Vec::new(),
        }
    }

    pub fn is_dead(&self, id: u32) -> bool {
        self.people[id as usize].status == Status::Dead
    }

    fn is_civilian(&self, id: u32) -> bool {
        matches!(self.people[id as usize].status, Status::Civilian | Status::Leaver)
    }

    fn people_of_village(&self, village: usize) -> Range<u32> {
        let size = self.spec.village_people as u32;
        village as u32 * size..(village as u32 + 1) * size
    }

    /// Gives a village its households, clans and first members.
    fn populate(&mut self, village: usize) {
        let clan_of_household = self.draw_clans(village);
        let first_household = self.household_people.len();
        let mut start = self.people_of_village(village).start;
        for size in self.draw_household_sizes() {
            self.household_people.push(start..start + size);
            start += size;
        }
        let mut fit = Vec::new();
        for (local, &clan) in clan_of_household.iter().enumerate() {
            let household = first_household + local;
            for id in self.household_people[household].clone() {
                let is_fit = self.rng.random_bool(0.5) && (15..=40).contains(&self.draw_age());
                let is_idle = is_fit && self.rng.random_bool(self.spec.idle_share);
                self.people.push(Inhabitant {
                    village: village as u32,
                    household: household as u32,
                    clan,
                    status: Status::Civilian,
                    is_idle,
                    conviction: 0.0,
                    home_day: None,
                    kin_day: None,
                });
                if is_fit {
                    fit.push(id);
                }
            }
        }
        self.villages.push(Village::default());
        fit.shuffle(&mut self.rng);
        for &id in &fit[..self.spec.village_members] {
            self.enlist(id);
            self.first_members.push(id);
        }
    }

    fn draw_age(&mut self) -> u32 {
        let (band, within): (f64, f64) = (self.rng.random(), self.rng.random());
        let (young, grown) = (self.spec.share_under_15, self.spec.share_under_15 + self.spec.share_15_to_39);
        let age = if band < young {
            15.0 * within
        } else if band < grown {
            15.0 + 25.0 * within
        } else {
            40.0 + 40.0 * within * within
        };
        age as u32
    }

    /// Five households share a block of people: two each, the rest by weights.
    fn draw_household_sizes(&mut self) -> Vec<u32> {
        let block_people = BLOCK_HOUSEHOLDS * self.spec.household_size;
        let rest = (block_people - 2 * BLOCK_HOUSEHOLDS) as u32;
        let mut sizes = Vec::new();
        for _ in 0..self.spec.village_people / block_people {
            let weights: [u32; BLOCK_HOUSEHOLDS] = std::array::from_fn(|_| self.rng.random_range(1..=8));
            let total: u32 = weights.iter().sum();
            let (mut sum, mut before) = (0, 0);
            for weight in weights {
                sum += weight;
                let end = rest * sum / total;
                sizes.push(2 + end - before);
                before = end;
            }
        }
        sizes
    }

    /// Clan of each household: runs of neighbours with uneven borders.
    fn draw_clans(&mut self, village: usize) -> Vec<u32> {
        let n_households = self.spec.village_people / self.spec.household_size;
        let n_clans = (self.spec.village_people as f64 / self.spec.clan_size as f64).round() as usize;
        let even = n_households as f64 / n_clans as f64;
        let mut border = |clan: usize| match clan {
            0 => 0,
            last if last == n_clans => n_households,
            _ => (even * (clan as f64 + 0.6 * (self.rng.random::<f64>() - 0.5))) as usize,
        };
        let borders: Vec<usize> = (0..=n_clans).map(&mut border).collect();
        let clan_of = |local: usize| (village * n_clans + local) as u32;
        (0..n_clans).flat_map(|local| vec![clan_of(local); borders[local + 1] - borders[local]]).collect()
    }

    /// Becomes a member, with a fresh mind about the group.
    fn enlist(&mut self, id: u32) {
        let conviction = self.conviction.sample(&mut self.rng);
        let person = &mut self.people[id as usize];
        person.status = Status::Member;
        person.conviction = conviction;
        self.villages[person.village as usize].members.push(id);
    }

    /// What a person does in a day.
    pub fn act(&mut self, id: u32) {
        let person = &self.people[id as usize];
        match person.status {
            Status::Member => self.consider_leaving(id),
            Status::Civilian if person.is_idle => self.consider_joining(id),
            _ => {}
        }
    }

    /// Leaves with a hazard of conviction, home and kin.
    fn consider_leaving(&mut self, id: u32) {
        let (spec, person) = (&self.spec, &self.people[id as usize]);
        let [by_conviction, by_home, by_kin] = self.log_ratios;
        let mut log_hazard = by_conviction * (person.conviction - spec.conviction_mean);
        let fade = |since: u32, half_life_days: f64| (-f64::from(self.day - since) / half_life_days).exp2();
        if let Some(since) = person.home_day {
            log_hazard += by_home * fade(since, spec.home_half_life_days);
        }
        if let Some(since) = person.kin_day {
            log_hazard += by_kin * fade(since, spec.kin_half_life_days);
        }
        let p_exit = -(-spec.exit_per_month / 30.0 * log_hazard.exp()).exp_m1();
        if self.rng.random::<f64>() < p_exit {
            let person = &mut self.people[id as usize];
            person.status = Status::Leaver;
            self.villages[person.village as usize].members.retain(|&member| member != id);
            self.n_exits += 1;
        }
    }

    /// Joins with a small hazard where the village has a unit.
    fn consider_joining(&mut self, id: u32) {
        let village = self.people[id as usize].village as usize;
        if self.villages[village].has_unit && self.rng.random::<f64>() < self.spec.join_per_month / 30.0 {
            self.enlist(id);
            self.n_joins += 1;
        }
    }

    /// Kills civilians of a village, and sends word to its members.
    fn attack(&mut self, village: usize) {
        self.n_attacks += 1;
        let n_wanted = Poisson::new(self.spec.mean_killed).expect("a positive mean").sample(&mut self.rng) as u32;
        let mut bereaved_clans = Vec::new();
        let mut last = None;
        for _ in 0..n_wanted {
            let Some(victim) = self.next_victim(village, last) else { break };
            self.people[victim as usize].status = Status::Dead;
            bereaved_clans.push(self.people[victim as usize].clan);
            self.n_killed += 1;
            last = Some(victim);
        }
        for at in 0..self.villages[village].members.len() {
            let person = self.villages[village].members[at];
            let is_kin = bereaved_clans.contains(&self.people[person as usize].clan);
            self.send_news(News { person, is_kin });
        }
    }

    /// A civilian: of the last victim's household, or anyone of the village.
    fn next_victim(&mut self, village: usize, last: Option<u32>) -> Option<u32> {
        if let Some(last) = last
            && self.rng.random_bool(self.spec.p_same_household)
        {
            let household = self.household_people[self.people[last as usize].household as usize].clone();
            let left: Vec<u32> = household.filter(|&id| self.is_civilian(id)).collect();
            if let Some(&id) = left.choose(&mut self.rng) {
                return Some(id);
            }
        }
        (0..40).map(|_| self.rng.random_range(self.people_of_village(village))).collect::<Vec<_>>().into_iter().find(|&id| self.is_civilian(id))
    }

    /// Lets news reach a member within days, or never.
    fn send_news(&mut self, news: News) {
        let (kin_days, village_days) = (self.spec.kin_days, self.spec.village_days);
        let delay = if news.is_kin && self.rng.random_bool(self.spec.p_kin_hears) {
            self.rng.random_range(0..kin_days)
        } else if self.rng.random_bool(self.spec.p_village_hears) {
            self.rng.random_range(0..village_days) + if news.is_kin { kin_days } else { 0 }
        } else {
            return;
        };
        self.news[self.day as usize + delay].push(news);
    }

    /// News of kin killed, or of an attack on the home, arrives.
    fn hear(&mut self, news: News) {
        let person = &mut self.people[news.person as usize];
        if person.status != Status::Member {
            return;
        }
        person.home_day = Some(self.day);
        if news.is_kin {
            person.kin_day = Some(self.day);
            person.conviction -= self.spec.shock_kin;
        } else {
            person.conviction -= self.spec.shock_village;
        }
    }
}

impl State for War {
    fn init(&mut self, schedule: &mut Schedule) {
        self.reset();
        for village in 0..self.spec.n_villages() {
            self.populate(village);
        }
        for id in 0..self.people.len() as u32 {
            let person = &self.people[id as usize];
            let can_act = person.status == Status::Member || person.is_idle;
            if can_act || !self.has_roles {
                schedule.schedule_repeating(Box::new(Person { id }), 0.0, 0);
            }
        }
    }

    /// The morning: attacks, and news that arrives.
    fn before_step(&mut self, _schedule: &mut Schedule) {
        for village in &mut self.villages {
            village.has_unit = !village.members.is_empty();
        }
        let mean = self.spec.attacks_per_village_month * self.spec.n_villages() as f64 / 30.0;
        let n_attacks = Poisson::new(mean).expect("a positive mean").sample(&mut self.rng) as usize;
        for _ in 0..n_attacks {
            let village = self.rng.random_range(0..self.spec.n_villages());
            self.attack(village);
        }
        for news in std::mem::take(&mut self.news[self.day as usize]) {
            self.hear(news);
        }
    }

    fn after_step(&mut self, _schedule: &mut Schedule) {
        self.exits_by_day.push(self.n_exits);
        self.day += 1;
    }

    fn end_condition(&mut self, _schedule: &mut Schedule) -> bool {
        self.day as usize >= self.n_days
    }

    fn reset(&mut self) {
        *self = Self::new(self.spec.clone(), self.n_days, self.seed, self.has_roles);
    }

    fn update(&mut self, _step: u64) {}

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }
}
