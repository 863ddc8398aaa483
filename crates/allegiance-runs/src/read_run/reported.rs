//! The table `reported` and the sites of the places, as scores need them.

use super::cells::{Rows, text_column};
use super::{FinishedRun, ReadRunError, parse_date};
use allegiance_model::calendar::Date;
use allegiance_record::observe::{RecordRow, Violence};
use allegiance_record::reading::Site;

impl FinishedRun {
    /// Where the places lie, in the order of [`FinishedRun::places`].
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn sites(&self) -> Result<Vec<Site>, ReadRunError> {
        let rows = self.rows("places", None)?;
        let governorates = text_column(&rows, "governorate")?;
        let districts = text_column(&rows, "district")?;
        let points = rows.column::<f64>("latitude")?.into_iter().zip(rows.column::<f64>("longitude")?);
        let populations = rows.column::<u32>("population")?;
        Ok(governorates
            .into_iter()
            .zip(districts)
            .zip(points)
            .zip(populations)
            .map(|(((governorate, district), (latitude_deg, longitude_deg)), population)| Site {
                governorate,
                district,
                latitude_deg,
                longitude_deg,
                population,
            })
            .collect())
    }

    /// The reported record of one replicate.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn reported(&self, replicate: u32) -> Result<Vec<RecordRow>, ReadRunError> {
        if !self.replicates().contains(&replicate) {
            return Err(ReadRunError::Replicate { asked: replicate, n_replicates: self.manifest.n_replicates });
        }
        let rows = self.rows("reported", Some(replicate))?;
        let mut texts = each(TEXTS, |column| text_column(&rows, column))?;
        let wholes = each(WHOLES, |column| rows.column::<u32>(column))?;
        let points = each(["latitude", "longitude"], |column| rows.column::<f64>(column))?;
        let dates = each(["date_start", "date_end"], |column| date_column(&rows, column))?;
        let countries = each(["gwnoa", "gwnob"], |column| rows.column::<Option<u32>>(column))?;
        let violence = violence_column(&rows)?;
        let read = |row: usize| {
            let [relid, dyad_name, side_a, side_b, adm_1, adm_2, country, region] =
                texts.each_mut().map(|column| std::mem::take(&mut column[row]));
            let [id, year, side_a_id, side_b_id, priogrid_gid, clarity, where_prec, date_prec, dead @ ..] =
                wholes.each_ref().map(|column| column[row]);
            let [deaths_a, deaths_b, deaths_civilians, deaths_unknown, best, high, low] = dead;
            let [event_clarity, where_prec, date_prec] = [clarity, where_prec, date_prec].map(code);
            let [latitude_deg, longitude_deg] = points.each_ref().map(|column| column[row]);
            let [date_start, date_end] = dates.each_ref().map(|column| column[row]);
            let [gwno_a, gwno_b] = countries.each_ref().map(|column| column[row]);
            RecordRow {
                id: u64::from(id),
                relid,
                year,
                violence: violence[row],
                dyad_name,
                side_a,
                side_a_id,
                side_b,
                side_b_id,
                where_prec,
                adm_1,
                adm_2,
                latitude_deg,
                longitude_deg,
                priogrid_gid,
                country,
                region,
                event_clarity,
                date_prec,
                date_start,
                date_end,
                deaths_a,
                deaths_b,
                deaths_civilians,
                deaths_unknown,
                best,
                high,
                low,
                gwno_a,
                gwno_b,
            }
        };
        Ok((0..violence.len()).map(read).collect())
    }
}

/// Columns of text.
const TEXTS: [&str; 8] = ["relid", "dyad_name", "side_a", "side_b", "adm_1", "adm_2", "country", "region"];
/// Columns of whole numbers.
const WHOLES: [&str; 15] = [
    "id",
    "year",
    "side_a_new_id",
    "side_b_new_id",
    "priogrid_gid",
    "event_clarity",
    "where_prec",
    "date_prec",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
];

/// Reads several columns.
fn each<T, const N: usize>(
    names: [&str; N],
    read: impl Fn(&str) -> Result<Vec<T>, ReadRunError>,
) -> Result<[Vec<T>; N], ReadRunError> {
    let columns: Vec<Vec<T>> = names.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(columns.try_into().unwrap_or_else(|_| unreachable!("a column a name")))
}

/// A code of one digit; one that no run writes becomes a number that no rule
/// allows.
fn code(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

fn violence_column(rows: &Rows<'_>) -> Result<Vec<Violence>, ReadRunError> {
    let column = "type_of_violence";
    rows.column::<u32>(column)?
        .into_iter()
        .map(|code| Violence::from_code(code).ok_or_else(|| rows.wrong(column, "holds a value that no run writes")))
        .collect()
}

fn date_column(rows: &Rows<'_>, column: &str) -> Result<Vec<Date>, ReadRunError> {
    text_column(rows, column)?
        .iter()
        .map(|text| parse_date(text).ok_or_else(|| rows.wrong(column, "holds a text that is no date")))
        .collect()
}
