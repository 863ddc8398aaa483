//! The clock, memory and files of this machine.

use allegiance_model::calendar::Date;
use allegiance_record::digest::hex;
use sha2::{Digest as _, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};

/// SHA-256 of what is read until the end, in hexadecimal digits.
pub fn digest_of_reader(reader: &mut impl std::io::Read) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    std::io::copy(reader, &mut hasher)?;
    Ok(hex(&hasher.finalize()))
}

/// A moment as ISO 8601 in UTC, such as `2014-01-03T17:05:09Z`.
pub fn utc(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let epoch = Date::from_ymd(1970, 1, 1).expect("1 January 1970 is a date");
    let date = epoch.plus_days((seconds / 86_400) as u32);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The highest resident memory of this process, on Linux; `None` elsewhere.
pub fn peak_memory_bytes() -> Option<u64> {
    peak_memory_in(&fs_err::read_to_string("/proc/self/status").ok()?)
}

fn peak_memory_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::{peak_memory_in, utc};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn moments_are_written_in_utc() {
        let moment = UNIX_EPOCH + Duration::from_secs(16_073 * 86_400 + 17 * 3_600 + 5 * 60 + 9);
        assert_eq!(utc(moment), "2014-01-03T17:05:09Z");
    }

    #[test]
    fn peak_memory_is_read_from_the_status_file() {
        assert_eq!(peak_memory_in("Name:\tx\nVmHWM:\t   2048 kB\n"), Some(2_097_152));
        assert_eq!(peak_memory_in("Name:\tx\n"), None);
    }
}
