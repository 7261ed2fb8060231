//! `galen init`: starts a site.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::load;
use crate::write::{self, WriteError};

use super::session::{Failure, Outcome, Session};
use super::terminal::counted;

/// Lists files of the starter site with their text.
macro_rules! files {
    ($($path:literal from $file:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("starter/", $file)))),*]
    };
}

/// The starter site: path and text, with dates to be filled in.
const STARTER: &[(&str, &str)] = files![
    ".gitignore" from "gitignore",
    "book.toml" from "book.toml",
    "citations/library.bib" from "citations/library.bib",
    "citations/notes.yaml" from "citations/notes.yaml",
    "content/_index.md" from "content/_index.md",
    "content/about.md" from "content/about.md",
    "content/articles/how-this-site-cites.md" from "content/articles/how-this-site-cites.md",
    "content/corrections.md" from "content/corrections.md",
    "content/editorial-policy.md" from "content/editorial-policy.md",
    "content/glossary/systematic-review.md" from "content/glossary/systematic-review.md",
    "content/people/alex-example.md" from "content/people/alex-example.md",
    "content/people/sam-sample.md" from "content/people/sam-sample.md",
];

/// The arguments of `galen init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to start the site in
    dir: PathBuf,
    /// Start it in a folder that is not empty; files that are there stay as they are
    #[arg(long)]
    force: bool,
}

impl Init {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        if !self.force && !load::is_empty_or_missing(&self.dir)? {
            return Err(Failure::Usage(format!(
                "`{}` is not empty; --force starts a site there all the same, and keeps what is there",
                self.dir.display()
            )));
        }
        let (written, kept) = start_site(&self.dir, session.today()?)?;
        for path in &kept {
            session.terminal.say(&format!("kept `{path}` as it is"));
        }
        session.terminal.say(&format!(
            "wrote {} to `{}`",
            counted(written, "file"),
            self.dir.display()
        ));
        session.terminal.say(&format!("build it with `galen build --root {}`", self.dir.display()));
        Ok(Outcome::Clean)
    }
}

/// Writes the starter site; returns how many files were written and which were there.
fn start_site(dir: &Path, today: Date) -> Result<(usize, Vec<&'static str>), WriteError> {
    let in_a_year = today.saturating_add(1.year());
    let mut written = 0;
    let mut kept = Vec::new();
    for (path, text) in STARTER {
        let text = text
            .replace("{{today}}", &today.to_string())
            .replace("{{in_a_year}}", &in_a_year.to_string());
        match write::create_file(&dir.join(path), &text, false) {
            Ok(()) => written += 1,
            Err(WriteError::Exists(_)) => kept.push(*path),
            Err(error) => return Err(error),
        }
    }
    Ok((written, kept))
}
