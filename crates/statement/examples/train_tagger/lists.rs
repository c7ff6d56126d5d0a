//! The list files, from their plain form.

use std::path::Path;

use statement::training::{hash, roles};

use crate::Outcome;

/// Words as written with cluster and frequency, then words in lower case with their roles.
pub(crate) fn english(folder: &Path) -> Outcome<Vec<u8>> {
    let mut file = Vec::new();
    let mut count = 0_u32;
    for line in std::fs::read_to_string(folder.join("english.words"))?.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [word, path, often] = cells.as_slice() else {
            continue;
        };
        let path: u32 = path.parse()?;
        file.extend(hash(word).to_le_bytes());
        file.extend(&path.to_le_bytes()[..3]);
        file.push(often.parse()?);
        count += 1;
    }
    let mut all = count.to_le_bytes().to_vec();
    all.append(&mut file);
    for line in std::fs::read_to_string(folder.join("english.flags"))?.lines() {
        let Some((word, letters)) = line.split_once('\t') else {
            continue;
        };
        all.extend(hash(word).to_le_bytes());
        all.push(roles(letters));
    }
    Ok(all)
}

/// Words with a class.
pub(crate) fn chinese(folder: &Path) -> Outcome<Vec<u8>> {
    let mut all = Vec::new();
    for line in std::fs::read_to_string(folder.join("chinese.words"))?.lines() {
        let Some((word, class)) = line.split_once('\t') else {
            continue;
        };
        all.extend(hash(word).to_le_bytes());
        all.push(match class {
            "r" => 1,
            "s" => 2,
            "t" => 3,
            _ => 4,
        });
    }
    Ok(all)
}
