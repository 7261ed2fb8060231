//! `galen cite styles`: the citation styles that come with galen.

use crate::citation::style::{STYLES_LICENSE, bundled_styles};

use super::super::session::{Failure, Outcome, Session};

/// Lists the styles, a line each: the name, the title, and the other names.
pub(super) fn list(session: &Session) -> Result<Outcome, Failure> {
    let styles = bundled_styles();
    let width = styles.iter().map(|style| style.name.len()).max().unwrap_or(0);
    let lines = styles.iter().map(|style| {
        let aliases = match style.aliases.is_empty() {
            true => String::new(),
            false => format!(" (also {})", style.aliases.join(", ")),
        };
        format!("{:width$}  {}{aliases}\n", style.name, style.title)
    });
    let lines: String = lines.collect();
    session.terminal.data(&format!("{lines}\n{STYLES_LICENSE}\n"))?;
    Ok(Outcome::Clean)
}
