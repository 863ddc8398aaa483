//! Results as figures for papers and slides: SVG, PNG, or a Vega-Lite specification to change.

use crate::svg::draw_forest;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use serde_json::{Value, json};
use std::sync::Arc;

/// Pixels of a PNG for each unit of the drawing: sharp in print at the width of a page.
const PIXELS_A_UNIT: f32 = 3.0;
/// What a specification names its language by.
const VEGA_LITE: &str = "https://vega.github.io/schema/vega-lite/v5.json";

/// Values with their intervals, panel by panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What is shown.
    pub title: String,
    /// What the marks mean, and that it is simulated.
    pub caption: String,
    /// What the values of all panels are, in a few words.
    pub values: &'static str,
    /// The panels, each with an axis of its own.
    pub panels: Vec<Panel>,
}

/// Values on one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What is measured, with its unit.
    pub title: String,
    /// The values.
    pub rows: Vec<PanelRow>,
}

/// A value with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelRow {
    /// Whose it is.
    pub name: String,
    /// The value; empty where there is none.
    pub value: Option<f64>,
    /// Its interval; empty where there is none.
    pub interval: Option<(f64, f64)>,
    /// Whether it counts as told, and is drawn full.
    pub is_told: bool,
    /// The value in words.
    pub words: String,
}

impl Panel {
    /// From the lowest value to the highest, with zero.
    pub(crate) fn extent(&self) -> (f64, f64) {
        let ends = self.rows.iter().flat_map(|row| {
            let interval = row.interval.map_or([None; 2], |(low, high)| [Some(low), Some(high)]);
            interval.into_iter().chain([row.value]).flatten()
        });
        ends.fold((0.0, 0.0), |(low, high), value| (low.min(value), high.max(value)))
    }
}

/// Why a figure can't be drawn as a PNG.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the figure is too large for a PNG, with {n_panels} panels; write it as SVG")]
pub struct TooLargeError {
    n_panels: usize,
}

impl Figure {
    /// As an SVG file.
    pub fn svg(&self) -> String {
        draw_forest(self)
    }

    /// As a PNG file, whose letters are Noto Sans whatever fonts the machine has.
    ///
    /// # Errors
    /// Where it has more pixels than a picture can.
    pub fn png(&self) -> Result<Vec<u8>, TooLargeError> {
        let too_large = TooLargeError { n_panels: self.panels.len() };
        let mut options = Options { font_family: "Noto Sans".to_owned(), ..Options::default() };
        Arc::make_mut(&mut options.fontdb).load_font_data(notosans::REGULAR_TTF.to_vec());
        let tree = Tree::from_str(&self.svg(), &options).expect("the drawing is an SVG");
        let size = tree.size().to_int_size().scale_by(PIXELS_A_UNIT).ok_or_else(|| too_large.clone())?;
        let mut pixels = Pixmap::new(size.width(), size.height()).ok_or(too_large)?;
        resvg::render(&tree, Transform::from_scale(PIXELS_A_UNIT, PIXELS_A_UNIT), &mut pixels.as_mut());
        Ok(pixels.encode_png().expect("a picture in memory can be written"))
    }

    /// As a Vega-Lite specification with its data.
    pub fn vega_lite(&self) -> Value {
        let values: Vec<Value> = self
            .panels
            .iter()
            .flat_map(|panel| {
                panel.rows.iter().map(|row| {
                    json!({
                        "panel": panel.title,
                        "name": row.name,
                        "value": row.value,
                        "low": row.interval.map(|(low, _)| low),
                        "high": row.interval.map(|(_, high)| high),
                        "told": row.is_told,
                        "words": row.words,
                    })
                })
            })
            .collect();
        let name = json!({ "field": "name", "type": "nominal", "title": null, "sort": null });
        let told = json!({ "condition": { "test": "datum.told", "value": "#1f4e79" }, "value": "white" });
        json!({
            "$schema": VEGA_LITE,
            "title": self.title,
            "description": self.caption,
            "data": { "values": values },
            "facet": { "row": { "field": "panel", "type": "nominal", "title": null, "sort": null } },
            "resolve": { "scale": { "x": "independent" } },
            "spec": {
                "width": 400,
                "layer": [
                    { "mark": { "type": "rule", "strokeDash": [4, 3], "color": "#666" }, "encoding": { "x": { "datum": 0 } } },
                    {
                        "mark": { "type": "rule", "strokeWidth": 2, "color": "#1f4e79" },
                        "encoding": {
                            "x": { "field": "low", "type": "quantitative", "title": self.values },
                            "x2": { "field": "high" },
                            "y": name,
                        },
                    },
                    {
                        "mark": { "type": "point", "size": 60, "stroke": "#1f4e79" },
                        "encoding": {
                            "x": { "field": "value", "type": "quantitative" },
                            "y": name,
                            "fill": told,
                            "tooltip": [{ "field": "name" }, { "field": "words" }],
                        },
                    },
                ],
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, Panel, PanelRow};

    fn figure() -> Figure {
        let row = |name: &str, value, interval, is_told, words: &str| PanelRow {
            name: name.to_owned(),
            value,
            interval,
            is_told,
            words: words.to_owned(),
        };
        Figure {
            title: "A change <and> another".to_owned(),
            caption: "Simulated people. Full where the sign is told.".to_owned(),
            values: "difference",
            panels: vec![
                Panel {
                    title: "deaths (persons)".to_owned(),
                    rows: vec![
                        row("a", Some(-200_000.0), Some((-250_000.0, -120_000.0)), true, "-200,000"),
                        row(
                            "an arm whose name is so long that it takes more than one line",
                            Some(0.0),
                            None,
                            false,
                            "0, no pair differs",
                        ),
                    ],
                },
                Panel { title: "share held".to_owned(), rows: vec![row("a", None, None, false, "–")] },
            ],
        }
    }

    #[test]
    fn every_value_has_its_place_and_nothing_is_cut_off() {
        let svg = figure().svg();
        assert_eq!((svg.matches("class=\"told\"").count(), svg.matches("class=\"untold\"").count()), (1, 1));
        assert_eq!(svg.matches("class=\"interval\"").count(), 1);
        assert!(svg.contains("A change &lt;and&gt; another"), "{svg}");
        let page = roxmltree::Document::parse(&svg).expect("well formed");
        let width: f64 = page.root_element().attribute("width").and_then(|width| width.parse().ok()).expect("a width");
        let x_of = |class: &str| -> Vec<f64> {
            let marks = page.descendants().filter(|node| node.attribute("class") == Some(class));
            let at = |node: roxmltree::Node<'_, '_>| {
                node.attribute("cx").or(node.attribute("x")).and_then(|x| x.parse().ok())
            };
            marks.filter_map(at).collect()
        };
        // Zero is at the right end of the first axis, and -200,000 four fifths of it to the left, from -250,000 on.
        let (told, untold) = (x_of("told")[0], x_of("untold")[0]);
        assert!((untold - told - 380.0 * 200.0 / 250.0).abs() < 0.2, "{told} {untold}");
        assert!(x_of("words").iter().all(|&x| x > untold && x < width));
    }

    #[test]
    fn a_png_has_letters_on_any_machine() {
        let png = figure().png().expect("a picture");
        assert_eq!(&png[..4], b"\x89PNG");
        let without = Figure { title: String::new(), ..figure() };
        let blank = Figure { title: " ".repeat(22), ..figure() };
        assert!(png.len() > without.png().expect("a picture").len() + 500, "the title's letters are drawn");
        assert_eq!(without.png(), blank.png());
    }

    #[test]
    fn a_specification_holds_its_data() {
        let spec = figure().vega_lite();
        let values = spec["data"]["values"].as_array().expect("data");
        assert_eq!(values.len(), 3);
        assert_eq!((values[0]["low"].as_f64(), values[2]["value"].is_null()), (Some(-250_000.0), true));
    }
}
