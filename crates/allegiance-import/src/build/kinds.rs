//! Which militias draw on the same people, and which don't.

use std::collections::BTreeMap;

use allegiance_model::setup::RelationKind;

use super::groups::{Cast, Group, MILITIA};
use super::relations::Relation;
use allegiance_scenario::Profile;

/// Words that stand for more than one group.
const TAKEN: &[&str] = &["state", "rebel", MILITIA, "government", "opposition"];

/// Militias that fight another draw on people of their own, as clans and
/// neighbourhoods do: each becomes a kind by itself. The others stay one kind.
pub(super) fn tell_apart(cast: &mut Cast, relations: &[Relation]) {
    let is_militia = |at: usize| is_by_rule(&cast.groups[at]);
    let fights = |at: usize| {
        relations.iter().any(|relation| {
            relation.kind == RelationKind::War
                && (relation.a == at && is_militia(relation.b) || relation.b == at && is_militia(relation.a))
        })
    };
    let apart: Vec<usize> = (0..cast.groups.len()).filter(|&at| is_militia(at) && fights(at)).collect();
    for at in apart {
        let group = &mut cast.groups[at];
        let is_taken = TAKEN.contains(&group.id.as_str());
        group.kind = if is_taken { format!("{}_people", group.id) } else { group.id.clone() };
    }
}

fn is_by_rule(group: &Group) -> bool {
    group.class == Profile::Militia && !group.is_kind_given
}

impl Cast {
    /// Its kinds in the order of groups, each with whether it is one of militias.
    pub(super) fn kinds(&self) -> Vec<(&str, bool)> {
        let mut kinds: Vec<(&str, bool)> = Vec::new();
        for group in &self.groups {
            if !kinds.iter().any(|(kind, _)| *kind == group.kind) {
                kinds.push((&group.kind, group.kind == MILITIA || is_by_rule(group)));
            }
        }
        kinds
    }

    /// The constituencies of its kinds, with what each is.
    pub(super) fn constituencies(&self) -> BTreeMap<&str, String> {
        let meaning = |(kind, is_militia): (&str, bool)| match constituency_of(kind) {
            "government" => "Those who side with the government".to_owned(),
            "opposition" => "Those on whom rebels draw".to_owned(),
            MILITIA => "Those whose young men guard or avenge their own: militias draw on them".to_owned(),
            own if is_militia => {
                let name = self.groups.iter().find(|group| group.kind == kind).map_or(own, |group| group.name.as_str());
                format!("The people of {name}")
            }
            own => format!("Those on whom groups of the kind {own} draw"),
        };
        self.kinds().into_iter().map(|kind| (constituency_of(kind.0), meaning(kind))).collect()
    }
}

/// Whom a kind of group draws on: any but states and rebels is a camp of its own.
pub(super) fn constituency_of(kind: &str) -> &str {
    match kind {
        "state" => "government",
        "rebel" => "opposition",
        own => own,
    }
}
