//! `galen theme`: what the theme is made of, and a copy of any part to change.

use clap::{Args, Subcommand};

use crate::config;
use crate::diagnostic::nearest;
use crate::load::{self, LoadPlan};
use crate::render::theme::{DEFAULT_THEME, Theme as SiteTheme, ThemeFile};
use crate::write;

use super::session::{Failure, Outcome, Session};

/// The arguments of `galen theme`.
#[derive(Debug, Args)]
pub(super) struct Theme {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the files of the theme, each with where it comes from
    List,
    /// Copy a file of the theme into the site, where it replaces the theme's
    Eject {
        /// The file as `theme list` shows it; a template's folder can be left out
        template: String,
    },
}

impl Theme {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let theme = site_theme(session)?;
        match self.action {
            Action::List => {
                let files = theme.files();
                let width = files.iter().map(|file| file.path.len()).max().unwrap_or(0);
                let lines =
                    files.iter().map(|file| format!("{:width$}  {}\n", file.path, file.origin()));
                session.terminal.data(&lines.collect::<String>())?;
            }
            Action::Eject { template } => {
                let file = find(&theme, &template)?;
                let path = session.root.join(destination(file.path));
                write::create_file(&path, &file.source.text(), false)?;
                session.terminal.say(&format!("wrote `{}`", path.display()));
            }
        }
        Ok(Outcome::Clean)
    }
}

fn site_theme(session: &Session) -> Result<SiteTheme, Failure> {
    let (config, source) = session.config()?;
    let inputs = load::load(&LoadPlan {
        root: session.root.clone(),
        output_dir: config.build.output_dir.as_ref().into(),
        named_files: Vec::new(),
    })?;
    let named_at = config::locate(&source, &["site", "theme"]);
    let (theme, findings) = SiteTheme::resolve(&inputs.sources, &config.site.theme, named_at);
    match findings.first() {
        None => Ok(theme),
        Some(finding) => Err(Failure::Usage(finding.message.clone())),
    }
}

fn find<'a>(theme: &'a SiteTheme, name: &str) -> Result<ThemeFile<'a>, Failure> {
    if let Some(file) = theme.file(name).or_else(|| theme.file(&format!("templates/{name}"))) {
        return Ok(file);
    }
    let paths: Vec<&str> = theme.files().iter().map(|file| file.path).collect();
    let names = paths.iter().map(|path| path.strip_prefix("templates/").unwrap_or(path));
    let hint = match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`galen theme list` shows its files".to_owned(),
    };
    Err(Failure::Usage(format!("the theme has no file `{name}`; {hint}")))
}

/// Returns where in a site a file replaces the one at `path` in its theme.
fn destination(path: &str) -> String {
    match path.split_once('/') {
        Some(("templates", _)) => path.to_owned(),
        Some(("i18n", _)) => format!("templates/{path}"),
        _ => format!("themes/{DEFAULT_THEME}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_put_where_it_replaces_the_themes() {
        assert_eq!(destination("templates/partials/head.html"), "templates/partials/head.html");
        assert_eq!(destination("i18n/en.toml"), "templates/i18n/en.toml");
        assert_eq!(destination("static/galen.css"), "themes/default/static/galen.css");
        assert_eq!(destination("theme.toml"), "themes/default/theme.toml");
    }
}
