//! The agent: a person, whose attributes the state keeps.

use crate::war::War;
use krabmaga::engine::agent::Agent;
use krabmaga::engine::state::State;

#[derive(Clone, Copy)]
pub struct Person {
    pub id: u32,
}

fn war(state: &mut dyn State) -> &mut War {
    state.as_any_mut().downcast_mut::<War>().expect("the state is a war")
}

impl Agent for Person {
    fn step(&mut self, state: &mut dyn State) {
        war(state).act(self.id);
    }

    /// The dead leave the schedule.
    fn is_stopped(&mut self, state: &mut dyn State) -> bool {
        war(state).is_dead(self.id)
    }
}
