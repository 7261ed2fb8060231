//! Why a site could not be written.

use std::fmt;
use std::path::PathBuf;

use crate::load::FileError;

/// Why nothing, or not everything, could be written.
#[derive(Debug)]
pub enum WriteError {
    /// The machine failed at a file.
    File(FileError),
    /// The output folder would put the site's own files at risk.
    UnsafeOutput {
        /// The folder.
        path: PathBuf,
        /// Why not.
        reason: &'static str,
    },
    /// An artifact's path leads out of the output folder or is no path.
    BadPath(String),
    /// Two artifacts have the same path.
    Claimed(String),
    /// What stands at these paths was not written by galen.
    Foreign {
        /// The output folder.
        output: PathBuf,
        /// The paths below it, in order.
        paths: Vec<String>,
    },
    /// There is a file already.
    Exists(PathBuf),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::File(error) => error.fmt(f),
            WriteError::UnsafeOutput { path, reason } => {
                write!(f, "will not write to `{}`: {reason}", path.display())
            }
            WriteError::BadPath(path) => {
                write!(f, "will not write `{path}`: it does not name a file in the output folder")
            }
            WriteError::Claimed(path) => write!(f, "two files of the site are named `{path}`"),
            WriteError::Foreign { output, paths } => {
                const SHOWN: usize = 3;
                let shown: Vec<String> =
                    paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
                let more = match paths.len().saturating_sub(SHOWN) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                write!(
                    f,
                    "galen did not write {}{more} in `{}` and will not replace what is there; \
                     if an earlier build did whose record in `.galen/` is lost, `--force` takes \
                     its files over; else move them away or choose another folder with --out",
                    shown.join(", "),
                    output.display()
                )
            }
            WriteError::Exists(path) => write!(f, "`{}` exists already", path.display()),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<FileError> for WriteError {
    fn from(error: FileError) -> Self {
        WriteError::File(error)
    }
}
