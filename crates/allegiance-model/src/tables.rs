//! The tables that a run writes: their rows, columns, units and meanings.
//!
//! Each table is declared once; the declaration gives the row type, the
//! columnar store, and the dictionary that documents and Parquet metadata are
//! generated from. Nothing here knows how a table is stored in a file.

use crate::exits::{blocks, exit_blocks};
use crate::ids::{ClanId, GroupId, HouseholdId, IncidentId, PersonId, PlaceId, UnitId};
use crate::setup::named;

/// The dictionary entry of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Column name.
    pub name: &'static str,
    /// Unit; `1` for counts, identifiers and words.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What its cells hold.
    pub kind: CellKind,
    /// Whether a cell may be empty.
    pub nullable: bool,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// A day counted from the start; writers add its date.
    Day,
    /// An unsigned whole number.
    Count,
    /// A real number.
    Real,
    /// True or false.
    Flag,
    /// A place, written as its identifier in the scenario.
    Place,
    /// A group, written as its identifier in the scenario.
    Group,
    /// One of a fixed list of words.
    Word(&'static [&'static str]),
}

/// The cells of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Days, counts, and codes of places, groups and words.
    Whole(Vec<Option<u32>>),
    /// Real numbers.
    Real(Vec<Option<f64>>),
    /// Flags.
    Flag(Vec<Option<bool>>),
}

/// One column of a table, with its dictionary entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The dictionary entry.
    pub info: &'static ColumnInfo,
    /// The cells, one a row.
    pub cells: Cells,
}

/// A value that can stand in a cell.
pub trait Cell: Copy {
    /// What the cells of such a column hold.
    const KIND: CellKind;
    /// Whether a cell may be empty.
    const NULLABLE: bool = false;
    /// What stands in a cell that is still to be filled.
    const BLANK: Self;
    /// The cells of a column of such values.
    fn cells(values: &[Self]) -> Cells;
    /// The values of a column's cells; none where a cell holds no such value.
    fn from_cells(cells: Cells) -> Option<Vec<Self>>;
}

impl Cells {
    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Whole(cells) => cells.is_empty(),
            Self::Real(cells) => cells.is_empty(),
            Self::Flag(cells) => cells.is_empty(),
        }
    }

    fn into_whole(self) -> Option<Vec<Option<u32>>> {
        match self {
            Self::Whole(cells) => Some(cells),
            other => other.is_empty().then(Vec::new),
        }
    }

    fn into_real(self) -> Option<Vec<Option<f64>>> {
        match self {
            Self::Real(cells) => Some(cells),
            other => other.is_empty().then(Vec::new),
        }
    }

    fn into_flags(self) -> Option<Vec<Option<bool>>> {
        match self {
            Self::Flag(cells) => Some(cells),
            other => other.is_empty().then(Vec::new),
        }
    }
}

/// A day counted from the start, 0 on the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Day(pub u32);

macro_rules! whole_cell {
    ($type:ty, $kind:expr, $value:ident => $code:expr, $found:ident => $made:expr, $blank:expr) => {
        impl Cell for $type {
            const KIND: CellKind = $kind;
            const BLANK: Self = $blank;
            fn cells(values: &[Self]) -> Cells {
                Cells::Whole(values.iter().map(|&$value| Some($code)).collect())
            }
            fn from_cells(cells: Cells) -> Option<Vec<Self>> {
                cells.into_whole()?.into_iter().map(|cell| cell.and_then(|$found| $made)).collect()
            }
        }

        impl Cell for Option<$type> {
            const KIND: CellKind = $kind;
            const NULLABLE: bool = true;
            const BLANK: Self = None;
            fn cells(values: &[Self]) -> Cells {
                Cells::Whole(values.iter().map(|value| value.map(|$value| $code)).collect())
            }
            fn from_cells(cells: Cells) -> Option<Vec<Self>> {
                let made = |cell: Option<u32>| match cell {
                    Some($found) => $made.map(Some),
                    None => Some(None),
                };
                cells.into_whole()?.into_iter().map(made).collect()
            }
        }
    };
}

whole_cell!(Day, CellKind::Day, value => value.0, code => Some(Day(code)), Day(0));
whole_cell!(u32, CellKind::Count, value => value, code => Some(code), 0);
whole_cell!(PersonId, CellKind::Count, value => value.0, code => Some(PersonId(code)), PersonId(0));
whole_cell!(UnitId, CellKind::Count, value => value.0, code => Some(UnitId(code)), UnitId(0));
whole_cell!(HouseholdId, CellKind::Count, value => value.0, code => Some(HouseholdId(code)), HouseholdId(0));
whole_cell!(ClanId, CellKind::Count, value => value.0, code => Some(ClanId(code)), ClanId(0));
whole_cell!(IncidentId, CellKind::Count, value => value.0, code => Some(IncidentId(code)), IncidentId(0));
whole_cell!(PlaceId, CellKind::Place, value => value.0, code => Some(PlaceId(code)), PlaceId(0));
whole_cell!(GroupId, CellKind::Group, value => u32::from(value.0), code => u8::try_from(code).ok().map(GroupId), GroupId(0));

impl Cell for f64 {
    const KIND: CellKind = CellKind::Real;
    const BLANK: Self = 0.0;
    fn cells(values: &[Self]) -> Cells {
        Cells::Real(values.iter().map(|&value| Some(value)).collect())
    }
    fn from_cells(cells: Cells) -> Option<Vec<Self>> {
        cells.into_real()?.into_iter().collect()
    }
}

impl Cell for Option<f64> {
    const KIND: CellKind = CellKind::Real;
    const NULLABLE: bool = true;
    const BLANK: Self = None;
    fn cells(values: &[Self]) -> Cells {
        Cells::Real(values.to_vec())
    }
    fn from_cells(cells: Cells) -> Option<Vec<Self>> {
        cells.into_real()
    }
}

impl Cell for bool {
    const KIND: CellKind = CellKind::Flag;
    const BLANK: Self = false;
    fn cells(values: &[Self]) -> Cells {
        Cells::Flag(values.iter().map(|&value| Some(value)).collect())
    }
    fn from_cells(cells: Cells) -> Option<Vec<Self>> {
        cells.into_flags()?.into_iter().collect()
    }
}

macro_rules! word_cell {
    ($($type:ty),*) => {
        $(whole_cell!($type, CellKind::Word(<$type>::WORDS), value => value as u32, code => <$type>::ALL.get(code as usize).copied(), <$type>::ALL[0]);)*
    };
}

/// Declares a table: the row type, its columnar store and its dictionary.
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        $row:ident in $store:ident = $name:literal {
            $(
                #[doc = $meaning:expr]
                $column:ident: $type:ty, $unit:literal;
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $row {
            $(#[doc = $meaning] pub $column: $type,)*
        }

        impl $row {
            /// A row of which nothing is filled in.
            pub const BLANK: Self = Self { $($column: <$type as Cell>::BLANK,)* };
        }

        #[doc = concat!("The columnar store of the table `", $name, "`.")]
        #[derive(Debug, Clone, PartialEq, Default)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $store {
            $(#[doc = $meaning] pub $column: Vec<$type>,)*
        }

        impl $store {
            /// Appends a row.
            pub fn push(&mut self, row: $row) {
                $(self.$column.push(row.$column);)*
            }

            /// Row at a position; panics past the end.
            pub fn row(&self, row_idx: usize) -> $row {
                $row { $($column: self.$column[row_idx],)* }
            }

            /// Rows in order.
            pub fn rows(&self) -> impl Iterator<Item = $row> + '_ {
                (0..self.n_rows()).map(|row_idx| self.row(row_idx))
            }
        }

        impl Table for $store {
            const NAME: &'static str = $name;
            const MEANING: &'static str = concat!($($doc, "\n",)*);
            const COLUMNS: &'static [ColumnInfo] = &[
                $(ColumnInfo {
                    name: stringify!($column),
                    unit: $unit,
                    meaning: $meaning,
                    kind: <$type as Cell>::KIND,
                    nullable: <$type as Cell>::NULLABLE,
                },)*
            ];

            fn n_rows(&self) -> usize {
                [$(self.$column.len(),)*][0]
            }

            fn columns(&self) -> Vec<Column> {
                let mut infos = Self::COLUMNS.iter();
                let mut columns = Vec::with_capacity(Self::COLUMNS.len());
                $(if let Some(info) = infos.next() {
                    columns.push(Column { info, cells: <$type as Cell>::cells(&self.$column) });
                })*
                columns
            }

            fn from_columns<E>(
                read: impl Fn(&'static ColumnInfo) -> Result<Cells, E>,
            ) -> Result<Self, ReadColumnError<E>> {
                let infos = &mut Self::COLUMNS.iter();
                Ok(Self { $($column: read_column(infos, &read)?,)* })
            }
        }
    };
}

/// Why the columns of a table can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadColumnError<E> {
    /// What whoever reads the cells has to say.
    Read(E),
    /// A cell of this column holds a value that no table holds.
    Value(&'static ColumnInfo),
}

/// The next column's values.
fn read_column<T: Cell, E>(
    infos: &mut std::slice::Iter<'static, ColumnInfo>,
    read: impl Fn(&'static ColumnInfo) -> Result<Cells, E>,
) -> Result<Vec<T>, ReadColumnError<E>> {
    let Some(info) = infos.next() else { return Ok(Vec::new()) };
    T::from_cells(read(info).map_err(ReadColumnError::Read)?).ok_or(ReadColumnError::Value(info))
}

/// A table with its dictionary.
pub trait Table: Sized {
    /// The table's name, which is also its file's stem.
    const NAME: &'static str;
    /// What a row is.
    const MEANING: &'static str;
    /// The dictionary of its columns.
    const COLUMNS: &'static [ColumnInfo];
    /// Number of rows.
    fn n_rows(&self) -> usize;
    /// The columns in order.
    fn columns(&self) -> Vec<Column>;
    /// The table whose columns hold the cells that `read` gives, which it is
    /// asked for in order.
    ///
    /// # Errors
    /// See [`ReadColumnError`].
    fn from_columns<E>(read: impl Fn(&'static ColumnInfo) -> Result<Cells, E>) -> Result<Self, ReadColumnError<E>>;
}

named! {
    /// What an incident is.
    pub enum IncidentKind {
        /// A group attacks a place held by an enemy.
        Assault = "assault",
        /// Prisoners are executed.
        Execution = "execution",
        /// Civilians are killed selectively by a group in control.
        Repression = "repression",
        /// An air or artillery strike.
        Strike = "strike",
        /// A leaver or his kin are killed by the group that he left.
        Reprisal = "reprisal",
    }
}

named! {
    /// What happened to a person's allegiance.
    pub enum AllegianceKind {
        /// An inhabitant becomes a member.
        Join = "join",
        /// A member complains to his commander.
        Voice = "voice",
        /// The commander answers.
        Answer = "answer",
        /// The complainant settles or refuses an offer.
        Settlement = "settlement",
        /// A member tries to leave and is caught.
        Capture = "capture",
        /// A caught leaver is executed.
        Execution = "execution",
        /// A member leaves the war.
        Desertion = "desertion",
        /// A member leaves for another group.
        Defection = "defection",
        /// A member leaves the country.
        Departure = "departure",
        /// A leaver is taken in, or turned away, by the new group.
        Arrival = "arrival",
        /// A former enemy is arrested by the group that took him in.
        Arrest = "arrest",
        /// A leaver is killed by the group that he left.
        Reprisal = "reprisal",
        /// A member is wounded.
        Wound = "wound",
        /// A wounded member returns to duty.
        Recovery = "recovery",
        /// A member is taken prisoner.
        Imprisonment = "imprisonment",
        /// A prisoner is freed or exchanged.
        Release = "release",
        /// A member is killed.
        Death = "death",
    }
}

named! {
    /// A way out of a group by decision.
    pub enum ExitKind {
        /// A member leaves the war.
        Desertion = "desertion",
        /// A member leaves for another group.
        Defection = "defection",
        /// A member leaves the country.
        Departure = "departure",
    }
}

impl ExitKind {
    /// The turn that records it.
    pub fn turn(self) -> AllegianceKind {
        match self {
            Self::Desertion => AllegianceKind::Desertion,
            Self::Defection => AllegianceKind::Defection,
            Self::Departure => AllegianceKind::Departure,
        }
    }
}

impl AllegianceKind {
    /// The way out that it records; none where nobody got away.
    pub fn exit(self) -> Option<ExitKind> {
        ExitKind::ALL.iter().copied().find(|exit| exit.turn() == self)
    }

    /// Whether somebody left his group by decision, and got away.
    pub fn is_exit(self) -> bool {
        self.exit().is_some()
    }
}

named! {
    /// What came of it.
    pub enum Outcome {
        /// The commander does nothing.
        Ignored = "ignored",
        /// The commander offers restitution.
        Offered = "offered",
        /// The commander punishes.
        Punished = "punished",
        /// The offer is accepted.
        Accepted = "accepted",
        /// The offer is refused.
        Refused = "refused",
        /// The new group takes the leaver in.
        TakenIn = "taken_in",
        /// The new group takes the leaver in and watches him.
        Watched = "watched",
        /// The new group turns the leaver away.
        TurnedAway = "turned_away",
        /// Killed in an assault.
        Combat = "combat",
        /// Died of wounds.
        Wounds = "wounds",
        /// Executed as a prisoner.
        Executed = "executed",
        /// Killed by a strike.
        Strike = "strike",
    }
}

named! {
    /// How an incident reached a person.
    pub enum Channel {
        /// Seen in person.
        Witnessed = "witnessed",
        /// The dead are the person's kin.
        KinKilled = "kin_killed",
        /// Told by kin.
        Kin = "kin",
        /// Heard from the home village.
        Village = "village",
    }
}

/// Declares the causes, first those of the blocks.
macro_rules! causes {
    ($($module:ident $cause:ident $column:ident;)*) => {
        named! {
            /// The strongest factor of a decision: the block of the exit hazard, or
            /// the driver of joining, with the largest contribution.
            pub enum Cause {
                $(
                    #[doc = concat!("The block `", stringify!($module), "` of the exit hazard.")]
                    $cause = stringify!($module) => blocks::$module::BLOCK.words.meaning,
                )*
                /// Kin and friends in the group.
                SocialTies = "social_ties",
                /// Control of the home by the group.
                Control = "control",
                /// Revenge for kin.
                Revenge = "revenge",
                /// The baseline alone.
                Baseline = "baseline",
                /// The unit gave up, broke away or passed to an ally as one.
                WithUnit = "with_unit",
            }
        }
    };
}
exit_blocks!(causes);

named! {
    /// Rank of a member.
    pub enum Rank {
        /// Rank and file.
        RankAndFile = "rank_and_file",
        /// Commander of a unit.
        UnitCommander = "unit_commander",
        /// Commander of several units.
        FieldCommander = "field_commander",
        /// Leadership.
        Leadership = "leadership",
    }
}

named! {
    /// How a person stands in the war.
    pub enum Standing {
        /// A member on duty or on leave.
        Active = "active",
        /// A member who recovers from wounds.
        Wounded = "wounded",
        /// Held by an enemy.
        Prisoner = "prisoner",
        /// Held by his own group.
        Detained = "detained",
        /// Left the war; lives at home.
        Deserter = "deserter",
        /// Left the country.
        Departed = "departed",
        /// Dead.
        Dead = "dead",
        /// An inhabitant.
        Civilian = "civilian",
    }
}

word_cell!(IncidentKind, AllegianceKind, Outcome, Channel, Cause, Rank, Standing);

table! {
    /// Every true incident: what happened, whether anyone reported it or not.
    /// Who dies of wounds until the end of the run is counted with the incident
    /// in which he was wounded, on its day; executions by a leaver's own group
    /// belong to none.
    Incident in Incidents = "incidents" {
        /// Incident number within the replicate.
        incident: IncidentId, "1";
        /// Day it happened.
        day: Day, "d";
        /// Where it happened.
        place: PlaceId, "1";
        /// What it was.
        kind: IncidentKind, "1";
        /// The group that did it.
        perpetrator: GroupId, "1";
        /// The armed group it was done to; empty where only civilians were harmed.
        target: Option<GroupId>, "1";
        /// Attackers engaged.
        n_attackers: u32, "persons";
        /// Defenders engaged.
        n_defenders: u32, "persons";
        /// Probability, before the fight, that the attackers win.
        p_attackers_win: Option<f64>, "probability";
        /// Whether the attackers won.
        attackers_won: bool, "1";
        /// Members of the attacking side killed, allies and those who died of wounds counted.
        dead_perpetrator: u32, "persons";
        /// Members of the target side killed, those who died of wounds counted.
        dead_target: u32, "persons";
        /// Civilians killed.
        dead_civilians: u32, "persons";
        /// Of the target side's dead, those executed as prisoners.
        n_executed: u32, "persons";
        /// Members of both sides wounded, those who died of it counted.
        n_wounded: u32, "persons";
        /// Members of the target side, or of a beaten attacker, taken prisoner.
        n_prisoners: u32, "persons";
        /// Control share of the perpetrator in the place afterwards.
        control_after: f64, "share";
    }
}

/// Declares the table `allegiance`, with a column for each block.
macro_rules! allegiance {
    ($($module:ident $cause:ident $column:ident;)*) => {
        table! {
            /// Every change of a person's allegiance, with the hazard behind a decision.
            Allegiance in Allegiances = "allegiance" {
                /// Day it happened.
                day: Day, "d";
                /// The person.
                person: PersonId, "1";
                /// What happened.
                kind: AllegianceKind, "1";
                /// What came of it.
                outcome: Option<Outcome>, "1";
                /// The person's group before.
                group: Option<GroupId>, "1";
                /// The group turned to: joined, arrived at, or captor.
                to_group: Option<GroupId>, "1";
                /// The person's unit before.
                unit: Option<UnitId>, "1";
                /// Where it happened.
                place: PlaceId, "1";
                /// Whether the person is foreign.
                is_foreign: bool, "1";
                /// The person's rank before, in a group.
                rank: Option<Rank>, "1";
                /// Whether the person was on leave at home.
                is_on_leave: bool, "1";
                /// The incident behind it.
                incident: Option<IncidentId>, "1";
                /// The strongest factor: the block or driver that contributed most.
                cause: Option<Cause>, "1";
                /// Conviction at that moment: log-odds that the group serves its cause.
                conviction: Option<f64>, "log-odds";
                /// Hazard of desertion, or of joining for a join.
                hazard: Option<f64>, "1/month";
                /// Hazard of defection.
                hazard_defection: Option<f64>, "1/month";
                /// Hazard of departure.
                hazard_departure: Option<f64>, "1/month";
                $(
                    #[doc = concat!("What the block `", stringify!($module), "` added to the log-hazard of the kind chosen.")]
                    $column: Option<f64>, "log-hazard";
                )*
                /// Suspicion by the new side at that moment.
                suspicion: Option<f64>, "probability";
            }
        }
    };
}
exit_blocks!(allegiance);

table! {
    /// Every own-group incident that reached a member in person or through
    /// kin and village; an attack on an undefended place, in which nobody was
    /// killed, is one too.
    Exposure in Exposures = "exposures" {
        /// Day it reached the person.
        day: Day, "d";
        /// The person.
        person: PersonId, "1";
        /// The incident.
        incident: IncidentId, "1";
        /// How it reached him.
        channel: Channel, "1";
        /// The person's group, which is also the perpetrator.
        group: GroupId, "1";
        /// Where the person was.
        place: PlaceId, "1";
        /// Whether he was on leave at home.
        is_on_leave: bool, "1";
        /// Whether the incident hit his own quarter of his home.
        is_home: bool, "1";
        /// Whether he holds his own group to blame for it.
        blames_group: bool, "1";
        /// Civilians killed in the incident; 0 for an attack without deaths among them.
        dead_civilians: u32, "persons";
        /// Accusations against his group heard before.
        n_accusations: u32, "1";
        /// Denials by his command heard before.
        n_denials: u32, "1";
        /// Conviction before.
        conviction_before: f64, "log-odds";
        /// Conviction after.
        conviction_after: f64, "log-odds";
        /// Credence of the accusations heard before, before.
        credence_before: f64, "probability";
        /// Credence of the accusations heard before, after.
        credence_after: f64, "probability";
    }
}

table! {
    /// Each group on each day.
    GroupDay in GroupDays = "groups" {
        /// The day, at its end.
        day: Day, "d";
        /// The group.
        group: GroupId, "1";
        /// Active members, on duty or on leave.
        n_members: u32, "persons";
        /// Of the active members, those who are foreign.
        n_foreign: u32, "persons";
        /// Members who recover from wounds.
        n_wounded: u32, "persons";
        /// Members held by enemies or by their own group.
        n_held: u32, "persons";
        /// Units with at least one active member.
        n_units: u32, "1";
        /// Places where it has the largest control share.
        n_places_controlled: u32, "1";
        /// Share of the population under its control, by control share.
        population_share: f64, "share";
        /// Members killed so far: in combat and strikes, dead of wounds, or executed by either side.
        dead: u32, "persons";
        /// Of the killed, those executed by an enemy as prisoners.
        executed_by_enemy: u32, "persons";
        /// Of the killed, those executed by their own group for leaving.
        executed_by_own: u32, "persons";
        /// Joined so far.
        joined: u32, "persons";
        /// Deserted so far.
        deserted: u32, "persons";
        /// Defected to another group so far.
        defected: u32, "persons";
        /// Left the country so far.
        departed: u32, "persons";
        /// Taken in from another group so far.
        arrived: u32, "persons";
        /// Civilians killed by the group so far. All deaths are the sum of this and `dead` over the groups.
        civilians_killed: u32, "persons";
        /// Victory momentum: smoothed share of contested territory gained.
        momentum: f64, "1";
    }
}

table! {
    /// Control shares, on the first day and whenever one moved by 0.01 or more.
    ControlShare in ControlShares = "control" {
        /// The day, at its end.
        day: Day, "d";
        /// The place.
        place: PlaceId, "1";
        /// The group.
        group: GroupId, "1";
        /// Its control share.
        share: f64, "share";
    }
}

table! {
    /// Flight and return of households, on days when there were any, and on the
    /// first day where the scenario has households away.
    Displacement in Displacements = "displacement" {
        /// The day.
        day: Day, "d";
        /// The place of origin.
        place: PlaceId, "1";
        /// Households that fled on the day.
        households_fled: u32, "households";
        /// Households that came back on the day.
        households_returned: u32, "households";
        /// Households away at the end of the day.
        households_away: u32, "households";
        /// People away at the end of the day.
        people_away: u32, "persons";
    }
}

table! {
    /// What a fixed sample of members believes, once a week.
    Belief in Beliefs = "beliefs" {
        /// The day.
        day: Day, "d";
        /// The person.
        person: PersonId, "1";
        /// The person's group.
        group: GroupId, "1";
        /// The person's home; empty for foreign members.
        home: Option<PlaceId>, "1";
        /// Conviction: log-odds that the group serves its cause.
        conviction: f64, "log-odds";
        /// Direct evidence held against the group.
        evidence: f64, "log-odds";
        /// Accusations heard from all sources.
        n_accusations: u32, "1";
        /// Denials heard from the own command.
        n_denials: u32, "1";
        /// Posterior probability that the own command is honest.
        honesty_own_command: f64, "probability";
        /// Posterior probability that kin and neighbours are honest.
        honesty_kin: f64, "probability";
        /// Posterior probability that rival groups are honest.
        honesty_rivals: f64, "probability";
        /// Posterior probability that outside media are honest.
        honesty_outside_media: f64, "probability";
        /// Credence that the accusations heard are true.
        credence: f64, "probability";
        /// Perceived risk of being caught leaving.
        perceived_risk: f64, "probability";
    }
}

table! {
    /// Every person that history touched, as he stood at the end of the run.
    Person in Persons = "persons" {
        /// The person.
        person: PersonId, "1";
        /// Home; empty for foreign members.
        home: Option<PlaceId>, "1";
        /// Household; empty for foreign members.
        household: Option<HouseholdId>, "1";
        /// Clan; empty for foreign members.
        clan: Option<ClanId>, "1";
        /// Age in whole years on the first day.
        age: u32, "a";
        /// Whether the person is a woman or a girl.
        is_female: bool, "1";
        /// Whether the person is foreign.
        is_foreign: bool, "1";
        /// Motive weight of ideology.
        motive_ideology: f64, "share";
        /// Motive weight of pay and goods.
        motive_material: f64, "share";
        /// Motive weight of kin, friends and protection.
        motive_social: f64, "share";
        /// First group; empty for civilians.
        first_group: Option<GroupId>, "1";
        /// Group at the end; empty for civilians and leavers.
        group: Option<GroupId>, "1";
        /// Standing at the end.
        standing: Standing, "1";
        /// Times wounded.
        n_wounds: u32, "1";
        /// Suspicion by the present group at the end; empty for those who never came over to it.
        suspicion: Option<f64>, "probability";
    }
}

/// The record of one run: all tables.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Records {
    /// True incidents.
    pub incidents: Incidents,
    /// Changes of allegiance.
    pub allegiance: Allegiances,
    /// Exposures of members.
    pub exposures: Exposures,
    /// Groups by day.
    pub groups: GroupDays,
    /// Control on change.
    pub control: ControlShares,
    /// Displacement.
    pub displacement: Displacements,
    /// Sampled beliefs.
    pub beliefs: Beliefs,
    /// People that history touched; filled at the end of the run.
    pub persons: Persons,
}

/// The name, meaning and columns of one table.
#[derive(Debug, Clone, Copy)]
pub struct TableInfo {
    /// The table's name.
    pub name: &'static str,
    /// What a row is.
    pub meaning: &'static str,
    /// Its columns.
    pub columns: &'static [ColumnInfo],
}

impl Records {
    /// The dictionary of every table, in the order of [`Records::tables`].
    pub fn dictionary() -> Vec<TableInfo> {
        fn info<T: Table>() -> TableInfo {
            TableInfo { name: T::NAME, meaning: T::MEANING, columns: T::COLUMNS }
        }
        vec![
            info::<Incidents>(),
            info::<Allegiances>(),
            info::<Exposures>(),
            info::<GroupDays>(),
            info::<ControlShares>(),
            info::<Displacements>(),
            info::<Beliefs>(),
            info::<Persons>(),
        ]
    }

    /// The columns of every table, in the order of [`Records::dictionary`].
    pub fn tables(&self) -> Vec<Vec<Column>> {
        vec![
            self.incidents.columns(),
            self.allegiance.columns(),
            self.exposures.columns(),
            self.groups.columns(),
            self.control.columns(),
            self.displacement.columns(),
            self.beliefs.columns(),
            self.persons.columns(),
        ]
    }
}
