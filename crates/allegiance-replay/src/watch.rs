//! What a person believed, looked at while his history is simulated again.

use allegiance_model::ids::PersonId;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Belief;
use allegiance_model::{Model, World};

/// Days between two looks at a person's beliefs, as between two samples.
const LOOK_DAYS: u32 = 7;

/// What a person believes, week by week, of whoever the weekly sample doesn't
/// hold: the replicate is simulated again and looked at. Nothing while he is no
/// member.
pub fn watch_beliefs(setup: &Setup, replicate: u32, person: PersonId) -> Vec<Belief> {
    watch_beliefs_while(setup, replicate, person, &|| true).unwrap_or_default()
}

/// The same as long as somebody wants to know; `None` where nobody does any more.
pub fn watch_beliefs_while(
    setup: &Setup,
    replicate: u32,
    person: PersonId,
    is_wanted: &dyn Fn() -> bool,
) -> Option<Vec<Belief>> {
    let world = World::build(setup.clone());
    let mut model = Model::new(&world, replicate);
    let mut looks = Vec::new();
    while !model.is_finished() {
        if !is_wanted() {
            return None;
        }
        model.step();
        if model.day().is_multiple_of(LOOK_DAYS) {
            looks.extend(model.belief_of(person));
        }
    }
    Some(looks)
}
