//! Names, and counts by hand.

use super::{EXIT_CLASSES, EXIT_MEASURES, GROUP_MEASURES, WAR_MEASURES};
use std::collections::BTreeSet;

#[test]
fn no_name_is_there_twice() {
    let war: Vec<&str> = WAR_MEASURES
        .iter()
        .map(|measure| measure.name)
        .chain(EXIT_MEASURES.iter().map(|measure| measure.name))
        .collect();
    let group: Vec<&str> = GROUP_MEASURES
        .iter()
        .map(|measure| measure.name)
        .chain(EXIT_MEASURES.iter().map(|measure| measure.group_name))
        .collect();
    let classes: Vec<&str> = EXIT_CLASSES.iter().map(|class| class.name).collect();
    for names in [war, group, classes] {
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "{names:?}");
    }
}
