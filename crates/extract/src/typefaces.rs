//! Typefaces of this machine, for pages whose files do not hold their own.
//!
//! The confined reader may open nothing, so it is handed the open font files together with the
//! file that is to be drawn. Only font files of known names are taken: what is chosen is the same
//! on each run, and no font has to be parsed outside of the walls.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use pdf::{FontBytes, Script};

/// A face that stands in for missing fonts of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typeface {
    pub script: Script,
    pub path: PathBuf,
    /// The number of the face in its file.
    pub(crate) index: u32,
}

const SCRIPTS: [Script; 5] = [
    Script::Korean,
    Script::Simplified,
    Script::Traditional,
    Script::Japanese,
    Script::Other,
];
/// No font file is larger.
const MOST_BYTES: u64 = 64 << 20;
/// Entries of font folders that are looked at.
const MOST_ENTRIES: usize = 50_000;

/// How the names of font files begin (in lower case), the best first, and the number of the face
/// for Korean, simplified and traditional Chinese, Japanese and other scripts.
type Known = (&'static str, [Option<u32>; 5]);

const fn only(script: usize) -> [Option<u32>; 5] {
    let mut faces = [None; 5];
    faces[script] = Some(0);
    faces
}

const KNOWN: [Known; 38] = [
    (
        "notosanscjk-regular.ttc",
        [Some(1), Some(2), Some(3), Some(0), None],
    ),
    (
        "notosanscjk-vf.",
        [Some(1), Some(2), Some(3), Some(0), None],
    ),
    (
        "notoserifcjk-regular.ttc",
        [Some(1), Some(2), Some(3), Some(0), None],
    ),
    ("notosanscjkkr-regular.", only(0)),
    ("notosanskr-regular.", only(0)),
    ("notosanskr-vf.", only(0)),
    ("sourcehansanskr-regular.", only(0)),
    ("sourcehansansk-regular.", only(0)),
    ("nanumgothic.", only(0)),
    ("nanummyeongjo.", only(0)),
    ("undotum.", only(0)),
    ("unbatang.", only(0)),
    ("malgun.", only(0)),
    ("notosanscjksc-regular.", only(1)),
    ("notosanssc-regular.", only(1)),
    ("notosanssc-vf.", only(1)),
    ("sourcehansanscn-regular.", only(1)),
    ("sourcehansanssc-regular.", only(1)),
    ("wqy-microhei.", [None, Some(0), Some(0), None, None]),
    ("wqy-zenhei.", [None, Some(0), Some(0), None, None]),
    ("simsun.", only(1)),
    ("notosanscjktc-regular.", only(2)),
    ("notosanstc-regular.", only(2)),
    ("notosanstc-vf.", only(2)),
    ("sourcehansanstw-regular.", only(2)),
    ("uming.", [None, Some(0), Some(2), None, None]),
    ("ukai.", [None, Some(0), Some(2), None, None]),
    ("mingliu.", only(2)),
    ("notosanscjkjp-regular.", only(3)),
    ("notosansjp-regular.", only(3)),
    ("ipagp.", only(3)),
    ("ipaexg.", only(3)),
    ("takaogothic.", only(3)),
    (
        "droidsansfallbackfull.",
        [Some(0), Some(0), Some(0), Some(0), None],
    ),
    (
        "droidsansfallback.",
        [Some(0), Some(0), Some(0), Some(0), None],
    ),
    ("dejavusans.ttf", only(4)),
    ("notosans-regular.", only(4)),
    ("liberationsans-regular.", only(4)),
];

/// The typefaces that stand in for missing fonts on this machine, one a script at most.
#[must_use]
pub fn typefaces() -> &'static [Typeface] {
    static FOUND: OnceLock<Vec<Typeface>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let mut folders: Vec<PathBuf> = [
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            "/run/current-system/sw/share/X11/fonts",
        ]
        .map(PathBuf::from)
        .to_vec();
        folders.extend(home.iter().map(|home| home.join(".local/share/fonts")));
        folders.extend(home.iter().map(|home| home.join(".fonts")));
        find(&folders)
    })
}

fn find(folders: &[PathBuf]) -> Vec<Typeface> {
    // By script: rank of the name, path, face.
    let mut best: [Option<(usize, PathBuf, u32)>; 5] = [const { None }; 5];
    let mut left = MOST_ENTRIES;
    let mut open: Vec<(PathBuf, u8)> = folders.iter().map(|f| (f.clone(), 0)).collect();
    while let Some((folder, depth)) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if left == 0 {
                break;
            }
            left -= 1;
            let path = entry.path();
            if path.is_dir() {
                if depth < 6 {
                    open.push((path, depth + 1));
                }
                continue;
            }
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let known = KNOWN.iter().position(|(begin, _)| name.starts_with(begin));
            let Some((rank, (_, faces))) = known.and_then(|at| Some((at, KNOWN.get(at)?))) else {
                continue;
            };
            if std::fs::metadata(&path).map_or(0, |about| about.len()) > MOST_BYTES {
                continue;
            }
            for (face, best) in faces.iter().zip(&mut best) {
                let Some(face) = face else { continue };
                let better = best
                    .as_ref()
                    .is_none_or(|(had, at, _)| (rank, &path) < (*had, at));
                if better {
                    *best = Some((rank, path.clone(), *face));
                }
            }
        }
    }
    let found = SCRIPTS.into_iter().zip(best);
    let face = |(script, best): (Script, Option<(usize, PathBuf, u32)>)| {
        let (_, path, index) = best?;
        Some(Typeface {
            script,
            path,
            index,
        })
    };
    found.filter_map(face).collect()
}

/// A face as it is told to a reader: script, number of the face, and which of the files beside.
pub(crate) type Told = (u8, u32, u8);

/// The open font files, and what is told of them. A file that cannot be opened is left out.
pub(crate) fn open_all() -> (Vec<File>, Vec<Told>) {
    let mut files: Vec<(&Path, File)> = Vec::new();
    let mut told = Vec::new();
    for face in typefaces() {
        let at = match files.iter().position(|(path, _)| *path == face.path) {
            Some(at) => at,
            None => {
                let Ok(file) = File::open(&face.path) else {
                    continue;
                };
                files.push((&face.path, file));
                files.len() - 1
            }
        };
        let script = SCRIPTS.iter().position(|script| *script == face.script);
        if let (Some(Ok(script)), Ok(at)) = (script.map(u8::try_from), u8::try_from(at)) {
            told.push((script, face.index, at));
        }
    }
    (files.into_iter().map(|(_, file)| file).collect(), told)
}

/// What the reader makes of the files that it was handed: each is read when it is first needed.
pub(crate) fn from_files(files: Vec<File>, told: &[Told]) -> pdf::Typefaces {
    struct Shelf {
        file: Mutex<Option<File>>,
        bytes: OnceLock<Option<FontBytes>>,
    }
    let shelf = |file| Shelf {
        file: Mutex::new(Some(file)),
        bytes: OnceLock::new(),
    };
    let shelves: Vec<Shelf> = files.into_iter().map(shelf).collect();
    let told = told.to_vec();
    Arc::new(move |script| {
        let wanted = SCRIPTS.iter().position(|known| *known == script)?;
        let (_, face, at) = told
            .iter()
            .find(|(script, ..)| usize::from(*script) == wanted)?;
        let shelf = shelves.get(usize::from(*at))?;
        let bytes = shelf.bytes.get_or_init(|| {
            let file = shelf.file.lock().ok()?.take()?;
            let mut bytes = Vec::new();
            file.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
            Some(Arc::new(bytes) as FontBytes)
        });
        Some((Arc::clone(bytes.as_ref()?), *face))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_known_face_of_each_script_is_found() {
        let folder = std::env::temp_dir().join(format!("tumen-typefaces-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep/er")).expect("a folder");
        for name in [
            "DroidSansFallback.ttf",
            "deep/NanumGothic.ttf",
            "deep/er/uming.ttc",
            "Comic.ttf",
        ] {
            std::fs::write(folder.join(name), name).expect("a file");
        }
        let found = find(&[folder.clone(), folder.join("not there")]);
        let told: Vec<_> = found
            .iter()
            .map(|face| {
                let name = face
                    .path
                    .file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned();
                (face.script, name, face.index)
            })
            .collect();
        std::fs::remove_dir_all(&folder).expect("it goes");
        assert_eq!(
            told,
            [
                (Script::Korean, "NanumGothic.ttf".to_owned(), 0),
                (Script::Simplified, "uming.ttc".to_owned(), 0),
                (Script::Traditional, "uming.ttc".to_owned(), 2),
                (Script::Japanese, "DroidSansFallback.ttf".to_owned(), 0),
            ]
        );
    }
}
