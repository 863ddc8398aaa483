//! A file that several threads read at once.
//!
//! What `parquet` makes of a plain file moves one cursor for all its readers,
//! so that two threads get each other's bytes.

use bytes::Bytes;
use fs_err::File;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// The file; each read goes to its own place.
pub(super) struct SharedFile {
    file: Arc<Mutex<File>>,
    n_bytes: u64,
}

impl SharedFile {
    /// Shares an open file, which must not change from here on.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let n_bytes = file.metadata()?.len();
        Ok(Self { file: Arc::new(Mutex::new(file)), n_bytes })
    }

    fn from(&self, at: u64) -> ReadFrom {
        ReadFrom { file: Arc::clone(&self.file), at }
    }
}

/// Reads from a place of its own.
pub(super) struct ReadFrom {
    file: Arc<Mutex<File>>,
    at: u64,
}

impl Read for ReadFrom {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let n_read = file.read(buffer)?;
        self.at += n_read as u64;
        Ok(n_read)
    }
}

impl Length for SharedFile {
    fn len(&self) -> u64 {
        self.n_bytes
    }
}

impl ChunkReader for SharedFile {
    type T = BufReader<ReadFrom>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(self.from(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut buffer = Vec::with_capacity(length.min(self.n_bytes as usize));
        let n_read = self.from(start).take(length as u64).read_to_end(&mut buffer)?;
        if n_read < length {
            return Err(ParquetError::EOF(format!("the file has {n_read} of {length} bytes from {start}")));
        }
        Ok(buffer.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{ChunkReader as _, Length as _, SharedFile};
    use crate::Threads;
    use allegiance_record::Spread as _;
    use fs_err::File;
    use std::io::Read as _;

    #[test]
    fn threads_that_read_at_once_get_their_own_bytes() {
        let path = std::env::temp_dir().join(format!("allegiance-shared-file-{}", std::process::id()));
        let content: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        fs_err::write(&path, &content).unwrap();
        let file = SharedFile::new(File::open(&path).unwrap()).unwrap();
        fs_err::remove_file(&path).ok();
        let is_right = |number: u32| {
            let start = 4 * u64::from(number);
            let bytes = file.get_bytes(start, 40).unwrap();
            let mut word = [0; 4];
            file.get_read(start + 4).unwrap().read_exact(&mut word).unwrap();
            bytes[..4] == number.to_le_bytes() && word == (number + 1).to_le_bytes()
        };
        assert!(Threads(4).each(20_000, |number| is_right(number as u32)).into_iter().all(|is_right| is_right));
        assert_eq!(file.len(), 800_000);
        assert!(file.get_bytes(799_999, 2).is_err());
    }
}
