//! The JSON Schema of `scenario.toml`, from the same shapes that check it.

use allegiance_model::parameters::ParameterInfo;
use allegiance_model::setup::Setup;
use serde_json::{Map, Value, json};

use crate::format::SCENARIO;
use crate::profiles::PROFILE;
use crate::resolve::mechanisms_of;
use crate::shape::{Field, KindShape, Shape, TableShape};

/// The JSON Schema (draft 2020-12) of a scenario file, read as JSON with its
/// dates as texts.
///
/// It covers keys, types, bounds and words. What relates several values, such
/// as shares that sum to 1 or names that must exist, only `load` checks.
pub fn json_schema() -> String {
    let mut root = table_schema(&SCENARIO, false);
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".to_owned(), json!("Scenario of Allegiance, format 1"));
    root.insert("required".to_owned(), json!(["format", "id"]));
    root.insert("if".to_owned(), json!({ "not": { "required": ["extends"] } }));
    root.insert("then".to_owned(), Value::Object(required_keys(&SCENARIO)));
    let mut schema = Value::Object(root);
    schema.sort_all_objects();
    format!("{schema:#}\n")
}

/// The schema of a table. Where it `is_whole`, no other file can add to it, so
/// that missing keys are mistakes.
fn table_schema(shape: &TableShape, is_whole: bool) -> Map<String, Value> {
    if !shape.by_kind.is_empty() {
        let kinds = shape.by_kind.iter().map(|kind| kind_schema(shape, kind));
        return object(json!({ "type": "object", "oneOf": kinds.collect::<Vec<_>>() }));
    }
    object_schema(shape.fields, is_whole)
}

fn kind_schema(shape: &TableShape, kind: &KindShape) -> Value {
    let fields: Vec<Field> = shape.fields.iter().chain(kind.fields).copied().collect();
    let mut schema = object_schema(&fields, true);
    schema.insert("title".to_owned(), json!(kind.word));
    schema.insert("description".to_owned(), json!(kind.meaning));
    schema["properties"]["kind"] = json!({ "const": kind.word });
    Value::Object(schema)
}

fn object_schema(fields: &[Field], is_whole: bool) -> Map<String, Value> {
    let properties = fields.iter().map(|field| {
        let mut schema = value_schema(field.shape, is_whole);
        schema.insert("description".to_owned(), json!(description(field)));
        (field.name.to_owned(), Value::Object(schema))
    });
    let mut schema = object(json!({
        "type": "object",
        "properties": properties.collect::<Map<_, _>>(),
        "additionalProperties": false,
    }));
    if is_whole {
        schema.insert("required".to_owned(), required(fields));
    }
    let bounds: Vec<Value> = fields.iter().flat_map(bounds_by_word).collect();
    if !bounds.is_empty() {
        schema.insert("allOf".to_owned(), Value::Array(bounds));
    }
    schema
}

fn description(field: &Field) -> String {
    match field.shape {
        Shape::Table(inner) if inner.sums_to_one => format!("{} They sum to 1.", field.meaning),
        _ => field.meaning.to_owned(),
    }
}

fn required(fields: &[Field]) -> Value {
    let names = fields.iter().filter(|field| field.is_required && !field.is_of_profile);
    names.map(|field| field.name).collect()
}

/// The bounds of a number that depend on the word of another key.
fn bounds_by_word(field: &Field) -> Vec<Value> {
    let Shape::NumberBy(key, bounds) = field.shape else {
        return Vec::new();
    };
    let bound = |&(word, low, high): &(&str, f64, f64)| {
        json!({
            "if": { "properties": { key: { "const": word } }, "required": [key] },
            "then": { "properties": { field.name: { "minimum": low, "maximum": high } } },
        })
    };
    bounds.iter().map(bound).collect()
}

/// What a file that extends no other must have, table by table.
fn required_keys(shape: &TableShape) -> Map<String, Value> {
    let inner = shape.fields.iter().filter_map(|field| {
        let below = match field.shape {
            Shape::Table(inner) => required_keys(inner),
            Shape::List(inner) if has_id(inner) => object(json!({ "items": required_keys(inner) })),
            _ => return None,
        };
        Some((field.name.to_owned(), Value::Object(below)))
    });
    let mut schema = object(json!({ "required": required(shape.fields) }));
    let of_profile: Value =
        shape.fields.iter().filter(|field| field.is_required && field.is_of_profile).map(|field| field.name).collect();
    if of_profile.as_array().is_some_and(|names| !names.is_empty()) {
        schema.insert("if".to_owned(), json!({ "not": { "required": [PROFILE] } }));
        schema.insert("then".to_owned(), json!({ "required": of_profile }));
    }
    let properties: Map<String, Value> = inner.collect();
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    schema
}

/// Whether the entries of a list merge with those of another file.
fn has_id(shape: &TableShape) -> bool {
    shape.fields.iter().any(|field| field.name == "id")
}

fn value_schema(shape: Shape, is_whole: bool) -> Map<String, Value> {
    let text = json!({ "type": "string", "pattern": "\\S" });
    object(match shape {
        Shape::Text => text,
        Shape::Id => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" }),
        Shape::Texts => json!({
            "anyOf": [text, { "type": "array", "items": text, "minItems": 1 }],
        }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Day => json!({ "type": "string", "format": "date" }),
        Shape::Whole(low, high) if low == high => json!({ "const": low }),
        Shape::Whole(low, high) => {
            json!({ "type": "integer", "minimum": low, "maximum": high })
        }
        Shape::Number(low, high) => number(low, high),
        Shape::NumberBy(..) => json!({ "type": "number" }),
        Shape::Table(inner) => Value::Object(table_schema(inner, is_whole)),
        Shape::List(inner) => json!({ "type": "array", "items": list_entry(inner, is_whole) }),
        Shape::TextByKey => json!({ "type": "object", "additionalProperties": text }),
        Shape::NumberByKey(low, high) => json!({
            "type": "object",
            "additionalProperties": { "type": "number", "minimum": low, "maximum": high },
        }),
        Shape::MaybeTextByKey => {
            json!({ "type": "object", "additionalProperties": { "type": "string" } })
        }
        Shape::Flags(words) => {
            let flags = words.iter().map(|&word| (word.to_owned(), json!({ "type": "boolean" })));
            closed(flags)
        }
        Shape::Values => json!({ "type": "array", "items": { "type": ["number", "string", "boolean"] } }),
        Shape::Open => parameters_schema(),
    })
}

fn list_entry(shape: &TableShape, is_whole: bool) -> Value {
    let mut entry = table_schema(shape, is_whole || !has_id(shape));
    if has_id(shape) && !is_whole {
        entry.insert("required".to_owned(), json!(["id"]));
    }
    Value::Object(entry)
}

fn number(low: f64, high: f64) -> Value {
    json!({ "type": "number", "minimum": low, "maximum": high })
}

/// An object with these keys and no others, none of which is required.
fn closed(properties: impl IntoIterator<Item = (String, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The parameters of the model, from its dictionary.
fn parameters_schema() -> Value {
    let of_mechanism = |mechanism: &str| {
        let infos = Setup::dictionary().filter(|info| info.mechanism == mechanism);
        closed(infos.map(|info| (info.name.to_owned(), parameter_schema(info))))
    };
    let mechanisms = mechanisms_of(Setup::dictionary()).into_iter();
    closed(mechanisms.map(|mechanism| (mechanism.to_owned(), of_mechanism(mechanism))))
}

fn parameter_schema(info: &ParameterInfo) -> Value {
    let (low, high) = info.allowed();
    let mut schema = number(low, high);
    schema["default"] = json!(info.default);
    schema["description"] = json!(format!(
        "{} Unit {}; plausible {}; {}: {}.",
        info.meaning.trim(),
        info.unit,
        info.prior(),
        info.tag.word(),
        info.source
    ));
    schema
}
