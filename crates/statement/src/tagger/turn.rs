//! What the words of a name say against its tag: rivers and streets are places, and who speaks
//! is a person.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Tag, Tagged, english_words};
use crate::text::{Kind, Text, word_hash};

/// Last words of names that are places whatever stands before them.
const LAST: &str = "river rivers lake lakes sea seas ocean gulf strait straits street avenue road boulevard highway lane \
    motorway parkway freeway turnpike bridge tower airport stadium castle island islands peninsula valley county canal \
    creek mountains hills plateau basin desert archipelago province prefecture voivodeship oblast raion estuary \
    cemetery lighthouse dam reservoir glacier volcano building";
/// First words of such names.
const FIRST: &str = "mount mt lake cape interstate highway route isle fort";
/// Verbs beside those who speak.
const SPEAK: &str = "said says told added explained recalled wrote insisted noted argued replied adds explains recalls \
    tells writes";
/// Words before a place.
const WHERE: &str =
    "in at near from to into across outside toward towards via through around of on off";

type Set = FxHashMap<u32, ()>;

struct Tables {
    last: Set,
    first: Set,
    speak: Set,
    place: Set,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let [last, first, speak, place] = [LAST, FIRST, SPEAK, WHERE].map(|words| {
        words
            .split_whitespace()
            .map(|word| (word_hash(word.as_bytes()), ()))
            .collect()
    });
    Tables {
        last,
        first,
        speak,
        place,
    }
});

/// Turns the tags of English names that their own words or their neighbours speak against.
pub(super) fn by_words(text: &Text<'_>, found: &mut [Tagged]) {
    let tables = &*TABLES;
    for tagged in found {
        let tokens = text.tokens_of(tagged.bytes.clone());
        let Some(first) = text
            .tokens
            .get(tokens.start)
            .filter(|t| t.kind == Kind::Word)
        else {
            continue;
        };
        let Some(last) = tokens.end.checked_sub(1).and_then(|n| text.tokens.get(n)) else {
            continue;
        };
        if tokens.len() > 1 {
            let digits = last.kind == Kind::Digits;
            let by_last = last.capital && tables.last.contains_key(&last.hash);
            let by_first = tables.first.contains_key(&first.hash)
                && tokens.len() == 2
                && (digits || last.capital);
            if tagged.tag != Tag::Place
                && (by_last || (by_first && tagged.tag == Tag::Organisation))
            {
                tagged.tag = Tag::Place;
            }
            continue;
        }
        let known = english_words().known(first.hash);
        if tagged.tag != Tag::Place || known.place() || known.body() || !first.capital {
            continue;
        }
        let hash = |n: Option<usize>| n.and_then(|n| text.tokens.get(n)).map_or(0, |t| t.hash);
        let before = hash(tokens.start.checked_sub(1));
        let after = hash(Some(tokens.end));
        let speaks = tables.speak.contains_key(&before) || tables.speak.contains_key(&after);
        if speaks
            || ((known.surname() || known.first_name()) && !tables.place.contains_key(&before))
        {
            tagged.tag = Tag::Person;
        }
    }
}
