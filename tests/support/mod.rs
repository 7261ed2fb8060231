//! Building whole sites in tests.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use galen::load::{LoadPlan, load};
use galen::outputs::Content;
use galen::pipeline::{Build, BuildOptions, build};

/// The date taken as today.
pub const TODAY: &str = "2026-11-23";

/// A built site with its files as text.
pub struct BuiltSite {
    /// What the pipeline returned.
    pub build: Build,
    /// The files by path; those that are copied are empty.
    pub files: BTreeMap<String, String>,
}

impl BuiltSite {
    /// Builds the site in `root` without writing it.
    pub fn of(root: &Path) -> Self {
        let plan = LoadPlan {
            root: root.to_owned(),
            output_dir: "public".into(),
            named_files: Vec::new(),
        };
        let inputs = load(&plan).unwrap();
        let options = BuildOptions::on(TODAY.parse().unwrap());
        let build = build(&inputs, &options);
        let text = |content: &Content| match content {
            Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Content::Packed(packed) => String::from_utf8_lossy(&packed.unpacked()).into_owned(),
            Content::Copy(_) => String::new(),
        };
        let artifacts = build.artifacts().into_iter();
        let files = artifacts.map(|file| (file.path, text(&file.content))).collect();
        Self { build, files }
    }

    /// Builds this repository's own site.
    pub fn of_repository() -> Self {
        Self::of(Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    /// Returns the file at `path`.
    pub fn file(&self, path: &str) -> &str {
        self.files.get(path).unwrap_or_else(|| panic!("the site has a file `{path}`"))
    }

    /// Returns the page at `path`, parsed.
    pub fn page(&self, path: &str) -> scraper::Html {
        scraper::Html::parse_document(self.file(path))
    }
}
