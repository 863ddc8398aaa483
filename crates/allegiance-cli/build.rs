//! Tells the program which commit it was built from.

use std::path::Path;
use std::process::Command;

fn main() {
    let commit = commit_of_checkout().or_else(commit_of_package).unwrap_or_else(|| "unknown".to_owned());
    set("rustc-env", &format!("ALLEGIANCE_GIT={commit}"));
}

/// The commit, with `-dirty` where tracked files differ from it. Nothing where
/// the source isn't a checkout of this project: not in an unpacked archive,
/// and not where it lies inside another project's repository.
fn commit_of_checkout() -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().ok()?;
    let toplevel = Path::new(&git(&root, &["rev-parse", "--show-toplevel"])?).canonicalize().ok()?;
    if toplevel != root {
        return None;
    }
    for path in ["HEAD", "index", "logs/HEAD"] {
        let path = root.join(git(&root, &["rev-parse", "--git-path", path])?);
        if path.exists() {
            set("rerun-if-changed", &path.display().to_string());
        }
    }
    set("rerun-if-changed", &root.join("crates").display().to_string());
    let commit = git(&root, &["rev-parse", "--short=12", "HEAD"])?;
    let changes = git(&root, &["status", "--porcelain", "--untracked-files=no"])?;
    let mark = if changes.is_empty() { "" } else { "-dirty" };
    Some(format!("{commit}{mark}"))
}

/// The commit that a package was made of, as Cargo notes it in the package.
fn commit_of_package() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".cargo_vcs_info.json");
    let note = std::fs::read_to_string(&path).ok()?;
    set("rerun-if-changed", &path.display().to_string());
    let commit = note.split("\"sha1\": \"").nth(1)?.get(..12)?;
    let mark = if note.contains("\"dirty\": true") { "-dirty" } else { "" };
    Some(format!("{commit}{mark}"))
}

fn set(key: &str, value: &str) {
    println!("cargo:{key}={value}");
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
