//! The table `reported` and the sites of the places, as scores need them.

use super::cells::{Rows, text_column};
use super::{FinishedRun, ReadRunError, parse_date};
use crate::observe::{RecordRow, Violence};
use allegiance_model::calendar::Date;

/// Where a place lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// First administrative level.
    pub governorate: String,
    /// Second administrative level.
    pub district: String,
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
}

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
        Ok(governorates
            .into_iter()
            .zip(districts)
            .zip(points)
            .map(|((governorate, district), (latitude_deg, longitude_deg))| Site {
                governorate,
                district,
                latitude_deg,
                longitude_deg,
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
        let whole = |column: &str| rows.column::<u32>(column);
        let maybe = |column: &str| rows.column::<Option<u32>>(column);
        let text = |column: &str| text_column(&rows, column).map(Vec::into_iter);
        let byte = |column: &str| -> Result<Vec<u8>, ReadRunError> {
            whole(column)?
                .into_iter()
                .map(|value| u8::try_from(value).map_err(|_| rows.wrong(column, "holds a value that no run writes")))
                .collect()
        };
        let (ids, years, violence) = (whole("id")?, whole("year")?, violence_column(&rows)?);
        let (mut relids, mut dyads) = (text("relid")?, text("dyad_name")?);
        let (mut sides_a, mut sides_b) = (text("side_a")?, text("side_b")?);
        let (side_a_ids, side_b_ids) = (whole("side_a_new_id")?, whole("side_b_new_id")?);
        let (mut adm_1, mut adm_2) = (text("adm_1")?, text("adm_2")?);
        let (mut countries, mut regions) = (text("country")?, text("region")?);
        let (latitudes, longitudes) = (rows.column::<f64>("latitude")?, rows.column::<f64>("longitude")?);
        let (cells, clarity) = (whole("priogrid_gid")?, byte("event_clarity")?);
        let (where_prec, date_prec) = (byte("where_prec")?, byte("date_prec")?);
        let (starts, ends) = (date_column(&rows, "date_start")?, date_column(&rows, "date_end")?);
        let dead = ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low"].map(whole);
        let [a, b, civilians, unknown, best, high, low] = dead;
        let (a, b, civilians, unknown) = (a?, b?, civilians?, unknown?);
        let (best, high, low) = (best?, high?, low?);
        let (gwno_a, gwno_b) = (maybe("gwnoa")?, maybe("gwnob")?);
        let next = |texts: &mut std::vec::IntoIter<String>| texts.next().unwrap_or_default();
        Ok((0..ids.len())
            .map(|row| RecordRow {
                id: u64::from(ids[row]),
                relid: next(&mut relids),
                year: years[row],
                violence: violence[row],
                dyad_name: next(&mut dyads),
                side_a: next(&mut sides_a),
                side_a_id: side_a_ids[row],
                side_b: next(&mut sides_b),
                side_b_id: side_b_ids[row],
                where_prec: where_prec[row],
                adm_1: next(&mut adm_1),
                adm_2: next(&mut adm_2),
                latitude_deg: latitudes[row],
                longitude_deg: longitudes[row],
                priogrid_gid: cells[row],
                country: next(&mut countries),
                region: next(&mut regions),
                event_clarity: clarity[row],
                date_prec: date_prec[row],
                date_start: starts[row],
                date_end: ends[row],
                deaths_a: a[row],
                deaths_b: b[row],
                deaths_civilians: civilians[row],
                deaths_unknown: unknown[row],
                best: best[row],
                high: high[row],
                low: low[row],
                gwno_a: gwno_a[row],
                gwno_b: gwno_b[row],
            })
            .collect())
    }
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
