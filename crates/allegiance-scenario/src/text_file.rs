//! Reads a table of others as text, whatever program wrote it: gzipped or
//! plain, in UTF-8, UTF-16 or Windows-1252.
//!
//! Files that aren't text are named for what they are, as far as their first
//! bytes tell.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// How a gzipped file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// A file may be gzipped so many times over.
const MOST_PACKED: usize = 2;
/// A gzipped file grows by no more than this; tables grow five to twenty times, and
/// what is read of one takes some times its size.
const MOST_GROWTH: usize = 40;
/// But any may grow to this many bytes.
const LEAST_MOST: usize = 16 << 20;
/// No file that is read is larger, so that what never ends, such as a device, ends.
const MOST_BYTES: u64 = 4 << 30;
/// How files begin that are no text, and what to do with each.
const NOT_TEXT: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "is a zip archive or a workbook of Excel; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "is a workbook of Excel; save the sheet as CSV"),
    (b"\xfd7zXZ", "is compressed by xz; unpack it, or compress it by gzip"),
    (b"BZh9", "is compressed by bzip2; unpack it, or compress it by gzip"),
    (b"\x28\xb5\x2f\xfd", "is compressed by Zstandard; unpack it, or compress it by gzip"),
    (b"7z\xbc\xaf", "is a 7-Zip archive; unpack it"),
    (b"Rar!", "is a RAR archive; unpack it"),
    (b"%PDF", "is a PDF document; get the table as CSV"),
    (b"ARROW1", "is an Arrow file; save the table as CSV"),
    (b"$FL2", "is a file of SPSS; save the table as CSV"),
    (b"PAR1", "is a Parquet file; save the table as CSV"),
    (b"SQLite format 3", "is a database, such as a GeoPackage; export the layer as GeoJSON, or the table as CSV"),
    (b"RDX2", "is a file of R; write the table with write.csv"),
    (b"RDX3", "is a file of R; write the table with write.csv"),
    (b"X\n\0\0", "is a file of R; write the table with write.csv"),
    (b"<stata_dta>", "is a file of Stata; export the table as CSV"),
    (b"\xff\xfe\0\0", "is in UTF-32; save it with the encoding UTF-8"),
    (b"\0\0\xfe\xff", "is in UTF-32; save it with the encoding UTF-8"),
    (b"\0\0\x27\x0a", "is a shapefile; export the layer as GeoJSON, or the table as CSV"),
];

/// Why a file couldn't be read as text.
#[derive(Debug, thiserror::Error)]
pub enum ReadTextError {
    /// The file can't be read; the message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is compressed and damaged.
    #[error("{} begins as gzip but can't be unpacked: {why}; get the file again", path.display())]
    Gzip {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: io::Error,
    },
    /// The file isn't text.
    #[error("{}{} {found}", path.display(), line.map_or_else(String::new, |line| format!(":{line}:")))]
    NotText {
        /// The file.
        path: PathBuf,
        /// The line where it begins to be none, where a part of it is text.
        line: Option<usize>,
        /// What it is, and what to do.
        found: String,
    },
}

/// The line, where there is one, and what is found there.
type NoText = (Option<usize>, String);

/// A text and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding, where it wasn't UTF-8.
    pub encoding: Option<&'static str>,
}

/// The text of a file.
///
/// # Errors
/// See [`ReadTextError`].
pub fn read_text(path: &Path) -> Result<Text, ReadTextError> {
    let mut bytes = read_bytes(path)?;
    // Some servers compress what is compressed already.
    for _ in 0..MOST_PACKED {
        if bytes.starts_with(&GZIP) {
            bytes = unpack(&bytes).map_err(|why| ReadTextError::Gzip { path: path.to_owned(), why })?;
        }
    }
    decode(bytes).map_err(|(line, found)| ReadTextError::NotText { path: path.to_owned(), line, found })
}

/// Unpacks a gzipped file. Its last bytes tell its size, so that memory is
/// taken once.
fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let size = bytes.last_chunk::<4>().map_or(0, |size| u32::from_le_bytes(*size) as usize);
    let most = bytes.len().saturating_mul(MOST_GROWTH).max(LEAST_MOST);
    let mut unpacked = Vec::with_capacity(size.min(most));
    flate2::read::MultiGzDecoder::new(bytes).take(most as u64 + 1).read_to_end(&mut unpacked)?;
    if unpacked.len() > most {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it unpacks to more than {most} bytes, as no table of its size does; unpack it first"),
        ));
    }
    Ok(unpacked)
}

/// The bytes of a file, of which there may be no more than 4 GiB.
///
/// # Errors
/// Where the file can't be read, or is larger.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = fs_err::File::open(path)?;
    let mut bytes = Vec::with_capacity(file.metadata()?.len().min(MOST_BYTES) as usize);
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        let text = format!("{} has more than 4 GiB, as no table has; name another file", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    Ok(bytes)
}

/// Bytes as text, or what they are in its place.
fn decode(bytes: Vec<u8>) -> Result<Text, NoText> {
    if let Some((_, found)) = NOT_TEXT.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err((None, (*found).to_owned()));
    }
    if let Some((encoding, read)) = utf_16(&bytes) {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&units).map_err(|_damaged| {
            let whole = char::decode_utf16(units.iter().copied()).map_while(Result::ok);
            let line = whole.filter(|letter| *letter == '\n').count() + 1;
            (Some(line), format!("begins as {encoding} and isn't; save it with the encoding UTF-8"))
        })?;
        let text = text.strip_prefix(MARK).map(str::to_owned).unwrap_or(text);
        return Ok(Text { text, encoding: Some(encoding) });
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => {
            let line = text.split('\0').next().unwrap_or_default().matches('\n').count() + 1;
            let found = "has bytes of zero, as no text has; save it as CSV with the encoding UTF-8";
            Err((Some(line), found.to_owned()))
        }
        Ok(mut text) => {
            if text.starts_with(MARK) {
                text.drain(..MARK.len_utf8());
            }
            Ok(Text { text, encoding: None })
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            windows_1252(error.as_bytes(), at).map(|text| Text { text, encoding: Some("Windows-1252") })
        }
    }
}

/// The byte order mark.
const MARK: char = '\u{feff}';

/// A unit of UTF-16 from its two bytes.
type UnitOfBytes = fn([u8; 2]) -> u16;

/// Which UTF-16 bytes are in: by their mark, or by every second byte of their
/// beginning being zero.
fn utf_16(bytes: &[u8]) -> Option<(&'static str, UnitOfBytes)> {
    let head = &bytes[..bytes.len().min(64) & !1];
    let is_zero = |odd: usize| head.len() >= 8 && head.iter().skip(odd).step_by(2).all(|byte| *byte == 0);
    if bytes.starts_with(&[0xff, 0xfe]) || (is_zero(1) && !is_zero(0)) {
        Some(("UTF-16 (little endian)", u16::from_le_bytes))
    } else if bytes.starts_with(&[0xfe, 0xff]) || (is_zero(0) && !is_zero(1)) {
        Some(("UTF-16 (big endian)", u16::from_be_bytes))
    } else {
        None
    }
}

/// What Windows-1252 has from 0x80 to 0x9f; the rest is that of Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
/// Letters beyond ASCII that follow one another: languages of the West have
/// fewer, and Cyrillic and Arabic texts of one byte a letter more.
const FOREIGN_WORD: usize = 4;

/// Bytes as Windows-1252, unless they can't be; `at` is the first that isn't
/// UTF-8.
fn windows_1252(bytes: &[u8], at: usize) -> Result<String, NoText> {
    let line = bytes[..at].split(|byte| *byte == b'\n').count();
    let refuse = |what: &str| Err((Some(line), format!("isn't UTF-8 text, and {what}")));
    if bytes.contains(&0) {
        return refuse("has bytes of zero, as no text has; save it as CSV with the encoding UTF-8");
    }
    let is_undefined = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    let is_foreign = bytes.split(|byte| *byte < 0xc0).any(|word| word.len() >= FOREIGN_WORD);
    if is_foreign || bytes.iter().any(is_undefined) {
        return refuse("isn't in Windows-1252 or Latin-1 either; save it with the encoding UTF-8");
    }
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        byte => char::from(*byte),
    };
    Ok(bytes.iter().map(letter).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Text, decode};

    /// A text with its encoding.
    type Decoded = (String, Option<&'static str>);

    fn read(bytes: &[u8]) -> Result<Decoded, (Option<usize>, String)> {
        decode(bytes.to_vec()).map(|Text { text, encoding }| (text, encoding))
    }

    #[test]
    fn texts_are_read_in_the_encodings_that_programs_write() {
        let text = "name\nSévaré – Œuf\n";
        let units = |swap: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        assert_eq!(read(text.as_bytes()).unwrap(), (text.to_owned(), None));
        assert_eq!(read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()).unwrap(), (text.to_owned(), None));
        for (mark, swap, name) in
            [(&b"\xff\xfe"[..], false, "UTF-16 (little endian)"), (b"\xfe\xff", true, "UTF-16 (big endian)")]
        {
            assert_eq!(read(&[mark, &units(swap)].concat()).unwrap(), (text.to_owned(), Some(name)));
        }
        let plain: Vec<u8> = "name,place\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&plain).unwrap().1, Some("UTF-16 (little endian)"), "by its zeros");
        let western = b"name\nS\xe9var\xe9 \x96 \x8cuf\n";
        assert_eq!(read(western).unwrap(), (text.to_owned(), Some("Windows-1252")));
    }

    #[test]
    fn a_packed_file_may_grow_as_tables_do_and_no_more() {
        use flate2::{Compression, write::GzEncoder};
        use std::io::Write as _;
        let packed = |bytes: &[u8]| {
            let mut packer = GzEncoder::new(Vec::new(), Compression::best());
            packer.write_all(bytes).unwrap();
            packer.finish().unwrap()
        };
        let table = b"place,group,share\n".repeat(100_000);
        assert_eq!(super::unpack(&packed(&table)).unwrap(), table);
        let bomb = packed(&vec![b','; super::LEAST_MOST + 1]);
        let told = super::unpack(&bomb).unwrap_err().to_string();
        assert!(told.starts_with("it unpacks to more than 16777216 bytes"), "{told}");
    }

    #[test]
    fn what_is_no_text_is_named() {
        let refusal = |bytes: &[u8]| read(bytes).unwrap_err();
        let at = |line: Option<usize>, found: &str| (line, found.to_owned());
        assert_eq!(
            refusal(b"PK\x03\x04..."),
            at(None, "is a zip archive or a workbook of Excel; unpack it, or save the sheet as CSV")
        );
        assert_eq!(
            refusal(b"name\n\xca\xe8\xbf\xe2 \xca\xe8\xe5\xe2\n"),
            at(
                Some(2),
                "isn't UTF-8 text, and isn't in Windows-1252 or Latin-1 either; save it with the encoding UTF-8"
            )
        );
        assert_eq!(
            refusal(b"name,place\nx\0,y\n"),
            at(Some(2), "has bytes of zero, as no text has; save it as CSV with the encoding UTF-8")
        );
        assert_eq!(
            refusal(b"\xff\0\x01\x02\x03\x04\x05\x06\x07"),
            at(
                Some(1),
                "isn't UTF-8 text, and has bytes of zero, as no text has; save it as CSV with the encoding UTF-8"
            )
        );
        let units = "name\n".encode_utf16().chain([0xd800, 0x61]);
        let broken: Vec<u8> = std::iter::once(0xfeff).chain(units).flat_map(u16::to_le_bytes).collect();
        assert_eq!(
            refusal(&broken),
            at(Some(2), "begins as UTF-16 (little endian) and isn't; save it with the encoding UTF-8")
        );
    }
}
