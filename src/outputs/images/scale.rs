//! One image with fewer pixels: the only door to the crates that read, resize
//! and write images.
//!
//! A variant has its file's format, so that what a page shows and what it was made of
//! are of one kind, and the file's colour profile. It is never wider than the file, and
//! one that is not smaller in bytes is left out. Of equal bytes come equal bytes, on
//! every machine.

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngDecoder, PngEncoder};
use image::codecs::webp::{WebPDecoder, WebPEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageResult, Limits};

use crate::config::ImageSettings;

/// The most pixels that are unpacked: more than the largest camera in common use takes,
/// and few enough that a small file cannot fill the memory.
const MOST_PIXELS: u64 = 64_000_000;

/// The most bytes that a decoder may ask for.
const MOST_BYTES: u64 = 8 * MOST_PIXELS;

/// An image with its smaller variants.
#[derive(Debug)]
pub(super) struct Scaled {
    /// Its width and height in pixels as it is shown.
    pub(super) size: (u32, u32),
    /// The extension of a variant's file.
    pub(super) extension: &'static str,
    /// The variants by their widths, the narrowest first.
    pub(super) variants: Vec<(u32, Arc<[u8]>)>,
}

/// Why an image has no variants.
#[derive(Debug)]
pub(super) enum Unscaled {
    /// Its kind is published as it is: it moves, or nothing here writes it.
    AsItIs,
    /// It has too many pixels to be unpacked.
    TooLarge(u32, u32),
    /// It cannot be read, for this reason.
    Broken(String),
}

impl fmt::Display for Unscaled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsItIs => f.write_str("it is published as it is"),
            Self::TooLarge(width, height) => write!(
                f,
                "{width} by {height} pixels are more than the {} million that are unpacked",
                MOST_PIXELS / 1_000_000
            ),
            Self::Broken(reason) => f.write_str(reason),
        }
    }
}

impl From<image::ImageError> for Unscaled {
    fn from(error: image::ImageError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl Scaled {
    /// Tells whether the file itself is worth loading where its variants are: it is the
    /// widest that readers are meant to have, or that one was not made.
    pub(super) fn needs_original(&self, settings: &ImageSettings) -> bool {
        let widest = settings.widths.last().copied().unwrap_or_default();
        self.size.0 <= widest || self.variants.last().is_none_or(|(width, _)| *width < widest)
    }
}

/// An unpacked image.
struct Picture {
    pixels: DynamicImage,
    /// The colour profile, where it is one of what the pixels are.
    profile: Option<Vec<u8>>,
}

/// Returns the image in `bytes` with its smaller variants.
pub(super) fn scaled(bytes: &[u8], settings: &ImageSettings) -> Result<Scaled, Unscaled> {
    let format = image::guess_format(bytes)
        .map_err(|_| Unscaled::Broken("it does not begin like a picture".to_owned()))?;
    let reader = Cursor::new(bytes);
    match format {
        ImageFormat::Jpeg => variants(JpegDecoder::new(reader)?, format, bytes, settings),
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(reader, limits())?;
            match decoder.is_apng()? {
                true => Err(Unscaled::AsItIs),
                false => variants(decoder, format, bytes, settings),
            }
        }
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(reader)?;
            match decoder.has_animation() {
                true => Err(Unscaled::AsItIs),
                false => variants(decoder, format, bytes, settings),
            }
        }
        _ => Err(Unscaled::AsItIs),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    limits
}

fn variants(
    mut decoder: impl ImageDecoder,
    format: ImageFormat,
    file: &[u8],
    settings: &ImageSettings,
) -> Result<Scaled, Unscaled> {
    let (width, height) = decoder.dimensions();
    // A photograph may say that it was taken with the camera upright.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let size = match orientation.to_exif() {
        5..=8 => (height, width),
        _ => (width, height),
    };
    let extension = match format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::WebP => "webp",
        _ => "png",
    };
    let mut scaled = Scaled { size, extension, variants: Vec::new() };
    let widths: Vec<u32> = settings.widths.iter().copied().filter(|wide| *wide < size.0).collect();
    if widths.is_empty() {
        return Ok(scaled);
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unscaled::TooLarge(width, height));
    }
    decoder.set_limits(limits())?;
    let profile = decoder.icc_profile().ok().flatten();
    let mut pixels = DynamicImage::from_decoder(decoder)?;
    pixels.apply_orientation(orientation);
    let mut picture = Picture { pixels: plain(pixels), profile: None };
    picture.profile = profile.filter(|profile| is_of(profile, &picture.pixels));
    // Each is made of the next wider one, which has all that it can show.
    for width in widths.into_iter().rev() {
        picture.pixels = narrowed(&picture.pixels, size, width);
        let bytes = picture.encoded(format, settings.quality)?;
        if bytes.len() < file.len() {
            scaled.variants.push((width, Arc::from(bytes)));
        }
    }
    scaled.variants.reverse();
    Ok(scaled)
}

/// Returns the image in eight bits a channel, without an alpha channel that says nothing.
fn plain(pixels: DynamicImage) -> DynamicImage {
    let color = pixels.color();
    if color.has_alpha() {
        let with_alpha = pixels.into_rgba8();
        return match with_alpha.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
            true => DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(with_alpha).into_rgb8()),
            false => DynamicImage::ImageRgba8(with_alpha),
        };
    }
    match color.has_color() {
        true => DynamicImage::ImageRgb8(pixels.into_rgb8()),
        false => DynamicImage::ImageLuma8(pixels.into_luma8()),
    }
}

/// Tells whether the colour profile is one for such pixels: that of a file in the
/// colours of ink is not, once they are those of light (ICC.1, section 7.2.6).
fn is_of(profile: &[u8], pixels: &DynamicImage) -> bool {
    let space: &[u8] = if pixels.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.get(16..20) == Some(space)
}

/// Returns the image at `width` pixels, its height in proportion to that of `size`.
pub(super) fn narrowed(pixels: &DynamicImage, size: (u32, u32), width: u32) -> DynamicImage {
    let (wide, high) = (u64::from(size.0), u64::from(size.1));
    let height = (high * u64::from(width) + wide / 2) / wide.max(1);
    let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
    let mut narrow = DynamicImage::new(width, height, pixels.color());
    // Colours are weighed by alpha: what cannot be seen does not colour the edge of what can.
    let lanczos = ResizeAlg::Convolution(FilterType::Lanczos3);
    let resized =
        Resizer::new().resize(pixels, &mut narrow, &ResizeOptions::new().resize_alg(lanczos));
    resized.expect("both are of one kind: grey, RGB or RGBA in eight bits");
    narrow
}

impl Picture {
    fn encoded(&self, format: ImageFormat, quality: u8) -> ImageResult<Vec<u8>> {
        let mut out = Vec::new();
        match format {
            ImageFormat::Jpeg => self.write(JpegEncoder::new_with_quality(&mut out, quality)),
            ImageFormat::WebP => self.write(WebPEncoder::new_lossless(&mut out)),
            _ => {
                let (compression, filter) = (CompressionType::Default, PngFilter::Adaptive);
                self.write(PngEncoder::new_with_quality(&mut out, compression, filter))
            }
        }?;
        Ok(out)
    }

    fn write(&self, mut encoder: impl ImageEncoder) -> ImageResult<()> {
        if let Some(profile) = &self.profile {
            // A format that has no place for it is shown in the usual colours.
            let _ = encoder.set_icc_profile(profile.clone());
        }
        self.pixels.write_with_encoder(encoder)
    }
}
