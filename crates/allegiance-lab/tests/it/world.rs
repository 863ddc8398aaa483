//! A small world and a rich record of it, made by hand.

use allegiance_model::World;
use allegiance_model::calendar::Date;
use allegiance_model::case::{Case, Clashes, Layer, Measure, Pattern};
use allegiance_model::ids::{GroupId, HouseholdId, IncidentId, KindId, PersonId, PlaceId, UnitId};
use allegiance_model::parameters::Parameters;
use allegiance_model::setup::{
    AnswerMix, AxisSetup, Country, ForeignShare, GarrisonSetup, GroupSetup, KindSetup, Motives, OperationsMode,
    PlaceKind, PlaceSetup, RelationKind, ReportedAs, Setup, Switches, Theory,
};
use allegiance_model::tables::{
    Allegiance, AllegianceKind, Belief, Cause as Reason, Channel, ControlShare, Day, Displacement, Exposure, GroupDay,
    Incident, IncidentKind, Outcome, Person, Records, Standing,
};
use allegiance_record::observe::{Gazetteer, ObservationParameters, RecordRow, observe, reported_rows};
use allegiance_replay::{Progress, simulate};
use allegiance_runs::{RunError, RunInput, RunOptions, RunReport};
use allegiance_show::summary::render_summary;
use std::path::{Path, PathBuf};

pub(crate) const ISIS: GroupId = GroupId(0);
pub(crate) const REBELS: GroupId = GroupId(1);
pub(crate) const STATE: GroupId = GroupId(2);

/// A folder that is removed at the end of a test.
pub(crate) struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    pub(crate) fn new(name: &str) -> Self {
        Self::within(Path::new(env!("CARGO_TARGET_TMPDIR")), name)
    }

    pub(crate) fn within(parent: &Path, name: &str) -> Self {
        let path = parent.join(format!("{name}-{}", std::process::id()));
        drop(fs_err::remove_dir_all(&path));
        fs_err::create_dir_all(&path).expect("the test's folder can be made");
        Self(path)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        drop(fs_err::remove_dir_all(&self.0));
    }
}

fn place(id: &str, kind: PlaceKind, district: &str, at: (f64, f64), population: u32, control: [f64; 3]) -> PlaceSetup {
    PlaceSetup {
        displaced_share: 0.0,
        id: id.to_owned(),
        name: id.to_uppercase(),
        kind,
        governorate: if district == "Raqqa" { "Raqqa" } else { "Idlib" }.to_owned(),
        district: district.to_owned(),
        subdistrict: district.to_owned(),
        latitude_deg: at.0,
        longitude_deg: at.1,
        population,
        control: control.to_vec(),
    }
}

const A_STATE: KindId = KindId(0);
const REBEL: KindId = KindId(1);
const HIDDEN: KindId = KindId(2);

/// A state, rebels, and rebels who hide their losses.
fn kinds() -> Vec<KindSetup> {
    let mut kinds = KindSetup::usual();
    kinds[2] = KindSetup { id: "hidden".to_owned(), reported_as: ReportedAs::Hidden, ..kinds[1].clone() };
    kinds
}

fn group(id: &str, kind: KindId, members: u32) -> GroupSetup {
    GroupSetup {
        members,
        cause: vec![3.0; AxisSetup::USUAL.len()],
        brutality: 0.5,
        discipline: 1.0,
        pay_usd_per_month: 100.0,
        pay_foreign_usd_per_month: 200.0,
        foreign_share: ForeignShare { rank_and_file: 0.25, unit_commander: 0.5, field_commander: 0.5, leadership: 1.0 },
        motives: Motives { ideology: 0.4, material: 0.3, social: 0.3 },
        answers: AnswerMix { ignore: 0.5, offer: 0.3, punish: 0.2 },
        prisoners_executed_share: 0.2,
        strikes_per_month: 1.0,
        ..GroupSetup::blank(id, &format!("Group {id}"), kind)
    }
}

/// The defaults, with more fighting and leaving than is usual, so that a short
/// war of four places shows some.
fn busy() -> Parameters {
    let mut parameters = Parameters::default();
    for (path, value) in [
        ("operations.attacks_per_month", 0.2),
        ("exits.desertion_per_month", 0.016),
        ("exits.defection_per_month", 0.004),
        ("exits.departure_per_month", 0.002),
    ] {
        parameters.set(path, value).expect("a parameter");
    }
    parameters
}

/// Three groups, four places, from 1 January 2014: the outbreak is day 2.
pub(crate) fn setup(n_days: u32) -> Setup {
    let garrison = |group, place, members| GarrisonSetup { group, place: PlaceId(place), members };
    Setup {
        start: Date::from_ymd(2014, 1, 1).expect("a date"),
        n_days,
        seed: 7,
        places: vec![
            place("saraqib", PlaceKind::Town, "Idlib", (35.864, 36.805), 30_000, [0.9, 0.1, 0.0]),
            place("rami", PlaceKind::Village, "Idlib", (35.763, 36.559), 2_000, [0.6, 0.4, 0.0]),
            place("dana", PlaceKind::Town, "Harim", (36.211, 36.769), 14_000, [0.2, 0.8, 0.0]),
            place("raqqa", PlaceKind::City, "Raqqa", (35.95, 39.01), 220_000, [0.5, 0.0, 0.5]),
        ],
        kinds: kinds(),
        constituencies: KindSetup::USUAL_CONSTITUENCIES.map(str::to_owned).to_vec(),
        axes: AxisSetup::usual(),
        groups: vec![group("isis", HIDDEN, 800), group("rebels", REBEL, 1_500), group("state", A_STATE, 400)],
        relations: (0..9).map(|cell| if cell % 4 == 0 { RelationKind::Alliance } else { RelationKind::War }).collect(),
        garrisons: vec![garrison(ISIS, 0, 800), garrison(REBELS, 2, 1_500), garrison(STATE, 3, 400)],
        timeline: Vec::new(),
        mode: OperationsMode::Endogenous,
        events: Vec::new(),
        theory: Theory::default(),
        parameters: busy(),
        switches: Switches::default(),
        scale: std::num::NonZeroU32::MIN,
        observation: ObservationParameters::default(),
        country: Country::default(),
        case: Some(case()),
        places_are_real: Some(true),
        own_theories: Vec::new(),
    }
}

/// The twelve patterns of January 2014, for the three groups and four places.
pub(crate) fn case() -> Case {
    let from = Date::from_ymd(2014, 1, 3).expect("a date");
    let clashes = |n_days| Clashes { group: ISIS, against: vec![REBELS], from, n_days };
    let pattern = |id: &str, (low, high), layer, measure: Measure| Pattern {
        id: id.to_owned(),
        name: format!("pattern {id}"),
        layer,
        low,
        high,
        digits: if measure.counts_people() { 0 } else { 2 },
        weight: 1.0,
        source: "invented".to_owned(),
        measure,
    };
    let (happened, reported) = (Layer::Happened, Layer::Reported);
    let idlib = vec![PlaceId(0), PlaceId(1), PlaceId(2)];
    let lost = Measure::PlacesLost { group: ISIS, places: idlib, area: "Idlib".to_owned(), from, n_days: 14 };
    Case {
        title: "ISIS and its rivals, January 2014".to_owned(),
        about: "the fighting of January 2014".to_owned(),
        note: "C1 to C5 share one source".to_owned(),
        parameters: Vec::new(),
        left_out: vec![("C10".to_owned(), "too early".to_owned())],
        patterns: vec![
            pattern("C1", (1_400.0, 2_100.0), happened, Measure::Deaths(clashes(20))),
            pattern("C2", (0.65, 0.85), reported, Measure::EarlyDeathsShare(clashes(20), 13)),
            pattern("C3", (1.4, 2.1), reported, Measure::DeathsRatio(clashes(20))),
            pattern("C4", (0.09, 0.2), reported, Measure::CivilianShare(clashes(21))),
            pattern("C5", (0.08, 0.2), happened, Measure::ExecutedShare(clashes(13))),
            pattern("C6", (0.65, 1.0), happened, lost),
            pattern("C7a", (5_000.0, 12_000.0), happened, Measure::FirstMembers(ISIS)),
            pattern("C7b", (0.3, 0.45), happened, Measure::FirstForeignShare(ISIS)),
            pattern("C8", (0.004, 0.015), happened, Measure::QuietDesertions { quiet_days: 30 }),
            pattern("C9", (0.11, 0.33), happened, Measure::QuietSwitching { quiet_days: 30, switch_days: 30 }),
            pattern("C11", (0.0, 0.35), happened, Measure::IdeologyFirst(vec![ISIS, REBELS])),
            pattern("C12", (0.35, 0.65), happened, Measure::ProspectsNamed(vec![REBELS])),
        ],
    }
}

pub(crate) fn input(n_days: u32) -> RunInput {
    RunInput {
        scenario_id: "four-places".to_owned(),
        title: "Four places".to_owned(),
        scenario_hash: "ab".repeat(32),
        files: vec![
            ("scenario.toml".to_owned(), "id = \"four-places\"\n".to_owned()),
            ("tables/places.csv".to_owned(), "id\nsaraqib\n".to_owned()),
        ],
        setup: setup(n_days),
        unchanged: None,
    }
}

pub(crate) fn options(out: PathBuf, replicates: u32) -> RunOptions {
    RunOptions { threads: 2, ..RunOptions::new(out).with_replicates(replicates) }
}

/// What is reported of a replicate, from the simulation itself.
pub(crate) fn reported(setup: &Setup, replicate: u32) -> Vec<RecordRow> {
    let records = simulate(&World::build(setup.clone()), replicate).expect("every bound holds");
    let gazetteer = Gazetteer::of(setup);
    let events = observe(&records, setup, &gazetteer, &ObservationParameters::default(), replicate);
    reported_rows(&events, setup, &gazetteer)
}

/// An incident without dead.
pub(crate) fn incident(number: u32, day: u32, place: u32, perpetrator: GroupId, target: Option<GroupId>) -> Incident {
    Incident {
        incident: IncidentId(number),
        day: Day(day),
        place: PlaceId(place),
        kind: IncidentKind::Assault,
        perpetrator,
        target,
        n_attackers: 100,
        n_defenders: 50,
        p_attackers_win: target.map(|_| 0.5),
        attackers_won: number.is_multiple_of(2),
        dead_perpetrator: 0,
        dead_target: 0,
        dead_civilians: 0,
        n_executed: 0,
        n_wounded: 0,
        n_prisoners: 0,
        control_after: 0.5,
    }
}

/// A turn of allegiance with nothing recorded behind it.
pub(crate) fn turn(day: u32, person: u32, kind: AllegianceKind, group: Option<GroupId>) -> Allegiance {
    Allegiance { day: Day(day), person: PersonId(person), kind, group, ..Allegiance::BLANK }
}

pub(crate) fn exposure(day: u32, person: u32, group: GroupId) -> Exposure {
    Exposure {
        day: Day(day),
        person: PersonId(person),
        incident: IncidentId(0),
        channel: Channel::Kin,
        group,
        place: PlaceId(0),
        is_on_leave: true,
        is_home: true,
        blames_group: true,
        dead_civilians: 3,
        n_accusations: 1,
        n_denials: 2,
        conviction_before: 1.5,
        conviction_after: -0.5,
        credence_before: 0.1,
        credence_after: 0.7,
    }
}

/// A day of a group with some members and cumulative dead.
pub(crate) fn group_day(
    day: u32,
    group: GroupId,
    n_members: u32,
    n_foreign: u32,
    dead: u32,
    civilians: u32,
) -> GroupDay {
    GroupDay {
        day: Day(day),
        group,
        n_members,
        n_foreign,
        n_wounded: 0,
        n_held: 0,
        n_units: 10,
        n_places_controlled: 1,
        population_share: 0.3,
        dead,
        executed_by_enemy: dead / 4,
        executed_by_own: 0,
        joined: day,
        deserted: day / 2,
        defected: 0,
        departed: 0,
        arrived: 0,
        civilians_killed: civilians,
        momentum: 0.1,
    }
}

/// A record with every table filled; it depends on the replicate a little.
pub(crate) fn rich_records(setup: &Setup, replicate: u32) -> Records {
    let mut records = Records::default();
    for day in 0..setup.n_days {
        let number = records.incidents.incident.len() as u32;
        let mut assault = incident(number, day, day % 4, REBELS, Some(ISIS));
        assault.dead_perpetrator = 3;
        assault.dead_target = 2 + replicate;
        assault.dead_civilians = 1;
        records.incidents.push(assault);
        let mut killing = incident(number + 1, day, 1, ISIS, None);
        killing.kind = IncidentKind::Repression;
        killing.dead_civilians = 2;
        records.incidents.push(killing);
        for (group, members) in [(ISIS, 800), (REBELS, 1_500), (STATE, 400)] {
            records.groups.push(group_day(day, group, members - day, members / 3, 2 * day, day));
        }
    }
    push_turns(&mut records);
    records.exposures.push(exposure(3, 11, ISIS));
    records.control.push(ControlShare { day: Day(4), place: PlaceId(0), group: ISIS, share: 0.2 });
    records.control.push(ControlShare { day: Day(4), place: PlaceId(0), group: REBELS, share: 0.8 });
    records.displacement.push(Displacement {
        day: Day(4),
        place: PlaceId(1),
        households_fled: 10,
        households_returned: 1,
        households_away: 9,
        people_away: 54,
    });
    push_people(&mut records);
    records
}

fn push_turns(records: &mut Records) {
    let mut defection = turn(5, 11, AllegianceKind::Defection, Some(ISIS));
    defection.to_group = Some(REBELS);
    defection.unit = Some(UnitId(4));
    defection.incident = Some(IncidentId(0));
    defection.cause = Some(Reason::KinAndHome);
    defection.hazard = Some(0.25);
    records.allegiance.push(defection);
    let mut desertion = turn(6, 12, AllegianceKind::Desertion, Some(ISIS));
    desertion.cause = Some(Reason::Prospects);
    records.allegiance.push(desertion);
    let mut join = turn(6, 13, AllegianceKind::Join, None);
    join.to_group = Some(REBELS);
    join.cause = Some(Reason::Revenge);
    records.allegiance.push(join);
    records.allegiance.push(turn(4, 11, AllegianceKind::Voice, Some(ISIS)));
    let mut answer = turn(4, 11, AllegianceKind::Answer, Some(ISIS));
    answer.outcome = Some(Outcome::Offered);
    records.allegiance.push(answer);
    records.allegiance.push(turn(7, 14, AllegianceKind::Capture, Some(ISIS)));
}

fn push_people(records: &mut Records) {
    records.beliefs.push(Belief {
        day: Day(0),
        person: PersonId(11),
        group: ISIS,
        home: Some(PlaceId(1)),
        conviction: 1.0,
        evidence: 0.0,
        n_accusations: 0,
        n_denials: 3,
        honesty_own_command: 0.7,
        honesty_kin: 0.8,
        honesty_rivals: 0.2,
        honesty_outside_media: 0.1,
        credence: 0.3,
        perceived_risk: 0.2,
    });
    for (person, home) in [(11, Some(PlaceId(1))), (12, None)] {
        records.persons.push(Person {
            person: PersonId(person),
            home,
            household: home.map(|_| HouseholdId(3)),
            clan: None,
            age: 24,
            is_female: false,
            is_foreign: home.is_none(),
            motive_ideology: 0.4,
            motive_material: 0.3,
            motive_social: 0.3,
            first_group: Some(ISIS),
            group: None,
            standing: Standing::Deserter,
            n_wounds: 1,
            suspicion: None,
        });
    }
}

/// Runs with the summary that the program writes.
pub(crate) fn run(input: &RunInput, options: &RunOptions, progress: &dyn Progress) -> Result<RunReport, RunError> {
    allegiance_runs::run(input, options, &render_summary, progress)
}
