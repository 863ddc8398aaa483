//! The engine of Allegiance: a civil war with one agent per inhabitant.
//!
//! No files, clock, environment, threads or printing: see ARCHITECTURE.md. Below
//! are its modules, the mechanisms, and the day as a list of phases.

pub mod absorption;
pub mod acceptance;
pub mod arrival;
pub mod axes;
pub mod belief;
mod branch;
pub mod calendar;
pub mod campaign;
pub mod case;
pub mod causes;
pub mod coercion;
pub mod combat;
pub mod conscripts;
pub mod control;
pub mod crew;
pub mod denunciation;
pub mod deterrence;
pub mod displacement;
pub mod entry;
pub mod executions;
pub mod exits;
pub mod expectation;
mod first_members;
pub mod flight;
mod geography;
mod gravity;
pub mod groups;
pub mod harm;
pub mod ids;
pub mod inflow;
pub mod information;
pub mod interventions;
pub mod interviews;
pub mod joining;
pub mod kinship;
pub mod leave;
pub mod local_infighting;
pub mod maths;
mod mechanisms;
mod model;
pub mod movement;
mod muster;
mod musters;
pub mod news;
pub mod observation;
mod observed;
pub mod operations;
pub mod parameters;
pub mod prisoners;
pub mod random;
mod records;
pub mod relations;
pub mod reprisal;
pub mod revenue;
#[cfg(feature = "serde")]
mod saved;
mod scale;
pub mod settlement;
pub mod setup;
pub mod sieges;
pub mod splits;
mod state;
pub mod strikes;
pub mod support;
pub mod tables;
pub mod targets;
pub mod theory;
mod timeline;
pub mod traits;
pub mod voice;
pub mod watches;
mod world;

#[cfg(test)]
#[path = "../tests/dense/mod.rs"]
mod dense;
/// The name by which the tests outside know the crate, for those that both share.
#[cfg(test)]
extern crate self as allegiance_model;

mechanisms::mechanisms! {
    /// Households, clans and marriage ties.
    kinship: kinship::KinshipParameters;
    /// Traits that a person keeps for life.
    traits: traits::TraitParameters;
    /// Units and where their members come from.
    units: UnitParameters;
    /// Control of places.
    control: control::ControlParameters;
    /// Rotation of members to their homes.
    leave: leave::LeaveParameters, switch Leave;
    /// Movement of units between places.
    movement: movement::MovementParameters, switch Movement;
    /// The choice of operations: assaults between groups at war.
    operations: operations::OperationParameters, switch Operations;
    /// What a place is worth, and what falls without an assault.
    targets: targets::TargetParameters, switch Targets;
    /// Axes of advance, and the opening of a war.
    campaigns: campaign::CampaignParameters, switch Campaigns;
    /// Sieges of towns that are cut off.
    sieges: sieges::SiegeParameters, switch Sieges;
    /// The outcome of an assault.
    combat: combat::CombatParameters;
    /// What becomes of prisoners, by their captor's policy.
    prisoners: prisoners::PrisonerParameters, switch Prisoners;
    /// An assault in two watches, between which those who are there decide.
    watches: watches::WatchParameters, switch Watches;
    /// What newcomers tell of the unit that they left.
    information: information::InformationParameters, switch Information;
    /// Harm to civilians.
    harm: harm::HarmParameters;
    /// Violence against civilians outside assaults.
    repression, switch Repression;
    /// Air and artillery strikes.
    strikes: strikes::StrikeParameters, switch Strikes;
    /// Denunciation and selective violence.
    denunciation: denunciation::DenunciationParameters;
    /// Civilian support for groups.
    support: support::SupportParameters;
    /// How an incident reaches people: by witnesses, kin and village.
    news: news::NewsParameters, switch News;
    /// Claims by command, rivals and outside media.
    claims, switch Claims;
    /// Conviction.
    belief: belief::BeliefParameters;
    /// What a group is for: two claims of its members, and how far its cause is from theirs.
    causes: causes::CauseParameters, switch Causes;
    /// Complaints and their answers.
    voice: voice::VoiceParameters, switch Voice;
    /// Desertion, defection and departure.
    exits: exits::ExitParameters, switch Exits;
    /// Forced entry: some of a group's men were made to join it.
    entry: entry::EntryParameters, switch Entry;
    /// Where a leaver goes, by what awaits him there.
    destination: exits::DestinationParameters, switch Destination;
    /// Fear for one's life by the losses of the own unit, as a block of the hazard of exit.
    danger, switch Danger;
    /// Whether inside is safer than outside, as a block of the hazard of exit.
    protection, switch Protection;
    /// Expectation of victory: it moves joining, leaving, where leavers go, and units that give up.
    expectation: expectation::ExpectationParameters, switch Expectation;
    /// A man about to go asks those closest to him: they go together, or keep him.
    persuasion: exits::PersuasionParameters, switch Persuasion;
    /// Capture of leavers, and what is learned from it.
    deterrence: deterrence::DeterrenceParameters, switch Deterrence;
    /// What units remember of the executions of leavers.
    executions: executions::ExecutionParameters, switch Executions;
    /// Blocking troops and guards, and what they cost.
    coercion: coercion::CoercionParameters, switch Coercion;
    /// Joining.
    joining: joining::JoiningParameters, switch Joining;
    /// Arrival at a new side.
    arrival: arrival::ArrivalParameters;
    /// Units that give up without a fight: they withdraw, go home, or join the enemy.
    settlement: settlement::SettlementParameters, switch Settlement;
    /// Groups that pass to a stronger ally.
    absorption: absorption::AbsorptionParameters, switch Absorption;
    /// Commanders who found a group of their own with their men.
    splits: splits::SplitParameters, switch Splits;
    /// The new side's distrust of a former enemy.
    stigma, switch Stigma;
    /// How far a newcomer is accepted by his new side, and who of those who left comes back.
    acceptance: acceptance::AcceptanceParameters, switch Acceptance;
    /// Reprisal against leavers and their kin.
    reprisal: reprisal::ReprisalParameters, switch Reprisal;
    /// Flight and return of households.
    displacement: displacement::DisplacementParameters, switch Displacement;
    /// Flight for a reason: from new rule by others and from assaults, and hardly in peace.
    flight: flight::FlightParameters, switch Flight;
    /// Levers from outside and inside.
    interventions: interventions::InterventionParameters;
    /// Infighting between groups.
    relations: relations::RelationParameters;
    /// Monthly start of infighting between groups.
    infighting, switch Infighting;
    /// Infighting stays in one district.
    local_infighting: local_infighting::LocalInfightingParameters, switch LocalInfighting;
}

use crew::{Alone, Crew};

impl Model<'_> {
    /// Simulates one day, phase by phase (MODEL.md 4).
    pub fn step(&mut self) {
        self.step_with(&Alone);
    }

    /// The same with a crew for what can be done in parts. What comes of it doesn't depend on the crew.
    pub fn step_with(&mut self, crew: &dyn Crew) {
        timeline::apply(self);
        revenue::pay_out(self);
        muster::return_to_duty(self);
        operations::march(self);
        match self.world.setup.mode {
            setup::OperationsMode::Endogenous => {
                campaign::plan(self);
                sieges::review(self);
                operations::assault(self);
                targets::fall(self);
                harm::repress(self);
                strikes::strike(self);
            }
            setup::OperationsMode::Observed => observed::replay(self),
        }
        support::respond(self);
        causes::follow(self);
        news::spread(self);
        branch::turn(self);
        news::reach_members(self);
        belief::average(self);
        voice::complain(self);
        exits::decide(self, crew);
        joining::recruit(self, crew);
        inflow::arrive(self);
        displacement::flee_and_return(self);
        arrival::settle_leavers(self);
        acceptance::review(self);
        settlement::settle(self);
        watches::fight_on(self);
        reprisal::pursue(self);
        relations::review(self);
        absorption::review(self);
        splits::review(self);
        control::relax(self);
        expectation::review(self);
        records::close_day(self);
        self.end_day();
    }
}

pub use first_members::UnitParameters;
pub use mechanisms::MechanismInfo;
pub use model::Model;
#[cfg(feature = "serde")]
pub use saved::{SavedElsewhere, SavedModel};
pub use world::World;
