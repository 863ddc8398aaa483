//! Tables in the columns of UCDP GED.

use std::fmt::Write as _;

/// The official columns, in their order.
pub const HEADER: &str = "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob";

/// A row as the data set writes it.
#[derive(Debug)]
pub struct Row<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Type of violence.
    pub kind: &'a str,
    /// Names of the sides.
    pub sides: [&'a str; 2],
    /// Precision of the location.
    pub where_prec: &'a str,
    /// Degrees north and east.
    pub point: [&'a str; 2],
    /// First and last possible day.
    pub dates: [&'a str; 2],
    /// Of the first side, the second side, civilians, unknown.
    pub dead: [&'a str; 4],
}

impl Row<'_> {
    /// A fight in the village on the third day.
    pub const PLAIN: Self = Self {
        id: "7.0",
        kind: "2.0",
        sides: ["IS", "Rebels"],
        where_prec: "1.0",
        point: ["35.9", "36.62"],
        dates: ["2014-01-03", "2014-01-03"],
        dead: ["1.0", "2.0", "3.0", "0.0"],
    };

    /// The row as a line of the table.
    pub fn line(&self) -> String {
        let Row {
            id,
            kind,
            sides: [side_a, side_b],
            where_prec,
            point: [latitude, longitude],
            dates: [start, end],
            dead: [a, b, civilians, unknown],
        } = self;
        format!(
            "{id},X-1,2014.0,1.0,Clear,{kind},1.0,1.0,\"A, B\",1.0,1.0,\"{side_a} - {side_b}\",1.0,1.0,\"{side_a}\",2.0,2.0,\"{side_b}\",1.0,\"\"\"SOHR, 2014\"\";\"\"VDC\"\"\",,,,,{where_prec},here,\"in, and\nnear it\",Idlib,,{latitude},{longitude},POINT,1.0,Syria,652.0,Middle East,1.0,1.0,{start},{end},{a},{b},{civilians},{unknown},6.0,6.0,6.0,,"
        )
    }
}

/// A table of some rows in the 49 official columns.
pub fn table(rows: &[Row<'_>]) -> String {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        writeln!(text, "{}", row.line()).expect("text takes a line");
    }
    text
}
