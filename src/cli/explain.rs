//! `galen explain`: why galen does what it does.

use clap::{Args, Subcommand};

use crate::check::all_rules;
use crate::diagnostic::{Level, Rule, RuleKind, nearest};

use super::session::{Failure, Outcome, Session};

/// The arguments of `galen explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// Say what a rule finds and why that matters
    Rule {
        /// The rule's id, as findings show it; every rule when left out
        rule: Option<String>,
    },
}

impl Explain {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let text = match self.subject {
            Subject::Rule { rule: None } => all_rules()
                .iter()
                .map(|rule| format!("{}\n    {}\n", heading(rule), rule.explanation))
                .collect(),
            Subject::Rule { rule: Some(id) } => {
                let rules = all_rules();
                let Some(rule) = rules.iter().find(|rule| rule.id == id) else {
                    return Err(unknown_rule(&id, &rules));
                };
                format!("{}\n\n{}\n", heading(rule), rule.explanation)
            }
        };
        session.terminal.data(&text)?;
        Ok(Outcome::Clean)
    }
}

fn heading(rule: &Rule) -> String {
    let level = match rule.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    };
    let kind = match rule.kind {
        RuleKind::Structural => "structural: stops `build`",
        RuleKind::Editorial => "editorial: stops `build --strict`",
    };
    format!("{} ({level}, {kind})", rule.id)
}

fn unknown_rule(id: &str, rules: &[&Rule]) -> Failure {
    let suggestion = nearest(id, rules.iter().map(|rule| rule.id))
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Failure::Usage(format!("there is no rule `{id}`{suggestion}"))
}
