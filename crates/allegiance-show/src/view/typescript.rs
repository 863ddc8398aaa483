//! The views as TypeScript, for the page; committed, and held fresh here.

use super::{
    Agreement, Band, Bands, BaseMap, ButForView, Change, Colour, ControlChange, ConvictionPoint, CountryShape,
    DayValues, DifferenceEntry, Exodus, GroupEntry, GroupLook, HappeningEntry, History, HolderChange, HolderCounts,
    HomeBelief, IncidentView, Measure, Overview, Pair, People, PersonKind, PersonRow, PlaceEntry, Relation,
    ScenarioFiles, Series, SeriesDifference, StoryView, Texture, TheoryFile, Tie, TrustPoint,
};
use crate::story::{BeliefShift, HazardSplit, Odds, Reason, Story, Turn, Who};
use std::path::{Path, PathBuf};
use ts_rs::{Config, TS};

const HEADER: &str = "\
// Written from the Rust types of allegiance-show, module view; don't edit.
// Anew: ALLEGIANCE_BLESS=1 cargo test --profile ci -p allegiance-show typescript
";

fn declarations() -> String {
    fn one<T: TS + 'static>(config: &Config) -> String {
        let docs = T::docs().unwrap_or_default();
        let text = format!("\n{docs}export {}\n", T::decl(config));
        text.replace(" \n", "\n")
    }
    macro_rules! all {
        ($config:expr; $($type:ty),* $(,)?) => { [$(one::<$type>($config)),*].concat() };
    }
    let config = Config::default().with_large_int("number");
    let text = all![
        &config; Overview, TheoryFile, ScenarioFiles, Pair, DifferenceEntry, Change, GroupEntry, GroupLook, Colour, Texture, PlaceEntry, HappeningEntry, BaseMap, CountryShape, History, Agreement, HolderCounts,
        ControlChange, HolderChange, IncidentView,
        Exodus, HomeBelief, Measure, Series, Band, Bands, SeriesDifference, DayValues, PersonKind, PersonRow, People,
        StoryView, ConvictionPoint, TrustPoint, Relation, Tie, Story, Odds, Who, Turn, BeliefShift, HazardSplit, Reason, ButForView,
    ];
    HEADER.to_owned() + &text
}

/// The repository around this package; nothing where the package was unpacked alone.
pub(super) fn repository() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("crates").join(env!("CARGO_PKG_NAME")).is_dir().then_some(root)
}

#[test]
fn the_types_of_the_page_are_fresh() {
    let Some(root) = repository() else { return };
    let path = root.join("page/src/types/views.ts");
    let written = declarations();
    if std::env::var_os("ALLEGIANCE_BLESS").is_some() {
        fs_err::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs_err::write(&path, &written).expect("the types can be written");
    }
    let committed = fs_err::read_to_string(&path).expect("the types are committed");
    assert!(committed == written, "page/src/types/views.ts is stale; its head tells how to write it again");
}
