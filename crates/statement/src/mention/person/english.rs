//! Names in Latin letters.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::mention::organisation::{is_function_word, is_head, is_title};
use crate::mention::rank;
use crate::tagger::{english_words, is_syllabic};
use crate::text::{Kind, Sentence, Text, word_hash};

/// Surnames of Koreans as English writes them.
const KOREAN: &str = "kim lee park pak choi choe jung jeong chung chong kang cho jo yoon yun jang chang lim im han oh seo suh so \
    shin sin kwon hwang ahn an song ryu yoo yu hong jeon jun chun ko koh moon mun son sohn yang bae baek paek paik heo hur huh nam sim shim \
    noh roh ro no ha kwak kwack sung seong cha joo ju chu woo u koo ku goo min ri rhee yi na ra jin ji chi um eom chae won cheon chon bang pang kong \
    gong hyun hyon ham yeo choo do to seok sok sun seon sol ma gil kil wi pyo myung myong ki ban wang kum geum ok yuk yook in maeng je mo tak kuk eo \
    eun pyon byun bong thae tae hyon paek jon rim ryom ryang kye kwak choe hwang sok dok";
/// Surnames of Chinese persons as English writes them.
const CHINESE: &str = "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong \
    xiao cheng cao yuan deng fu shen zeng peng lu lü su jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao \
    zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan qian yin chang qiao lai gong wen xi tsai chiang hsu hsieh chan \
    wong cheung leung lam ng ho kwok lau yeung tsang ip mok tong zhai pu piao quan jing zuo nie bi ou ai ji ning ke gan geng mei mu pang qi rao ruan sang sha \
    shan sheng tao teng tu wo xing yi you zang zhan zhen zhuo zhuang hua";
/// Titles after which any word in capitals is a name.
const FORMS: &str = "mr mrs ms miss dr prof rep sen gen col lt sgt capt rev hon madam madame mx";
/// Words after which a name follows.
const NAMING: &str = "named surnamed called alias pseudonym nicknamed name";
/// Small-letter words inside names.
const PARTICLES: &str = "de la le van von der den bin ibn bint al el ul da dos di du del";

type Set = FxHashMap<u32, ()>;

fn set(words: &str) -> Set {
    words
        .split_whitespace()
        .map(|word| (word_hash(word.as_bytes()), ()))
        .collect()
}

struct Tables {
    korean: Set,
    chinese: Set,
    forms: Set,
    naming: Set,
    particles: Set,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    korean: set(KOREAN),
    chinese: set(CHINESE),
    forms: set(FORMS),
    naming: set(NAMING),
    particles: set(PARTICLES),
});

/// Where the surname stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    SurnameFirst,
    SurnameLast,
}

fn hash(text: &Text<'_>, at: usize) -> u32 {
    text.tokens.get(at).map_or(0, |t| t.hash)
}

fn capital(text: &Text<'_>, at: usize) -> bool {
    text.tokens.get(at).is_some_and(|t| t.capital)
}

fn dash(text: &Text<'_>, at: usize) -> bool {
    text.tokens.get(at).is_some_and(|t| !t.spaced) && matches!(text.word(at), "-" | "‐" | "‑")
}

fn eastern_surname(text: &Text<'_>, at: usize) -> bool {
    let hash = hash(text, at);
    TABLES.korean.contains_key(&hash) || TABLES.chinese.contains_key(&hash)
}

/// Whether a name of several tokens puts the surname first.
pub(crate) fn style(text: &Text<'_>, tokens: &Range<usize>) -> Style {
    let words: Vec<usize> = tokens
        .clone()
        .filter(|n| text.tokens.get(*n).is_some_and(|t| t.kind == Kind::Word))
        .take(6)
        .collect();
    let (Some(first), Some(second)) = (words.first(), words.get(1)) else {
        return Style::SurnameLast;
    };
    let lists = english_words();
    let western = lists.known(hash(text, *first)).first_name() && !eastern_surname(text, *first);
    let last_eastern = words.last().is_some_and(|n| eastern_surname(text, *n));
    let hyphen_at_end = words
        .last()
        .is_some_and(|last| *last > tokens.start && dash(text, last - 1));
    if hyphen_at_end && eastern_surname(text, *first) {
        return Style::SurnameFirst;
    }
    // "Hyeon-soo Lim": the given name, hyphenated, stands first.
    if dash(text, first + 1) && last_eastern {
        return Style::SurnameLast;
    }
    let syllables = words.iter().skip(1).all(|n| is_syllabic(text.lower(*n)));
    if eastern_surname(text, *first) && syllables && !western && words.len() <= 3 {
        let given = lists.known(hash(text, *second));
        // "Lee Chan": either way; the first is the likelier surname unless the last is none.
        if !(last_eastern && given.surname() && lists.known(hash(text, *first)).first_name()) {
            return Style::SurnameFirst;
        }
    }
    Style::SurnameLast
}

pub(super) fn scan(text: &Text<'_>, sentence: &Sentence, into: &mut Vec<(Range<u32>, u8)>) {
    let mut at = sentence.tokens.start;
    let limit = sentence.tokens.end;
    while at < limit {
        let Some(token) = text.tokens.get(at) else {
            return;
        };
        if token.kind != Kind::Word {
            at += 1;
            continue;
        }
        if token.capital
            && let Some(end) = eastern_name(text, at, limit)
        {
            into.push((text.bytes(at..end), rank::SHAPE));
            at = end;
            continue;
        }
        if token.capital
            && let Some(end) = with_particle(text, at, limit)
                .or_else(|| initials(text, at, limit))
                .or_else(|| listed(text, sentence, at))
        {
            into.push((text.bytes(at..end), rank::SHAPE));
            at = end;
            continue;
        }
        let naming = TABLES.naming.contains_key(&token.hash)
            || (text.lower(at) == "as"
                && at > 0
                && matches!(text.lower(at - 1), "identified" | "only" | "known"));
        let title = is_title(text, at) && !naming;
        if title || naming {
            let form = TABLES.forms.contains_key(&token.hash);
            let mut next = at + 1;
            if text.word(next) == "." && text.tokens.get(next).is_some_and(|t| !t.spaced) {
                next += 1;
            }
            if text.tokens.get(next).is_some_and(|t| t.kind == Kind::Break) {
                next += 1;
            }
            if naming && matches!(text.word(next), "“" | "\"" | "‘" | "'") {
                next += 1;
            }
            if next < limit
                && let Some(end) = name_end(text, next, limit, form || naming)
            {
                let sure = form || end - next > 1 || naming;
                let known = english_words().known(hash(text, next));
                let heading = sentence.heading && !form;
                let (small, often) = english_words().cases(text, next);
                let rare = token.capital
                    && small == 0
                    && often < 120
                    && !known.place()
                    && !text.tokens.get(next).is_some_and(|t| t.shouted);
                if (sure || rare || known.surname() || eastern_surname(text, next))
                    && !(heading && !known.first_name() && !eastern_surname(text, next))
                {
                    into.push((text.bytes(next..end), rank::SHAPE));
                    at = end;
                    continue;
                }
            }
        }
        at += 1;
    }
}

/// "Ludwig van Beethoven", "Osama bin Laden": a first name, small words, a surname.
fn with_particle(text: &Text<'_>, at: usize, limit: usize) -> Option<usize> {
    if !english_words().known(hash(text, at)).first_name() {
        return None;
    }
    let mut next = at + 1;
    while next < limit
        && next < at + 4
        && matches!(
            text.word(next),
            "van" | "von" | "bin" | "ibn" | "der" | "den" | "di" | "da" | "dos"
        )
    {
        next += 1;
    }
    (next > at + 1 && next < limit && capital(text, next) && !is_head(text, next))
        .then_some(next + 1)
}

/// "Ban Ki-moon and António Guterres" are two.
pub(super) fn parts(text: &Text<'_>, bytes: Range<u32>) -> Vec<Range<u32>> {
    let tokens = text.tokens_of(bytes.clone());
    let and = tokens
        .clone()
        .find(|n| matches!(text.word(*n), "and" | "&") && *n > tokens.start && n + 1 < tokens.end);
    match and {
        Some(and) => vec![
            text.bytes(tokens.start..and),
            text.bytes(and + 1..tokens.end),
        ],
        None => vec![bytes],
    }
}

/// "RI, Chang Dae (…": a notice's entry begins with the surname in capitals.
fn listed(text: &Text<'_>, sentence: &Sentence, at: usize) -> Option<usize> {
    let token = text.tokens.get(at).filter(|t| t.shouted)?;
    let before = at.checked_sub(1).and_then(|n| text.tokens.get(n));
    let begins = sentence.tokens.start == at
        || before.is_some_and(|t| matches!(t.kind, Kind::Break))
        || matches!(text.word(at.saturating_sub(1)), "." | ")" | ";" | "•" | "-");
    if !begins || text.word(at + 1) != "," || text.tokens.get(at + 1)?.spaced {
        return None;
    }
    let known = english_words().known(token.hash);
    if !known.surname() && !eastern_surname(text, at) {
        return None;
    }
    let mut end = at + 2;
    while end < at + 5 && end < sentence.tokens.end && capital(text, end) && !is_title(text, end) {
        end += 1;
        if dash(text, end) && text.tokens.get(end + 1).is_some_and(|t| !t.spaced) {
            end += 2;
        }
    }
    (end > at + 2 && matches!(text.word(end), "(" | "," | ";" | ".")).then_some(end)
}

/// "T.N. Hah", "J. R. Smith": initials with stops and a surname.
fn initials(text: &Text<'_>, at: usize, limit: usize) -> Option<usize> {
    let mut next = at;
    while next + 2 < limit
        && next < at + 8
        && text
            .tokens
            .get(next)
            .is_some_and(|t| t.capital && t.end - t.start == 1)
        && text.word(next + 1) == "."
        && text.tokens.get(next + 1).is_some_and(|t| !t.spaced)
    {
        next += 2;
    }
    let letters: String = (at..next).map(|n| text.word(n)).collect();
    (next > at
        && !matches!(
            letters.as_str(),
            "U.S." | "U.N." | "U.K." | "D.C." | "P.R." | "E.U." | "R.O." | "H.R." | "S."
        )
        && text
            .tokens
            .get(next)
            .is_some_and(|t| t.kind == Kind::Word && t.capital && t.spaced && t.end - t.start >= 2)
        && (next > at + 2 || english_words().known(hash(text, next)).surname())
        && !is_head(text, next)
        && !is_function_word(text, next)
        && !is_title(text, next)
        && !is_people(text.lower(next))
        && !english_words().known(hash(text, next)).country())
    .then_some(next + 1)
}

/// The rank of a name that the tagger alone sees: where lists know a first name, it outdoes a place.
pub(super) fn tagged_rank(text: &Text<'_>, bytes: &Range<u32>) -> u8 {
    let mut tokens = text.tokens_of(bytes.clone());
    let first = tokens.next().is_some_and(|n| {
        let known = english_words().known(hash(text, n));
        known.first_name() && !known.country()
    });
    if first && tokens.next().is_none() {
        rank::RULE
    } else {
        rank::TAGGER
    }
}

/// The end of a name that East Asian syllables build from `at` on.
fn eastern_name(text: &Text<'_>, at: usize, limit: usize) -> Option<usize> {
    let joined = |n: usize| {
        // A syllable, a dash, a syllable: "Jong-un", "Jong-Un", "Myung‑chul".
        n + 2 < limit
            && dash(text, n + 1)
            && text
                .tokens
                .get(n + 2)
                .is_some_and(|t| t.kind == Kind::Word && !t.spaced)
            && capital(text, n)
            && is_syllabic(text.lower(n))
            && is_syllabic(text.lower(n + 2))
    };
    let next = at + 1;
    let spaced = text
        .tokens
        .get(next)
        .is_some_and(|t| t.spaced && t.kind == Kind::Word);
    if eastern_surname(text, at) && spaced && joined(next) && !dash(text, next + 3) {
        return Some(next + 3);
    }
    // Given name first: "Hyeon-soo Lim".
    if joined(at)
        && text
            .tokens
            .get(at + 3)
            .is_some_and(|t| t.capital && t.spaced)
        && eastern_surname(text, at + 3)
        && text.tokens.get(at + 2).is_some_and(|t| !t.capital)
        && !dash(text, at + 4)
    {
        return Some(at + 4);
    }
    if !(eastern_surname(text, at) && spaced && capital(text, next)) {
        return None;
    }
    let lists = english_words();
    let rare = |n: usize| {
        let (small, _) = lists.cases(text, n);
        let token = text.tokens.get(n);
        small == 0
            && token.is_some_and(|t| !t.shouted || t.end - t.start > 3)
            && is_syllabic(text.lower(n))
            && !lists.known(hash(text, n)).place()
    };
    let shouted = text.tokens.get(at).is_some_and(|t| t.shouted);
    let follows = |n: usize| n < limit && text.tokens.get(n).is_some_and(|t| t.capital && t.spaced);
    // "Kim Jong Un", "Ri Sol Ju".
    if TABLES.korean.contains_key(&hash(text, at))
        && follows(at + 2)
        && !follows(at + 3)
        && is_syllabic(text.lower(at + 1))
        && is_syllabic(text.lower(at + 2))
        && !is_title(text, at + 2)
        && !is_head(text, at + 2)
        && !is_function_word(text, at + 1)
        && text
            .tokens
            .get(at + 2)
            .is_some_and(|t| t.end - t.start <= 5)
        && text
            .tokens
            .get(at + 1)
            .is_some_and(|t| t.end - t.start <= 6)
        && !lists.known(hash(text, at + 2)).place()
    {
        return Some(at + 3);
    }
    // "Xi Jinping", "Wang Wenbin".
    (rare(next)
        && !follows(at + 2)
        && (!shouted || text.tokens.get(next).is_some_and(|t| t.shouted))
        && !lists.known(hash(text, at)).place())
    .then_some(next + 1)
}

/// The end of a run of words in capitals that can be a name, from `at` on, at most four words.
fn name_end(text: &Text<'_>, at: usize, limit: usize, any: bool) -> Option<usize> {
    let lists = english_words();
    let fits = |n: usize, first: bool| {
        text.tokens.get(n).is_some_and(|t| t.capital)
            && !is_title(text, n)
            && !is_function_word(text, n)
            && !is_head(text, n)
            && !is_people(text.lower(n))
            && (any
                || !first
                || !lists.known(hash(text, n)).place()
                || lists.known(hash(text, n)).first_name()
                || lists.known(hash(text, n)).surname())
    };
    if !fits(at, true) {
        return None;
    }
    let mut end = at + 1;
    let mut words = 1;
    while end < limit && words < 5 {
        let Some(token) = text.tokens.get(end) else {
            break;
        };
        match token.kind {
            Kind::Word if token.capital && fits(end, false) => {
                end += 1;
                words += 1;
            }
            Kind::Word
                if TABLES.particles.contains_key(&token.hash)
                    && (fits(end + 1, false) || dash(text, end + 1)) =>
            {
                end += 1;
            }
            Kind::Word if dash(text, end.saturating_sub(1)) && !token.spaced => end += 1,
            Kind::Mark
                if dash(text, end)
                    && text
                        .tokens
                        .get(end + 1)
                        .is_some_and(|t| t.kind == Kind::Word && !t.spaced) =>
            {
                end += 1;
            }
            // An initial's stop, in the middle of a name.
            Kind::Mark
                if text.word(end) == "."
                    && !token.spaced
                    && text
                        .tokens
                        .get(end - 1)
                        .is_some_and(|t| t.end - t.start == 1)
                    && fits(end + 1, false) =>
            {
                end += 1;
            }
            Kind::Mark
                if matches!(text.word(end), "'" | "’")
                    && !token.spaced
                    && text
                        .tokens
                        .get(end + 1)
                        .is_some_and(|t| t.kind == Kind::Word && !t.spaced && t.capital) =>
            {
                end += 1;
            }
            _ => break,
        }
    }
    // No name ends on a dash or a small word.
    while end > at
        && !text
            .tokens
            .get(end - 1)
            .is_some_and(|t| t.kind == Kind::Word)
    {
        end -= 1;
    }
    (end > at).then_some(end)
}

/// Adjectives of peoples, by their endings and a few others.
fn is_people(lower: &str) -> bool {
    matches!(
        lower,
        "chinese"
            | "korean"
            | "koreans"
            | "american"
            | "americans"
            | "japanese"
            | "russian"
            | "british"
            | "uyghur"
            | "uyghurs"
            | "tibetan"
            | "tibetans"
            | "north"
            | "south"
            | "western"
            | "european"
            | "mongolian"
            | "vietnamese"
            | "christian"
            | "christians"
            | "muslim"
            | "u"
            | "republican"
            | "democrat"
            | "democratic"
    )
}

/// What remains of a span that the tagger alone takes for a person, if it can be one.
pub(super) fn plausible(text: &Text<'_>, bytes: Range<u32>) -> Option<Range<u32>> {
    let mut tokens = text.tokens_of(bytes);
    while tokens.start < tokens.end
        && (is_title(text, tokens.start)
            || is_function_word(text, tokens.start)
            || (text.tokens.get(tokens.start)?.kind != Kind::Word)
            || (!capital(text, tokens.start) && !dash(text, tokens.start + 1)))
    {
        // "Rose Chief": a title only leads.
        tokens.start += 1;
    }
    while tokens.end > tokens.start {
        let last = tokens.end - 1;
        let word = text.word(last);
        let initial =
            word == "." && tokens.len() >= 2 && matches!(text.lower(last - 1), "jr" | "sr");
        if (text.tokens.get(last)?.kind != Kind::Word && !initial)
            || (is_title(text, last)
                && tokens.len() > 1
                && !english_words().known(hash(text, last)).surname())
        {
            tokens.end -= 1;
        } else {
            break;
        }
    }
    if tokens.is_empty() {
        return None;
    }
    let lists = english_words();
    // A company's other name in a notice: "a.k.a. TUMEN JIANGDONG".
    let opening = lists.known(hash(text, tokens.start));
    if text.tokens.get(tokens.start)?.shouted
        && opening.place()
        && !opening.first_name()
        && !opening.surname()
    {
        return None;
    }
    // Names of bodies, peoples and things.
    if tokens.clone().any(|n| {
        is_people(text.lower(n))
            || (capital(text, n) && is_head(text, n) && !lists.known(hash(text, n)).surname())
    }) {
        return None;
    }
    let heading = text
        .sentence_at(text.bytes(tokens.clone()).start)
        .and_then(|n| text.sentences.get(n))
        .is_some_and(|s| s.heading);
    if tokens.len() == 1 {
        let known = lists.known(hash(text, tokens.start));
        let (small, title) = lists.cases(text, tokens.start);
        let named = known.first_name() || known.surname() || eastern_surname(text, tokens.start);
        if small > title && (!named || small > title.saturating_add(25)) {
            return None;
        }
        if text.tokens.get(tokens.start)?.shouted && title == 0 && !named {
            return None;
        }
        if heading && !named {
            return None;
        }
    } else if heading {
        let named = tokens
            .clone()
            .filter(|n| capital(text, *n))
            .filter(|n| {
                let known = lists.known(hash(text, *n));
                let (small, title) = lists.cases(text, *n);
                (known.first_name() || known.surname() || eastern_surname(text, *n))
                    && small <= title
            })
            .count();
        if named == 0 {
            return None;
        }
    }
    Some(text.bytes(tokens))
}
