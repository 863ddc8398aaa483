//! Theories that can't stand beside each other.

use allegiance_model::theory::{OwnTheory, Slot};

/// What two theories of one war share that only one can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clash {
    /// Which of them is the later.
    pub(crate) second: usize,
    of: Shared,
    names: [String; 2],
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shared {
    Slot(Slot),
    Parameter(String),
    Name,
}

/// The first clash of some theories.
pub(crate) fn clash(theories: &[OwnTheory]) -> Option<Clash> {
    let of_pair = |first: &OwnTheory, second: &OwnTheory| {
        if let Some(slot) = first.slots().into_iter().find(|&slot| second.fills(slot)) {
            return Some(Shared::Slot(slot));
        }
        if first.name == second.name {
            return Some(Shared::Name);
        }
        let both = first.parameters.iter().find(|parameter| second.parameter(parameter.info.name).is_some());
        both.map(|parameter| Shared::Parameter(parameter.info.name.to_owned()))
    };
    (0..theories.len()).find_map(|at| {
        let second = &theories[at];
        theories[..at].iter().find_map(|first| {
            let of = of_pair(first, second)?;
            Some(Clash { second: at, of, names: [first.name.clone(), second.name.clone()] })
        })
    })
}

impl Clash {
    /// What is wrong with the second, as a clause that follows its name.
    pub(crate) fn clause(&self) -> String {
        let [first, second] = &self.names;
        match &self.of {
            Shared::Slot(slot) => format!(
                "which fills the slot of {}, as the theory {first} does; give one theory for each slot",
                slot.word()
            ),
            Shared::Name => {
                format!("and another theory is called {second} too; give one of them another name in its file")
            }
            Shared::Parameter(name) => format!(
                "whose parameter {name} the theory {first} has too, so that own.{name} would mean both; give it another \
                 name in one of the files"
            ),
        }
    }
}
