//! Reads a case: the patterns that runs of a scenario are held against.

use allegiance_model::calendar::Date;
use allegiance_model::case::{Case, Clashes, Layer, Measure, Pattern};
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::parameters::Parameters;
use allegiance_model::setup::{GroupSetup, KindSetup, PlaceSetup, Setup};

use crate::csv_table::count;
use crate::format;
use crate::format_version::refuse_newer;
use crate::names::Names;
use crate::places::TableFile;
use crate::problem::{Problems, Spot};
use crate::resolve::{get, items, nearest_parameter, number, text};
use crate::shape::Checker;
use crate::tree::{self, Node, Table};

/// The most patterns of a case.
const MAX_PATTERNS: usize = 100;
/// Days in which nothing happened to a quiet member, and within which a deserter
/// who joins another group has switched, where a pattern states none.
const DAYS_UNLESS_STATED: u32 = 30;

/// What a case can name.
pub(crate) struct CaseReader<'a> {
    pub(crate) place_names: &'a Names,
    pub(crate) group_names: &'a Names,
    pub(crate) places: &'a [PlaceSetup],
    pub(crate) kinds: &'a [KindSetup],
    pub(crate) groups: &'a [&'a GroupSetup],
    pub(crate) problems: &'a mut Problems,
}

impl CaseReader<'_> {
    /// The case of a file; none where it has mistakes.
    pub(crate) fn read(&mut self, file: &TableFile) -> Option<Case> {
        let n_before = self.problems.n_errors();
        let tree = tree::parse(&file.text, file.file_idx, self.problems);
        if refuse_newer(&tree, self.problems) || self.problems.n_errors() > n_before {
            return None;
        }
        let root = tree.as_table()?;
        let spot = Spot { file_idx: file.file_idx, line: 0 };
        Checker { problems: self.problems, is_whole: true }.check_table(root, spot, "", &format::CASE);
        if self.problems.n_errors() > n_before {
            return None;
        }
        let patterns = self.read_patterns(root);
        Some(Case {
            title: text(root, "title").to_owned(),
            about: text(root, "about").to_owned(),
            note: text(root, "note").to_owned(),
            parameters: self.read_parameters(root),
            left_out: get(root, "left_out")
                .and_then(Node::as_table)
                .into_iter()
                .flatten()
                .filter_map(|(id, (_, why))| Some((id.clone(), why.as_text()?.to_owned())))
                .collect(),
            patterns,
        })
    }

    /// Names of parameters; those of the observation model are known elsewhere.
    fn read_parameters(&mut self, root: &Table) -> Vec<String> {
        let named = get(root, "parameters").map_or_else(Vec::new, Node::as_texts);
        for (idx, (path, spot)) in named.iter().enumerate() {
            let is_known =
                path.starts_with("observation.") || Parameters::dictionary().any(|info| info.path() == *path);
            if !is_known {
                let problem = self.problems.error(*spot, format!("parameters[{idx}]"), format!("is {path:?}"));
                problem.allowed("must be the name of a parameter, such as combat.decisiveness");
                if let Some(hint) = nearest_parameter(Setup::dictionary(), path) {
                    problem.hint(hint);
                }
            }
        }
        named.into_iter().map(|(path, _)| path.to_owned()).collect()
    }

    fn read_patterns(&mut self, root: &Table) -> Vec<Pattern> {
        let mut ids = Names::new("pattern", "patterns");
        let mut patterns = Vec::new();
        for (idx, entry, spot) in items(root, "patterns") {
            let path = format!("patterns[{idx}]");
            let id = text(entry, "id");
            if !ids.add(id) {
                self.problems
                    .error(spot, format!("{path}.id"), format!("{id:?} is there twice"))
                    .allowed("must be unique");
            }
            patterns.extend(self.read_pattern(entry, &path, spot));
        }
        let n_patterns = items(root, "patterns").count();
        if n_patterns == 0 || n_patterns > MAX_PATTERNS {
            let spot = root.get("patterns").map_or(Spot { file_idx: 0, line: 0 }, |(spot, _)| *spot);
            let found = format!("lists {}", count(n_patterns, "pattern"));
            self.problems.error(spot, "patterns", found).allowed(format!("must list 1 to {MAX_PATTERNS}"));
        }
        patterns
    }

    fn read_pattern(&mut self, entry: &Table, path: &str, spot: Spot) -> Option<Pattern> {
        let (low, high) = (number(entry, "low"), number(entry, "high"));
        if low >= high {
            let spot = entry.get("low").map_or(spot, |(spot, _)| *spot);
            self.problems
                .error(spot, format!("{path}.low"), format!("is {low}"))
                .allowed(format!("must be below high, which is {high}"));
        }
        let layer = Layer::from_word(text(entry, "record")).unwrap_or(Layer::Happened);
        let measure = self.read_measure(entry, path, spot)?;
        if layer == Layer::Reported && !measure.is_reported() {
            let spot = entry.get("record").map_or(spot, |(spot, _)| *spot);
            self.problems
                .error(spot, format!("{path}.record"), "is reported")
                .allowed(format!("{} can only be judged on what happened", text(entry, "kind")));
        }
        if measure.is_on_the_logarithm() && low <= 0.0 {
            let spot = entry.get("low").map_or(spot, |(spot, _)| *spot);
            self.problems
                .error(spot, format!("{path}.low"), format!("is {low}"))
                .allowed(format!("must be above 0, for {} is compared by its logarithm", text(entry, "kind")));
        }
        Some(Pattern {
            id: text(entry, "id").to_owned(),
            name: text(entry, "name").to_owned(),
            layer,
            low,
            high,
            digits: get(entry, "digits").and_then(Node::as_whole).map_or(2, |digits| digits as u32),
            weight: get(entry, "weight").and_then(Node::as_number).unwrap_or(1.0),
            source: text(entry, "source").to_owned(),
            measure,
        })
    }

    fn read_measure(&mut self, entry: &Table, path: &str, spot: Spot) -> Option<Measure> {
        let whole = |key: &str| get(entry, key).and_then(Node::as_whole).map(|days| days as u32);
        let quiet_days = whole("quiet_days").unwrap_or(DAYS_UNLESS_STATED);
        Some(match text(entry, "kind") {
            "deaths" => Measure::Deaths(self.read_clashes(entry, path)?),
            "early_deaths_share" => {
                let clashes = self.read_clashes(entry, path)?;
                let early_days = whole("early_days").unwrap_or(clashes.n_days);
                if early_days >= clashes.n_days {
                    let spot = entry.get("early_days").map_or(spot, |(spot, _)| *spot);
                    self.problems
                        .error(spot, format!("{path}.early_days"), format!("is {early_days}"))
                        .allowed(format!("must be fewer than days, which are {}", clashes.n_days));
                }
                Measure::EarlyDeathsShare(clashes, early_days)
            }
            "deaths_ratio" => Measure::DeathsRatio(self.read_clashes(entry, path)?),
            "civilian_share" => Measure::CivilianShare(self.read_clashes(entry, path)?),
            "executed_share" => Measure::ExecutedShare(self.read_clashes(entry, path)?),
            "places_lost" => self.read_places_lost(entry, path, spot)?,
            "first_members" => Measure::FirstMembers(self.read_group(entry, path)?),
            "first_foreign_share" => Measure::FirstForeignShare(self.read_group(entry, path)?),
            "quiet_desertions" => Measure::QuietDesertions { quiet_days },
            "quiet_switching" => {
                Measure::QuietSwitching { quiet_days, switch_days: whole("switch_days").unwrap_or(DAYS_UNLESS_STATED) }
            }
            "ideology_first" => Measure::IdeologyFirst(self.read_groups(entry, path)?),
            _ => Measure::ProspectsNamed(self.read_groups(entry, path)?),
        })
    }

    fn read_group(&mut self, entry: &Table, path: &str) -> Option<GroupId> {
        let node = get(entry, "group")?;
        let found = self.group_names.find(node.as_text()?, node.spot, &format!("{path}.group"), self.problems);
        found.map(GroupId::from_idx)
    }

    fn named_groups(&mut self, node: &Node, key: &str) -> Option<Vec<GroupId>> {
        let texts = node.as_texts();
        let find = |(name, spot)| self.group_names.find(name, spot, key, self.problems).map(GroupId::from_idx);
        texts.into_iter().map(find).collect()
    }

    fn is_state(&self, group: &GroupSetup) -> bool {
        self.kinds[group.kind.idx()].is_state
    }

    fn groups_where(&self, is_wanted: impl Fn(&GroupSetup) -> bool) -> Vec<GroupId> {
        let wanted = self.groups.iter().enumerate().filter(|(_, group)| is_wanted(group));
        wanted.map(|(idx, _)| GroupId::from_idx(idx)).collect()
    }

    /// The groups of `groups` or `kinds`; by default all that are no state.
    fn read_groups(&mut self, entry: &Table, path: &str) -> Option<Vec<GroupId>> {
        if let Some(node) = get(entry, "groups") {
            return self.named_groups(node, &format!("{path}.groups"));
        }
        let Some(node) = get(entry, "kinds") else {
            return Some(self.groups_where(|group| !self.is_state(group)));
        };
        let mut names = Names::new("kind", "kinds");
        for kind in self.kinds {
            names.add(&kind.id);
        }
        let key = format!("{path}.kinds");
        let find = |(word, spot)| names.find(word, spot, &key, self.problems);
        let kinds: Vec<usize> = node.as_texts().into_iter().map(find).collect::<Option<_>>()?;
        Some(self.groups_where(|group| kinds.contains(&group.kind.idx())))
    }

    fn read_clashes(&mut self, entry: &Table, path: &str) -> Option<Clashes> {
        let group = self.read_group(entry, path)?;
        let against = match get(entry, "against") {
            Some(node) => self.named_groups(node, &format!("{path}.against"))?,
            None => self.groups_where(|other| !self.is_state(other)),
        };
        let (from, n_days) = days_of(entry)?;
        Some(Clashes { group, against: against.into_iter().filter(|&other| other != group).collect(), from, n_days })
    }

    fn read_places_lost(&mut self, entry: &Table, path: &str, spot: Spot) -> Option<Measure> {
        let group = self.read_group(entry, path)?;
        let (from, n_days) = days_of(entry)?;
        let (places, area) = match (get(entry, "governorate"), get(entry, "places")) {
            (Some(node), None) => (self.places_of(node, path)?, node.as_text()?.to_owned()),
            (None, Some(node)) => {
                let key = format!("{path}.places");
                let find = |(name, spot)| self.place_names.find(name, spot, &key, self.problems);
                let found: Option<Vec<usize>> = node.as_texts().into_iter().map(find).collect();
                (found?.into_iter().map(PlaceId::from_idx).collect(), "these places".to_owned())
            }
            (None, None) => {
                self.problems.error(spot, path, "names no places").allowed("must have governorate or places");
                return None;
            }
            (Some(_), Some(_)) => {
                self.problems
                    .error(spot, path, "has both governorate and places")
                    .allowed("must have governorate or places");
                return None;
            }
        };
        Some(Measure::PlacesLost { group, places, area, from, n_days })
    }

    fn places_of(&mut self, governorate: &Node, path: &str) -> Option<Vec<PlaceId>> {
        let name = governorate.as_text()?;
        let is_in = |place: &PlaceSetup| place.governorate.eq_ignore_ascii_case(name);
        let found: Vec<PlaceId> =
            (0..self.places.len()).filter(|&idx| is_in(&self.places[idx])).map(PlaceId::from_idx).collect();
        if !found.is_empty() {
            return Some(found);
        }
        let mut names: Vec<&str> = self.places.iter().map(|place| place.governorate.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        self.problems.error(governorate.spot, format!("{path}.governorate"), format!("is {name:?}")).choices(
            "governorates",
            name,
            names,
        );
        None
    }
}

fn days_of(entry: &Table) -> Option<(Date, u32)> {
    Some((get(entry, "from")?.as_day()?, get(entry, "days")?.as_whole()? as u32))
}
