//! A long CSV text that stays compressed until it is wanted, so that what it is made of can be freed first.

use std::io::Read as _;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// A CSV text on its way, row by row.
#[derive(Debug)]
pub struct PackedCsv {
    writer: csv::Writer<DeflateEncoder<Vec<u8>>>,
}

impl PackedCsv {
    /// Begins with a row, such as a header.
    pub fn of(row: impl IntoIterator<Item: AsRef<[u8]>>) -> Self {
        let encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let mut text = Self { writer: csv::Writer::from_writer(encoder) };
        text.add(row);
        text
    }

    /// Adds a row of the same length.
    ///
    /// # Panics
    /// Where its length is another.
    pub fn add(&mut self, row: impl IntoIterator<Item: AsRef<[u8]>>) {
        self.writer.write_record(row).expect("memory takes any row of one length");
    }

    /// The text, compressed.
    ///
    /// # Panics
    /// Never: memory can be written to.
    pub fn finish(self) -> PackedText {
        let encoder = self.writer.into_inner().expect("memory can be flushed");
        let n_bytes = encoder.total_in() as usize;
        PackedText { packed: encoder.finish().expect("memory takes any text"), n_bytes }
    }
}

/// A compressed text.
#[derive(Debug)]
pub struct PackedText {
    packed: Vec<u8>,
    n_bytes: usize,
}

impl PackedText {
    /// The text as it was.
    ///
    /// # Panics
    /// Where a cell was no text.
    pub fn unpack(self) -> String {
        let mut text = String::with_capacity(self.n_bytes);
        DeflateDecoder::new(self.packed.as_slice()).read_to_string(&mut text).expect("texts make a text");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::PackedCsv;
    use crate::csv_table::csv_text;

    #[test]
    fn a_packed_text_is_the_text() {
        let rows: Vec<[String; 2]> =
            (0..30_000).map(|nth| [nth.to_string(), format!("\"x\", né\n{}", nth % 7)]).collect();
        let mut packed = PackedCsv::of(&rows[0]);
        rows[1..].iter().for_each(|row| packed.add(row));
        let (packed, plain) = (packed.finish(), csv_text(rows.iter()));
        assert!(packed.packed.len() * 2 < plain.len());
        assert_eq!(packed.unpack(), plain);
    }
}
