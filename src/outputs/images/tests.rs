use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;
use crate::fingerprint::Fingerprint;

fn settings(widths: &[u32]) -> ImageSettings {
    ImageSettings { widths: widths.to_vec(), quality: 80 }
}

/// Returns a picture in which no two neighbours are alike, so that bytes follow pixels.
fn noisy(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let mixed = x.wrapping_mul(374_761_393).wrapping_add(y.wrapping_mul(668_265_263));
        let noise = (mixed ^ (mixed >> 13)).wrapping_mul(1_274_126_177) >> 9;
        Rgb([noise as u8, (noise >> 3) as u8, (noise >> 5) as u8])
    })
}

fn file(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn sizes(scaled: &Scaled) -> Vec<(u32, u32)> {
    let size = |bytes: &[u8]| {
        let image = image::load_from_memory(bytes).unwrap();
        (image.width(), image.height())
    };
    scaled.variants.iter().map(|(_, bytes)| size(bytes)).collect()
}

#[test]
fn each_format_gets_variants_of_its_own_and_none_is_wider_than_the_file() {
    let kinds =
        [(ImageFormat::Jpeg, "jpg"), (ImageFormat::Png, "png"), (ImageFormat::WebP, "webp")];
    for (format, extension) in kinds {
        let bytes = file(noisy(200, 101), format);
        let made = scaled(&bytes, &settings(&[50, 100, 200, 400])).unwrap();
        assert_eq!(made.size, (200, 101));
        assert_eq!(made.extension, extension);
        assert_eq!(sizes(&made), [(50, 25), (100, 51)], "{format:?}");
        for (_, variant) in &made.variants {
            assert_eq!(image::guess_format(variant).unwrap(), format);
            assert!(variant.len() < bytes.len());
        }
        let again = scaled(&bytes, &settings(&[50, 100, 200, 400])).unwrap();
        assert_eq!(made.variants, again.variants);
    }
}

#[test]
fn a_variant_of_more_bytes_is_left_out_and_the_file_is_shown_beside_the_others() {
    // A drawing in two colours packs better than its softened copy.
    let mut drawing = noisy(400, 400);
    drawing.pixels_mut().for_each(|pixel| pixel.0 = [(pixel.0[1] & 1) * 255; 3]);
    let bytes = file(drawing, ImageFormat::Png);
    let wanted = settings(&[40, 390]);
    let made = scaled(&bytes, &wanted).unwrap();
    let widths: Vec<u32> = made.variants.iter().map(|(width, _)| *width).collect();
    assert!(!widths.contains(&390), "{widths:?}");
    assert!(made.needs_original(&wanted));

    let wanted = settings(&[50, 100]);
    let photo = scaled(&file(noisy(300, 200), ImageFormat::Jpeg), &wanted).unwrap();
    assert!(!photo.needs_original(&wanted), "the widest wanted is there");
    let wanted = settings(&[100, 400]);
    let photo = scaled(&file(noisy(300, 200), ImageFormat::Jpeg), &wanted).unwrap();
    assert!(photo.needs_original(&wanted), "the file is the widest that is wanted");
}

#[test]
fn what_cannot_be_seen_does_not_colour_the_edge_of_what_can() {
    let image = RgbaImage::from_fn(64, 64, |x, y| match (x / 2 + y / 2) % 2 {
        0 => Rgba([255, 255, 255, 255]),
        _ => Rgba([0, 0, 0, (x * y % 3) as u8]),
    });
    let made = scaled(&file(image, ImageFormat::Png), &settings(&[16])).unwrap();
    let small = image::load_from_memory(&made.variants[0].1).unwrap().into_rgba8();
    assert!(small.pixels().all(|pixel| pixel.0[0] > 245), "black shines through");
    assert!(small.pixels().any(|pixel| pixel.0[3] < 200));
}

#[test]
fn a_variant_has_the_same_pixels_on_every_machine() {
    let colors = noisy(200, 101);
    let glass = RgbaImage::from_fn(200, 101, |x, y| {
        let [red, green, blue] = colors.get_pixel(x, y).0;
        Rgba([red, green, blue, (x + y) as u8])
    });
    let pixels = |image: DynamicImage| {
        let narrow = scale::narrowed(&image, (200, 101), 60);
        Fingerprint::of(narrow.as_bytes()).short()
    };
    assert_eq!(pixels(DynamicImage::ImageRgb8(colors)), "b7f29125");
    assert_eq!(pixels(DynamicImage::ImageRgba8(glass)), "86c72359");
}

#[test]
fn grey_stays_grey_and_an_alpha_channel_that_says_nothing_goes() {
    let grey = image::GrayImage::from_fn(90, 90, |x, y| Luma([(x * y) as u8]));
    let made = scaled(&file(grey, ImageFormat::Png), &settings(&[30])).unwrap();
    let small = image::load_from_memory(&made.variants[0].1).unwrap();
    assert!(matches!(small, DynamicImage::ImageLuma8(_)));

    let opaque = DynamicImage::ImageRgb8(noisy(90, 90)).into_rgba8();
    let made = scaled(&file(opaque, ImageFormat::Png), &settings(&[30])).unwrap();
    let small = image::load_from_memory(&made.variants[0].1).unwrap();
    assert!(matches!(small, DynamicImage::ImageRgb8(_)));
}

/// Returns a JPEG that says by its metadata that it is to be turned by a quarter, with a
/// colour profile of this space.
fn photograph(space: &[u8; 4]) -> Vec<u8> {
    let mut profile = vec![0; 128];
    profile[16..20].copy_from_slice(space);
    let mut exif = b"II*\0\x08\0\0\0\x01\0".to_vec();
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_icc_profile(profile).unwrap();
    encoder.set_exif_metadata(exif).unwrap();
    DynamicImage::ImageRgb8(noisy(120, 60)).write_with_encoder(encoder).unwrap();
    bytes
}

#[test]
fn a_photograph_is_turned_upright_and_keeps_a_profile_of_its_colours() {
    use image::ImageDecoder as _;
    for (space, kept) in [(b"RGB ", true), (b"CMYK", false)] {
        let made = scaled(&photograph(space), &settings(&[30])).unwrap();
        assert_eq!(made.size, (60, 120));
        assert_eq!(sizes(&made), [(30, 60)]);
        let variant = Cursor::new(&made.variants[0].1);
        let mut decoder = image::codecs::jpeg::JpegDecoder::new(variant).unwrap();
        assert_eq!(decoder.icc_profile().unwrap().is_some(), kept);
    }
}

#[test]
fn what_cannot_be_read_is_a_problem_and_no_panic() {
    let wanted = settings(&[50]);
    let problem = |bytes: &[u8]| scaled(bytes, &wanted).unwrap_err().to_string();
    assert_eq!(problem(b"not an image"), "it does not begin like a picture");
    assert_eq!(problem(b""), "it does not begin like a picture");
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = file(noisy(90, 90), format);
        for end in (1..whole.len()).step_by(whole.len() / 40) {
            // A decoder may show what there is of a file that was cut off.
            let _ = scaled(&whole[..end], &wanted);
            let mut damaged = whole.clone();
            damaged[end] ^= 0x55;
            let _ = scaled(&damaged, &wanted);
        }
    }
    let png = file(noisy(90, 90), ImageFormat::Png);
    assert!(matches!(scaled(&png[..png.len() / 2], &wanted), Err(Unscaled::Broken(_))));
}

#[test]
fn a_small_file_that_claims_to_be_huge_is_not_unpacked() {
    let mut png = file(noisy(90, 90), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    // The header's checksum follows its content.
    let sum = crc(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    let problem = scaled(&png, &settings(&[50])).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "65536 by 65536 pixels are more than the 64 million that are unpacked"
    );
}

/// Returns the checksum of a PNG chunk (PNG, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| match sum & 1 {
            1 => (sum >> 1) ^ 0xedb8_8320,
            _ => sum >> 1,
        })
    })
}

#[test]
fn what_moves_is_published_as_it_is() {
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;";
    assert!(matches!(scaled(gif, &settings(&[50])), Err(Unscaled::AsItIs)));
    // An animation's control chunk before the first image data makes a PNG one that moves.
    let png = file(noisy(90, 90), ImageFormat::Png);
    let mut control = b"acTL\0\0\0\x02\0\0\0\0".to_vec();
    let sum = crc(&control).to_be_bytes();
    control.extend(sum);
    let moving: Vec<u8> = [&png[..33], &[0, 0, 0, 8], &control, &png[33..]].concat();
    assert!(matches!(scaled(&moving, &settings(&[50])), Err(Unscaled::AsItIs)));
}

#[test]
fn an_image_is_made_smaller_once_and_forgotten_with_its_last_page() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = file(noisy(90, 90), ImageFormat::Jpeg);
    let path = folder.path().join("a.jpg");
    std::fs::write(&path, &bytes).unwrap();
    let handle = FileHandle {
        path: Arc::from(path.as_path()),
        length: bytes.len() as u64,
        fingerprint: Fingerprint::of(&bytes),
    };
    let ids = ["content/Ein Bild, groß.jpg", "content/x/b.JPG", "static/c.svg"].map(SourceId::new);
    let files: BTreeMap<SourceId, FileHandle> =
        ids.iter().map(|id| (id.clone(), handle.clone())).collect();
    let (all, wanted) = (|| ids.iter(), settings(&[30]));

    let mut memory = ImageMemory::default();
    memory.update(all(), &files, &wanted);
    let paths: Vec<String> = memory.variants().map(|(path, _)| path).collect();
    assert_eq!(paths.len(), 2, "{paths:?}");
    assert!(paths[0].starts_with("assets/images/ein-bild-gross-30."), "{paths:?}");
    assert_eq!(memory.made.len(), 1, "equal bytes are made smaller once");

    // The file is gone, so that whoever reads it again fails.
    std::fs::remove_file(&path).unwrap();
    memory.update(all().take(1), &files, &wanted);
    assert_eq!(memory.facts().len(), 1);
    assert!(memory.made.values().all(|scaling| scaling.is_ok()));
    memory.update(std::iter::empty(), &files, &wanted);
    assert!(memory.made.is_empty() && memory.facts().is_empty());
    memory.update(all(), &files, &wanted);
    assert!(memory.made.values().all(|scaling| scaling.is_err()), "it was read again");
}
