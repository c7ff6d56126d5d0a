//! English: stretches of capitalised words and what joins them, with the features of each word.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::feature;
use super::model::Features;
use super::words::{Class, Words, title_hash};
use crate::text::{Kind, Sentence, Text, Token, word_hash};

/// Words that may stand inside a name in small letters.
const JOINTS: &str = "of the and for in on to at against de la le du des del della di da dos do van von der \
        den ter el al ul bin ibn bint y e et und für with by from without as a an or or s";

/// Words whose full stop belongs to them.
const STOPPED: &str = "inc co corp ltd jr sr st bros dr mr mrs ms gen sen rep gov no llc plc pty";

/// What a word tells of its neighbours, by lists of the field.
const CUES: &[(u8, &str)] = &[
    // titles before a person
    (
        1,
        "mr mrs ms miss dr prof professor president minister premier chancellor secretary senator \
        sen representative rep congressman congresswoman governor gov mayor king queen prince \
        princess pope archbishop bishop cardinal general gen colonel col major captain capt \
        lieutenant lt sergeant sgt admiral judge justice sir lord lady ambassador chairman \
        chairwoman chair director leader spokesman spokeswoman spokesperson commissioner \
        rapporteur envoy rev reverend sheikh ayatollah imam emperor actor actress singer author \
        writer coach activist lawyer journalist chief pastor missionary hon honorable saint",
    ),
    // heads of organisations
    (
        2,
        "party ministry department council committee commission agency bureau office university \
        college school institute association union federation league front movement organization \
        organisation foundation fund bank court army navy force forces police guard corps group \
        network alliance coalition congress parliament assembly senate house board authority \
        service services administration center centre club society church academy team band \
        orchestra press news times post journal watch initiative campaign mission command \
        division brigade battalion regiment airlines airways motors industries records pictures \
        studios systems technologies technology international hospital museum library station",
    ),
    // legal forms
    (
        3,
        "inc co corp corporation company ltd limited llc plc gmbh ag sa pty holdings enterprises \
        bros brothers sons partners",
    ),
    // months and days
    (
        4,
        "january february march april may june july august september october november december \
        monday tuesday wednesday thursday friday saturday sunday",
    ),
    // heads of places
    (
        5,
        "river lake mountain mountains mount island islands sea ocean bay gulf strait valley \
        desert province county district city town village region state republic kingdom \
        territory prefecture street avenue road square park bridge airport port peninsula coast \
        beach hills creek forest north south east west northern southern eastern western central \
        prison camp border",
    ),
    // verbs of persons
    (
        6,
        "said says told added wrote asked stated testified argued noted explained recalled \
        insisted urged denied who whose born died married aged resigned himself herself he she \
        his her",
    ),
    // words before a place
    (
        7,
        "in at near from to into across outside toward towards via through",
    ),
    // things that are named, neither person nor body nor place
    (
        8,
        "act war treaty convention agreement protocol prize award cup championship championships \
        olympics games day festival election elections law code bill resolution declaration \
        constitution album song film novel battle revolution conference summit league tour \
        series season bible language century report",
    ),
];

/// Words that tell what a sentence is about: a city is a club where goals are shot.
const SUBJECTS: &[(u8, &str)] = &[
    // sport
    (
        1,
        "season seasons match matches goal goals scored score coach coached coaching manager club clubs team teams \
        player players played playing plays league cup championship championships tournament win wins won beat \
        defeat defeated defeats lost loss draw drew victory football soccer footballer midfielder striker \
        goalkeeper defender winger quarterback baseball basketball hockey cricket cricketer rugby tennis golf \
        boxing innings pitcher playoffs playoff stadium squad transfer fans relegated promoted nfl nba mlb nhl \
        uefa fifa olympic semifinal semifinals final finals debut captain loan signed",
    ),
    // music
    (
        2,
        "band bands album albums song songs single singles guitarist drummer bassist vocalist singer singers vocals \
        guitar bass drums music musical musician musicians recorded recording recordings tour toured touring \
        concert concerts label lyrics track tracks rock jazz punk metal pop rap hip hop rapper composer composed \
        orchestra opera symphony ep lp remix",
    ),
    // stage, screen and print
    (
        4,
        "film films movie movies starring starred stars actor actress directed director episode episodes series \
        television tv show comedy drama character characters role cast novel novels book books published \
        publisher author wrote magazine comic comics poem poems screenplay broadcast aired channel network",
    ),
    // business and machines
    (
        8,
        "company companies acquired acquisition subsidiary shares stock shareholders ceo founded products product \
        software hardware computer version platform users merger merged brand manufacturer manufactured \
        customers revenue market investors startup chip engine model developed developer license",
    ),
    // war and states
    (
        16,
        "troops army forces battle war soldiers killed military attack attacks attacked commander regiment division \
        fleet naval ship ships invasion siege captured rebels militants insurgents bombing elections election \
        party parliament minister president government elected voters vote candidate",
    ),
    // land, learning and nature
    (
        32,
        "river lake town village population census located miles kilometers km area county district north south \
        east west northern southern eastern western species genus found native endemic coast university \
        college professor studied degree graduated school students born family son daughter married",
    ),
];

static SUBJECT: LazyLock<FxHashMap<u32, u8>> = LazyLock::new(|| {
    let mut all = FxHashMap::default();
    for (subject, words) in SUBJECTS {
        for word in words.split_whitespace() {
            *all.entry(word_hash(word.as_bytes())).or_insert(0) |= subject;
        }
    }
    all
});

static CUE: LazyLock<FxHashMap<u32, u8>> = LazyLock::new(|| {
    CUES.iter()
        .flat_map(|(cue, words)| {
            words
                .split_whitespace()
                .map(|word| (word_hash(word.as_bytes()), *cue))
        })
        .collect()
});
static JOINT: LazyLock<FxHashMap<u32, ()>> = LazyLock::new(|| hashes(JOINTS));
static STOP: LazyLock<FxHashMap<u32, ()>> = LazyLock::new(|| hashes(STOPPED));

fn hashes(words: &str) -> FxHashMap<u32, ()> {
    words
        .split_whitespace()
        .map(|w| (word_hash(w.as_bytes()), ()))
        .collect()
}

/// Whether a word may stand inside a name in small letters.
pub(crate) fn is_joint(token: &Token) -> bool {
    token.kind == Kind::Word && JOINT.contains_key(&token.hash)
}

/// Whether a full stop after the word belongs to it.
pub(crate) fn takes_stop(token: &Token) -> bool {
    token.kind == Kind::Word
        && token.capital
        && (token.end - token.start == 1 || STOP.contains_key(&token.hash))
}

/// What features are made of, of one token.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    lower: u32,
    prefix: u32,
    suffix2: u32,
    suffix3: u32,
    suffix4: u32,
    shape: u8,
    case: u8,
    cue: u8,
    known: u8,
    eastern: bool,
    class: Class,
    /// Of the run of capitalised words that it stands in: first and last word, place in it, length.
    first: u32,
    head: u32,
    head_cue: u8,
    place: u8,
    long: u8,
}

/// Buffers that are used again for each sentence.
#[derive(Default)]
pub(crate) struct Reader {
    tokens: Vec<u32>,
    words: Vec<Word>,
    units: Vec<Range<u32>>,
}

impl Reader {
    /// Calls `each` with every zone of a sentence: its units' bytes and the features of each unit.
    pub(crate) fn each_zone(
        &mut self,
        text: &Text<'_>,
        sentence: &Sentence,
        lists: &Words,
        mut each: impl FnMut(&[Range<u32>], Features<'_>),
    ) {
        let all = text.tokens.get(sentence.tokens.clone()).unwrap_or(&[]);
        if !all.iter().any(|t| t.capital) {
            return;
        }
        self.tokens.clear();
        self.tokens.extend(
            (0_u32..)
                .zip(all)
                .filter(|(_, t)| t.kind != Kind::Break)
                .map(|(n, _)| n + u32::try_from(sentence.tokens.start).unwrap_or(0)),
        );
        self.words.clear();
        // In shouted sentences capitals say nothing.
        let (shouted, letters) = all
            .iter()
            .filter(|t| t.kind == Kind::Word)
            .fold((0_usize, 0_usize), |(shouted, letters), t| {
                (shouted + usize::from(t.shouted), letters + 1)
            });
        let loud = letters >= 4 && shouted * 10 > letters * 6;
        for token in &self.tokens {
            self.words.push(word(text, *token as usize, lists));
        }
        self.mark_runs(text);
        // The subjects that the most words of the sentence tell of.
        let mut counts = [0_u32; 6];
        for word in self.words.iter().filter(|w| w.shape == 6) {
            let subjects = SUBJECT.get(&word.lower).copied().unwrap_or(0);
            if subjects != 0 {
                for (n, count) in counts.iter_mut().enumerate() {
                    *count += u32::from(subjects >> n & 1);
                }
            }
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        let subject = if most == 0 {
            0
        } else {
            (0_u32..)
                .zip(counts)
                .map(|(n, count)| u32::from(count == most) << n)
                .sum()
        };
        let quiet = usize::from(loud) * 2 + usize::from(sentence.heading);
        let mut at = 0;
        while at < self.tokens.len() {
            let end = self.zone_end(text, at);
            if end == at {
                at += 1;
                continue;
            }
            self.units.clear();
            for n in at..end {
                let token = self.tokens.get(n).map_or(0, |t| *t as usize);
                self.units.push(text.bytes(token..token + 1));
            }
            let words = &self.words;
            let zone = at..end;
            each(&self.units, &mut |n, sink| {
                features(words, &zone, zone.start + n, quiet, subject, sink);
            });
            at = end;
        }
    }

    fn token<'t>(&self, text: &'t Text<'_>, at: usize) -> Option<&'t Token> {
        text.tokens.get(*self.tokens.get(at)? as usize)
    }

    /// The end of the zone that begins at `at`, or `at`.
    fn zone_end(&self, text: &Text<'_>, at: usize) -> usize {
        let starts = |n: usize| {
            self.token(text, n).is_some_and(|t| {
                t.kind == Kind::Word
                    && (t.capital
                        || self.token(text, n + 1).is_some_and(|dash| {
                            is_dash(text, dash)
                                && t.end - t.start <= 3
                                && self
                                    .token(text, n + 2)
                                    .is_some_and(|next| next.capital && !next.spaced)
                        }))
            })
        };
        if !starts(at) {
            return at;
        }
        let mut end = at + 1;
        loop {
            // Up to three joints, then a capitalised word, go on with the name.
            let mut next = end;
            let mut joints = 0;
            loop {
                let Some(token) = self.token(text, next) else {
                    return end;
                };
                if starts(next) || (token.kind == Kind::Word && self.glued(text, next)) {
                    end = next + 1;
                    break;
                }
                let previous = self.token(text, next.wrapping_sub(1));
                let joint = match token.kind {
                    Kind::Word => is_joint(token),
                    Kind::Mark => match text.slice(token.start..token.end) {
                        "." => previous.is_some_and(takes_stop) && !token.spaced,
                        "-" | "‐" | "‑" | "–" | "'" | "’" | "/" | "·" => !token.spaced,
                        "&" | "’s" | "'s" => true,
                        "," => self.token(text, next + 1).is_some_and(|t| {
                            t.capital && CUE.get(&t.hash) == Some(&3) || STOP.contains_key(&t.hash)
                        }),
                        _ => false,
                    },
                    Kind::Digits => token.end - token.start <= 4,
                    _ => false,
                };
                if !joint || joints == 3 {
                    return end;
                }
                // A full stop that belongs to its word may end the name.
                if token.kind == Kind::Mark
                    && next == end
                    && text.slice(token.start..token.end) == "."
                {
                    end = next + 1;
                    next = end;
                    continue;
                }
                joints += 1;
                next += 1;
            }
        }
    }

    /// A small-letter word that a dash or apostrophe ties to a name: `Jong-un`, `Ma'an`.
    fn glued(&self, text: &Text<'_>, at: usize) -> bool {
        at >= 2
            && self.token(text, at).is_some_and(|t| !t.spaced)
            && self.token(text, at - 1).is_some_and(|dash| {
                !dash.spaced
                    && matches!(
                        text.slice(dash.start..dash.end),
                        "-" | "‐" | "‑" | "'" | "’"
                    )
            })
            && self.token(text, at - 2).is_some_and(|t| t.capital)
    }

    /// Notes for each capitalised word the run that it stands in.
    fn mark_runs(&mut self, text: &Text<'_>) {
        let mut at = 0;
        while at < self.words.len() {
            let mut end = at;
            while self.token(text, end).is_some_and(|t| {
                t.capital || (end > at && t.kind == Kind::Mark && !t.spaced && is_dash(text, t))
            }) {
                end += 1;
            }
            if end == at {
                at += 1;
                continue;
            }
            let first = self.words.get(at).map_or(0, |w| w.lower);
            let (head, head_cue) = self.words.get(end - 1).map_or((0, 0), |w| (w.lower, w.cue));
            let long = u8::try_from((end - at).min(6)).unwrap_or(6);
            for (place, word) in (0_u8..6)
                .chain(std::iter::repeat(6))
                .zip(self.words.get_mut(at..end).unwrap_or(&mut []))
            {
                word.first = first;
                word.head = head;
                word.head_cue = head_cue;
                word.place = place;
                word.long = long;
            }
            at = end;
        }
    }
}

fn is_dash(text: &Text<'_>, token: &Token) -> bool {
    token.kind == Kind::Mark && matches!(text.slice(token.start..token.end), "-" | "‐" | "‑")
}

/// The first (negative: last) characters of a word.
fn ends(word: &str, last: usize) -> u32 {
    let cut = word
        .char_indices()
        .rev()
        .nth(last - 1)
        .map_or(0, |(at, _)| at);
    word_hash(word.get(cut..).unwrap_or("").as_bytes())
}

fn word(text: &Text<'_>, at: usize, lists: &Words) -> Word {
    let Some(token) = text.tokens.get(at) else {
        return Word::default();
    };
    let mut word = Word {
        lower: token.hash,
        shape: shape(text, at, token),
        ..Word::default()
    };
    if token.kind == Kind::Digits {
        word.lower = u32::from(word.shape);
        return word;
    }
    if token.kind != Kind::Word {
        return word;
    }
    word.cue = CUE.get(&token.hash).copied().unwrap_or(0);
    let raw = text.word(at);
    let lower = text.lower(at);
    word.class = lists.class(word_hash(raw.as_bytes()));
    if !token.capital {
        return word;
    }
    let cut = lower
        .char_indices()
        .nth(3)
        .map_or(lower.len(), |(at, _)| at);
    word.prefix = word_hash(lower.get(..cut).unwrap_or("").as_bytes());
    word.suffix2 = ends(lower, 2);
    word.suffix3 = ends(lower, 3);
    word.suffix4 = ends(lower, 4);
    word.known = lists.known(token.hash).bits();
    word.eastern = is_syllabic(lower);
    let small = lists.class(token.hash).often;
    let title = if token.shouted {
        lists.class(title_hash(text, at))
    } else {
        word.class
    };
    if word.class.path == 0 {
        word.class = title;
    }
    word.case = if token.shouted && title.often == 0 && small == 0 {
        5
    } else if small == 0 && title.often == 0 {
        0
    } else if small > title.often.saturating_add(20) {
        1
    } else if small > title.often {
        2
    } else if small.saturating_add(20) > title.often {
        3
    } else {
        4
    };
    word
}

fn shape(text: &Text<'_>, at: usize, token: &Token) -> u8 {
    let long = token.end - token.start;
    match token.kind {
        Kind::Word if token.shouted => 1 + u8::from(long > 4),
        Kind::Word if token.capital && long == 1 => 3,
        Kind::Word if token.capital => {
            let inner = text
                .word(at)
                .chars()
                .skip(1)
                .take(24)
                .any(char::is_uppercase);
            4 + u8::from(inner)
        }
        Kind::Word => 6,
        Kind::Digits => match long {
            4 => 7,
            1..=2 => 8,
            _ => 9,
        },
        Kind::Mark => match text.word(at) {
            "." => 10,
            "," => 11,
            "-" | "‐" | "‑" => 12,
            "(" => 13,
            ")" => 14,
            "\"" | "“" | "”" => 15,
            "'" | "’" => 16,
            "'s" | "’s" => 17,
            ":" => 18,
            "&" => 19,
            "/" => 20,
            _ => 21,
        },
        _ => 22,
    }
}

/// Whether a word may be one to three syllables of romanised Chinese or Korean.
pub(crate) fn is_syllabic(lower: &str) -> bool {
    const HEADS: &[&str] = &[
        "zh", "ch", "sh", "kw", "ky", "gy", "hy", "my", "by", "py", "ny", "ry", "b", "p", "m", "f",
        "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w", "",
    ];
    const TAILS: &[&str] = &[
        "iang", "iong", "uang", "ang", "eng", "ing", "ong", "ung", "eung", "yung", "ian", "iao",
        "uai", "uan", "eon", "eok", "oon", "ook", "eol", "eun", "een", "yun", "ai", "an", "ao",
        "ei", "en", "er", "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "ae", "ee",
        "eo", "eu", "oo", "ol", "ok", "ul", "uk", "ak", "ik", "il", "al", "ek", "ot", "am", "im",
        "om", "um", "ob", "on", "oe", "ah", "oh", "a", "e", "i", "o", "u",
    ];
    if !lower.is_ascii() || lower.len() < 2 || lower.len() > 12 {
        return false;
    }
    let mut rest = lower;
    for _ in 0..3 {
        let Some(after) = HEADS.iter().find_map(|head| rest.strip_prefix(head)) else {
            return false;
        };
        let Some(after) = TAILS.iter().find_map(|tail| after.strip_prefix(tail)) else {
            return false;
        };
        if after.is_empty() {
            return true;
        }
        rest = after;
    }
    false
}

fn features(
    words: &[Word],
    zone: &Range<usize>,
    at: usize,
    quiet: usize,
    subject: u32,
    sink: &mut dyn FnMut(u64),
) {
    let edge = Word {
        shape: 30,
        ..Word::default()
    };
    let get = |offset: isize| {
        at.checked_add_signed(offset)
            .and_then(|n| words.get(n))
            .unwrap_or(&edge)
    };
    let [w, p, n, p2, n2] = [get(0), get(-1), get(1), get(-2), get(2)];
    let path = |word: &Word, bits: u32| word.class.path & ((1 << bits) - 1);
    let quiet = u32::try_from(quiet).unwrap_or(0);
    let shape = u32::from(w.shape);
    let name = |word: &Word| {
        u32::from(word.known) | u32::from(word.eastern) << 8 | u32::from(word.case) << 9
    };
    let mut add = |template: u8, a: u32, b: u32| sink(feature(template, a, b));
    add(0, shape, quiet);
    add(1, w.lower, 0);
    add(2, p.lower, 0);
    add(3, n.lower, 0);
    add(4, p2.lower, 0);
    add(5, n2.lower, 0);
    add(6, p.lower, w.lower);
    add(7, w.lower, n.lower);
    add(8, shape, u32::from(p.shape) << 8 | u32::from(n.shape));
    add(
        9,
        shape,
        u32::from(n.shape) << 8 | u32::from(n2.shape) << 16,
    );
    add(
        10,
        shape,
        u32::from(p.shape) << 8 | u32::from(p2.shape) << 16,
    );
    if w.prefix != 0 {
        add(11, w.prefix, 0);
        add(12, w.suffix2, 0);
        add(13, w.suffix3, 0);
        add(14, w.suffix4, 0);
    }
    if n.suffix3 != 0 {
        add(15, n.suffix3, 0);
    }
    if p.suffix3 != 0 {
        add(16, p.suffix3, 0);
    }
    if w.class.path != 0 {
        add(17, path(w, 18), 0);
        add(18, path(w, 6), 0);
        add(19, path(w, 10), 0);
    }
    if p.class.path != 0 {
        add(20, path(p, 18), 0);
        add(22, path(p, 6), shape);
    }
    if n.class.path != 0 {
        add(21, path(n, 18), 0);
        add(23, path(n, 6), shape);
    }
    add(24, path(p, 8), path(w, 8));
    add(25, path(w, 8), path(n, 8));
    add(26, path(p2, 7), path(p, 7));
    add(27, path(n, 7), path(n2, 7));
    add(28, name(w), shape);
    add(29, name(w), name(n));
    add(30, name(p), name(w));
    add(
        31,
        u32::from(w.known) << 8 | u32::from(p.known),
        u32::from(n.known) << 8 | shape,
    );
    add(32, u32::from(w.cue), u32::from(n.cue));
    add(33, u32::from(p.cue), shape);
    add(34, u32::from(p.cue), name(w));
    add(35, u32::from(n.cue), name(w));
    // The stretch as a whole.
    let before = zone
        .start
        .checked_sub(1)
        .and_then(|n| words.get(n))
        .map_or(1, |w| w.lower);
    let after = words.get(zone.end).map_or(1, |w| w.lower);
    let from_start = u32::try_from((at - zone.start).min(3)).unwrap_or(3);
    let to_end = u32::try_from((zone.end - at).min(4)).unwrap_or(4);
    add(36, before, from_start);
    add(37, after, to_end);
    let whole = from_start == 0 || to_end == 1;
    if whole {
        let nth = |n: Option<usize>| n.and_then(|n| words.get(n)).map_or(1, |w| w.lower);
        let sides = from_start | to_end << 2;
        add(
            44,
            nth(zone.start.checked_sub(2)),
            before.wrapping_add(sides),
        );
        add(45, nth(Some(zone.end + 1)), after.wrapping_add(sides));
        add(46, before, after.wrapping_add(sides));
    }
    if subject != 0 {
        add(47, subject, name(w));
        add(48, subject, shape | u32::from(w.long) << 8 | to_end << 16);
        add(49, subject, p.lower);
        add(50, subject, path(w, 8));
    }
    add(38, from_start, to_end << 8 | quiet << 16);
    if w.long > 0 {
        let place = u32::from(w.place) << 8 | u32::from(w.long);
        add(39, w.head, u32::from(w.place.min(1)));
        add(40, w.first, u32::from(w.place.min(2)));
        add(41, u32::from(w.head_cue), place);
        add(42, place, u32::from(w.known) | u32::from(w.case) << 8);
        let starts = at == 0 || words.get(at - 1).is_none_or(|w| w.shape == 15);
        add(43, u32::from(w.case), u32::from(starts) | quiet << 8);
    }
}
