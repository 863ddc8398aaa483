//! The page of the ODD protocol.
pub(super) fn page() -> String { "# x\n".to_owned() }
