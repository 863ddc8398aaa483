//! Results drawn to files: the option that commands share.

use std::path::PathBuf;

use allegiance_report::Figure;

use crate::commands::documents::{check_new, put_new};
use crate::failure::Failure;

/// Which files show the results.
#[derive(Debug, clap::Args)]
pub(crate) struct FigureFiles {
    /// Also draw the results to a new file: .svg, .png, or .json for Vega-Lite; can be repeated
    #[arg(long, value_name = "FILE", value_parser = parse_figure_file)]
    figure: Vec<FigureFile>,
}

/// A file with what its name says it holds.
#[derive(Debug, Clone)]
struct FigureFile {
    path: PathBuf,
    kind: FigureKind,
}

#[derive(Debug, Clone, Copy)]
enum FigureKind {
    Svg,
    Png,
    VegaLite,
}

fn parse_figure_file(text: &str) -> Result<FigureFile, String> {
    let path = PathBuf::from(text);
    let kind = match path.extension().and_then(|end| end.to_str()) {
        Some("svg") => FigureKind::Svg,
        Some("png") => FigureKind::Png,
        Some("json") => FigureKind::VegaLite,
        _ => return Err("must end with .svg, .png or .json".to_owned()),
    };
    Ok(FigureFile { path, kind })
}

impl FigureFiles {
    /// Refuses files that are there, before long work for them.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        check_new(self.figure.iter().map(|file| &file.path))
    }

    /// Draws, where files are asked for.
    pub(crate) fn draw(&self, figure: impl FnOnce() -> Figure) -> Result<(), Failure> {
        if self.figure.is_empty() {
            return Ok(());
        }
        let figure = figure();
        for FigureFile { path, kind } in &self.figure {
            let bytes = match kind {
                FigureKind::Svg => figure.svg().into_bytes(),
                FigureKind::Png => figure.png().map_err(|error| Failure::Input(error.into()))?,
                FigureKind::VegaLite => format!("{:#}\n", figure.vega_lite()).into_bytes(),
            };
            put_new(path, &bytes)?;
        }
        Ok(())
    }
}
