//! An image as a page shows it: its address, its size, and its smaller variants.

use std::sync::Arc;

use crate::resolve::links::ImageTarget;

use super::scope::PageScope;

/// The option of a theme that says how wide the images of a text are shown, in the words
/// of the attribute `sizes`.
const SIZES: &str = "image_sizes";

/// An image as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// The address of its file, from the page.
    pub(super) src: String,
    /// Its width and height in pixels, where they are known.
    pub(super) size: Option<(u32, u32)>,
    /// The addresses and widths of its variants, as the attribute `srcset` has them;
    /// `None` where there are none.
    pub(super) srcset: Option<String>,
}

/// Returns the image as the page of `scope` shows it; `None` where there is no file.
pub(super) fn picture(target: &ImageTarget, scope: &PageScope<'_>) -> Option<Picture> {
    let (source, url, rest, size) = match target {
        ImageTarget::File { source, url, rest, size } => (source, url, rest, *size),
        ImageTarget::External(address) => {
            return Some(Picture { src: address.to_string(), size: None, srcset: None });
        }
        ImageTarget::Missing => return None,
    };
    let original = scope.relative(url);
    let src = format!("{original}{rest}");
    let Some(image) = scope.reader.image(source) else {
        return Some(Picture { src, size, srcset: None });
    };
    let size = image.size.or(size);
    let mut candidates: Vec<String> = image
        .variants
        .iter()
        .map(|variant| format!("{} {}w", scope.relative(&variant.url), variant.width))
        .collect();
    let needed = size.filter(|_| image.needs_original && !candidates.is_empty());
    candidates.extend(needed.map(|(width, _)| format!("{original} {width}w")));
    let srcset = (!candidates.is_empty()).then(|| candidates.join(", "));
    Some(Picture { src, size, srcset })
}

/// Returns how wide the theme shows the images of a text; `None` where it does not say.
pub(super) fn shown_widths<'a>(scope: &PageScope<'a>) -> Option<&'a str> {
    let chosen = scope.site.config.theme.options.get(&Arc::from(SIZES) as &Arc<str>);
    chosen.or_else(|| scope.site.theme.config.options.get(SIZES))?.as_str()
}
