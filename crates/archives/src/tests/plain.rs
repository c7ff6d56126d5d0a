//! `ar`, `cpio` and images of discs, composed here.

use casefile::{Limits, Outcome};
use expect_test::expect;

use super::{check, read_with};

fn ar_entry(name: &str, bytes: &[u8]) -> Vec<u8> {
    let size = bytes.len();
    let mut entry = format!("{name:<16}1577934245  0     0     100644  {size:<10}`\n").into_bytes();
    entry.extend(bytes);
    if size % 2 == 1 {
        entry.push(b'\n');
    }
    entry
}

#[test]
fn ar_of_all_kinds() {
    let long = "a name that is longer than sixteen.txt";
    let gnu = [
        b"!<arch>\n".to_vec(),
        ar_entry("/", b"\0\0\0\0"),
        ar_entry("//", format!("{long}/\n").as_bytes()),
        ar_entry("/0", b"one"),
        ar_entry("debian-binary/", b"2.0\n"),
    ]
    .concat();
    check(
        &gnu,
        "x.deb",
        expect![[r#"
            application/x-archive indexed
            a name that is longer than sixteen.txt: "one"
            debian-binary: "2.0\n""#]],
    );
    let bsd = [
        b"!<arch>\n".to_vec(),
        ar_entry("#1/8", "보고\0\0bytes".as_bytes()),
    ]
    .concat();
    check(
        &bsd,
        "x.a",
        expect![[r#"
            application/x-archive indexed
            보고: "bytes""#]],
    );
    check(
        gnu.get(..gnu.len() - 2).unwrap_or_default(),
        "x.a",
        expect![[r#"
            application/x-archive damaged: the archive ends inside a member; 2 members kept
            a name that is longer than sixteen.txt: "one"
            debian-binary: "2." damaged: cut off after 2 of 4 bytes; those were kept"#]],
    );
}

fn newc(name: &str, mode: u32, bytes: &[u8]) -> Vec<u8> {
    let mut entry = b"070701".to_vec();
    let fields = [
        1,
        mode,
        0,
        0,
        1,
        1_577_934_245,
        bytes.len() as u32,
        0,
        0,
        0,
        0,
        name.len() as u32 + 1,
        0,
    ];
    for field in fields {
        entry.extend(format!("{field:08x}").bytes());
    }
    entry.extend(name.bytes());
    entry.push(0);
    entry.resize(entry.len().next_multiple_of(4), 0);
    entry.extend(bytes);
    entry.resize(entry.len().next_multiple_of(4), 0);
    entry
}

#[test]
fn cpio_of_all_kinds() {
    let whole = [
        newc("dir", 0o040_755, b""),
        newc("dir/a.txt", 0o100_644, b"one"),
        newc("link", 0o120_777, b"dir/a.txt"),
        newc("tty", 0o020_644, b""),
        newc("TRAILER!!!", 0, b""),
    ]
    .concat();
    check(
        &whole,
        "x.cpio",
        expect![[r#"
            application/x-cpio indexed
            dir/a.txt: "one"
            link: "" skipped: a link to 'dir/a.txt'
            tty: "" skipped: a device or pipe, not a file"#]],
    );
    let mut octal = Vec::new();
    for (name, bytes) in [("b.txt", &b"two"[..]), ("TRAILER!!!", b"")] {
        octal.extend(
            format!(
                "070707000001000001100644000000000000000001000000{:011o}{:06o}{:011o}",
                86_400,
                name.len() + 1,
                bytes.len()
            )
            .bytes(),
        );
        octal.extend(name.bytes());
        octal.push(0);
        octal.extend(bytes);
    }
    check(
        &octal,
        "x.cpio",
        expect![[r#"
            application/x-cpio indexed
            b.txt: "two""#]],
    );
    let mut binary = Vec::new();
    for (name, bytes) in [("c.txt", &b"three"[..]), ("TRAILER!!!", b"")] {
        let halves = [
            0o70_707,
            1,
            1,
            0o100_644,
            0,
            0,
            1,
            0,
            1,
            0x5180,
            name.len() as u16 + 1,
            0,
            bytes.len() as u16,
        ];
        binary.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
        for run in [[name.as_bytes(), b"\0"].concat(), bytes.to_vec()] {
            binary.extend(&run);
            binary.extend(std::iter::repeat_n(0, run.len() % 2));
        }
    }
    check(
        &binary,
        "x.cpio",
        expect![[r#"
            application/x-cpio indexed
            c.txt: "three""#]],
    );
    check(
        whole.get(..200).unwrap_or_default(),
        "x.cpio",
        expect![[r#"
            application/x-cpio damaged: a header is broken or cut; no members kept"#]],
    );
}

fn record(name: &[u8], sector: u32, len: u32, flags: u8, system: &[u8]) -> Vec<u8> {
    let mut record = vec![0, 0];
    for number in [sector, len] {
        record.extend(number.to_le_bytes());
        record.extend(number.to_be_bytes());
    }
    record.extend([123, 6, 24, 10, 0, 0, 36, flags, 0, 0, 1, 0, 0, 1]);
    record.push(name.len() as u8);
    record.extend(name);
    if name.len().is_multiple_of(2) {
        record.push(0);
    }
    record.extend(system);
    record.resize(record.len().next_multiple_of(2), 0);
    record[0] = record.len() as u8;
    record
}

fn image(joliet: bool) -> Vec<u8> {
    let name = |text: &str| -> Vec<u8> {
        if joliet {
            text.encode_utf16().flat_map(u16::to_be_bytes).collect()
        } else {
            text.bytes().collect()
        }
    };
    let sector = |bytes: &[u8]| {
        let mut sector = bytes.to_vec();
        sector.resize(2048, 0);
        sector
    };
    let descriptor = |kind: u8, label: &str| {
        let mut bytes = vec![kind];
        bytes.extend(b"CD001\x01\0");
        bytes.resize(40, 0);
        bytes.extend(if kind == 2 {
            name(label)
        } else {
            label.bytes().collect()
        });
        bytes.resize(88, 0);
        if kind == 2 {
            bytes.extend(b"%/E");
        }
        bytes.resize(156, 0);
        bytes.extend(record(&[0], 20, 2048, 2, b""));
        sector(&bytes)
    };
    let mut image = vec![0; 16 * 2048];
    image.extend(descriptor(1, "OLD"));
    image.extend(if joliet {
        descriptor(2, "보관")
    } else {
        sector(b"\0CD001\x01")
    });
    image.extend(sector(b"\xffCD001\x01"));
    image.extend(sector(b""));
    // The root, which also names itself: no loop.
    let long = [&b"NM\x12\x01\0"[..], "report 보고".as_bytes()].concat();
    let root = [
        record(&[0], 20, 2048, 2, b""),
        record(&[1], 20, 2048, 2, b""),
        record(&name("DIR"), 21, 2048, 2, b""),
        record(&name("LOOP"), 20, 2048, 2, b""),
        record(
            &name("REPORT.;1"),
            22,
            6,
            0,
            if joliet { b"" } else { &long },
        ),
    ]
    .concat();
    image.extend(sector(&root));
    image.extend(sector(&record(&name("A.TXT;1"), 23, 3, 0, b"")));
    image.extend(sector(b"report"));
    image.extend(sector(b"one"));
    image
}

#[test]
fn images_of_discs() {
    check(
        &image(false),
        "x.iso",
        expect![[r#"
            application/x-iso9660-image indexed
            DIR/A.TXT: "one"
            report 보고: "report""#]],
    );
    let joliet = image(true);
    check(
        &joliet,
        "x.iso",
        expect![[r#"
            application/x-iso9660-image indexed
            DIR/A.TXT: "one"
            REPORT: "report""#]],
    );
    check(
        joliet.get(..22 * 2048 + 3).unwrap_or_default(),
        "x.iso",
        expect![[r#"
            application/x-iso9660-image damaged: 2 members are broken; 0 members are whole
            DIR/A.TXT: "" damaged: the image ends inside it, after 0 bytes; those were kept
            REPORT: "rep" damaged: the image ends inside it, after 3 bytes; those were kept"#]],
    );
}

#[test]
fn what_is_not_read_says_what_to_do() {
    for (head, name) in [
        (&b"Rar!\x1a\x07\x01\0"[..], "a.rar"),
        (b"MSCF\0\0\0\0", "a.cab"),
        (b"ITSF\x03\0\0\0", "a.chm"),
        (b"EGGA\0\x01", "a.egg"),
    ] {
        let read = read_with(head, name, &[], Limits::default()).expect("it is known");
        assert_eq!(read.reading.outcome, Outcome::Unsupported);
        let reason = read.reading.reason.unwrap_or_default();
        assert!(reason.contains("unpack it"), "{reason}");
    }
}

proptest::proptest! {
    #[test]
    fn broken_ones_do_no_harm(at in 0_usize..60_000, with: u8, keep in 0_usize..60_000, which in 0..3_u8) {
        let mut bytes = match which {
            0 => [b"!<arch>\n".to_vec(), ar_entry("#1/8", b"name    bytes"), ar_entry("x", b"y")].concat(),
            1 => [newc("a", 0o100_644, b"one"), newc("TRAILER!!!", 0, b"")].concat(),
            _ => image(true),
        };
        let length = bytes.len();
        bytes[at % length] = with;
        bytes.truncate(keep % length + 1);
        read_with(&bytes, "x", &[], Limits::default());
    }
}
