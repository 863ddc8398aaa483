//! What designs and experiments share on the command line.

use allegiance_scenario::LoadDocumentError;

use crate::failure::Failure;

/// A design or experiment that couldn't be loaded.
pub(crate) fn failure_of_load(error: LoadDocumentError) -> Failure {
    match error {
        LoadDocumentError::Invalid { what, problems } => Failure::Document { what, problems },
        error => Failure::Input(error.into()),
    }
}
