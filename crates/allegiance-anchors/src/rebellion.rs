//! Model I: rebellion against central authority.
//!
//! Citizens and cops on a torus act once a step in random order. A citizen has
//! a hardship `H` and a risk aversion `R`, both uniform on 0-1 and fixed; the
//! legitimacy `L` of the regime is common. It is active when
//! `H (1 - L) - R P > T`, where `P = 1 - exp(-k f(C / A))` is its estimate of
//! the probability of arrest from the cops `C` and actives `A` in its vision
//! (itself among them), and quiet otherwise. A cop jails one active citizen in
//! its vision, at random. Both move to a random empty cell in their vision.
//!
//! # Source
//! Epstein (2002), "Civil Violence Model I". What the implementations do
//! differently is in [`crate::rules::Rules`].

use crate::activation_order;
use crate::rules::{ARREST_CONSTANT, Jail, Placement, Rules, Sequence, Term, rebels};
use crate::torus::{Torus, Vision};
use allegiance_model::random::{Draws, Purpose, Stream};

/// The parameters of a run, under Epstein's names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Width of the torus, cells.
    pub width: u32,
    /// Height of the torus, cells.
    pub height: u32,
    /// Share of cells with a citizen at the start.
    pub citizen_density: f64,
    /// Share of cells with a cop.
    pub cop_density: f64,
    /// What citizens and cops see.
    pub vision: Vision,
    /// `L`, 0-1.
    pub legitimacy: f64,
    /// `J_max`, steps.
    pub max_jail_term: u32,
    /// `T`.
    pub threshold: f64,
    /// `k`.
    pub arrest_constant: f64,
}

impl Default for Parameters {
    /// The sliders of Mesa's application and of `NetLogo`'s Rebellion.
    fn default() -> Self {
        Self {
            width: 40,
            height: 40,
            citizen_density: 0.7,
            cop_density: 0.04,
            vision: Vision::Steps(7),
            legitimacy: 0.82,
            max_jail_term: 30,
            threshold: 0.1,
            arrest_constant: ARREST_CONSTANT,
        }
    }
}

/// Citizens by state after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// In rebellion.
    pub active: u32,
    /// At liberty and not in rebellion.
    pub quiet: u32,
    /// In jail.
    pub jailed: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Quiet,
    Active,
    Jailed { term: u32 },
    Cop,
}

#[derive(Debug, Clone, Copy)]
struct Agent {
    state: State,
    cell: u32,
    hardship: f64,
    risk_aversion: f64,
}

/// How many of each stand on a cell. More than one only where prisoners'
/// cells are free to enter.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    cops: u8,
    active: u8,
    quiet: u8,
    jailed: u8,
}

/// A world of Model I.
#[derive(Debug, Clone)]
pub struct Rebellion {
    parameters: Parameters,
    rules: Rules,
    draws: Draws,
    torus: Torus,
    cells: Vec<Cell>,
    agents: Vec<Agent>,
    step: u32,
}

impl Rebellion {
    /// A world before its first step, everybody quiet.
    pub fn new(parameters: Parameters, rules: Rules, seed: u64, replicate: u32) -> Self {
        let draws = Draws::of_replicate(seed, replicate);
        let n_cells = parameters.width * parameters.height;
        let mut world = Self {
            torus: Torus::new(parameters.width, parameters.height, parameters.vision),
            cells: vec![Cell::default(); n_cells as usize],
            agents: Vec::new(),
            step: 0,
            parameters,
            rules,
            draws,
        };
        for (cell, state) in world.starting_places(n_cells) {
            world.add(cell, state);
        }
        world
    }

    fn starting_places(&self, n_cells: u32) -> Vec<(u32, State)> {
        let p = &self.parameters;
        let place = |cell| self.draws.uniform(Purpose::AnchorPlacement, cell, 0, 0);
        let (is_citizen, is_agent) = (p.citizen_density, p.citizen_density + p.cop_density);
        if self.rules.placement == Placement::ByCell {
            return (0..n_cells)
                .map(|cell| (cell, place(cell)))
                .filter(|&(_, u)| u < is_agent)
                .map(|(cell, u)| (cell, if u < is_citizen { State::Quiet } else { State::Cop }))
                .collect();
        }
        let count = |density: f64| (density * f64::from(n_cells)).round() as usize;
        let mut shuffled: Vec<u32> = (0..n_cells).collect();
        shuffled.sort_by(|&a, &b| place(a).total_cmp(&place(b)));
        let n_citizens = count(p.citizen_density);
        let states =
            (0..n_citizens + count(p.cop_density)).map(|nth| if nth < n_citizens { State::Quiet } else { State::Cop });
        shuffled.into_iter().zip(states).collect()
    }

    fn add(&mut self, cell: u32, state: State) {
        let agent = self.agents.len() as u32;
        let mut traits = self.draws.stream(Purpose::AnchorTraits, agent, 0, 0);
        self.agents.push(Agent { state, cell, hardship: traits.uniform(), risk_aversion: traits.uniform() });
        *self.count_mut(cell, state) += 1;
    }

    fn count_mut(&mut self, cell: u32, state: State) -> &mut u8 {
        let counts = &mut self.cells[cell as usize];
        match state {
            State::Quiet => &mut counts.quiet,
            State::Active => &mut counts.active,
            State::Jailed { .. } => &mut counts.jailed,
            State::Cop => &mut counts.cops,
        }
    }

    /// Number of citizens, constant in a run.
    pub fn n_citizens(&self) -> u32 {
        let counts = self.counts();
        counts.active + counts.quiet + counts.jailed
    }

    /// Citizens by state.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for agent in &self.agents {
            match agent.state {
                State::Quiet => counts.quiet += 1,
                State::Active => counts.active += 1,
                State::Jailed { .. } => counts.jailed += 1,
                State::Cop => {}
            }
        }
        counts
    }

    /// Lets every agent act once.
    pub fn step(&mut self) -> Counts {
        for agent in activation_order(self.draws, self.step, 0..self.agents.len() as u32) {
            self.activate(agent);
        }
        if self.rules.term == Term::AtEndOfStep {
            for agent in 0..self.agents.len() as u32 {
                if let State::Jailed { term } = self.agents[agent as usize].state {
                    self.set_jailed_or_free(agent, term.saturating_sub(1));
                }
            }
        }
        self.step += 1;
        self.counts()
    }

    fn activate(&mut self, agent: u32) {
        if let State::Jailed { term } = self.agents[agent as usize].state
            && (term > 0 || self.rules.term == Term::AtEndOfStep)
        {
            if self.rules.term == Term::OnOwnTurn {
                self.set_state(agent, State::Jailed { term: term - 1 });
            }
            return;
        }
        match self.rules.sequence {
            Sequence::ActThenMove => {
                // Mesa takes the empty cells before it decides; arrests empty none.
                self.act(agent);
                self.move_at_random(agent);
            }
            Sequence::MoveThenAct => {
                self.move_at_random(agent);
                self.act(agent);
            }
        }
    }

    fn act(&mut self, agent: u32) {
        if self.agents[agent as usize].state == State::Cop {
            self.arrest(agent);
        } else {
            self.decide(agent);
        }
    }

    /// Rule A: be active where grievance less net risk passes the threshold.
    fn decide(&mut self, agent: u32) {
        let Agent { state, cell, hardship, risk_aversion } = self.agents[agent as usize];
        let p = &self.parameters;
        // No risk makes a citizen bolder, so that most need no look around.
        if !rebels(hardship, p.legitimacy, risk_aversion, 0.0, p.threshold) {
            self.set_state(agent, State::Quiet);
            return;
        }
        let seen = self.torus.seen_from(cell);
        let (mut n_cops, mut n_active) = (0, 0);
        for &other in seen {
            let counts = self.cells[other as usize];
            n_cops += u32::from(counts.cops);
            n_active += u32::from(counts.active);
        }
        let own = if state == State::Active { self.rules.self_count_when_active } else { 1 };
        // Those who share the own cell, possible only over a prisoner.
        let here = self.cells[cell as usize];
        n_cops += u32::from(here.cops);
        n_active += u32::from(here.active) - u32::from(state == State::Active);
        let p_arrest = self.rules.ratio.arrest_probability(p.arrest_constant, n_cops, n_active + own);
        let is_active = rebels(hardship, p.legitimacy, risk_aversion, p_arrest, p.threshold);
        self.set_state(agent, if is_active { State::Active } else { State::Quiet });
    }

    /// Rule C: jail a random active citizen in vision.
    fn arrest(&mut self, cop: u32) {
        let cell = self.agents[cop as usize].cell;
        let in_reach = |cells: &[Cell], other: u32| u32::from(cells[other as usize].active);
        let seen = self.torus.seen_from(cell).iter().chain(std::iter::once(&cell));
        let n_active: u32 = seen.clone().map(|&other| in_reach(&self.cells, other)).sum();
        if n_active == 0 {
            return;
        }
        let mut stream = self.draws.stream(Purpose::AnchorArrest, cop, self.step, 0);
        let mut nth = stream.below(n_active);
        let mut at = cell;
        for &other in seen {
            let here = in_reach(&self.cells, other);
            if nth < here {
                at = other;
                break;
            }
            nth -= here;
        }
        let active_here = self.agents.iter().enumerate();
        let suspect = active_here
            .filter(|(_, agent)| agent.cell == at && agent.state == State::Active)
            .nth(nth as usize)
            .map(|(suspect, _)| suspect as u32)
            .expect("a cell counts its actives");
        let max = self.parameters.max_jail_term;
        match self.rules.term {
            Term::OnOwnTurn => {
                let term = stream.below(max + 1);
                self.set_state(suspect, State::Jailed { term });
            }
            Term::AtEndOfStep => {
                let term = stream.below(max);
                self.set_jailed_or_free(suspect, term);
            }
        }
        if self.rules.jail == Jail::FreesCell {
            self.move_to(cop, at);
        }
    }

    fn set_jailed_or_free(&mut self, agent: u32, term: u32) {
        let state = if term > 0 { State::Jailed { term } } else { State::Quiet };
        self.set_state(agent, state);
    }

    /// Rule M: move to a random empty cell in vision.
    fn move_at_random(&mut self, agent: u32) {
        let cell = self.agents[agent as usize].cell;
        let mut stream = self.draws.stream(Purpose::AnchorMove, agent, self.step, 0);
        let is_free = |other: u32| self.is_free(other);
        if let Some(target) = choose_cell(self.torus.seen_from(cell), is_free, &mut stream) {
            self.move_to(agent, target);
        }
    }

    fn is_free(&self, cell: u32) -> bool {
        let Cell { cops, active, quiet, jailed } = self.cells[cell as usize];
        let held = if self.rules.jail == Jail::HoldsCell { jailed } else { 0 };
        cops + active + quiet + held == 0
    }

    fn move_to(&mut self, agent: u32, cell: u32) {
        let Agent { state, cell: from, .. } = self.agents[agent as usize];
        *self.count_mut(from, state) -= 1;
        *self.count_mut(cell, state) += 1;
        self.agents[agent as usize].cell = cell;
    }

    fn set_state(&mut self, agent: u32, state: State) {
        let Agent { state: old, cell, .. } = self.agents[agent as usize];
        *self.count_mut(cell, old) -= 1;
        *self.count_mut(cell, state) += 1;
        self.agents[agent as usize].state = state;
    }
}

/// One of the free cells among some, each equally likely: a few guesses, then
/// the list, which leaves the choice uniform.
pub(crate) fn choose_cell(cells: &[u32], is_free: impl Fn(u32) -> bool, stream: &mut Stream) -> Option<u32> {
    for _ in 0..8 {
        let guess = cells[stream.below(cells.len() as u32) as usize];
        if is_free(guess) {
            return Some(guess);
        }
    }
    let free: Vec<u32> = cells.iter().copied().filter(|&cell| is_free(cell)).collect();
    free.get(stream.below(free.len() as u32) as usize).copied()
}
