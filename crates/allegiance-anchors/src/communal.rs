//! Model II: violence between two groups, with peacekeepers.
//!
//! Members of two groups share a torus with peacekeepers. The legitimacy `L` is
//! now each group's opinion of the other's right to exist; a member is active
//! on the rule of Model I, `H (1 - L) - R (1 - exp(-k f(C / A))) > T`, and an
//! active member kills a random member of the other group in its vision.
//! Peacekeepers jail a random active member in theirs, whatever its group. At
//! liberty a member has offspring on a free adjacent cell with probability
//! `p_clone` a step; the child has its group and its hardship, and a risk
//! aversion and length of life of its own (uniform up to `max_age`).
//!
//! Once a step, in random order, each moves to a random free cell in vision
//! and then acts. Choices where the paper gives no rule that we know of:
//! prisoners hold their cell, age, and can't be killed; a term is 0 to
//! `max_jail_term`, served on the prisoner's own turns; `A` counts actives of
//! both groups; everybody is newborn at the start; adjacent means the four
//! cells at distance 1. Safe havens are not here.
//!
//! # Source
//! Epstein (2002), "Civil Violence Model II: Inter-Group Violence".

use crate::activation_order;
use crate::rebellion::choose_cell;
use crate::rules::{ARREST_CONSTANT, Ratio, rebels};
use crate::torus::{Torus, Vision};
use allegiance_model::random::{Draws, Purpose};

/// The parameters of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Width and height of the torus, cells.
    pub side: u32,
    /// Share of cells with a member at the start, half of each group on average.
    pub density: f64,
    /// Share of cells with a peacekeeper.
    pub cop_density: f64,
    /// What everybody sees.
    pub vision: Vision,
    /// `L`, 0-1.
    pub legitimacy: f64,
    /// Longest jail term, steps.
    pub max_jail_term: u32,
    /// `T`.
    pub threshold: f64,
    /// `k`.
    pub arrest_constant: f64,
    /// `f`, see [`Ratio`].
    pub ratio: Ratio,
    /// Probability of offspring per member and step.
    pub p_clone: f64,
    /// Longest life, steps.
    pub max_age: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            side: 40,
            density: 0.7,
            cop_density: 0.0,
            vision: Vision::Distance(1.7),
            legitimacy: 0.8,
            max_jail_term: 15,
            threshold: 0.1,
            arrest_constant: ARREST_CONSTANT,
            ratio: Ratio::Exact,
            p_clone: 0.05,
            max_age: 200.0,
        }
    }
}

/// What stands after a step, or happened in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Living members of each group, prisoners among them.
    pub members: [u32; 2],
    /// Members in violence.
    pub active: u32,
    /// Members in jail.
    pub jailed: u32,
    /// Killed in the step.
    pub killed: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Quiet,
    Active,
    Jailed { term: u32 },
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Member { group: u8 },
    Cop,
}

#[derive(Debug, Clone, Copy)]
struct Agent {
    kind: Kind,
    state: State,
    cell: u32,
    hardship: f64,
    risk_aversion: f64,
    /// Steps left to live.
    life: f64,
}

impl Agent {
    fn is_free_member(&self) -> bool {
        self.kind != Kind::Cop && matches!(self.state, State::Quiet | State::Active)
    }
}

/// A world of Model II.
#[derive(Debug, Clone)]
pub struct Communal {
    parameters: Parameters,
    draws: Draws,
    torus: Torus,
    adjacent: Torus,
    cells: Vec<Option<u32>>,
    agents: Vec<Agent>,
    killed: u32,
    step: u32,
}

impl Communal {
    /// A world before its first step, everybody quiet.
    pub fn new(parameters: Parameters, seed: u64, replicate: u32) -> Self {
        let draws = Draws::of_replicate(seed, replicate);
        let n_cells = parameters.side * parameters.side;
        let mut world = Self {
            torus: Torus::new(parameters.side, parameters.side, parameters.vision),
            adjacent: Torus::new(parameters.side, parameters.side, Vision::Steps(1)),
            cells: vec![None; n_cells as usize],
            agents: Vec::new(),
            killed: 0,
            step: 0,
            parameters,
            draws,
        };
        for cell in 0..n_cells {
            let mut stream = draws.stream(Purpose::AnchorPlacement, cell, 0, 0);
            let u = stream.uniform();
            if u < parameters.density {
                let group = u8::from(stream.uniform() < 0.5);
                world.add(Kind::Member { group }, cell, None);
            } else if u < parameters.density + parameters.cop_density {
                world.add(Kind::Cop, cell, None);
            }
        }
        world
    }

    fn add(&mut self, kind: Kind, cell: u32, inherited_hardship: Option<f64>) {
        let agent = self.agents.len() as u32;
        let mut traits = self.draws.stream(Purpose::AnchorTraits, agent, 0, 0);
        let (hardship, risk_aversion) = (traits.uniform(), traits.uniform());
        self.agents.push(Agent {
            kind,
            state: State::Quiet,
            cell,
            hardship: inherited_hardship.unwrap_or(hardship),
            risk_aversion,
            life: self.parameters.max_age * self.draws.uniform(Purpose::AnchorLifespan, agent, 0, 0),
        });
        self.cells[cell as usize] = Some(agent);
    }

    /// Lets everybody who was alive at its start act once.
    pub fn step(&mut self) -> Counts {
        self.killed = 0;
        let living = (0..self.agents.len() as u32).filter(|&a| self.agents[a as usize].state != State::Dead);
        for agent in activation_order(self.draws, self.step, living) {
            match self.agents[agent as usize] {
                Agent { state: State::Dead, .. } => {}
                Agent { kind: Kind::Cop, .. } => {
                    self.move_at_random(agent);
                    self.arrest(agent);
                }
                Agent { kind: Kind::Member { group }, .. } => self.live(agent, group),
            }
        }
        self.step += 1;
        self.counts()
    }

    /// What stands now.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { killed: self.killed, ..Counts::default() };
        for agent in &self.agents {
            let Kind::Member { group } = agent.kind else { continue };
            counts.members[usize::from(group)] += u32::from(agent.state != State::Dead);
            counts.active += u32::from(agent.state == State::Active);
            counts.jailed += u32::from(matches!(agent.state, State::Jailed { .. }));
        }
        counts
    }

    fn live(&mut self, member: u32, group: u8) {
        let agent = &mut self.agents[member as usize];
        agent.life -= 1.0;
        if agent.life < 0.0 {
            self.die(member);
            return;
        }
        match &mut agent.state {
            State::Jailed { term: 0 } => agent.state = State::Quiet,
            State::Jailed { term } => {
                *term -= 1;
                return;
            }
            State::Quiet | State::Active | State::Dead => {}
        }
        self.move_at_random(member);
        self.decide(member);
        if self.agents[member as usize].state == State::Active {
            self.kill(member, group);
        }
        self.have_offspring(member);
    }

    fn decide(&mut self, member: u32) {
        let Agent { cell, hardship, risk_aversion, .. } = self.agents[member as usize];
        let (mut n_cops, mut n_active) = (0, 1);
        for other in self.seen_by(cell) {
            let other = &self.agents[other as usize];
            n_cops += u32::from(other.kind == Kind::Cop);
            n_active += u32::from(other.state == State::Active);
        }
        let p = &self.parameters;
        let p_arrest = p.ratio.arrest_probability(p.arrest_constant, n_cops, n_active);
        let is_active = rebels(hardship, p.legitimacy, risk_aversion, p_arrest, p.threshold);
        self.agents[member as usize].state = if is_active { State::Active } else { State::Quiet };
    }

    fn seen_by(&self, cell: u32) -> impl Iterator<Item = u32> {
        let seen = self.torus.seen_from(cell).iter();
        seen.filter_map(|&other| self.cells[other as usize])
    }

    /// One of those in vision for whom a test holds, each equally likely.
    fn choose_seen(&self, by: u32, purpose: Purpose, test: impl Fn(&Agent) -> bool) -> Option<u32> {
        let cell = self.agents[by as usize].cell;
        let found: Vec<u32> = self.seen_by(cell).filter(|&other| test(&self.agents[other as usize])).collect();
        let nth = self.draws.stream(purpose, by, self.step, 0).below(found.len() as u32);
        found.get(nth as usize).copied()
    }

    fn kill(&mut self, killer: u32, group: u8) {
        let is_other = |other: &Agent| other.is_free_member() && other.kind != Kind::Member { group };
        if let Some(victim) = self.choose_seen(killer, Purpose::AnchorKilling, is_other) {
            self.die(victim);
            self.killed += 1;
        }
    }

    fn arrest(&mut self, cop: u32) {
        let is_active = |other: &Agent| other.state == State::Active;
        if let Some(suspect) = self.choose_seen(cop, Purpose::AnchorArrest, is_active) {
            let longest = self.parameters.max_jail_term + 1;
            let term = self.draws.stream(Purpose::AnchorArrest, cop, self.step, 1).below(longest);
            self.agents[suspect as usize].state = State::Jailed { term };
        }
    }

    fn die(&mut self, member: u32) {
        let agent = &mut self.agents[member as usize];
        agent.state = State::Dead;
        self.cells[agent.cell as usize] = None;
    }

    fn have_offspring(&mut self, parent: u32) {
        let Agent { kind, cell, hardship, .. } = self.agents[parent as usize];
        let mut stream = self.draws.stream(Purpose::AnchorCloning, parent, self.step, 0);
        if stream.uniform() < self.parameters.p_clone {
            let is_free = |other: u32| self.cells[other as usize].is_none();
            if let Some(cell) = choose_cell(self.adjacent.seen_from(cell), is_free, &mut stream) {
                self.add(kind, cell, Some(hardship));
            }
        }
    }

    fn move_at_random(&mut self, agent: u32) {
        let from = self.agents[agent as usize].cell;
        let mut stream = self.draws.stream(Purpose::AnchorMove, agent, self.step, 0);
        let is_free = |other: u32| self.cells[other as usize].is_none();
        if let Some(to) = choose_cell(self.torus.seen_from(from), is_free, &mut stream) {
            self.cells[from as usize] = None;
            self.cells[to as usize] = Some(agent);
            self.agents[agent as usize].cell = to;
        }
    }
}

/// How a run of Model II ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The step after which a group was gone, if one was.
    pub annihilated_at: Option<u32>,
    /// Killed in the whole run.
    pub killed: u32,
}

/// Runs until a group is gone or a number of steps has passed.
pub fn run(parameters: Parameters, n_steps: u32, seed: u64) -> Outcome {
    let mut world = Communal::new(parameters, seed, 0);
    let mut killed = 0;
    for step in 1..=n_steps {
        let counts = world.step();
        killed += counts.killed;
        if counts.members.contains(&0) {
            return Outcome { annihilated_at: Some(step), killed };
        }
    }
    Outcome { annihilated_at: None, killed }
}
