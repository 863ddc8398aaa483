//! The same war written down otherwise: its rows and groups in another order.

use std::path::Path;

use allegiance_model::random::{Draws, Purpose};

use crate::load::{LoadScenarioError, Scenario, ScenarioFile, load_files};

impl Scenario {
    /// The scenario read from its files with the rows of every table in an order drawn by lot,
    /// and its groups in the opposite one. It is the same war; changes that were made to it have to be
    /// made again.
    ///
    /// # Errors
    /// As [`load_files`]; a scenario that was read once has none.
    pub fn reordered(&self, seed: u64) -> Result<Self, LoadScenarioError> {
        let files = self.files.iter().enumerate().map(|(at, file)| {
            let is_table = Path::new(&file.name).extension().is_some_and(|ending| ending == "csv");
            let text = if is_table { shuffled(&file.text, seed, at as u32) } else { with_groups_turned(&file.text) };
            ScenarioFile { name: file.name.clone(), text: text.unwrap_or_else(|| file.text.clone()) }
        });
        load_files(files.collect())
    }
}

/// The rows of a table in another order; nothing where it isn't one.
fn shuffled(text: &str, seed: u64, table: u32) -> Option<String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().ok()?.clone();
    let mut rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().ok()?;
    let mut stream = Draws::of_population(seed).stream(Purpose::DesignOrder, table, 0, 0);
    for last in (1..rows.len()).rev() {
        rows.swap(last, stream.below(last as u32 + 1) as usize);
    }
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    std::iter::once(&header).chain(&rows).try_for_each(|row| writer.write_record(row)).ok()?;
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// The groups of a file in the opposite order; nothing where it states none.
fn with_groups_turned(text: &str) -> Option<String> {
    let mut table: toml::Table = text.parse().ok()?;
    table.get_mut("groups")?.as_array_mut()?.reverse();
    toml::to_string(&table).ok()
}

#[cfg(test)]
mod tests {
    use crate::load;

    #[test]
    fn another_order_is_the_same_war_by_names() {
        for name in ["one-village", "north-syria-2014"] {
            let scenario = load(name).expect("a built-in scenario");
            let other = scenario.reordered(3).expect("the same scenario");
            let places = |of: &crate::Scenario| -> Vec<String> {
                of.setup.places.iter().map(|place| format!("{} {:?}", place.id, place.population)).collect()
            };
            let groups = |of: &crate::Scenario| -> Vec<String> {
                of.setup.groups.iter().map(|group| format!("{} {}", group.id, group.members)).collect()
            };
            assert!(places(&scenario) != places(&other) && groups(&scenario) != groups(&other), "{name}");
            let sorted = |mut names: Vec<String>| {
                names.sort();
                names
            };
            assert_eq!(sorted(places(&scenario)), sorted(places(&other)), "{name}");
            assert_eq!(sorted(groups(&scenario)), sorted(groups(&other)), "{name}");
            assert_eq!(scenario.setup.timeline.len(), other.setup.timeline.len(), "{name}");
            assert_eq!(scenario.setup.garrisons.len(), other.setup.garrisons.len(), "{name}");
        }
    }
}
