//! The program `allegiance`; everything is in the library beside it.

fn main() -> std::process::ExitCode {
    allegiance_cli::run_program()
}
