//! Asking other sites for `galen check --external`, with what they answered lately.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::check;
use crate::external::{self, Answers, HttpClient, Kept, Pace};
use crate::load;
use crate::pipeline::Build;
use crate::source::SourceId;
use crate::write;

use super::session::{Failure, Session};
use super::terminal::Progress;

/// The file that holds the answers, in the folder of what is kept between builds.
pub(super) const FILE: &str = "external-links.json";

/// Returns what other sites answer to the addresses that the files of `built` name, as far as
/// `is_meant` takes the file; who answered lately is not asked again.
pub(super) fn answers(
    session: &Session,
    progress: &Progress,
    built: &Build,
    is_meant: &dyn Fn(&SourceId) -> bool,
) -> Result<Answers, Failure> {
    let Build { site, resolved, bibliography, config, .. } = built;
    let wanted = check::addresses(site, resolved, bibliography, config, is_meant);
    let path = path(&session.root);
    let now = Timestamp::now().as_second();
    // Answers that cannot be read are asked for again.
    let mut kept = Kept::read(&load::read_text(&path).unwrap_or_default(), now);
    let unknown = kept.unknown(&wanted);
    if !unknown.is_empty() {
        progress.stage(&asking(&unknown));
        let addresses = unknown.iter().map(String::as_str);
        let client = HttpClient::new();
        let found = external::ask(&client, addresses, kept.reachable(), Pace::POLITE)
            .map_err(Failure::NoNetwork)?;
        kept.add(&found, now);
        // What was heard is worth showing wherever nothing can be written.
        if let Err(error) = write::create_file(&path, &kept.to_text(), true) {
            session.terminal.say(&format!("the answers are not kept: {error}"));
        }
    }
    Ok(kept.answers(&wanted))
}

fn asking(unknown: &BTreeSet<String>) -> String {
    match unknown.len() {
        1 => "asking 1 address".to_owned(),
        count => format!("asking {count} addresses"),
    }
}

fn path(root: &Path) -> PathBuf {
    root.join(load::STATE_FOLDER).join(FILE)
}
