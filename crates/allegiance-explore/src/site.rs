//! The page with all that it shows as files, for any web server.
//!
//! Views are the answers of the server, packed with gzip and unpacked by the page
//! itself. Stories and but-for aren't among them: the engine in the browser
//! simulates them again from the scenario's files, which are.

use crate::assets::{ENGINE, PAGE, content_security_policy};
use crate::exhibit::Exhibition;
use allegiance_runs::ReadRunError;

/// What the head of a served page begins with.
const HEAD: &str = "<meta charset=\"utf-8\"";
/// Says to the page that its views are files beside it.
const MARK: &str = "<meta name=\"allegiance-static\" content=\"yes\">";
/// Only a server's answer can say this, and a site may be shown within another.
const ONLY_OF_SERVERS: &str = "; frame-ancestors 'none'";

/// The files of a site, by name.
///
/// # Errors
/// Where a run can't be read.
pub fn files_of(exhibition: &Exhibition) -> Result<Vec<(String, Vec<u8>)>, ReadRunError> {
    let mut files = vec![
        ("index.html".to_owned(), page().into_bytes()),
        ("engine.wasm.gz".to_owned(), ENGINE.to_vec()),
        ("licences.md".to_owned(), include_bytes!("../built/licences.md").to_vec()),
        ("licences-engine.md".to_owned(), include_bytes!("../built/licences-engine.md").to_vec()),
        ("runs.json.gz".to_owned(), exhibition.runs().bytes()),
    ];
    if let Some(difference) = exhibition.difference()? {
        files.push(("difference.json.gz".to_owned(), difference.bytes()));
    }
    for (number, exhibit) in (0..).map_while(|number| Some((number, exhibition.exhibit(number)?))) {
        if exhibit.n_replicates() > 1 {
            files.push((format!("run-{number}-bands.json.gz"), exhibit.bands()?.bytes()));
            files.push((format!("run-{number}-agreement.json.gz"), exhibit.agreement()?.bytes()));
        }
        if let Ok(scenario) = exhibit.scenario_elsewhere() {
            files.push((format!("run-{number}-scenario.json.gz"), scenario.bytes()));
        }
        for replicate in 0..exhibit.n_replicates() {
            files.push((format!("run-{number}-replicate-{replicate}.json.gz"), exhibit.history(replicate)?.bytes()));
        }
    }
    Ok(files)
}

/// The page with its policy and its mark in the head, after the encoding.
fn page() -> String {
    let policy = content_security_policy(PAGE).replace(ONLY_OF_SERVERS, "");
    let policy = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    let at = PAGE.find(HEAD).and_then(|at| Some(at + PAGE[at..].find('>')? + 1)).unwrap_or(0);
    format!("{}{policy}{MARK}{}", &PAGE[..at], &PAGE[at..])
}

#[cfg(test)]
mod tests {
    use super::{MARK, page};

    #[test]
    fn the_page_of_a_site_says_what_it_is_and_keeps_its_policy() {
        let page = page();
        let head = page.find("<script").unwrap();
        let [mark, policy] = [MARK, "Content-Security-Policy"].map(|text| page.find(text).unwrap());
        assert!(policy < mark && mark < head, "{policy} {mark} {head}");
        assert!(page.contains("charset=\"utf-8\"") && !page.contains("frame-ancestors"));
        assert!(page.contains("connect-src 'self'"));
    }
}
