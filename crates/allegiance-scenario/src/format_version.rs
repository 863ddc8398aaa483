//! The version that every scenario, design and experiment states in `format`.

use crate::problem::Problems;
use crate::tree::{Node, Value};

/// The version of all three formats that this program reads.
pub(crate) const FORMAT: i64 = 1;

/// Refuses a file of a newer format; what else it holds is for a newer program
/// to judge, so nothing more of it should be checked. Whether it was refused.
pub(crate) fn refuse_newer(tree: &Node, problems: &mut Problems) -> bool {
    let Some((spot, node)) = tree.as_table().and_then(|table| table.get("format")) else {
        return false;
    };
    let Value::Whole(found) = node.value else { return false };
    if found <= i128::from(FORMAT) {
        return false;
    }
    problems
        .error(*spot, "format", format!("is {found}"))
        .allowed(format!("Allegiance {} reads format {FORMAT}", env!("CARGO_PKG_VERSION")))
        .hint("get a newer Allegiance for this file");
    true
}
