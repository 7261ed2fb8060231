//! `galen explain rule`: what a rule finds and why that matters.

use crate::check::all_rules;
use crate::diagnostic::{Rule, RuleKind, nearest};

use super::Failure;

/// Returns the explanation of the rule `id`, or of every rule.
pub(super) fn explain(id: Option<&str>) -> Result<String, Failure> {
    let rules = all_rules();
    let Some(id) = id else {
        let lines =
            rules.iter().map(|rule| format!("{}\n    {}\n", heading(rule), rule.explanation));
        return Ok(lines.collect());
    };
    match rules.iter().find(|rule| rule.id == id) {
        Some(rule) => Ok(format!("{}\n\n{}\n", heading(rule), rule.explanation)),
        None => {
            let suggestion = nearest(id, rules.iter().map(|rule| rule.id))
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Err(Failure::Usage(format!("there is no rule `{id}`{suggestion}")))
        }
    }
}

fn heading(rule: &Rule) -> String {
    let kind = match rule.kind {
        RuleKind::Structural => "structural: stops `build`",
        RuleKind::Editorial => "editorial: stops `build --strict`",
        RuleKind::Optional => "editorial: `[checks]` in book.toml turns it on",
    };
    format!("{} ({}, {kind})", rule.id, rule.usual_level())
}
