//! Files of UCDP GED on their way from the reader to the laboratory.

use std::path::Path;

use allegiance_import::ged::{DateOrder, ReadGedError, ReadNotes};
use allegiance_model::calendar::Date;

use crate::failure::Failure;
use crate::output;

/// What to say of a table that can't be read.
pub(crate) fn failure_of(path: &Path, error: ReadGedError) -> Failure {
    match error {
        ReadGedError::Invalid(problems) => Failure::Table { name: path.display().to_string(), problems },
        ReadGedError::Text(error) => Failure::Input(error.into()),
        error @ ReadGedError::Nothing(_) => Failure::Input(error.into()),
    }
}

/// Says on standard error what was made of a file.
pub(crate) fn tell(path: &Path, notes: &ReadNotes) {
    for note in &notes.notes {
        output::talk(&format!("{}: {note}", path.display()));
    }
}

/// The order of day and month, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Dates {
    /// Such as 12/31/2001
    MonthFirst,
    /// Such as 31/12/2001
    DayFirst,
}

impl From<Dates> for DateOrder {
    fn from(dates: Dates) -> Self {
        match dates {
            Dates::MonthFirst => Self::MonthFirst,
            Dates::DayFirst => Self::DayFirst,
        }
    }
}

/// Reads a date of the command line.
pub(crate) fn parse_date(text: &str) -> Result<Date, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let date = match parts.as_slice() {
        [year, month, day] if [year.len(), month.len(), day.len()] == [4, 2, 2] => {
            let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
            number(year).zip(number(month)).zip(number(day))
        }
        _ => None,
    };
    let date = date.and_then(|((year, month), day): ((u32, u32), u32)| Date::from_ymd(year as i32, month, day));
    date.ok_or_else(|| "must be a date such as 2014-01-12".to_owned())
}
