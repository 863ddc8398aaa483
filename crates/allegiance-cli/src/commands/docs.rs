//! `allegiance docs`: the documents that are generated from the code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::docs::{Page, pages};
use crate::failure::Failure;
use crate::output;

/// Write the reference documents that are generated from the code
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of documents to write into
    #[arg(long, value_name = "FOLDER", default_value = "docs")]
    out: PathBuf,
    /// Write nothing; fail if a document isn't as it would be written
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Examples:
  allegiance docs            bring the documents of this repository up to date
  allegiance docs --check    say which of them are stale";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let pages = pages();
    if arguments.check {
        return check(&pages, &arguments.out);
    }
    let mut written = String::new();
    for page in pages.iter().filter(|page| is_stale(page, &arguments.out)) {
        let path = arguments.out.join(page.path);
        write(&path, &page.text).map_err(Failure::Output)?;
        writeln!(written, "wrote {}", path.display()).expect("a string takes any text");
    }
    if written.is_empty() {
        "every document is up to date\n".clone_into(&mut written);
    }
    output::print(&written)
}

/// Whether the file of a page doesn't hold the page's text, or isn't there.
fn is_stale(page: &Page, out: &Path) -> bool {
    std::fs::read_to_string(out.join(page.path)).map_or(true, |text| text != page.text)
}

fn check(pages: &[Page], out: &Path) -> Result<(), Failure> {
    let stale: Vec<String> = pages
        .iter()
        .filter(|page| is_stale(page, out))
        .map(|page| format!("stale: {}\n", out.join(page.path).display()))
        .collect();
    if stale.is_empty() {
        return output::print("every document is up to date\n");
    }
    output::print(&stale.concat())?;
    let out = if out == Path::new("docs") { String::new() } else { format!(" --out {}", out.display()) };
    let what = crate::text::count(stale.len(), "document");
    let (is, them) = if stale.len() == 1 { ("is", "it") } else { ("are", "them") };
    Err(Failure::Said(format!("{what} {is} stale; write {them} again with: allegiance docs{out}")))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| format!("can't create the folder {}", folder.display()))?;
    std::fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}
