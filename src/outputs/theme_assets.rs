//! The files of the theme that pages load, under names that change with their content.

use crate::render::assets::AssetContent;

use super::{Artifact, Made, Make, Needs, Output, OutputContext};

/// The theme's assets.
pub(super) static THEME_ASSETS: Output = Output {
    name: "assets",
    summary: "the theme's style sheets, scripts, fonts and images",
    on_by_default: true,
    make: Make::Loaded(Needs::THEME, make),
};

fn make(context: &OutputContext<'_>) -> Made {
    let artifacts = context.assets.iter().map(|asset| {
        let path = asset.url.to_file_path();
        match &asset.content {
            AssetContent::Text(text) => Artifact::new(path, text.as_bytes()),
            AssetContent::File(file) => Artifact::copy(path, file),
        }
    });
    Made { artifacts: artifacts.collect(), ..Made::default() }
}
