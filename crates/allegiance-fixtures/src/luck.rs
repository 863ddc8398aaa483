//! Spoiled files, the same each time.

/// A small generator, so that a failure can be repeated.
#[derive(Debug)]
pub struct Luck(pub u64);

impl Luck {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

/// Bytes that formats care about.
const SPICE: &[&[u8]] = &[
    b"=",
    b"[",
    b"]",
    b"{",
    b"\"",
    b"\n",
    b",",
    b"-",
    b"9",
    b"99999999999",
    b"nan",
    b"\xff",
    b"\0",
    b"'",
    b"#",
    b".",
    b"1e400",
    b"\r",
];

/// A text with a few spoiled places.
pub fn spoil(text: &str, luck: &mut Luck) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=luck.below(4) {
        let at = luck.below(bytes.len());
        let end = (at + luck.below(12)).min(bytes.len());
        let spice = SPICE[luck.below(SPICE.len())];
        match luck.below(3) {
            0 => bytes.splice(at..end, std::iter::empty()).for_each(drop),
            1 => bytes.splice(at..at, spice.iter().copied()).for_each(drop),
            _ => bytes.splice(at..end, spice.iter().copied()).for_each(drop),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}
