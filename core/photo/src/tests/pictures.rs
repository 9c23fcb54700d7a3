//! The thumbnail shows what the photo shows.

use super::*;

/// The mean colour of each 8 × 8 block that lies inside the picture.
fn means(picture: &RgbImage) -> RgbImage {
    RgbImage::from_fn(picture.width() / 8, picture.height() / 8, |x, y| {
        let block = image::imageops::crop_imm(picture, x * 8, y * 8, 8, 8).to_image();
        let sum = |channel: usize| block.pixels().map(|pixel| u32::from(pixel.0[channel])).sum::<u32>();
        Rgb([0, 1, 2].map(|channel| u8::try_from(sum(channel) / 64).unwrap()))
    })
}

/// How far two pictures are apart: the mean and the greatest difference in any channel.
fn difference(a: &RgbImage, b: &RgbImage) -> (f64, u8) {
    let pairs = || {
        a.enumerate_pixels()
            .filter_map(|(x, y, pixel)| Some((pixel, b.get_pixel_checked(x, y)?)))
            .flat_map(|(a, b)| a.0.into_iter().zip(b.0).map(|(a, b)| a.abs_diff(b)))
    };
    assert!(pairs().count() > 0);
    (pairs().map(f64::from).sum::<f64>() / pairs().count() as f64, pairs().max().unwrap())
}

#[test]
fn block_means_are_the_means_of_the_decoded_picture() {
    for (name, bytes) in FIXTURES {
        if !name.ends_with(".jpg") || *name == "cmyk.jpg" {
            continue;
        }
        let (means, eighth) = (means(&decode(bytes)), block_means::eighth(bytes).expect(name));
        assert_eq!((means.dimensions(), eighth.dimensions()), ((25, 17), (26, 18)), "{name}");
        let eighth = image::imageops::crop_imm(&eighth, 0, 0, 25, 17).to_image();
        let (mean, most) = difference(&means, &eighth);
        // Where neighbouring blocks share their chroma, hard edges differ.
        let shared = name.contains("42") || *name == "exif.jpg";
        let (mean_allowed, most_allowed) = if shared { (7.0, 80) } else { (1.0, 5) };
        assert!(mean < mean_allowed && most < most_allowed, "{name}: {mean:.2} on average, {most} at most");
        let brightness = |picture| DynamicImage::from(picture).into_luma8();
        let (means, eighth) = (brightness(means), brightness(eighth));
        let far = means.pixels().zip(eighth.pixels()).any(|(a, b)| a.0[0].abs_diff(b.0[0]) > 15);
        assert!(!far, "{name}: brightness");
    }
}

/// One scan of flat blocks: for each its component's last and its own DC coefficient. The codes are the
/// simplest that do: four bits for the size of a difference, one zero bit for the end of a block.
fn scan(component: u8, levels: &[i32]) -> Vec<u8> {
    let mut bits = String::new();
    for (last, level) in std::iter::once(&0).chain(levels).zip(levels) {
        let difference = level - last;
        let size = 32 - difference.unsigned_abs().leading_zeros() as usize;
        bits += &format!("{size:04b}");
        if size > 0 {
            let value = if difference < 0 { difference + (1 << size) - 1 } else { difference };
            bits += &format!("{value:0size$b}");
        }
        bits.push('0');
    }
    bits += &"1".repeat((8 - bits.len() % 8) % 8);
    let mut scan = vec![0xff, 0xda, 0, 8, 1, component, 0, 0, 63, 0];
    for at in (0..bits.len()).step_by(8) {
        let byte = u8::from_str_radix(&bits[at..at + 8], 2).unwrap();
        scan.push(byte);
        if byte == 0xff {
            scan.push(0);
        }
    }
    scan
}

/// libjpeg shows the same levels for this file; the `image` crate, which does not expect it, does not.
#[test]
fn components_in_scans_of_their_own_leave_out_the_filling_blocks() {
    // 40 x 24 pixels: 5 x 3 blocks of brightness, in groups of 2 x 2; 3 x 2 blocks of each chroma.
    let brightness: Vec<i32> = (0..15).map(|block| block * 61 % 97 - 48).collect();
    let neutral = [0; 6];
    let counts_of_sizes = [0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let file = [
        [0xff, 0xd8, 0xff, 0xdb, 0, 67, 0].as_slice(),
        &[8; 64],
        &[0xff, 0xc0, 0, 17, 8, 0, 24, 0, 40, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0],
        &[0xff, 0xc4, 0, 31, 0],
        &counts_of_sizes,
        &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        &[0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &scan(1, &brightness),
        &scan(2, &neutral),
        &scan(3, &neutral),
        &[0xff, 0xd9],
    ]
    .concat();
    let eighth = block_means::eighth(&file).unwrap();
    let levels: Vec<i32> = eighth.pixels().map(|pixel| i32::from(pixel.0[0]) - 128).collect();
    assert_eq!((eighth.dimensions(), levels), ((5, 3), brightness));
}

#[test]
fn four_inks_have_no_block_means_but_a_thumbnail() {
    assert!(block_means::eighth(fixture!("cmyk.jpg")).is_none());
    assert!(intake(fixture!("cmyk.jpg")).unwrap().thumbnail.is_some());
}

#[test]
fn every_kind_of_file_gives_the_same_thumbnail() {
    let scene = decode(fixture!("baseline-422.jpg"));
    let small = image::imageops::thumbnail(&scene, 51, 35);
    for (name, bytes) in FIXTURES {
        let photo = intake(bytes).unwrap();
        let mut thumbnail = DynamicImage::from(decode(&photo.thumbnail.expect(name)));
        if photo.orientation == 6 {
            thumbnail = thumbnail.rotate270();
        }
        let expected = if name.ends_with(".png") { &small } else { &scene };
        let expected = if name.starts_with("grey") {
            DynamicImage::from(expected.to_owned()).into_luma8().into()
        } else {
            DynamicImage::from(expected.to_owned())
        };
        assert_eq!((thumbnail.width(), thumbnail.height()), (expected.width(), expected.height()), "{name}");
        let (mean, _) = difference(&expected.into_rgb8(), &thumbnail.into_rgb8());
        // The colours of inks are not those of a screen; sixteen colours are few.
        let allowed = if matches!(*name, "cmyk.jpg" | "palette.png") { 16.0 } else { 7.0 };
        assert!(mean < allowed, "{name}: {mean:.2}");
    }
}

#[test]
fn all_eight_orientations_are_put_upright() {
    // Three by two fields of colours that no mirroring or turning maps onto each other.
    let colours =
        [[220, 30, 30], [30, 200, 30], [30, 30, 220], [230, 220, 40], [20, 20, 20], [240, 240, 240]];
    let picture = RgbImage::from_fn(48, 32, |x, y| Rgb(colours[(y / 16 * 3 + x / 16) as usize]));
    for orientation in 1..=8u16 {
        let block = exif_block(false, &[(0x112, Value::Short(orientation))], &[], &[]);
        for stored in [jpeg(&picture, 100), jpeg(&enlarged(&picture), 90)] {
            let photo = intake(&with_exif(&stored, &block)).unwrap();
            let thumbnail = decode(&photo.thumbnail.unwrap());
            let turned = orientation >= 5;
            assert_eq!(photo.width > photo.height, !turned, "{orientation}");
            assert_eq!(thumbnail.width() > thumbnail.height(), !turned, "{orientation}");
            let field = if turned { thumbnail.height() / 3 } else { thumbnail.width() / 3 };
            for (index, colour) in colours.iter().enumerate() {
                let (column, row) = (u32::try_from(index % 3).unwrap(), u32::try_from(index / 3).unwrap());
                // EXIF names the sides on which the stored first row and first column are seen.
                let (x, y) = match orientation {
                    1 => (column, row),         // top, left
                    2 => (2 - column, row),     // top, right
                    3 => (2 - column, 1 - row), // bottom, right
                    4 => (column, 1 - row),     // bottom, left
                    5 => (row, column),         // left, top
                    6 => (1 - row, column),     // right, top
                    7 => (1 - row, 2 - column), // right, bottom
                    _ => (row, 2 - column),     // left, bottom
                };
                let seen = thumbnail.get_pixel(x * field + field / 2, y * field + field / 2);
                let close = seen.0.iter().zip(colour).all(|(a, b)| a.abs_diff(*b) < 16);
                assert!(close, "orientation {orientation}, field {index}: {seen:?} is not {colour:?}");
            }
        }
    }
}

/// Large enough for block means.
fn enlarged(picture: &RgbImage) -> RgbImage {
    image::imageops::resize(picture, 48 * 56, 32 * 56, image::imageops::FilterType::Nearest)
}

#[test]
fn a_thumbnail_has_the_shape_of_its_photo_and_no_exif() {
    for (width, height, expected) in [
        (640, 480, (320, 240)),
        (320, 3, (320, 3)),
        (2000, 1, (320, 1)),
        (1, 700, (1, 320)),
        (3000, 2000, (320, 213)),
    ] {
        let block = exif_block(true, &[], &[(0x9003, Value::Text("2026:03:20 07:04:11"))], &[]);
        let photo = intake(&with_exif(&jpeg(&RgbImage::new(width, height), 80), &block)).unwrap();
        assert_eq!((photo.width, photo.height, photo.mime), (width, height, Mime::Jpeg));
        let thumbnail = photo.thumbnail.unwrap();
        assert_eq!(decode(&thumbnail).dimensions(), expected);
        assert!(!thumbnail.windows(4).any(|bytes| bytes == b"Exif"));
        let photo =
            intake(&png(&vec![7; (width * height) as usize], width, height, ExtendedColorType::L8)).unwrap();
        assert_eq!((photo.width, photo.height, photo.mime), (width, height, Mime::Png));
        assert_eq!(decode(&photo.thumbnail.unwrap()).dimensions(), expected);
    }
}

#[test]
fn pngs_of_every_depth_are_laid_over_white() {
    let cases: [(ExtendedColorType, &[u8], [u8; 3]); 6] = [
        (ExtendedColorType::L8, &[90], [90, 90, 90]),
        (ExtendedColorType::La8, &[0, 128], [127, 127, 127]),
        (ExtendedColorType::Rgb8, &[200, 40, 10], [200, 40, 10]),
        (ExtendedColorType::Rgba8, &[200, 40, 10, 0], [255, 255, 255]),
        (ExtendedColorType::Rgb16, &[200, 200, 40, 40, 10, 10], [200, 40, 10]),
        (ExtendedColorType::Rgba16, &[200, 200, 40, 40, 10, 10, 255, 255], [200, 40, 10]),
    ];
    for (colour, pixel, expected) in cases {
        // Sixteen-bit samples come in the byte order of the machine; these read the same in both.
        let bytes = png(&pixel.repeat(1000 * 20), 1000, 20, colour);
        let thumbnail = decode(&intake(&bytes).unwrap().thumbnail.unwrap());
        assert_eq!(thumbnail.dimensions(), (320, 6), "{colour:?}");
        for pixel in thumbnail.pixels() {
            let close = pixel.0.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 4);
            assert!(close, "{colour:?}: {pixel:?}");
        }
    }
}

#[test]
fn an_interlaced_png_of_any_size_is_put_together() {
    let bytes = fixture!("interlaced.png");
    let survey = Survey::of(bytes).unwrap();
    assert_eq!(thumbnail::picture(&survey).unwrap(), decode(bytes));
}

#[test]
fn the_hash_is_that_of_the_bytes() {
    // The digest as sha256sum prints it.
    let hash = intake(fixture!("palette.png")).unwrap().hash;
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "6ac7257b9bdb99ca3b46f491d879edefc5f9b01e70b25ec1a478fa4ec9dba702");
}
