//! Files that nobody should open.

use super::super::archive::{archives, erasures, header, lists};
use super::super::file::{imports, mailbags, photos, proofs};
use super::super::scene::Scene;
use super::change::forged;
use super::{Keep, bomb, cuts, deep, framed};
use sanben_document::{ChangeHeader, encode};
use sanben_domain::rights::home_scope;
use sanben_sync::keys::SecretKey;
use sanben_sync::manifest::{Batch, ManifestItem};

pub(super) fn mailbag(scene: &Scene, keep: Keep<'_>) {
    let sealed = mailbags(scene).remove(0);
    cuts(&sealed, |name, bytes| keep("mailbag", name, bytes));
    let magic = b"SANBEN MAILBAG 1\n";
    // Points of small order: the shared secret would be known to everybody.
    for (name, point) in [
        ("of-the-point-zero", [0; 32]),
        ("of-the-point-one", {
            let mut one = [0; 32];
            one[0] = 1;
            one
        }),
    ] {
        keep("mailbag", name, [magic.as_slice(), &point, &[0; 64]].concat());
    }
    keep("mailbag", "nothing-but-its-first-line", magic.to_vec());
    let stranger = SecretKey::from_seed([66; 32]).public();
    keep(
        "mailbag",
        "for-another-server",
        sanben_sync::mailbag::seal(&scene.asking().batches, &stranger, [5; 32]).unwrap(),
    );
    keep("mailbag", "nested-arrays", deep(&[0x81], 4000));
    let forged = forged(scene).remove(2).1;
    let change = ChangeHeader::of(&forged).unwrap().hash;
    let mut manifest = scene.asking().batches[0].claimed().unwrap();
    manifest.items = vec![ManifestItem {
        document: scene.case,
        home: home_scope(&"park-02".into()),
        change,
        intent: [0; 32],
    }];
    let batch = Batch::sign(&manifest, vec![forged], &scene.identity.key);
    keep("mailbag", "with-a-forged-author", encode(&vec![batch]));
}

pub(super) fn photo(scene: &Scene, keep: Keep<'_>) {
    let pictures = photos(scene);
    let jpeg = pictures.iter().find(|bytes| bytes.starts_with(&[0xff, 0xd8])).unwrap();
    let png = pictures.iter().find(|bytes| bytes.starts_with(b"\x89PNG")).unwrap();
    let frame = jpeg.windows(2).position(|pair| matches!(pair, [0xff, 0xc0 | 0xc2])).unwrap();
    let sized = |height: u16, width: u16| {
        let mut bytes = jpeg.clone();
        bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        bytes
    };
    let wide = |width: u32, height: u32| {
        let mut bytes = png.clone();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        bytes
    };
    let exif = |block: &[u8]| {
        let length = u16::try_from(block.len() + 8).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", block, &jpeg[2..]].concat()
    };
    for target in ["photo", "piece"] {
        let mut say = |name: &str, bytes: Vec<u8>| {
            // A piece is said to be a thumbnail here.
            let bytes = if target == "piece" { [&[2, 0, 0], bytes.as_slice()].concat() } else { bytes };
            keep(target, name, bytes);
        };
        say("jpeg-of-65535-squared", sized(65535, 65535));
        say("jpeg-of-8000-squared-in-two-kilobytes", sized(8000, 8000));
        say("jpeg-of-no-height", sized(0, 100));
        say("png-of-2-to-the-31-squared", wide(0x7fff_ffff, 0x7fff_ffff));
        say("png-of-8000-squared-in-two-kilobytes", wide(8000, 8000));
        say(
            "exif-that-points-at-itself",
            exif(b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0"),
        );
        say("exif-of-65535-entries", exif(b"II*\0\x08\0\0\0\xff\xff"));
        say("exif-that-begins-beyond-all", exif(b"MM\0*\xff\xff\xff\xff"));
        say("jpeg-of-markers-only", [&[0xff, 0xd8], [0xff, 0xd0].repeat(3000).as_slice()].concat());
        say("jpeg-of-empty-segments", [&[0xff, 0xd8], [0xff, 0xe2, 0, 2].repeat(3000).as_slice()].concat());
        say("jpeg-segment-of-no-length", vec![0xff, 0xd8, 0xff, 0xe1, 0, 0, 1, 2, 3]);
        say("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec());
        say("svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".to_vec());
        cuts(jpeg, |name, bytes| say(&format!("jpeg-{name}"), bytes));
        cuts(png, |name, bytes| say(&format!("png-{name}"), bytes));
    }
    keep("piece", "proof-of-nested-arrays", [&[1, 0, 0], framed(0, &deep(&[0x81], 200)).as_slice()].concat());
    keep("piece", "proof-that-is-a-bomb", [&[1, 0, 0], framed(1, &bomb(8192, 0)).as_slice()].concat());
}

pub(super) fn import(scene: &Scene, keep: Keep<'_>) {
    let files = imports(scene);
    let head = |number: u8| {
        let file = files.iter().find(|file| file[0] == number).unwrap();
        file.split_inclusive(|byte| *byte == b'\n').next().unwrap().to_vec()
    };
    let mut say = |name: &str, number: u8, rest: &[u8]| {
        let first = if number < 8 { head(number) } else { vec![number] };
        keep("import", name, [first.as_slice(), rest].concat());
    };
    say("units-invalid-utf8", 0, &[0xff, 0xfe, b',', 0xc0, 0x80, b'\n']);
    say("units-that-lead-away", 0, "../../etc/passwd,名,社区,../..\n".as_bytes());
    say("units-in-a-circle", 0, "a,甲,小区,b\nb,乙,小区,a\n".as_bytes());
    say("units-of-a-thousand-columns", 0, ",".repeat(20_000).as_bytes());
    say("units-with-a-quote-that-never-ends", 0, [b"\"", "行\n".repeat(2000).as_bytes()].concat().as_slice());
    say("units-with-zero-bytes", 0, b"a\0b,\0,\0,\0\n");
    say("points-beyond-the-earth", 1, "P9,点,小区,park-02,1e400,-1e400,T1\n".as_bytes());
    say("points-nowhere", 1, "P9,点,小区,park-02,NaN,inf,T1\n".as_bytes());
    say("people-that-are-formulas", 3, "U9,=cmd|' /C calc'!A0,督导员,park,T1\n".as_bytes());
    say("assignments-beyond-time", 5, "P011,U008,点位负责人,99999-12-31,-99999-01-01\n".as_bytes());
    say("calendar-of-no-month", 6, "2026-13-40,休,x\n".as_bytes());
    say("toml-nested", 8, format!("a = {}", "[".repeat(20_000)).as_bytes());
    say("toml-dotted", 8, format!("{}x = 1", "a.".repeat(20_000)).as_bytes());
    say("toml-of-numbers-beyond-all", 8, b"offset_minutes = 99999999999999999999\n");
    say("rules-with-a-half-of-nothing", 9, b"[[rule]]\nid = \"R\"\npoints = \"1/0\"\n");
    say(
        "geojson-nested",
        10,
        format!("{{\"type\":\"FeatureCollection\",\"features\":{}", "[".repeat(20_000)).as_bytes(),
    );
    say("geojson-of-one-corner", 10, br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"c","unit":"park-02"},"geometry":{"type":"Polygon","coordinates":[[[1e308,-1e308]]]}}]}"#);
}

pub(super) fn proof(scene: &Scene, keep: Keep<'_>) {
    let whole = proofs(scene).remove(0);
    let whole = &whole[..whole.len().min(6000)];
    cuts(whole, |name, bytes| keep("proof", name, bytes));
    let first = b"sanben log 1\n";
    keep("proof", "a-record-of-4-gib", [first.as_slice(), &[0xff; 8]].concat());
    keep("proof", "records-of-nothing", [first.as_slice(), &[0; 4000]].concat());
    keep(
        "proof",
        "nested-arrays",
        [first.as_slice(), &4000_u32.to_be_bytes(), &deep(&[0x81], 4000)].concat(),
    );
    keep("proof", "of-another-version", b"sanben log 9\n\0\0\0\0".to_vec());
}

pub(super) fn archive(scene: &Scene, keep: Keep<'_>) {
    let small = b"00000000005\0";
    let entry = |name: &[u8], kind: u8| {
        [header(name, kind, small), [b"hello".as_slice(), &[0; 507]].concat(), vec![0; 1024]].concat()
    };
    let hash = scene.photo.to_string();
    for (what, name) in [
        ("up-and-away", b"../../evil".to_vec()),
        ("to-the-root", b"/etc/evil".to_vec()),
        ("among-the-photos", b"photos/../../evil".to_vec()),
        ("behind-a-photo", format!("photos/{hash}/../../evil").into_bytes()),
        ("as-a-photo-in-capitals", format!("photos/{}", hash.to_uppercase()).into_bytes()),
        ("into-what-arrives", b"photos/arriving/x".to_vec()),
        ("of-invalid-utf8", vec![0xff, 0xfe, b'x']),
        ("of-another-system", br"photos\..\..\evil".to_vec()),
        ("into-the-replica", b"replica/sanben.db".to_vec()),
        ("of-no-name", vec![]),
    ] {
        keep("archive", &format!("name-{what}"), entry(&name, b'0'));
    }
    keep("archive", "a-link-instead-of-the-log", entry(b"log.db", b'2'));
    keep("archive", "a-hard-link-instead-of-the-key", entry(b"server.key", b'1'));
    keep("archive", "a-pipe-instead-of-the-log", entry(b"log.db", b'6'));
    keep("archive", "a-folder-instead-of-the-log", entry(b"log.db", b'5'));
    keep(
        "archive",
        "the-key-twice",
        [&entry(b"server.key", b'0')[..1024], &entry(b"server.key", b'0')].concat(),
    );
    keep(
        "archive",
        "a-size-beyond-all",
        header(b"log.db", b'0', &[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    );
    keep("archive", "a-size-below-nothing", header(b"log.db", b'0', b"-0000000001\0"));
    keep("archive", "a-list-of-the-largest-size", header(b"contents.json", b'0', b"77777777777\0"));
    keep("archive", "a-log-that-is-none", entry(b"log.db", b'0'));
    let whole = archives(scene).remove(0);
    keep("archive", "the-beginning-of-an-honest-one", whole[..3000].to_vec());
    keep("archive", "nothing-at-all", vec![]);
    keep("archive", "zeros", vec![0; 1024]);
}

pub(super) fn listed(scene: &Scene, keep: Keep<'_>) {
    let list = String::from_utf8(lists(scene).remove(0)).unwrap();
    let mut say = |name: &str, text: String| keep("contents", name, text.into_bytes());
    say("nested-arrays", "[".repeat(20_000));
    say("of-another-version", list.replacen("\"v\": 1", "\"v\": 60000", 1));
    say(
        "without-files",
        format!("{}\"files\": [], \"missing\": []}}", list.split("\"files\"").next().unwrap()),
    );
    say("files-that-lead-away", list.replace("log.db", "../../../log.db"));
    say("a-log-of-another-size", list.replacen("\"bytes\": ", "\"bytes\": 1844674407370955161", 1));
    say("heads-beyond-all", list.replace("\"seq\": ", "\"seq\": 1844674407370955161"));
    say("nothing-at-all", String::new());
    cuts(list.as_bytes(), |name, bytes| keep("contents", name, bytes));
    let lines = String::from_utf8(erasures(scene).remove(1)).unwrap();
    let mut say = |name: &str, text: String| keep("erased", name, text.into_bytes());
    say("of-other-digits", lines.replace('a', "４"));
    say("with-a-turned-signature", lines.replace("5", "6"));
    say("of-a-line-without-end", "0".repeat(20_000));
    say("of-nested-arrays", "81".repeat(4000));
    say("of-invalid-utf8", lines.replace('a', "\u{fffd}"));
}
