//! One run of the model in progress. What happens on a day stands in `lib.rs`.

use crate::belief::{self, ByClaim};
use crate::branch::Branch;
use crate::causes::Claims;
use crate::exits::{ActiveBlocks, BoundWatch, BrokenBound, Leaving, LowDraws};
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId, Row, UnitId};
use crate::interviews::Interview;
use crate::leave::Rota;
use crate::maths::DAYS_PER_WEEK;
use crate::musters::MusterRolls;
use crate::random::Draws;
use crate::setup::{Mechanism, OperationsMode};
use crate::state::{Groups, People, Places, Schedule, Units};
use crate::tables::{Belief, Channel, IncidentKind, Records};
use crate::watches::Battle;
use crate::world::World;
use crate::{causes, control, expectation, flight, muster, records, voice};
use std::ops::Range;

/// What later days need to know of an incident.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct IncidentFact {
    /// What it was.
    pub(crate) kind: IncidentKind,
    /// Where its draws are addressed: by place, day and order within these, so
    /// that an incident elsewhere moves none of them.
    pub(crate) address: u32,
    /// The day.
    pub(crate) day: u32,
    /// The group that did it.
    pub(crate) perpetrator: GroupId,
    /// Where.
    pub(crate) place: PlaceId,
    /// Who held the place before it.
    pub(crate) holder: GroupId,
    /// The clans of the quarter that it hit.
    pub(crate) quarter: Range<u32>,
    /// Civilians killed.
    pub(crate) dead_civilians: u32,
}

/// An incident of today with the people in it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct IncidentToday {
    /// Its number.
    pub(crate) incident: IncidentId,
    /// Civilians killed.
    pub(crate) victims: Vec<Row>,
    /// Members of the perpetrator who took part.
    pub(crate) participants: Vec<Row>,
}

/// An incident reaching a member today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ExposureToday {
    /// The member.
    pub(crate) row: Row,
    /// The incident.
    pub(crate) incident: IncidentId,
    /// How it reached him.
    pub(crate) channel: Channel,
}

/// What one phase of a day leaves for the next; empty between days.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Today {
    /// Assaults ordered by the timeline.
    pub(crate) orders: Vec<(GroupId, PlaceId)>,
    /// Places taken, by whom, in order.
    pub(crate) captures: Vec<(PlaceId, GroupId)>,
    /// Incidents so far, and those of the last evening.
    pub(crate) incidents: Vec<IncidentToday>,
    /// How many of them the news has told; later ones are told tomorrow.
    pub(crate) n_told: usize,
    /// Exposures so far.
    pub(crate) exposures: Vec<ExposureToday>,
    /// Members with a new grievance against their own group.
    pub(crate) aggrieved: Vec<voice::Aggrieved>,
    /// Members who have decided to leave and got away.
    pub(crate) leavings: Vec<Leaving>,
    /// Assaults that go on in the second watch.
    pub(crate) battles: Vec<Battle>,
    /// Share of each group that was killed or wounded of late, as its members
    /// know it when they decide. Shape: `(n_groups,)`.
    pub(crate) losses: Vec<f64>,
    /// Units that gave up.
    pub(crate) gave_up: Vec<UnitId>,
    /// Who came to a unit today, and where he was when he did.
    pub(crate) entered: Vec<(Row, PlaceId)>,
}

/// One replicate of a world in progress.
#[derive(Debug, Clone)]
pub struct Model<'w> {
    pub(crate) world: &'w World,
    pub(crate) draws: Draws,
    pub(crate) rota: Rota,
    pub(crate) active_blocks: ActiveBlocks,
    pub(crate) day: u32,
    pub(crate) groups: Groups,
    pub(crate) places: Places,
    pub(crate) units: Units,
    pub(crate) people: People,
    pub(crate) n_outsiders: u32,
    pub(crate) standing_due: Schedule,
    pub(crate) news_due: Schedule,
    pub(crate) incident_facts: Vec<IncidentFact>,
    pub(crate) leavers: Vec<Row>,
    pub(crate) newcomers: Vec<Row>,
    pub(crate) low_draws: LowDraws,
    pub(crate) bounds: BoundWatch,
    pub(crate) branch: Branch,
    pub(crate) today: Today,
    /// Follows from the rest, so no checkpoint keeps it.
    pub(crate) musters: MusterRolls,
    pub(crate) records: Records,
    /// What people told, where anybody asked; no checkpoint keeps it.
    pub(crate) interviews: Option<Vec<Interview>>,
    /// Whether a row is written of each exposure; no checkpoint keeps it.
    pub(crate) records_exposures: bool,
}

impl<'w> Model<'w> {
    /// The state at the start of the first day.
    pub fn new(world: &'w World, replicate: u32) -> Self {
        let mut model = Self::blank(world, replicate);
        muster::enrol_first_members(&mut model);
        causes::start(&mut model);
        control::start(&mut model);
        expectation::start(&mut model);
        flight::start(&mut model);
        model
    }

    /// A model without people.
    pub(crate) fn blank(world: &'w World, replicate: u32) -> Self {
        let setup = &world.setup;
        Self {
            world,
            draws: Draws::of_replicate(setup.seed, replicate),
            rota: Rota::new(&setup.parameters.leave, setup.switches.is_on(Mechanism::Leave)),
            active_blocks: ActiveBlocks::of_setup(setup),
            day: 0,
            groups: Groups::new(setup),
            places: Places::new(setup, world.kinship.n_clans()),
            units: Units::new(setup.places.len(), setup.n_groups()),
            people: People::new(world.kinship.n_clans(), setup.n_groups()),
            n_outsiders: world.first.n_outsiders,
            standing_due: Schedule::new(setup.n_days),
            news_due: Schedule::new(setup.n_days),
            incident_facts: Vec::new(),
            leavers: Vec::new(),
            newcomers: Vec::new(),
            low_draws: LowDraws::default(),
            bounds: BoundWatch::default(),
            branch: Branch::default(),
            today: Today::default(),
            musters: MusterRolls::default(),
            records: Records::default(),
            interviews: None,
            records_exposures: true,
        }
    }

    /// Says whether exposures are recorded from here on, as they are unless told otherwise. Where they
    /// aren't, their table stays empty, and what is only told there isn't worked out; nothing else of
    /// the history changes. Where news reaches everybody daily, most of a record is exposures.
    #[must_use]
    pub fn recording_exposures(mut self, are_recorded: bool) -> Self {
        self.records_exposures = are_recorded;
        self
    }

    /// Days simulated so far.
    pub fn day(&self) -> u32 {
        self.day
    }

    /// Whether today is the last day of a week of the war.
    pub(crate) fn ends_week(&self) -> bool {
        (self.day + 1).is_multiple_of(DAYS_PER_WEEK)
    }

    /// Whether all days of the setup are done.
    pub fn is_finished(&self) -> bool {
        self.day >= self.world.setup.n_days
    }

    /// Forgets the day, but for what the news hasn't told yet.
    pub(crate) fn end_day(&mut self) {
        let late = self.today.incidents.split_off(self.today.n_told);
        self.today = Today { incidents: late, ..Today::default() };
        self.day += 1;
    }

    /// What a member believes at the end of the last day simulated, as the
    /// weekly sample would record it; nothing of who is no member then.
    pub fn belief_of(&self, person: PersonId) -> Option<Belief> {
        let day = self.day.checked_sub(1)?;
        records::belief_of(self, self.people.row_of(person)?, day)
    }

    /// What a member makes of the two claims of his group; nothing where the
    /// mechanism `causes` doesn't run, and of who is no member.
    pub fn claims_of(&self, person: PersonId) -> Option<Claims> {
        causes::claims_of(self, self.people.row_of(person)?)
    }

    /// A member's conviction of each claim of his group, log-odds; nothing of
    /// who is no member.
    pub fn convictions_of(&self, person: PersonId) -> Option<ByClaim<f64>> {
        let row = self.people.row_of(person)?;
        self.people.at(row).group?;
        Some(belief::heard(self, row).by_claim.map(|heard| self.world.belief.conviction_of_claim(heard)))
    }

    /// Ends the run and gives its record.
    ///
    /// # Errors
    /// Where a bound of the engine didn't hold on the way, so that exits may be
    /// missing from the record: a bug of the engine.
    pub fn into_records(mut self) -> Result<Records, BrokenBound> {
        if let Some(broken) = self.bounds.first() {
            return Err(broken.clone());
        }
        records::list_people(&mut self);
        Ok(self.records)
    }

    /// Whether a mechanism runs in this setup. What units and groups do is the
    /// record's in a replay: none gives up, passes to another or splits, or the
    /// record's dead would fall where nobody stands.
    pub(crate) fn runs(&self, mechanism: Mechanism) -> bool {
        let setup = &self.world.setup;
        let is_of_record = matches!(mechanism, Mechanism::Settlement | Mechanism::Absorption | Mechanism::Splits);
        setup.switches.is_on(mechanism) && !(is_of_record && setup.mode == OperationsMode::Observed)
    }
}
