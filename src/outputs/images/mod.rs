//! Smaller variants of the images that pages show, so that a telephone need not load
//! what a large screen does.
//!
//! An image's way: a page that shows it contributes that it does; [`ImageMemory::update`]
//! has [`scaled`] make the variants of those that are new, many at once, and keeps the others by the
//! fingerprint of their bytes; [`ImageMemory::facts`] tells the pages where they are,
//! and [`IMAGES`] publishes them, under names that hold the fingerprints of what they
//! hold. So a page is rendered when its images are known, and an image is made smaller once as
//! long as it is shown.
//!
//! Files that no page shows are published as they are, and so is what has no pixels (SVG)
//! or moves (GIF and its like).

mod scale;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::ImageSettings;
use crate::fingerprint::Fingerprint;
use crate::load::{FileHandle, read_bytes};
use crate::resolve::facts::{ImageFact, ImageVariant};
use crate::resolve::{Fact, FactKey};
use crate::source::SourceId;
use crate::url::{SlugStyle, UrlPath, slug};

use super::{Artifact, Content, Made, Make, Needs, Output, OutputContext};

use scale::{Scaled, Unscaled, scaled};

/// The folder of the site that variants are published in.
const PUBLISHED: &str = "/assets/images/";

/// The variants of images.
pub static IMAGES: Output = Output {
    name: "images",
    summary: "smaller variants of the images that pages show",
    on_by_default: true,
    make: Make::Loaded(Needs::FILES, make),
};

fn make(context: &OutputContext<'_>) -> Made {
    // Equal pictures of one name are one file.
    let files: BTreeMap<String, &Arc<[u8]>> = context.images.variants().collect();
    let artifacts = files
        .into_iter()
        .map(|(path, bytes)| Artifact { path, content: Content::Bytes(Arc::clone(bytes)) });
    Made { artifacts: artifacts.collect(), ..Made::default() }
}

/// The variants of the images that pages show, kept between builds.
#[derive(Debug, Default)]
pub struct ImageMemory {
    settings: ImageSettings,
    /// The images that pages show.
    shown: BTreeMap<SourceId, Fingerprint>,
    /// What was made of each, by what its file holds.
    made: BTreeMap<Fingerprint, Arc<Scaling>>,
}

/// What came of making an image smaller.
type Scaling = Result<Scaled, Unscaled>;

impl ImageMemory {
    /// Makes the variants of the images that pages show, as far as they are not known;
    /// what no page shows any more is forgotten.
    pub fn update<'a>(
        &mut self,
        shown: impl Iterator<Item = &'a SourceId>,
        files: &BTreeMap<SourceId, FileHandle>,
        settings: &ImageSettings,
    ) {
        if self.settings != *settings {
            self.made.clear();
            self.settings = settings.clone();
        }
        let shown = shown.filter(|source| !settings.widths.is_empty() && may_be_scaled(source));
        let shown: BTreeMap<&SourceId, &FileHandle> =
            shown.filter_map(|source| Some((source, files.get(source)?))).collect();
        let wanted: BTreeSet<Fingerprint> = shown.values().map(|file| file.fingerprint).collect();
        self.made.retain(|fingerprint, _| wanted.contains(fingerprint));
        let new: BTreeMap<Fingerprint, &FileHandle> = shown
            .values()
            .filter(|file| !self.made.contains_key(&file.fingerprint))
            .map(|file| (file.fingerprint, *file))
            .collect();
        let made: Vec<(Fingerprint, Arc<Scaling>)> = new
            .into_par_iter()
            .map(|(fingerprint, file)| {
                let scaling = match read_bytes(file) {
                    Ok(bytes) => scaled(&bytes, settings),
                    Err(error) => Err(Unscaled::Broken(error.source.to_string())),
                };
                (fingerprint, Arc::new(scaling))
            })
            .collect();
        self.made.extend(made);
        self.shown =
            shown.into_iter().map(|(source, file)| (source.clone(), file.fingerprint)).collect();
    }

    /// Returns what pages need to know of the images that they show.
    pub fn facts(&self) -> Vec<(FactKey, Fact)> {
        let facts = self.scalings().filter_map(|(source, scaling)| {
            let fact = match scaling {
                Ok(scaled) => ImageFact {
                    size: Some(scaled.size),
                    variants: published(source, scaled).map(|(variant, _)| variant).collect(),
                    needs_original: scaled.needs_original(&self.settings),
                    problem: None,
                },
                Err(Unscaled::AsItIs) => return None,
                Err(problem) => ImageFact {
                    problem: Some(Arc::from(problem.to_string())),
                    ..ImageFact::default()
                },
            };
            Some((FactKey::Image(source.clone()), Fact::Image(Arc::new(fact))))
        });
        facts.collect()
    }

    /// Returns the variants with their paths below the output folder.
    fn variants(&self) -> impl Iterator<Item = (String, &Arc<[u8]>)> {
        let scaled =
            self.scalings().filter_map(|(source, scaling)| Some((source, scaling.as_ref().ok()?)));
        scaled
            .flat_map(|(source, scaled)| published(source, scaled))
            .map(|(variant, bytes)| (variant.url.to_file_path(), bytes))
    }

    fn scalings(&self) -> impl Iterator<Item = (&SourceId, &Scaling)> {
        self.shown.iter().filter_map(|(source, fingerprint)| {
            self.made.get(fingerprint).map(|scaling| (source, &**scaling))
        })
    }
}

/// Tells whether a file of this name may hold pixels that can be made fewer.
fn may_be_scaled(source: &SourceId) -> bool {
    let extension = source.extension().unwrap_or_default().to_ascii_lowercase();
    matches!(extension.as_str(), "jpg" | "jpeg" | "png" | "webp")
}

/// Returns the variants of the image `source` with where they are published:
/// `/assets/images/NAME-WIDTH.FINGERPRINT.EXTENSION`.
fn published<'a>(
    source: &SourceId,
    scaled: &'a Scaled,
) -> impl Iterator<Item = (ImageVariant, &'a Arc<[u8]>)> {
    let file = source.as_str().rsplit('/').next().unwrap_or_default();
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    // Spaces and commas stand between the addresses of a `srcset`.
    let name = slug(name, SlugStyle::Ascii);
    let name = if name.is_empty() { "image".to_owned() } else { name };
    let extension = scaled.extension;
    scaled.variants.iter().map(move |(width, bytes)| {
        let print = Fingerprint::of(bytes).short();
        let url = UrlPath::new(&format!("{PUBLISHED}{name}-{width}.{print}.{extension}"));
        (ImageVariant { url, width: *width }, bytes)
    })
}

#[cfg(test)]
mod tests;
