//! Page images of hostile and unhappy files: images too large to be held, fonts that are not there.

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use casefile::{Input, Limits};
use pdf::{Fineness, FontBytes, Image, RenderError, Script, Typefaces};

fn draw(bytes: &[u8], fineness: Fineness, typefaces: &Typefaces) -> Result<Image, RenderError> {
    let mut cursor = Cursor::new(bytes);
    let mut input = Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name: "",
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    pdf::render(&mut input, 1, fineness, typefaces)
}

/// A file of one page of 400 × 400 points; `objects` are numbered from 4, `resources` name them.
fn file(resources: &str, content: &str, objects: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut all = vec![
        ("<</Type/Catalog/Pages 2 0 R>>".to_owned(), Vec::new()),
        ("<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(), Vec::new()),
        (
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents {} 0 R/Resources<<{resources}>>>>",
                4 + objects.len()
            ),
            Vec::new(),
        ),
    ];
    all.extend_from_slice(objects);
    all.push((format!("<</Length {}>>", content.len()), content.into()));
    let mut pdf = b"%PDF-1.5\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", all.len() + 1);
    for (at, (dict, stream)) in all.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", pdf.len());
        pdf.extend(format!("{} 0 obj\n{dict}\n", at + 1).as_bytes());
        if !stream.is_empty() {
            pdf.extend(b"stream\n");
            pdf.extend(stream);
            pdf.extend(b"\nendstream\n");
        }
        pdf.extend(b"endobj\n");
    }
    let start = pdf.len();
    pdf.extend(table.as_bytes());
    let size = all.len() + 1;
    pdf.extend(
        format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    pdf
}

fn deflated(rows: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for row in rows {
        std::io::Write::write_all(&mut packer, &row).expect("memory");
    }
    packer.finish().expect("memory")
}

/// An image whose left half is dark; `head` says how its samples are to be read.
fn picture(side: u32, head: &str, row: &[u8]) -> Vec<u8> {
    let packed = deflated((0..side).map(|_| row.to_vec()));
    let dict = format!(
        "<</Type/XObject/Subtype/Image/Width {side}/Height {side}{head}/Filter/FlateDecode/Length {}>>",
        packed.len()
    );
    file(
        "/XObject<</I 4 0 R>>",
        "1 0 0 rg q 400 0 0 400 0 0 cm /I Do Q",
        &[(dict, packed)],
    )
}

/// The pixel in the middle of the left and of the right half.
fn halves(image: &Image) -> [Vec<u8>; 2] {
    let [width, height] = [image.width as usize, image.height as usize];
    [width / 4, width * 3 / 4].map(|x| {
        let at = (height / 2 * width + x) * image.channels();
        image.pixels[at..at + image.channels()].to_vec()
    })
}

#[test]
fn an_image_too_large_to_be_held_is_made_smaller_first() {
    let half = |bytes: usize, dark: u8, light: u8| {
        let mut row = vec![dark; bytes / 2];
        row.resize(bytes, light);
        row
    };
    let side = 12_000;
    let cases = [
        (
            "/BitsPerComponent 1/ColorSpace/DeviceGray",
            half(1500, 0, 255),
            [vec![0], vec![255]],
        ),
        (
            "/BitsPerComponent 8/ColorSpace/DeviceGray",
            half(12_000, 40, 200),
            [vec![40], vec![200]],
        ),
        (
            "/BitsPerComponent 1/ImageMask true",
            half(1500, 0, 255),
            [vec![255, 0, 0], vec![255, 255, 255]],
        ),
        (
            "/BitsPerComponent 4/ColorSpace[/Indexed/DeviceRGB 1<0000ff00ff00>]",
            half(6000, 0, 0x11),
            [vec![0, 0, 255], vec![0, 255, 0]],
        ),
    ];
    for (head, row, expected) in cases {
        let bytes = picture(side, head, &row);
        let image = draw(&bytes, Fineness::Longest(200), &pdf::no_typefaces());
        let image = image.unwrap_or_else(|error| panic!("{head}: {error}"));
        assert_eq!(halves(&image), expected, "{head}");
    }
}

#[test]
fn an_image_that_cannot_be_made_smaller_is_refused_with_its_size() {
    let bytes = picture(65_000, "/BitsPerComponent 8/ColorSpace/DeviceRGB", &[0; 8]);
    let error = draw(&bytes, Fineness::Longest(200), &pdf::no_typefaces()).err();
    let said = error.map(|error| error.to_string());
    assert_eq!(
        said.as_deref(),
        Some("page 1 holds a picture of 65000 × 65000 pixels, which is too large to be drawn")
    );
}

/// A page with one line in a font that is not in the file.
fn unembedded(ordering: &str, encoding: &str, to_unicode: Option<&str>, text: &str) -> Vec<u8> {
    let unicode = if to_unicode.is_some() {
        "/ToUnicode 7 0 R"
    } else {
        ""
    };
    let mut objects = vec![
        (
            format!("<</Type/Font/Subtype/Type0/BaseFont/HYSMyeongJo-Medium/Encoding/{encoding}/DescendantFonts[5 0 R]{unicode}>>"),
            Vec::new(),
        ),
        (
            format!("<</Type/Font/Subtype/CIDFontType2/BaseFont/HYSMyeongJo-Medium/CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 1>>/FontDescriptor 6 0 R/DW 1000>>"),
            Vec::new(),
        ),
        (
            "<</Type/FontDescriptor/FontName/HYSMyeongJo-Medium/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 90>>".to_owned(),
            Vec::new(),
        ),
    ];
    if let Some(map) = to_unicode {
        let map = format!(
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap /CMapName/X def 1 begincodespacerange <0000><ffff> endcodespacerange {map} endcmap end end"
        );
        objects.push((format!("<</Length {}>>", map.len()), map.into_bytes()));
    }
    let content = format!("BT /F 100 Tf 50 150 Td <{text}> Tj ET");
    file("/Font<</F 4 0 R>>", &content, &objects)
}

fn ink(image: &Image) -> usize {
    image.pixels.iter().filter(|pixel| **pixel < 128).count()
}

#[test]
fn characters_of_a_missing_font_are_boxes_not_blank_paper() {
    let cases = [
        ("Korea1", "UniKS-UCS2-H", None, "D0C8BD81C790"),
        ("GB1", "UniGB-UCS2-H", None, "88AB90638FD4"),
        ("CNS1", "UniCNS-UCS2-H", None, "907B90638FD4"),
        ("Japan1", "UniJIS-UCS2-H", None, "812B53179003"),
        (
            "Identity",
            "Identity-H",
            Some("1 beginbfrange <0001><0003><D0C8> endbfrange"),
            "000100020003",
        ),
        // Nothing says which characters these are.
        ("Identity", "Identity-H", None, "000100020003"),
    ];
    for (ordering, encoding, map, text) in cases {
        let bytes = unembedded(ordering, encoding, map, text);
        let image = draw(&bytes, Fineness::Dots(72.0), &pdf::no_typefaces()).expect("drawn");
        let black = ink(&image);
        // Three frames of 84 × 86 points, 6 to 8 points wide.
        assert!(
            (4_000..8_000).contains(&black),
            "{ordering} {encoding}: {black}"
        );
    }
}

/// A typeface of this machine that has Korean and Chinese.
fn machine_font() -> Option<FontBytes> {
    let path = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {path} is not there");
    }
    Some(Arc::new(bytes?))
}

#[test]
fn typefaces_at_hand_stand_in_for_missing_fonts() {
    let Some(font) = machine_font() else {
        return;
    };
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let note = Arc::clone(&asked);
    let typefaces: Typefaces = Arc::new(move |script| {
        note.lock().expect("one thread").push(script);
        Some((Arc::clone(&font), 1))
    });
    let bfrange = "1 beginbfchar <0001><D0C8> endbfchar";
    let cases = [
        (
            "Korea1",
            "UniKS-UCS2-H",
            None,
            "D0C8BD81C790",
            Some(Script::Korean),
        ),
        (
            "Identity",
            "Identity-H",
            Some(bfrange),
            "0001",
            Some(Script::Korean),
        ),
        (
            "GB1",
            "UniGB-UCS2-H",
            None,
            "88AB90638FD4",
            Some(Script::Simplified),
        ),
        (
            "CNS1",
            "UniCNS-UCS2-H",
            None,
            "907B90638FD4",
            Some(Script::Traditional),
        ),
        ("Identity", "Identity-H", None, "000100020003", None),
    ];
    for (ordering, encoding, map, text, script) in cases {
        let bytes = unembedded(ordering, encoding, map, text);
        asked.lock().expect("one thread").clear();
        let with = draw(&bytes, Fineness::Dots(72.0), &typefaces).expect("drawn");
        let without = draw(&bytes, Fineness::Dots(72.0), &pdf::no_typefaces()).expect("drawn");
        assert_eq!(
            asked.lock().expect("one thread").first().copied(),
            script,
            "{ordering}"
        );
        assert_eq!(
            with.pixels == without.pixels,
            script.is_none(),
            "{ordering} {encoding}"
        );
        assert!(ink(&with) > 300, "{ordering} {encoding}");
    }
}

/// The memory that a confined reader has.
const CAP: u64 = 1 << 30;

#[test]
fn huge_scans_are_drawn_under_the_cap() {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/documents"
    ));
    if let Ok(path) = std::env::var("TUMEN_TEST_DRAW") {
        let limit = rustix::process::Rlimit {
            current: Some(CAP),
            maximum: Some(CAP),
        };
        rustix::process::setrlimit(rustix::process::Resource::As, limit).expect("a limit");
        let bytes = std::fs::read(path).expect("a file");
        let drawn = draw(&bytes, Fineness::Recognition, &pdf::no_typefaces());
        println!("drawn: {}", drawn.is_ok());
        return;
    }
    if !folder.exists() {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return;
    }
    let program = std::env::current_exe().expect("this program");
    let name = "hugemono.pdf";
    let output = Command::new(&program)
        .args([
            "--exact",
            "--nocapture",
            "huge_scans_are_drawn_under_the_cap",
        ])
        .env("TUMEN_TEST_DRAW", folder.join("scan-ocrmypdf").join(name))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("drawn: true"),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
