//! The JSON Schema and the reference page of the format.

use allegiance_scenario::{builtin, json_schema, reference_page};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

use allegiance_fixtures::{Row, table};

use crate::folder::Folder;

struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn new() -> Self {
        let schema: Value = serde_json::from_str(&json_schema()).unwrap();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.enable_format_assertions();
        compiler.add_resource("scenario.json", schema).unwrap();
        let index = compiler.compile("scenario.json", &mut schemas).unwrap();
        Self { schemas, index }
    }

    /// What the schema refuses in a scenario's text; empty where nothing.
    fn refusal(&self, text: &str) -> String {
        let value = json_of(&toml::Value::Table(text.parse().unwrap()));
        match self.schemas.validate(&value, self.index) {
            Ok(()) => String::new(),
            Err(error) => format!("{error:#}"),
        }
    }
}

/// TOML as JSON, with dates as texts.
fn json_of(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(whole) => json!(whole),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(items) => items.iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            let entries = table.iter().map(|(key, value)| (key.clone(), json_of(value)));
            Value::Object(entries.collect())
        }
    }
}

#[test]
fn every_builtin_scenario_is_valid_against_the_schema() {
    let validator = Validator::new();
    for id in builtin::names() {
        let text = builtin::file(id, "scenario.toml").unwrap();
        assert_eq!(validator.refusal(text), "", "{id}");
    }
}

#[test]
fn the_schema_refuses_what_loading_refuses() {
    let validator = Validator::new();
    let village = builtin::file("one-village", "scenario.toml").unwrap();
    let observed = builtin::file("one-village-observed", "scenario.toml").unwrap();
    for (text, from, to) in [
        (village, "seed = 2014", "seed = 2014\nsede = 1"),
        (village, "seed = 2014\n", ""),
        (village, "start = 2014-01-01", "start = \"soon\""),
        (village, "days = 60", "days = 60.5"),
        (village, "reported_as = \"hidden\"", "reported_as = \"secret\""),
        (village, "brutality = 0.8\n", ""),
        (village, "brutality = 0.8", "brutality = 8"),
        (
            village,
            "kind = \"assault\"\ngroup = \"isis\"\nplace = \"tall_rumman\"\nnote = \"ISIS attacks the village again.\"",
            "kind = \"assault\"\ngroup = \"isis\"\nnote = \"x\"",
        ),
        (village, "[theory]", "[parameters.combat]\ncourage = 2\n[theory]"),
        (village, "[theory]", "[parameters.news]\np_call_kin = 1.5\n[theory]"),
        (village, "[theory]", "[mechanisms]\nvoices = true\n[theory]"),
        (observed, "mode = \"observed\"", "mode = \"watched\""),
        (observed, "id = \"one-village-observed\"\n", ""),
        (
            observed,
            "[operations]",
            "[[timeline]]\ndate = 2014-01-02\nkind = \"lever\"\nlever = \"radio\"\ngroup = \"isis\"\nvalue = 2\nnote = \"x\"\nsource = \"events\"\n[operations]",
        ),
    ] {
        assert_eq!(text.matches(from).count(), 1, "{from:?}");
        assert_ne!(validator.refusal(&text.replace(from, to)), "", "{to:?}");
    }
}

/// The examples of the reference page, as the files of scenarios that extend
/// `one-village`.
#[test]
fn every_example_of_the_reference_page_loads() {
    let page = reference_page();
    let examples: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 10, "{}", examples.len());
    let validator = Validator::new();
    for example in examples {
        let folder = Folder::new();
        let text = format!("format = 1\nid = \"example\"\nextends = \"one-village\"\n\n{example}");
        folder.write("scenario.toml", &text);
        folder.write("events.csv", table(&[Row::PLAIN]).replace("Rebels", "Syrian insurgents"));
        assert!(folder.load().is_ok(), "{example}\n{}", folder.messages());
        assert_eq!(validator.refusal(&text), "", "{example}");
    }
}

#[test]
fn the_reference_page_tells_every_key_and_column() {
    let page = reference_page();
    for file in ["scenario.toml", "places.csv", "control.csv", "garrisons.csv", "events.csv"] {
        assert!(page.contains(&format!("## `{file}`")), "{file}");
    }
    for key in ["events_within_km", "prisoners_executed_share", "trusted_message", "deaths_unknown", "subdistrict"] {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
}
