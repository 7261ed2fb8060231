//! The terminal: colour, progress, and what goes to which stream.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Color;

/// How often the sign of life turns.
const TICK: Duration = Duration::from_millis(100);

const BOLD: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();

/// What the program says, and how.
#[derive(Clone)]
pub(super) struct Terminal {
    choice: ColorChoice,
    quiet: bool,
    verbose: bool,
}

impl Terminal {
    pub(super) fn new(color: Color, quiet: bool, verbose: bool) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self { choice, quiet, verbose }
    }

    /// Tells whether only errors are wanted.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Tells whether everything is wanted.
    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Returns standard error, which drops colours where they are not wanted.
    pub(super) fn stderr(&self) -> AutoStream<io::Stderr> {
        AutoStream::new(io::stderr(), self.choice)
    }

    /// Prints what the command was asked for, to standard output.
    pub(super) fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Says what was done, unless only errors are wanted.
    ///
    /// What stands between backquotes is set in bold.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.print(&emphasized(text));
        }
    }

    /// Prints findings, which are styled already.
    pub(super) fn findings(&self, text: &str) {
        if !text.is_empty() {
            self.print(text.trim_end_matches('\n'));
        }
    }

    /// Says why the command failed.
    pub(super) fn error(&self, text: &str) {
        self.print(&format!("{ERROR}error{ERROR:#}: {}", emphasized(text)));
    }

    fn print(&self, text: &str) {
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(self.stderr(), "{text}");
    }

    /// Returns a sign of life, which is shown on a terminal only.
    pub(super) fn progress(&self) -> Progress {
        let target = match !self.quiet && io::stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("the template is valid"));
        bar.enable_steady_tick(TICK);
        Progress(bar)
    }
}

/// A sign of life while the command works; gone when it is dropped.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Says what is being done.
    pub(super) fn stage(&self, name: &str) {
        self.0.set_message(name.to_owned());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Sets what stands between backquotes in bold; the backquotes stay, for where there is none.
fn emphasized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        match index % 2 {
            0 => out.push_str(part),
            _ => out.push_str(&format!("`{BOLD}{part}{BOLD:#}`")),
        }
    }
    out
}

/// Returns `count` with its noun, which takes an `s` unless there is one.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Returns `number` with a comma between groups of three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_agree_with_their_noun() {
        assert_eq!(counted(0, "page"), "0 pages");
        assert_eq!(counted(1, "page"), "1 page");
        assert_eq!(counted(999, "page"), "999 pages");
        assert_eq!(counted(1234567, "file"), "1,234,567 files");
    }
}
