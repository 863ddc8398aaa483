//! Text for people and their terminals: what would steer a terminal, or turn the
//! order of letters around, is written out, and words of a command are quoted.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character isn't shown, and changes what is.
fn is_hidden(letter: char) -> bool {
    let is_bidi = matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let is_break = matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    is_bidi || is_break || (letter.is_control() && !matches!(letter, '\n' | '\t'))
}

/// A text with control and bidi characters as escapes such as `\u001b`, but for
/// line breaks and tabs. JSON stays the same JSON.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_hidden(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(plain, "\\u{unit:04x}").expect("a string takes any text");
            }
        } else {
            plain.push(letter);
        }
    }
    Cow::Owned(plain)
}

/// A word as a shell takes it: in single quotes where it isn't plain letters.
pub fn shell_word(word: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:=@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', "'\\''")))
}

#[cfg(test)]
mod tests {
    use super::{plain, shell_word};

    #[test]
    fn what_steers_a_terminal_is_shown_and_json_says_the_same() {
        assert_eq!(plain("Ṭall Rummān\n\tمرحبا"), "Ṭall Rummān\n\tمرحبا");
        assert_eq!(
            plain("a\u{1b}]0;title\u{7}\u{202e}b\u{9b}\r\u{7f}"),
            "a\\u001b]0;title\\u0007\\u202eb\\u009b\\u000d\\u007f"
        );
        // JSON writes letters beyond the first plane as two units.
        assert_eq!(plain("{\"name\":\"\u{e0041}\"}"), "{\"name\":\"\\udb40\\udc41\"}");
    }

    #[test]
    fn words_of_a_command_are_quoted_where_a_shell_would_read_more() {
        for (word, quoted) in [
            ("runs/base", "runs/base"),
            ("", "''"),
            ("my run", "'my run'"),
            ("$(touch x)", "'$(touch x)'"),
            ("it's", "'it'\\''s'"),
            ("a;b", "'a;b'"),
            ("~x", "'~x'"),
        ] {
            assert_eq!(shell_word(word), quoted);
        }
    }
}
