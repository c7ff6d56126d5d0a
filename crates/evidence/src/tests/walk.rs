use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use expect_test::{Expect, expect};

use super::*;
use crate::{What, count, walk};

fn check(root: &Path, case: Option<&Path>, expected: Expect) {
    let mut told = String::new();
    for found in walk(root, case).unwrap() {
        let what = match &found.what {
            What::File(stamp) => format!("{} bytes", stamp.size),
            What::Skipped(reason) => format!("skipped: {reason}"),
            What::Unreadable(error) => format!("unreadable: {:?}", error.kind()),
        };
        told.push_str(&format!("{}: {what}\n", found.display()));
    }
    expected.assert_eq(&told);
}

#[test]
fn everything_is_told_in_a_stable_order() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("폴더");
    fs::create_dir_all(root.join("b/deep/er")).unwrap();
    fs::create_dir(root.join("empty")).unwrap();
    let outside = dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), "not ours").unwrap();
    for (name, text) in [
        ("b/deep/er/z.txt", "z"),
        ("b/A.txt", "upper"),
        ("b/a.txt", "lower"),
        ("b.txt", ""),
        ("구금.hwp", "구금"),
        (".hidden", "h"),
        ("line\nbreak", "1"),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    fs::write(
        root.join(OsStr::from_bytes(b"cp949-\xb1\xb8\xb1\xdd.txt")),
        "x",
    )
    .unwrap();
    fs::write(root.join("n".repeat(255)), "long").unwrap();
    symlink("/", root.join("link-root")).unwrap();
    symlink("../outside", root.join("link-out")).unwrap();
    symlink("b", root.join("link-in")).unwrap();
    symlink("link-loop", root.join("link-loop")).unwrap();
    symlink("nowhere", root.join("link-broken")).unwrap();
    let _socket = UnixListener::bind(root.join("socket")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        root.join("pipe"),
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    check(
        &root,
        None,
        expect![[r#"
        .hidden: 1 bytes
        b/A.txt: 5 bytes
        b/a.txt: 5 bytes
        b/deep/er/z.txt: 1 bytes
        b.txt: 0 bytes
        cp949-����.txt: 1 bytes
        line
        break: 1 bytes
        link-broken: skipped: a link to nowhere; links are not followed
        link-in: skipped: a link to b; links are not followed
        link-loop: skipped: a link to link-loop; links are not followed
        link-out: skipped: a link to ../outside; links are not followed
        link-root: skipped: a link to /; links are not followed
        nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn: 4 bytes
        pipe: skipped: a pipe, not a file
        socket: skipped: a socket, not a file
        구금.hwp: 6 bytes
    "#]],
    );
    let sums = count(&root, None).unwrap();
    assert_eq!((sums.files, sums.bytes, sums.others), (9, 24, 7));
    // A root that is a link was named by the user.
    symlink(&root, dir.path().join("to-root")).unwrap();
    assert_eq!(count(&dir.path().join("to-root"), None).unwrap(), sums);
    // A root that is a file.
    check(
        &root.join("구금.hwp"),
        None,
        expect![[r#"
        구금.hwp: 6 bytes
    "#]],
    );
    check(
        &root.join("pipe"),
        None,
        expect![[r#"
        pipe: skipped: a pipe, not a file
    "#]],
    );
    assert!(walk(&root.join("nothing"), None).is_err());
    assert!(walk(Path::new("a\0b"), None).is_err());
    assert!(walk(Path::new(&"x/".repeat(5_000)), None).is_err());
    let raw = walk(&root, None)
        .unwrap()
        .find(|found| found.raw().starts_with(b"cp949"))
        .unwrap();
    assert_eq!(raw.raw(), b"cp949-\xb1\xb8\xb1\xdd.txt");
    raw.open().unwrap();
}

#[test]
fn what_changes_after_the_walk_does_not_lead_astray() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("in");
    let outside = dir.path().join("outside");
    fs::create_dir_all(root.join("sub")).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a"), "secret").unwrap();
    for name in ["sub/a", "sub/b", "sub/c", "sub/d"] {
        fs::write(root.join(name), "ours").unwrap();
    }
    let found: Vec<_> = walk(&root, None).unwrap().collect();
    let sub = root.join("sub");
    fs::remove_file(sub.join("b")).unwrap();
    symlink(outside.join("a"), sub.join("b")).unwrap();
    fs::remove_file(sub.join("c")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        sub.join("c"),
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    fs::remove_file(sub.join("d")).unwrap();
    // The whole folder is exchanged for a link that leads out.
    fs::rename(&sub, root.join("moved")).unwrap();
    symlink(&outside, &sub).unwrap();
    let mut text = String::new();
    let (mut file, stamp) = found[0].open().unwrap();
    file.read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), stamp.size), ("ours", 4));
    let told: Vec<_> = found[1..]
        .iter()
        .map(|found| found.open().unwrap_err().to_string())
        .collect();
    assert_eq!(told[..2], ["it is no longer a regular file"; 2]);
    assert!(told[2].contains("No such file"));
}

#[test]
fn the_case_inside_is_left_out() {
    let case = encrypted();
    case.vault.take(&mut &b"original"[..]).unwrap();
    fs::write(case.dir.path().join("paper.txt"), "paper").unwrap();
    check(
        case.dir.path(),
        Some(case.folder.root()),
        expect![[r#"
        case: skipped: the folder of this case
        paper.txt: 5 bytes
    "#]],
    );
}

#[test]
fn a_forbidden_folder_is_told() {
    if rustix::process::geteuid().is_root() {
        println!("NOT TESTED: the superuser may read everything");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("closed")).unwrap();
    fs::set_permissions(dir.path().join("closed"), Permissions::from_mode(0o000)).unwrap();
    check(
        dir.path(),
        None,
        expect![[r#"
        closed: unreadable: PermissionDenied
    "#]],
    );
    fs::set_permissions(dir.path().join("closed"), Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn very_deep_folders_end_in_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut path = dir.path().to_owned();
    for _ in 0..450 {
        path.push("d");
    }
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("f"), "x").unwrap();
    let found: Vec<_> = walk(dir.path(), None).unwrap().collect();
    assert_eq!(found.len(), 1);
    assert!(matches!(&found[0].what, What::Skipped(reason) if reason.contains("400 folders")));
}

/// 100,000 files in one folder: `EVIDENCE_TEST_FILES=100000`; fewer by default, to be quick.
#[test]
fn many_files_in_one_folder() {
    let files = std::env::var("EVIDENCE_TEST_FILES")
        .ok()
        .and_then(|n| n.parse().ok());
    let files = files.unwrap_or(5_000_u64);
    let dir = tempfile::tempdir().unwrap();
    for number in 0..files {
        fs::write(dir.path().join(format!("{number:06}.txt")), "x").unwrap();
    }
    let begin = std::time::Instant::now();
    let mut last = Vec::new();
    let mut sum = 0;
    for found in walk(dir.path(), None).unwrap() {
        assert!(last.as_slice() < found.raw());
        last = found.raw().to_vec();
        found.open().unwrap();
        sum += 1;
    }
    assert_eq!(sum, files);
    println!("{files} files walked and opened in {:?}", begin.elapsed());
    let begin = std::time::Instant::now();
    assert_eq!(count(dir.path(), None).unwrap().files, files);
    println!("counted in {:?}", begin.elapsed());
}
