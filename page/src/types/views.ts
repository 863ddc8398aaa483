// Written from the Rust types of allegiance-show, module view; don't edit.
// Anew: ALLEGIANCE_BLESS=1 cargo test --profile ci -p allegiance-show typescript

/**
 * One run at a glance.
 */
export type Overview = {
/**
 * That it is simulated.
 */
about: string,
/**
 * A short name: the scenario and what was changed of it.
 */
label: string,
/**
 * Version of the engine.
 */
engine_version: string,
/**
 * Commit of the source.
 */
git: string | null,
/**
 * Identifier of the scenario.
 */
scenario_id: string,
/**
 * Title of the scenario.
 */
scenario_title: string,
/**
 * Hash of the resolved scenario.
 */
scenario_hash: string,
/**
 * Seed.
 */
seed: number,
/**
 * Number of replicates.
 */
n_replicates: number,
/**
 * Number of days.
 */
n_days: number,
/**
 * Date of the first day.
 */
start: string,
/**
 * Date of the last day.
 */
end: string,
/**
 * The theory of belief.
 */
belief: string,
/**
 * The theory of exit.
 */
exit: string,
/**
 * The theories in files, for whoever goes on with it; none where the scenario can't be read.
 */
theories: Array<TheoryFile>,
/**
 * What was changed of the scenario, as assignments in their order.
 */
changes: Array<string>,
/**
 * What the changes of the user make different from the scenario.
 */
changed: Array<DifferenceEntry>,
/**
 * Parameters that aren't at their defaults.
 */
changed_parameters: Array<Change>,
/**
 * A place whose leader has less than this share of control is contested.
 */
contested_below: number,
/**
 * The groups; views name them by position.
 */
groups: Array<GroupEntry>,
/**
 * The places; views name them by position.
 */
places: Array<PlaceEntry>,
/**
 * What its map is drawn on; empty where nobody asked for it.
 */
base: BaseMap,
/**
 * Strongest factors of an exit: the word of the table `allegiance`, and the reason
 * that it gives somebody to leave.
 */
reasons: Array<[string, string]>,
/**
 * Dated entries of the scenario's timeline.
 */
happenings: Array<HappeningEntry>,
/**
 * What this is and isn't, as sentences.
 */
assumptions: Array<string>, };

/**
 * A theory that somebody wrote.
 */
export type TheoryFile = {
/**
 * Its name.
 */
name: string,
/**
 * The name of its file, as changes have it after their folder.
 */
file: string,
/**
 * The slots that it fills, such as `exit`.
 */
slots: Array<string>,
/**
 * The text of its file.
 */
text: string, };

/**
 * What a run was made from: its scenario as texts.
 */
export type ScenarioFiles = {
/**
 * What the command line takes in its place, such as `one-village` or
 * `runs/base/scenario`; none where nobody knows where it lies.
 */
named: string | null,
/**
 * The files' texts by name, `scenario.toml` among them; what it extends lies below
 * `base/`, theories that were given beside it below `given/`.
 */
files: { [key in string]: string }, };

/**
 * Two runs side by side.
 */
export type Pair = {
/**
 * What the second was given otherwise than the first; none where that
 * can't be told.
 */
differs: Array<DifferenceEntry> | null,
/**
 * Why that can't be told, as a sentence; none where it can.
 */
untold: string | null,
/**
 * That no replicate differs, and why where it is known, as a sentence; none
 * where something differs.
 */
nothing: string | null,
/**
 * Pairs of replicates.
 */
n_pairs: number,
/**
 * What to know before a difference is read, as sentences.
 */
notes: Array<string>, };

/**
 * One thing in which two setups differ.
 */
export type DifferenceEntry = {
/**
 * What kind of thing: parameter, theory, pay, timeline and others.
 */
kind: string,
/**
 * Its key.
 */
key: string,
/**
 * Its value in the first; none where the first hasn't it.
 */
a: string | null,
/**
 * Its value in the second; none where the second hasn't it.
 */
b: string | null,
/**
 * The second as seen from the first.
 */
words: string, };

/**
 * A parameter that isn't at its default.
 */
export type Change = {
/**
 * Its name.
 */
name: string,
/**
 * Its value.
 */
value: string,
/**
 * Its default.
 */
default: string, };

/**
 * A group.
 */
export type GroupEntry = {
/**
 * Its identifier.
 */
id: string,
/**
 * Its name.
 */
name: string,
/**
 * How it looks.
 */
look: GroupLook, };

/**
 * One group's look.
 */
export type GroupLook = {
/**
 * A letter or two, unique among the groups.
 */
letters: string,
/**
 * The colour of its areas and lines.
 */
colour: Colour,
/**
 * The colour of letters on its areas.
 */
ink: Colour,
/**
 * What lies over its areas.
 */
texture: Texture,
/**
 * `stroke-dasharray` of its lines.
 */
dash: string, };

/**
 * A colour on a light ground and on a dark one, as `#rrggbb`.
 */
export type Colour = {
/**
 * On a light ground.
 */
light: string,
/**
 * On a dark ground.
 */
dark: string, };

/**
 * What lies over a group's colour where an area is filled.
 */
export type Texture = "plain" | "lines" | "dots" | "grid";

/**
 * A place.
 */
export type PlaceEntry = {
/**
 * Its identifier.
 */
id: string,
/**
 * Its name.
 */
name: string,
/**
 * Degrees east.
 */
lon: number,
/**
 * Degrees north.
 */
lat: number,
/**
 * Inhabitants on the first day.
 */
population: number,
/**
 * First administrative level.
 */
region: string, };

/**
 * A dated entry of the scenario's timeline.
 */
export type HappeningEntry = {
/**
 * The day.
 */
day: number,
/**
 * What happens.
 */
text: string,
/**
 * Where, by the place's position.
 */
place: number | null, };

/**
 * What a map is drawn on.
 */
export type BaseMap = {
/**
 * Countries in the order of their names.
 */
countries: Array<CountryShape>,
/**
 * Rivers.
 */
rivers: Array<Array<[number, number]>>,
/**
 * Rings of lakes.
 */
lakes: Array<Array<[number, number]>>,
/**
 * Borders between the provinces of a country.
 */
borders: Array<Array<[number, number]>>, };

/**
 * A country on a map.
 */
export type CountryShape = {
/**
 * Its name, as Natural Earth has it.
 */
name: string,
/**
 * Whether the war is there: one in twenty places, or more.
 */
has_places: boolean,
/**
 * Its rings.
 */
rings: Array<Array<[number, number]>>, };

/**
 * One replicate.
 */
export type History = {
/**
 * Its number.
 */
replicate: number,
/**
 * Control on change, in order of day; shares rounded to 0.001.
 */
control: Array<ControlChange>,
/**
 * Who holds each place on the first day, and every change, in order of day.
 */
holders: Array<HolderChange>,
/**
 * Incidents, in order of number.
 */
incidents: Array<IncidentView>,
/**
 * Displacement on change, in order of day.
 */
displacement: Array<Exodus>,
/**
 * The groups day by day, by measure, then group.
 */
series: Array<Series>,
/**
 * Sampled beliefs by home and group, in order of day.
 */
beliefs: Array<HomeBelief>,
/**
 * The digest of each table, by name.
 */
digests: { [key in string]: string }, };

/**
 * How far the replicates of a run agree on who holds what.
 */
export type Agreement = {
/**
 * How many replicates there are.
 */
n_replicates: number,
/**
 * The counts from the first day on, and every change, in order of day.
 */
counts: Array<HolderCounts>, };

/**
 * In how many replicates each group holds a place, from a day on.
 */
export type HolderCounts = {
/**
 * The day, at its end.
 */
day: number,
/**
 * The place, by its position.
 */
place: number,
/**
 * The group, by its position, or none where it is contested, with the
 * number of replicates; those of none are left out.
 */
held: Array<[number | null, number]>, };

/**
 * A control share, on the first day or when it changed.
 */
export type ControlChange = {
/**
 * The day, at its end.
 */
day: number,
/**
 * The place, by its position.
 */
place: number,
/**
 * The group, by its position.
 */
group: number,
/**
 * Its control share from then on.
 */
share: number, };

/**
 * From when on somebody else holds a place.
 */
export type HolderChange = {
/**
 * The day, at its end.
 */
day: number,
/**
 * The place, by its position.
 */
place: number,
/**
 * The group, by its position; none where it is contested from then on.
 */
holder: number | null, };

/**
 * An incident.
 */
export type IncidentView = {
/**
 * Its number.
 */
incident: number,
/**
 * The day.
 */
day: number,
/**
 * The place, by its position.
 */
place: number,
/**
 * What it was.
 */
kind: string,
/**
 * The group that did it, by its position.
 */
perpetrator: number,
/**
 * The armed group it was done to.
 */
target: number | null,
/**
 * Whether the attackers won.
 */
attackers_won: boolean,
/**
 * Dead of the attacking side.
 */
dead_perpetrator: number,
/**
 * Dead of the target side.
 */
dead_target: number,
/**
 * Dead civilians.
 */
dead_civilians: number,
/**
 * The incident in words.
 */
sentence: string, };

/**
 * How many inhabitants of a place are away from home.
 */
export type Exodus = {
/**
 * The day, at its end.
 */
day: number,
/**
 * The place of origin, by its position.
 */
place: number,
/**
 * People away from then on.
 */
people_away: number, };

/**
 * What the sampled members from a place believe on a day.
 */
export type HomeBelief = {
/**
 * The day.
 */
day: number,
/**
 * Their home, by its position.
 */
home: number,
/**
 * Their group, by its position.
 */
group: number,
/**
 * Mean conviction, log-odds.
 */
mean_conviction: number,
/**
 * How many were sampled.
 */
n: number, };

/**
 * What a series measures.
 */
export type Measure = "strength" | "deaths" | "joins" | "exits" | "civilians_killed" | "population_share";

/**
 * One measure of one group in one replicate.
 */
export type Series = {
/**
 * What is measured.
 */
measure: Measure,
/**
 * The group, by its position.
 */
group: number,
/**
 * One value a day.
 */
values: Array<number>, };

/**
 * One measure of one group over the replicates.
 */
export type Band = {
/**
 * What is measured.
 */
measure: Measure,
/**
 * The group, by its position.
 */
group: number,
/**
 * Lower end of the 90% interval, one value a day.
 */
low: Array<number>,
/**
 * Median, one value a day.
 */
median: Array<number>,
/**
 * Upper end of the 90% interval, one value a day.
 */
high: Array<number>, };

/**
 * Every measure of every group over the replicates.
 */
export type Bands = {
/**
 * How many replicates there are.
 */
n_replicates: number,
/**
 * By measure, then group.
 */
bands: Array<Band>,
/**
 * What to know of intervals of few replicates; none where there are enough.
 */
note: string | null,
/**
 * What the replicates agree on, as sentences.
 */
sentences: Array<string>, };

/**
 * The second run minus the first in one measure of one group.
 */
export type Difference = {
/**
 * What is measured.
 */
measure: Measure,
/**
 * The group, by its position.
 */
group: number,
/**
 * Day by day; empty where no replicate differs.
 */
day_values: DayValues,
/**
 * Whether anything that was drawn or decided differs between the runs.
 */
is_possible: boolean,
/**
 * The probability of the last day's difference after Holm's correction for
 * all measures and groups; empty where it has no interval.
 */
p_together: number | null,
/**
 * The last day: the mean difference with its interval, or why it has none.
 */
words: string,
/**
 * The same in percent of the first run's mean; empty where that is 0.
 */
percent: string,
/**
 * The first run's mean on the last day.
 */
baseline: string,
/**
 * Whether the sign is told, together with all other comparisons or alone, or how
 * many more pairs that would take.
 */
sign: string,
/**
 * The last day, as a sentence.
 */
sentence: string, };

/**
 * One value a day of a paired difference.
 */
export type DayValues = {
/**
 * Lower end of the 95% interval of the mean; the mean where there is none.
 */
low: Array<number>,
/**
 * Mean difference.
 */
mean: Array<number>,
/**
 * Upper end of the 95% interval of the mean; the mean where there is none.
 */
high: Array<number>, };

/**
 * What a person is listed as.
 */
export type PersonKind = "defector" | "deserter" | "departer" | "stayer" | "joiner" | "prisoner" | "dead";

/**
 * A person in a list.
 */
export type PersonRow = {
/**
 * Number in the replicate.
 */
person: number,
/**
 * Home, by its position; none for foreign members.
 */
home: number | null,
/**
 * Whether the person is foreign.
 */
is_foreign: boolean,
/**
 * First group, by its position.
 */
first_group: number | null,
/**
 * What the person is listed as.
 */
kind: PersonKind,
/**
 * The day on which that shows.
 */
day: number | null,
/**
 * The person in a line.
 */
line: string, };

/**
 * Some of the people that a filter lets through.
 */
export type People = {
/**
 * How many it lets through.
 */
n: number,
/**
 * Of these, how many are listed as each kind.
 */
by_kind: Array<[PersonKind, number]>,
/**
 * Those that are listed, in order of number.
 */
rows: Array<PersonRow>, };

/**
 * A person's story.
 */
export type StoryView = {
/**
 * The story.
 */
story: Story,
/**
 * Conviction over time, in order of day.
 */
conviction: Array<ConvictionPoint>,
/**
 * Trust in each source over time; the record holds it of sampled members,
 * and the server works it out for others on request.
 */
trust: Array<TrustPoint>,
/**
 * Kin and comrades by the group that they end with.
 */
ties: Array<Tie>,
/**
 * A member of the same home and first group who stayed to the end.
 */
stayer: number | null, };

/**
 * Conviction at a moment.
 */
export type ConvictionPoint = {
/**
 * The day.
 */
day: number,
/**
 * Conviction, log-odds.
 */
value: number,
/**
 * What shows it: `before_exposure`, `exposure`, `sample`, or the kind of a
 * turn of allegiance.
 */
kind: string, };

/**
 * How far a source is trusted at a moment.
 */
export type TrustPoint = {
/**
 * The source: `own_command`, `kin`, `rivals` or `outside_media`.
 */
source: string,
/**
 * Posterior probability that it is honest.
 */
value: number,
/**
 * The day.
 */
day: number, };

/**
 * What ties people to a person.
 */
export type Relation = "household" | "clan" | "unit";

/**
 * How many people of a relation belong to a group at the end.
 */
export type Tie = {
/**
 * The relation.
 */
relation: Relation,
/**
 * The group at the end, by its position; none for civilians, leavers and
 * the dead.
 */
group: number | null,
/**
 * How many, of those whom history touched.
 */
n: number, };

/**
 * One person's path through one replicate.
 */
export type Story = {
/**
 * That the person is simulated.
 */
note: string,
/**
 * The scenario of the run.
 */
scenario: string,
/**
 * The seed of the run.
 */
seed: number,
/**
 * The replicate.
 */
replicate: number,
/**
 * Who it is.
 */
who: Who,
/**
 * The path in a paragraph, for readers without training.
 */
plain: string,
/**
 * The chance behind what he did, where the record holds it.
 */
odds: Odds | null,
/**
 * What happened to him, in order.
 */
path: Array<Turn>,
/**
 * Why he left, or stayed, as far as the record tells.
 */
why: Array<string>,
/**
 * How he stands at the end.
 */
end: string, };

/**
 * The chance on a day of what somebody then did.
 */
export type Odds = {
/**
 * What he did, as in `going over`.
 */
deed: string,
/**
 * The date.
 */
date: string,
/**
 * The chance that he would on that day.
 */
chance: number,
/**
 * The chance in words.
 */
words: string,
/**
 * The reason that weighed most towards it; none where nothing did.
 */
reason: string | null,
/**
 * The chance without that reason, the others being as they were.
 */
chance_without: number | null,
/**
 * The same in words.
 */
words_without: string | null, };

/**
 * The person.
 */
export type Who = {
/**
 * Number in the replicate.
 */
person: number,
/**
 * Age on the first day, in years.
 */
age: number,
/**
 * Whether the person is a woman or a girl.
 */
is_female: boolean,
/**
 * Whether the person is foreign.
 */
is_foreign: boolean,
/**
 * Identifier of the home place.
 */
home: string | null,
/**
 * Name of the home place.
 */
home_name: string | null,
/**
 * Household number.
 */
household: number | null,
/**
 * Clan number.
 */
clan: number | null,
/**
 * Motive weight of ideology.
 */
motive_ideology: number,
/**
 * Motive weight of pay and goods.
 */
motive_material: number,
/**
 * Motive weight of kin, friends and protection.
 */
motive_social: number,
/**
 * Identifier of the first group.
 */
first_group: string | null,
/**
 * Name of the first group.
 */
first_group_name: string | null,
/**
 * The first unit that the record names.
 */
unit: number | null,
/**
 * Identifier of the group at the end.
 */
group_at_end: string | null,
/**
 * Standing at the end.
 */
standing_at_end: string,
/**
 * Times wounded.
 */
n_wounds: number, };

/**
 * One dated step of a path.
 */
export type Turn = {
/**
 * The day, 0 for the first.
 */
day: number,
/**
 * Its date.
 */
date: string,
/**
 * Identifier of the place.
 */
place: string,
/**
 * Name of the place.
 */
place_name: string,
/**
 * What it is: `exposure`, or the kind of a change of allegiance.
 */
kind: string,
/**
 * What came of it.
 */
outcome: string | null,
/**
 * The incident behind it.
 */
incident: number | null,
/**
 * What it did to the person's beliefs.
 */
belief: BeliefShift | null,
/**
 * Conviction at that moment, where there is no shift.
 */
conviction: number | null,
/**
 * The hazard behind a decision to leave.
 */
hazard: HazardSplit | null,
/**
 * Suspicion by the new side.
 */
suspicion: number | null,
/**
 * The turn in words.
 */
sentences: Array<string>,
/**
 * What the record holds of it in numbers, as sentences.
 */
numbers: Array<string>, };

/**
 * Beliefs before and after an incident reached the person.
 */
export type BeliefShift = {
/**
 * Accusations against his group heard before.
 */
n_accusations: number,
/**
 * Denials by his command heard before.
 */
n_denials: number,
/**
 * Conviction before, log-odds.
 */
conviction_before: number,
/**
 * Conviction after, log-odds.
 */
conviction_after: number,
/**
 * Credence of the accusations before.
 */
credence_before: number,
/**
 * Credence of the same accusations after.
 */
credence_after: number, };

/**
 * The hazard of leaving per month, split by block.
 */
export type HazardSplit = {
/**
 * Hazard of desertion.
 */
desertion: number,
/**
 * Hazard of defection.
 */
defection: number,
/**
 * Hazard of departure.
 */
departure: number,
/**
 * Contribution of each block to the log-hazard of the kind drawn.
 */
blocks: Array<[string, number]>,
/**
 * The block that added most.
 */
most: string | null,
/**
 * The blocks that moved it, as reasons, the strongest first.
 */
reasons: Array<Reason>, };

/**
 * A block of the hazard as a reason.
 */
export type Reason = {
/**
 * The block.
 */
name: string,
/**
 * The reason, for readers without training.
 */
words: string,
/**
 * What it adds to the log-hazard: above zero, towards leaving.
 */
value: number,
/**
 * The same as how many times as likely it makes it.
 */
times: string, };

/**
 * The answer.
 */
export type ButForView = {
/**
 * The person.
 */
person: number,
/**
 * The incident taken out.
 */
incident: number | null,
/**
 * Pairs of futures.
 */
n_replicates: number,
/**
 * The answer in words.
 */
sentences: Array<string>,
/**
 * Share of the futures with the incident in which he left.
 */
p_left_with: number,
/**
 * Share of those without it.
 */
p_left_without: number,
/**
 * With minus without.
 */
difference: number,
/**
 * Lower end of its 95% interval; empty where no pair of futures differs.
 */
low: number | null,
/**
 * Upper end of its 95% interval.
 */
high: number | null, };
