//! Reads a file of evidence: aggregates of surveys, counts and maps of one war.
//!
//! Rows about persons have no place in the format, and aggregates of fewer than five people are refused.

use std::fmt::Write as _;
use std::path::Path;

use allegiance_model::calendar::Date;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::interviews::{QUESTIONS, Question, Scale};
use allegiance_model::setup::Setup;
use allegiance_record::evidence::{Aggregate, Evidence, Given, Item, Sample, What, Who, usual_error};
use sha2::{Digest as _, Sha256};

use crate::csv_table::count;
use crate::document::{Document, LoadDocumentError, owned_text};
use crate::format::{self, FEWEST};
use crate::load::Scenario;
use crate::names::Names;
use crate::problem::{Problem, Spot};
use crate::resolve::{get, items, text};
use crate::tree::{Node, Table, quoted};

/// The most items that evidence may have.
const MAX_ITEMS: usize = 2_000;
/// The ends of names of files that hold rows of a survey.
const FILES_OF_ROWS: [&str; 9] = ["csv", "tsv", "xlsx", "xls", "dta", "sav", "rds", "parquet", "feather"];

/// Evidence, checked, with the scenario that it is about.
#[derive(Debug, Clone)]
pub struct EvidenceFile {
    /// What it says.
    pub evidence: Evidence,
    /// The scenario that it names, or the one that it was read for.
    pub scenario: Scenario,
    /// What may not be as its author meant.
    pub warnings: Vec<Problem>,
}

/// Loads evidence with the scenario that it names.
///
/// # Errors
/// [`LoadDocumentError`]: not found, unreadable, or with mistakes in it.
pub fn load_evidence(path: &Path) -> Result<EvidenceFile, LoadDocumentError> {
    read(open(path)?, path, None)
}

/// Loads evidence for a scenario, which must be the one that it names, changed or not.
///
/// # Errors
/// As [`load_evidence`].
pub fn load_evidence_for(path: &Path, scenario: &Scenario) -> Result<EvidenceFile, LoadDocumentError> {
    read(open(path)?, path, Some(scenario))
}

fn open(path: &Path) -> Result<Document, LoadDocumentError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if path.is_file() && FILES_OF_ROWS.contains(&ending.as_str()) {
        let name = path.display().to_string();
        let mut document = Document::of_bytes("file of evidence", &name, b"format = 1\n".to_vec(), None);
        document
            .problems
            .error(Spot { file_idx: 0, line: 0 }, "", format!("is a table ({ending}), and may hold rows about persons"))
            .allowed("evidence is a TOML file of counts, shares and means; rows about persons aren't read")
            .hint(
                "count the answers with the program that has the survey, and write them down: allegiance evidence new",
            );
        return Err(document.invalid());
    }
    Document::open("file of evidence", path)
}

/// The name of evidence: that of its file without folder and ending.
fn name_of(path: &Path) -> String {
    path.file_stem().map_or_else(|| "evidence".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn read(document: Document, path: &Path, given: Option<&Scenario>) -> Result<EvidenceFile, LoadDocumentError> {
    let mut document = document.check(&format::EVIDENCE)?;
    let Some(named) = document.load_scenario()? else {
        return Err(document.invalid());
    };
    if let Some(given) = given.filter(|given| given.id != named.id && !extends(given, &named)) {
        let spot = document.root().get("scenario").map_or(Spot { file_idx: 0, line: 0 }, |(spot, _)| *spot);
        document
            .problems
            .error(spot, "scenario", format!("is {}, and it was asked of {}", named.id, given.id))
            .allowed("evidence of one war says nothing of another");
        return Err(document.invalid());
    }
    let scenario = given.cloned().unwrap_or(named);
    let root = document.root().clone();
    let mut reader = Reader::new(&scenario, &mut document);
    let samples = reader.read_samples(&root);
    let errors = reader.read_errors(&root);
    let mut items = reader.read_answers(&root, &samples);
    items.extend(reader.read_members(&root));
    items.extend(reader.read_maps(&root));
    if items.is_empty() || items.len() > MAX_ITEMS {
        let found = format!("says {}", count(items.len(), "thing"));
        let problem = document.problems.error(Spot { file_idx: 0, line: 0 }, "", found);
        problem.allowed(format!("must say 1 to {MAX_ITEMS}, in answers, members and maps"));
    }
    let n_found = items.iter().filter(|item| item.found.is_some()).count();
    if n_found > 0 && n_found < items.len() && !document.problems.has_errors() {
        let without = items.iter().find(|item| item.found.is_none()).map_or("", |item| item.id.as_str());
        let found = format!("says what was found for {n_found} of {}", count(items.len(), "thing"));
        let problem = document.problems.error(Spot { file_idx: 0, line: 0 }, "", found);
        problem
            .allowed("must say it for all, or for none where it is a plan")
            .hint(format!("there is none for {without}"));
    }
    let mut document = document.give_up_on_errors()?;
    let text = document.texts.swap_remove(0);
    let evidence = Evidence {
        id: name_of(path),
        title: owned_text(&root, "title"),
        about: owned_text(&root, "about"),
        source: owned_text(&root, "source"),
        samples,
        errors,
        items,
        digest: format!("{:x}", Sha256::digest(text.as_bytes())),
    };
    Ok(EvidenceFile { evidence, scenario, warnings: document.problems.into_sorted() })
}

/// Whether a scenario extends another one, so that its war is the other's with changes.
fn extends(scenario: &Scenario, other: &Scenario) -> bool {
    let text = other.files.first().map(|file| &file.text);
    scenario.files.iter().skip(1).any(|file| Some(&file.text) == text)
}

/// Reads parts of a file against a scenario.
struct Reader<'a> {
    scenario: &'a Scenario,
    document: &'a mut Document,
    groups: Names,
    places: Names,
    questions: Names,
    sample_names: Names,
    /// Identifiers of what was read, with their keys.
    item_names: Names,
}

impl<'a> Reader<'a> {
    fn new(scenario: &'a Scenario, document: &'a mut Document) -> Self {
        let mut reader = Self {
            scenario,
            document,
            groups: Names::new("group", "groups"),
            places: Names::new("place", "places"),
            questions: Names::new("question", "questions"),
            sample_names: Names::new("sample", "samples"),
            item_names: Names::new("item", "items"),
        };
        for group in &scenario.setup.groups {
            reader.groups.add(&group.id);
        }
        for place in &scenario.setup.places {
            reader.places.add(&place.id);
        }
        for question in QUESTIONS {
            reader.questions.add(question.id);
        }
        reader
    }

    fn error(&mut self, spot: Spot, key: String, found: impl Into<String>) -> &mut Problem {
        self.document.problems.error(spot, key, found)
    }

    fn spot(entry: &Table, key: &str, spot: Spot) -> Spot {
        entry.get(key).map_or(spot, |(spot, _)| *spot)
    }

    fn group(&mut self, node: &Node, key: &str) -> Option<GroupId> {
        let found = self.groups.find(node.as_text()?, node.spot, key, &mut self.document.problems);
        found.map(GroupId::from_idx)
    }

    /// A day of the scenario; one after its end stands for its last.
    fn day(&mut self, entry: &Table, path: &str, key: &str) -> Option<u32> {
        let node = get(entry, key)?;
        let date = node.as_day()?;
        let setup = &self.scenario.setup;
        let start: Date = setup.start;
        match u32::try_from(date.days_since(start)) {
            Ok(day) => Some(day.min(setup.n_days - 1)),
            Err(_early) => {
                let found = format!("is {date}");
                self.error(node.spot, format!("{path}.{key}"), found)
                    .allowed(format!("must not be before the scenario's first day, {start}"));
                None
            }
        }
    }

    fn read_samples(&mut self, root: &Table) -> Vec<Sample> {
        let mut samples = Vec::new();
        for (idx, entry, spot) in items(root, "samples") {
            let path = format!("samples[{idx}]");
            let id = text(entry, "id").to_owned();
            if !self.sample_names.add(&id) {
                self.error(spot, format!("{path}.id"), format!("{id:?} is there twice")).allowed("must be unique");
            }
            let n_before = self.document.problems.n_errors();
            let texts = |key: &str| get(entry, key).map_or_else(Vec::new, Node::as_texts).into_iter();
            let (groups_key, homes_key) = (format!("{path}.groups"), format!("{path}.homes"));
            let problems = &mut self.document.problems;
            let groups = texts("groups")
                .filter_map(|(name, spot)| self.groups.find(name, spot, &groups_key, problems))
                .map(GroupId::from_idx)
                .collect();
            let homes = texts("homes")
                .filter_map(|(name, spot)| self.places.find(name, spot, &homes_key, problems))
                .map(PlaceId::from_idx)
                .collect();
            let asked = self.day(entry, &path, "asked").unwrap_or(0);
            let from = self.day(entry, &path, "left_from").unwrap_or(0);
            let to = self.day(entry, &path, "left_to").unwrap_or(asked);
            if (from > to || to > asked) && self.document.problems.n_errors() == n_before {
                let spot = Self::spot(entry, if from > to { "left_from" } else { "left_to" }, spot);
                self.error(spot, path.clone(), "has leavers of days that are out of order")
                    .allowed("left_from must not be after left_to, nor that after asked");
            }
            let share = |key: &str| get(entry, key).and_then(Node::as_number);
            let least = share("least_found").unwrap_or(1.0);
            let most = share("most_found").unwrap_or(least);
            if least > most {
                let spot = Self::spot(entry, "least_found", spot);
                self.error(spot, format!("{path}.least_found"), format!("is {least}"))
                    .allowed(format!("must not be above most_found, which is {most}"));
            }
            samples.push(Sample {
                id,
                who: Who::of_word(text(entry, "who")).unwrap_or(Who::Everyone),
                groups,
                homes,
                left: (from, to),
                asked,
                size: get(entry, "size").and_then(Node::as_whole).map_or(1, |size| size as u32),
                found: (least, most),
                unanswered: share("unanswered").unwrap_or(0.0),
                reached: text(entry, "reached").to_owned(),
            });
        }
        samples
    }

    /// A question's position, if there is one of this name.
    fn question(&mut self, name: &str, spot: Spot, key: &str) -> Option<usize> {
        self.questions.find(name, spot, key, &mut self.document.problems)
    }

    fn read_errors(&mut self, root: &Table) -> Vec<f64> {
        let mut errors: Vec<f64> = QUESTIONS.iter().map(usual_error).collect();
        for (name, (spot, node)) in get(root, "errors").and_then(Node::as_table).into_iter().flatten() {
            let at = self.question(name, *spot, "errors");
            if let (Some(at), Some(error)) = (at, node.as_number()) {
                errors[at] = error;
                if QUESTIONS[at].scale == Scale::YesOrNo && error > 0.5 {
                    self.error(node.spot, format!("errors.{name}"), format!("is {error}"))
                        .allowed("must be at most 0.5: answers of which more are wrong say the opposite");
                }
            }
        }
        errors
    }

    fn read_answers(&mut self, root: &Table, samples: &[Sample]) -> Vec<Item> {
        items(root, "answers").filter_map(|(idx, entry, spot)| self.read_answer(entry, idx, spot, samples)).collect()
    }

    fn read_answer(&mut self, entry: &Table, idx: usize, spot: Spot, samples: &[Sample]) -> Option<Item> {
        let path = format!("answers[{idx}]");
        let node = get(entry, "sample")?;
        let key = format!("{path}.sample");
        if self.sample_names.len() == 0 {
            let found = format!("names the sample {:?}, and there are none", node.as_text()?);
            self.error(node.spot, key, found).allowed("a sample is a table [[samples]]");
            return None;
        }
        let sample = self.sample_names.find(node.as_text()?, node.spot, &key, &mut self.document.problems);
        let node = get(entry, "question")?;
        let question = self.question(node.as_text()?, node.spot, &format!("{path}.question"));
        let given: Option<Vec<Given>> = get(entry, "where")
            .map_or_else(Vec::new, Node::as_texts)
            .into_iter()
            .map(|(condition, spot)| self.read_given(condition, spot, &format!("{path}.where")))
            .collect();
        let (sample, question, given) = (sample?, question?, given?);
        let asked = &QUESTIONS[question];
        if asked.is_reason && samples[sample].who == Who::Serving {
            self.error(spot, format!("{path}.question"), format!("{} is asked of people who serve", asked.id))
                .allowed("reasons for leaving are asked of leavers");
        }
        let words: Vec<String> = given
            .iter()
            .map(|given| format!("{}{}", if given.is_yes { "" } else { "not " }, QUESTIONS[given.question].id))
            .collect();
        let of_whom = if words.is_empty() { String::new() } else { format!(" where {}", words.join(", ")) };
        let id = format!("{}: {}{of_whom}", samples[sample].id, asked.id);
        if !self.item_names.add(&id) {
            self.error(spot, path.clone(), format!("asks {} of {} again", asked.id, samples[sample].id))
                .allowed("must be asked once of the same people");
        }
        let found = self.read_aggregate(entry, &path, spot, asked);
        let what = What::Answers { sample, question, given };
        let wording = get(entry, "wording").and_then(Node::as_text).unwrap_or(asked.wording).to_owned();
        Some(Item { id, wording, what, found })
    }

    fn read_given(&mut self, condition: &str, spot: Spot, key: &str) -> Option<Given> {
        let (name, is_yes) = match condition.trim().strip_prefix("not ") {
            Some(name) => (name.trim(), false),
            None => (condition.trim(), true),
        };
        let question = self.question(name, spot, key)?;
        if QUESTIONS[question].scale != Scale::YesOrNo {
            self.error(spot, key.to_owned(), format!("names {name}, which isn't answered with yes or no"))
                .allowed("must name questions of yes or no");
            return None;
        }
        Some(Given { question, is_yes })
    }

    /// What was found; nothing where nothing is stated.
    fn read_aggregate(&mut self, entry: &Table, path: &str, spot: Spot, asked: &Question) -> Option<Aggregate> {
        let number = |key: &str| get(entry, key).and_then(Node::as_number);
        let stated: Vec<&str> = ["yes", "share", "mean"].into_iter().filter(|key| entry.contains_key(*key)).collect();
        let &[key] = &stated[..] else {
            if let Some(first) = stated.first() {
                let spot = Self::spot(entry, first, spot);
                self.error(spot, path.to_owned(), format!("has {}", stated.join(" and ")))
                    .allowed("must have one of yes, share and mean");
            } else if let Some(extra) = ["of", "se"].into_iter().find(|key| entry.contains_key(*key)) {
                let spot = Self::spot(entry, extra, spot);
                self.error(spot, format!("{path}.{extra}"), "stands without a finding")
                    .allowed("yes, share or mean must stand beside it");
            }
            return None;
        };
        let is_share = asked.scale == Scale::YesOrNo;
        if is_share == (key == "mean") {
            let spot = Self::spot(entry, key, spot);
            let wanted = if is_share { "yes or share" } else { "mean" };
            self.error(spot, format!("{path}.{key}"), format!("is stated of {}", asked.id))
                .allowed(format!("its answers are stated by {wanted}"));
            return None;
        }
        let (of, se) = (number("of"), number("se"));
        if of.is_none() && (key == "yes" || se.is_none()) {
            let wanted = if key == "yes" { "of must say how many answered" } else { "of or se must stand beside it" };
            self.error(spot, path.to_owned(), "doesn't say of how many").allowed(wanted);
            return None;
        }
        if let Some(of) = of.filter(|&of| of < FEWEST as f64) {
            let spot = Self::spot(entry, "of", spot);
            self.error(spot, format!("{path}.of"), format!("is {of}"))
                .allowed(format!("must be {FEWEST} or more: so few people can be recognised"))
                .hint("put them together with others, or leave the entry out");
            return None;
        }
        let value = match key {
            "yes" => {
                let (yes, of) = (number("yes")?, of?);
                if yes > of {
                    let spot = Self::spot(entry, "yes", spot);
                    self.error(spot, format!("{path}.yes"), format!("is {yes}"))
                        .allowed(format!("must not be above of, which is {of}"));
                    return None;
                }
                yes / of
            }
            _ => number(key)?,
        };
        if key == "mean" && se.is_none() {
            let spot = Self::spot(entry, "mean", spot);
            self.error(spot, format!("{path}.mean"), "has no standard error").allowed("se must stand beside it");
            return None;
        }
        if asked.scale == Scale::Steps && !(1.0..=5.0).contains(&value) {
            let spot = Self::spot(entry, key, spot);
            self.error(spot, format!("{path}.{key}"), format!("is {value}"))
                .allowed("must be from 1 to 5, the steps of the answer");
        }
        // A share of which only the standard error is known is of as many as give it.
        let n = of.or_else(|| se.map(|se| (value * (1.0 - value) / (se * se)).max(1.0))).unwrap_or(1.0);
        Some(Aggregate { value, n, se })
    }

    fn read_members(&mut self, root: &Table) -> Vec<Item> {
        let mut found = Vec::new();
        for (idx, entry, spot) in items(root, "members") {
            let path = format!("members[{idx}]");
            let group = get(entry, "group").and_then(|node| self.group(node, &format!("{path}.group")));
            let day = self.day(entry, &path, "day");
            let (Some(group), Some(day)) = (group, day) else { continue };
            let date = self.scenario.setup.start.plus_days(day);
            let id = format!("members of {} on {date}", self.scenario.setup.groups[group.idx()].id);
            if !self.item_names.add(&id) {
                self.error(spot, path, format!("counts {id} again")).allowed("must be counted once");
            }
            let error = get(entry, "error").and_then(Node::as_number).unwrap_or(0.2);
            let count = get(entry, "count").and_then(Node::as_number);
            // A count stands for people of the scenario's world, which may be drawn at a scale.
            let value = count.map(|count| count / f64::from(self.scenario.setup.scale.get()));
            found.push(Item {
                id,
                wording: String::new(),
                what: What::Members { group, day, error },
                found: value.map(|value| Aggregate { value, n: 1.0, se: None }),
            });
        }
        found
    }

    fn read_maps(&mut self, root: &Table) -> Vec<Item> {
        let mut found = Vec::new();
        for (idx, entry, spot) in items(root, "maps") {
            let path = format!("maps[{idx}]");
            let day = self.day(entry, &path, "day");
            let error = get(entry, "error").and_then(Node::as_number).unwrap_or(0.1);
            let holders = get(entry, "holders").and_then(Node::as_table);
            let planned = get(entry, "places").map_or_else(Vec::new, Node::as_texts);
            if holders.is_some() != planned.is_empty() {
                self.error(spot, path, "has holders and places, or neither")
                    .allowed("must have holders, or places where it is planned");
                continue;
            }
            let mut places: Vec<PlaceId> = Vec::new();
            let mut held: Vec<GroupId> = Vec::new();
            for (name, (name_spot, node)) in holders.into_iter().flatten() {
                let key = format!("{path}.holders");
                let place = self.places.find(name, *name_spot, &key, &mut self.document.problems);
                if let (Some(place), Some(group)) = (place, self.group(node, &key)) {
                    places.push(PlaceId::from_idx(place));
                    held.push(group);
                }
            }
            for (name, spot) in planned {
                let key = format!("{path}.places");
                let place = self.places.find(name, spot, &key, &mut self.document.problems);
                places.extend(place.map(PlaceId::from_idx));
            }
            let Some(day) = day.filter(|_| !places.is_empty()) else { continue };
            let date = self.scenario.setup.start.plus_days(day);
            for (at, group) in self.scenario.setup.groups.iter().enumerate() {
                let group_id = GroupId::from_idx(at);
                let id = format!("map {}, {date}: held by {}", idx + 1, group.id);
                let n_held = held.iter().filter(|&&holder| holder == group_id).count() as f64;
                let n = places.len() as f64;
                found.push(Item {
                    id,
                    wording: String::new(),
                    what: What::Held { map: idx as u32, group: group_id, places: places.clone(), day, error },
                    found: holders.is_some().then_some(Aggregate { value: n_held / n, n, se: None }),
                });
            }
        }
        found
    }
}

/// The questions of a survey to start from: ten, and none of them about reasons.
const TEN: [&str; 10] = [
    "home_attacked",
    "kin_killed",
    "safer_inside",
    "own_side_punishes",
    "unit_dead",
    "comrades_left",
    "on_leave",
    "heard_from_kin",
    "victory_expected",
    "cause_served",
];

/// The group that most people serve on the first day.
pub fn largest_group(setup: &Setup) -> GroupId {
    let of_group = |at: usize| -> u32 {
        let garrisons = setup.garrisons.iter().filter(|garrison| garrison.group.idx() == at);
        garrisons.map(|garrison| garrison.members).sum()
    };
    GroupId::from_idx((0..setup.groups.len()).max_by_key(|&at| of_group(at)).unwrap_or(0))
}

/// A sample that is planned.
#[derive(Debug, Clone, Copy)]
pub struct PlannedSample<'a> {
    /// Its name.
    pub id: &'a str,
    /// The word of whom it is of.
    pub who: &'a str,
    /// The most people who are asked.
    pub size: u32,
    /// The day at whose end they are asked, counted from the start.
    pub asked: u32,
    /// The share of them that can be found, from the least to the most.
    pub found: (f64, f64),
}

/// A file of evidence to fill in: a plan of ten questions to those who left the group that most people serve, and
/// to those who stay; `word` is how the scenario is named in it.
pub fn evidence_to_fill_in(scenario: &Scenario, name: &str, word: &str) -> String {
    let samples = [
        PlannedSample { id: "left", who: "leavers", size: 100, asked: scenario.setup.n_days - 1, found: (0.2, 0.6) },
        PlannedSample { id: "serve", who: "serving", size: 100, asked: scenario.setup.n_days - 1, found: (1.0, 1.0) },
    ];
    let setup = &scenario.setup;
    plan_of_survey(scenario, (name, word), &[largest_group(setup)], &samples, &TEN)
}

/// A file of evidence to fill in: what is asked of former and present members of some groups. The file is of a name,
/// and names the scenario by a word.
///
/// # Panics
/// Where there is no such question.
pub fn plan_of_survey(
    scenario: &Scenario,
    (name, word): (&str, &str),
    groups: &[GroupId],
    samples: &[PlannedSample<'_>],
    questions: &[&str],
) -> String {
    let setup = &scenario.setup;
    let ids: Vec<String> = groups.iter().map(|group| quoted(&setup.groups[group.idx()].id)).collect();
    let groups = ids.join(", ");
    let mut text = format!(
        "# Evidence of people and groups, in aggregates: counts, shares and means. No rows about persons.\n\
         # What isn't known yet is a plan: fill in `yes` and `of` (or `mean`, `se` and `of`) everywhere, or nowhere.\n\
         #   allegiance evidence check {name}.toml\n\
         #   allegiance evidence show {name}.toml --replicates 100   what the scenario's wars give\n\
         #   allegiance recover {word} --evidence {name}.toml        what such answers could tell\n\
         #   allegiance tournament --evidence {name}.toml            which theory they speak for, once found\n\
         format = 1\n\
         title = {}\n\
         scenario = {}\n\
         about = \"What was asked of whom, and why\"\n\
         source = \"Who found it, where it is published, or who plans it\"\n",
        quoted(name),
        quoted(word),
    );
    for PlannedSample { id, who, size, asked, found: (least, most) } in samples {
        let asked = setup.start.plus_days(*asked);
        let _ = write!(
            text,
            "\n[[samples]]\nid = \"{id}\"\nwho = \"{who}\"\ngroups = [{groups}]\nasked = {asked}\nsize = {size}\n"
        );
        if *least < 1.0 {
            let _ = write!(
                text,
                "# Of those who are alive, the share who can be found, from the least to the most.\n\
                 least_found = {least}\nmost_found = {most}\n"
            );
        }
        text += "reached = \"how they were reached, in words\"\n";
    }
    for sample in samples {
        for id in questions {
            let question = Question::named(id).expect("it is a question");
            let is_share = question.scale == Scale::YesOrNo;
            let fill = if is_share { "# yes = \n# of = \n" } else { "# mean = \n# se = \n# of = \n" };
            let _ = write!(
                text,
                "\n[[answers]]\nsample = \"{}\"\nquestion = \"{id}\"\nwording = {}\n{fill}",
                sample.id,
                quoted(question.wording)
            );
        }
    }
    text
}
