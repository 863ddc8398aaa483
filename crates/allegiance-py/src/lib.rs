//! The native module of the Python package `allegiance`.
//!
//! Conversion, progress, signals and exceptions; what is run and how is in the
//! laboratory. Nested results go to Python as JSON text, tables as Arrow.

#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over by value")]

mod arrow;
mod build;
mod elsewhere;
mod errors;
mod experiments;
mod inference;
mod people;
mod reports;
mod runs;
mod scenario;
mod score;
mod start;
mod sweeps;
mod table;
mod theories;
mod work;

use pyo3::prelude::*;

/// Version of the engine, which is part of what a run is.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The native half of `allegiance`; use the package instead.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::build::data_build;
    #[pymodule_export]
    use crate::elsewhere::{OpenDraws, Wars};
    #[pymodule_export]
    use crate::experiments::{compare, experiment};
    #[pymodule_export]
    use crate::inference::{calibrate, recover};
    #[pymodule_export]
    use crate::people::{but_for, story};
    #[pymodule_export]
    use crate::reports::{paths, report, verify};
    #[pymodule_export]
    use crate::runs::{observe, open_run, read_table, run_in_memory, run_into, run_table};
    #[pymodule_export]
    use crate::scenario::{Scenario, builtin_experiments, builtin_scenarios, parameters, read_theory, theory_text};
    #[pymodule_export]
    use crate::score::score;
    #[pymodule_export]
    use crate::start::{extend_scenario, new_scenario};
    #[pymodule_export]
    use crate::sweeps::{OpenSweep, Rows, open_sweep, sensitivity, sweep};
    #[pymodule_export]
    use crate::table::Table;
    #[pymodule_export]
    use crate::theories::{summaries, theories, tournament};

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", crate::VERSION)
    }
}
