//! A ledger kept from the table `allegiance` alone: what the events imply of
//! everyone's standing, checked against what the engine says.

use allegiance_model::ids::{GroupId, PersonId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Allegiance, AllegianceKind, Outcome, Records, Standing};
use std::collections::BTreeMap;

/// What the events so far imply of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Account {
    pub(crate) standing: Standing,
    pub(crate) group: Option<GroupId>,
    /// Between two groups: has defected and not yet arrived.
    pub(crate) is_in_transit: bool,
}

/// Counts that the events imply for one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) active: u32,
    pub(crate) wounded: u32,
    pub(crate) held: u32,
    pub(crate) dead: u32,
    pub(crate) executed_by_enemy: u32,
    pub(crate) executed_by_own: u32,
    pub(crate) joined: u32,
    pub(crate) deserted: u32,
    pub(crate) defected: u32,
    pub(crate) departed: u32,
    pub(crate) arrived: u32,
}

/// Everyone whom the allegiance table or the first day mentions.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    pub(crate) people: BTreeMap<PersonId, Account>,
    pub(crate) of_group: Vec<Counts>,
}

impl Ledger {
    /// The members of the first day: those with a first group whose story
    /// doesn't begin with joining.
    pub(crate) fn open(setup: &Setup, records: &Records) -> Self {
        let mut first_event: BTreeMap<PersonId, AllegianceKind> = BTreeMap::new();
        for row in records.allegiance.rows() {
            first_event.entry(row.person).or_insert(row.kind);
        }
        let mut ledger = Self { people: BTreeMap::new(), of_group: vec![Counts::default(); setup.n_groups()] };
        for person in records.persons.rows() {
            let joined_later = first_event.get(&person.person) == Some(&AllegianceKind::Join);
            if let Some(group) = person.first_group.filter(|_| !joined_later) {
                let account = Account { standing: Standing::Active, group: Some(group), is_in_transit: false };
                ledger.people.insert(person.person, account);
                ledger.of_group[group.idx()].active += 1;
            }
        }
        ledger
    }

    fn count(&mut self, account: Account, is_in: bool) {
        let Some(group) = account.group else { return };
        let counts = &mut self.of_group[group.idx()];
        let cell = match account.standing {
            Standing::Active => &mut counts.active,
            Standing::Wounded => &mut counts.wounded,
            Standing::Prisoner | Standing::Detained => &mut counts.held,
            Standing::Deserter | Standing::Departed | Standing::Dead | Standing::Civilian => return,
        };
        if is_in { *cell += 1 } else { *cell -= 1 }
    }

    /// Books one event; panics where it can't follow from what went before.
    pub(crate) fn book(&mut self, row: &Allegiance) {
        use AllegianceKind as K;
        let unknown = Account { standing: Standing::Civilian, group: None, is_in_transit: false };
        let before = *self.people.get(&row.person).unwrap_or(&unknown);
        let is = |standing: Standing| assert_eq!(before.standing, standing, "{before:?} {row:?}");
        assert_ne!(before.standing, Standing::Dead, "the dead do nothing: {row:?}");
        let mut after = before;
        let own = row.group.map(GroupId::idx);
        match row.kind {
            K::Join => {
                let is_back = before.standing == Standing::Deserter && row.hazard.is_none();
                assert!(
                    (before.standing == Standing::Civilian || is_back)
                        && before.group.is_none()
                        && !before.is_in_transit,
                    "{before:?} {row:?}"
                );
                after = Account { standing: Standing::Active, group: row.to_group, is_in_transit: false };
                self.of_group[row.to_group.unwrap().idx()].joined += 1;
            }
            K::Voice | K::Answer | K::Settlement => {
                is(Standing::Active);
                assert_eq!(before.group, row.group);
            }
            K::Wound => {
                is(Standing::Active);
                after.standing = Standing::Wounded;
            }
            K::Recovery => {
                is(Standing::Wounded);
                after.standing = Standing::Active;
            }
            K::Imprisonment => {
                is(Standing::Active);
                assert_ne!(row.to_group, before.group, "{row:?}");
                after.standing = Standing::Prisoner;
            }
            K::Capture | K::Arrest => {
                is(Standing::Active);
                assert_eq!(row.to_group, before.group, "{row:?}");
                after.standing = Standing::Detained;
            }
            K::Execution => {
                is(Standing::Detained);
                self.of_group[own.unwrap()].executed_by_own += 1;
            }
            K::Release => {
                assert!(matches!(before.standing, Standing::Prisoner | Standing::Detained), "{before:?} {row:?}");
                after.standing = Standing::Active;
            }
            K::Desertion | K::Departure => {
                let counts = &mut self.of_group[own.unwrap()];
                if row.kind == K::Desertion {
                    counts.deserted += 1;
                } else {
                    counts.departed += 1;
                }
                let standing = if row.kind == K::Desertion { Standing::Deserter } else { Standing::Departed };
                after = Account { standing, group: None, is_in_transit: false };
            }
            K::Defection => {
                is(Standing::Active);
                assert_ne!(row.to_group, row.group);
                self.of_group[own.unwrap()].defected += 1;
                after = Account { standing: Standing::Civilian, group: None, is_in_transit: true };
            }
            K::Arrival => {
                assert!(before.is_in_transit, "{before:?} {row:?}");
                if row.outcome == Some(Outcome::TurnedAway) {
                    self.of_group[own.unwrap()].defected -= 1;
                } else {
                    after = Account { standing: Standing::Active, group: row.to_group, is_in_transit: false };
                    self.of_group[row.to_group.unwrap().idx()].arrived += 1;
                }
            }
            K::Reprisal => {
                if before.group.is_none() {
                    assert_eq!(before.standing, Standing::Deserter, "{before:?} {row:?}");
                    after.standing = Standing::Dead;
                }
            }
            K::Death => {
                assert!(before.group.is_some(), "{before:?} {row:?}");
                assert_eq!(before.group, row.group);
                let counts = &mut self.of_group[own.unwrap()];
                counts.dead += 1;
                let by_enemy = row.outcome == Some(Outcome::Executed)
                    && before.standing == Standing::Prisoner
                    && row.to_group != row.group;
                counts.executed_by_enemy += u32::from(by_enemy);
                after.standing = Standing::Dead;
            }
        }
        self.count(before, false);
        self.count(after, true);
        self.people.insert(row.person, after);
    }
}
