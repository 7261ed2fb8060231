//! `galen cite format`: citation files as a reference list.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::citation::listing::{ListFormat, reference_list};
use crate::citation::style::{StyleProblem, judge_locale, read_style};
use crate::citation::{Bibliography, CitationFile, CitationKey, CitationStyle};
use crate::load;

use super::super::session::{Failure, Outcome, Session};
use super::read_works;

/// The arguments of `galen cite format`.
#[derive(Debug, Args)]
pub(super) struct Format {
    /// Citation files: BibTeX, CSL-JSON, CSL-YAML, Hayagriva, RIS or nbib
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The style: a name that `galen cite styles` lists, or a .csl file
    #[arg(
        short,
        long,
        value_name = "NAME|FILE.csl",
        default_value = "american-medical-association"
    )]
    style: String,
    /// The language of terms and dates, such as de-AT [default: the style's, else en-US]
    #[arg(short, long, value_name = "TAG")]
    locale: Option<String>,
    /// How to print the list; `json` is an object of the entries by key, without numbers
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value = "text")]
    to: Output,
    /// Print these entries only, still in the order of the files
    #[arg(short, long, value_name = "KEY", value_delimiter = ',')]
    keys: Vec<String>,
}

/// How the list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Html,
    Json,
}

impl Format {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let style = self.style()?;
        let (works, outcome) = read_works(session, &self.files, CitationFile::parse)?;
        let wanted = self.wanted(&works)?;
        let items = works
            .iter()
            .filter(|entry| wanted.is_empty() || wanted.contains(&entry.key))
            .map(|entry| &*entry.item);
        let format = match self.to {
            Output::Text => ListFormat::Text,
            Output::Html => ListFormat::Html,
            Output::Json => ListFormat::Json,
        };
        session.terminal.data(&reference_list(&style, items, format))?;
        Ok(outcome)
    }

    fn style(&self) -> Result<CitationStyle, Failure> {
        let path = Path::new(&self.style);
        let text = match self.style.ends_with(".csl") {
            true => Some(Arc::from(load::read_text(path)?)),
            false => None,
        };
        let style = read_style(&self.style, |_| text.clone()).map_err(|problem| {
            let name = &self.style;
            Failure::Usage(match problem {
                StyleProblem::Unknown(Some(near)) => {
                    format!("there is no style `{name}`; did you mean `{near}`?")
                }
                StyleProblem::Unknown(None) => {
                    format!("there is no style `{name}`; `galen cite styles` lists them")
                }
                StyleProblem::NoFile => format!("there is no file `{name}`"),
                StyleProblem::Malformed(message, _) => format!("`{name}` is no style: {message}"),
                StyleProblem::NoParent(parent) => {
                    format!("`{name}` depends on the style `{parent}`, which galen does not have")
                }
            })
        })?;
        if let Some(locale) = &self.locale {
            judge_locale(locale).map_err(|near| {
                let message =
                    format!("there are no words for citations in the language `{locale}`");
                Failure::Usage(match near {
                    Some(near) => format!("{message}; did you mean `{near}`?"),
                    None => message,
                })
            })?;
        }
        let locale = self.locale.as_deref().or(style.default_locale()).unwrap_or("en-US");
        Ok(CitationStyle::new(&style, locale))
    }

    /// Returns the keys asked for, each of which there must be.
    fn wanted(&self, works: &Bibliography) -> Result<BTreeSet<CitationKey>, Failure> {
        let known = |key: &String| {
            let wanted = CitationKey::new(key.trim());
            if works.get(&wanted).is_some() {
                return Ok(wanted);
            }
            let message = format!("the files hold no entry `{wanted}`");
            Err(Failure::Usage(match works.nearest(wanted.as_str()).first() {
                Some(near) => format!("{message}; did you mean `{near}`?"),
                None => message,
            }))
        };
        self.keys.iter().filter(|key| !key.trim().is_empty()).map(known).collect()
    }
}
