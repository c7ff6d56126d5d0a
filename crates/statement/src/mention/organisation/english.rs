//! English: head words with their modifiers, legal forms of companies, and names such as
//! "Justice for North Korea".

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::mention::rank;
use crate::tagger::english_words;
use crate::text::{Kind, Sentence, Text, word_hash};

/// Nouns that head the name of a body when a modifier stands with them.
const HEADS: &str = "commission committee subcommittee ministry department bureau council association agency university \
    institute federation foundation organization organisation union party corps army navy police office \
    administration authority coalition alliance network center centre board tribunal court parliament \
    assembly service services society group company corporation bank fund front movement league academy college \
    school church mission embassy consulate secretariat directorate guard command division brigade regiment \
    battalion news press times daily post journal watch initiative campaign trust club chamber cabinet presidium \
    laboratory museum airlines airways holdings industries enterprise enterprises technologies electronics \
    syndicate cartel militia rapporteurship confederation consortium observatory \
    congress task forum caucus institution institutions collective cooperative conglomerate gazette herald tribune \
    broadcasting shipping trading foods fisheries seafood foodstuff foodstuffs garment garments factory mill logistics \
    textile textiles seafoods studios hospital newspaper ilbo sinmun shimbun university's \
    conference crescent project program programme defenders reporters";

/// Heads that are bodies only with "of", "for", "on" after them or a name of their kind before.
const WEAK: &str = "office service services group division mission command post watch times daily board project program \
    programme initiative campaign school church club fund trust front movement conference task forum press news journal \
    institution institutions hospital defenders reporters party institute shipping trading center centre cabinet college";

/// Nouns that begin the name of a body with "for", "in", "without", "of", "against".
const OPENERS: &str = "justice liberty citizens lawyers doctors reporters students friends voices parents women workers \
    journalists scholars freedom hope physicians scientists teachers mothers families campaign advocates partners \
    investors people peace solidarity solidarities action helping";

/// Legal forms that end a company's name.
const FORMS: &str = "co corp inc ltd llc plc gmbh limited llp jsc pte pty sarl bhd ooo pcl pjsc company corporation";

/// Words that begin sentences or stand before a name without being a part of it.
const FUNCTION: &str = "the a an this that these those in on at by for from with as of and but or nor if when while after before \
    since during according however although though because his her their its our my your he she they we i you it who \
    whom whose what which where why how there here not no also one two three four five six seven eight nine ten many \
    most some several both all each every other another such under over into upon between among through without \
    within about against until unless despite given per via then thus so yet still even only just now today yesterday \
    tomorrow last next earlier later meanwhile moreover further furthermore additionally separately similarly \
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august \
    september october november december is are was were be been has have had do does did will would can could should \
    must said says told citing asked called joined established founded see e.g than to dear re cc subject source \
    sources including include includes like unlike former current joint several eight nearly more less";

/// Offices and forms of address: they stand before a person or are a role of their own.
const TITLES: &str = "mr mrs ms miss dr prof professor president vice minister premier chancellor secretary senator sen \
    representative rep representatives senators congressman congresswoman congressmen governor gov mayor king queen prince princess pope \
    archbishop bishop cardinal general gen colonel col major captain capt lieutenant lt sergeant sgt admiral judge \
    justice sir lord lady ambassador chairman chairwoman chairperson chair cochair cochairman cochairs chairs director directors leader spokesman \
    spokeswoman spokesperson commissioner commissioners rapporteur rapporteurs envoy rev reverend sheikh ayatollah imam emperor actor \
    actress singer coach activist lawyer attorney journalist chief pastor missionary hon honorable honourable deputy undersecretary \
    assistant executive supreme founder adviser advisor counsel counselor officer official officials fellow expert analyst \
    researcher author writer member members delegate ranking marshal premier speaker witness president-elect detective \
    inspector officer nurse sister brother father mother uncle aunt comrade defector refugee survivor professor";

/// What looks like a body's short form and is none.
const NO_BODY: &str = "prc dprk rok us u.s uk usa uae ussr ngo ngos covid hiv aids gdp id ids pdf tv ceo cfo coo pow pows upr wro wros \
    sdn uflpa tvpa caatsa nkhra coi iuu ppe isbn doi http https html url am pm est edt kst gmt utc bc ad mr dr phd ok faq q a \
    usd krw cny rmb eur km kg mm st rd ave dc d.c nk sk drc eu-us un-us sars tb dna vpn qr sos diy idp idps roc hrc1 \
    iccpr icescr cedaw cat crc icerd udhr eo po box fy h.r s.res tip r-nj d-or inf lng oem esg sos usmca gps";

/// Last words of names that name no body.
const THINGS: &str = "act list order law laws convention covenant protocol report reports treaty resolution prize award awards \
    war day declaration constitution agreement code bill cup championship championships olympics festival statement \
    hearing transcript";

/// Those who lead, found, serve or speak for a body: "founder of …".
const AFFILIATES: &str = "founder cofounder director head leader chairman chairwoman chair president ceo spokesman spokeswoman \
    spokesperson member members researcher analyst representative owner manager executive lawyer editor employee \
    employees subsidiary partner representatives secretary coordinator volunteer activist reporter correspondent \
    company firm group organization organisation network broker supplier importer exporter processor";

type Set = FxHashMap<u32, ()>;

fn set(words: &str) -> Set {
    words
        .split_whitespace()
        .map(|word| (word_hash(word.as_bytes()), ()))
        .collect()
}

struct Tables {
    heads: Set,
    weak: Set,
    openers: Set,
    forms: Set,
    function: Set,
    titles: Set,
    no_body: Set,
    things: Set,
    affiliates: Set,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    heads: set(HEADS),
    weak: set(WEAK),
    openers: set(OPENERS),
    forms: set(FORMS),
    function: set(FUNCTION),
    titles: set(TITLES),
    no_body: set(NO_BODY),
    things: set(THINGS),
    affiliates: set(AFFILIATES),
});

/// Longest name that is grown in either direction, in tokens.
const REACH: usize = 16;

fn hash(text: &Text<'_>, at: usize) -> u32 {
    text.tokens.get(at).map_or(0, |t| t.hash)
}

/// A word that stands before names without being a part of them.
pub(crate) fn is_function_word(text: &Text<'_>, at: usize) -> bool {
    TABLES.function.contains_key(&hash(text, at))
}

/// An office or a form of address.
pub(crate) fn is_title(text: &Text<'_>, at: usize) -> bool {
    TABLES.titles.contains_key(&hash(text, at))
}

/// A noun that heads names of bodies.
pub(crate) fn is_head(text: &Text<'_>, at: usize) -> bool {
    TABLES.heads.contains_key(&hash(text, at)) || TABLES.forms.contains_key(&hash(text, at))
}

/// Whether letters look like a short form but name no body (`PDF`, `NGO`, `DPRK`).
pub(super) fn is_no_body(words: &str) -> bool {
    let lower = words.to_lowercase();
    TABLES
        .no_body
        .contains_key(&word_hash(lower.trim_end_matches('.').as_bytes()))
}

fn capital(text: &Text<'_>, at: usize) -> bool {
    text.tokens.get(at).is_some_and(|t| t.capital)
}

fn glued(text: &Text<'_>, at: usize) -> bool {
    text.tokens.get(at).is_some_and(|t| !t.spaced)
}

/// The token before, over line breaks.
fn before(text: &Text<'_>, at: usize, limit: usize) -> Option<usize> {
    let mut at = at.checked_sub(1)?;
    while at > limit && text.tokens.get(at).is_some_and(|t| t.kind == Kind::Break) {
        at -= 1;
    }
    (at >= limit).then_some(at)
}

/// The token after, over one line break.
fn after(text: &Text<'_>, at: usize) -> usize {
    if text
        .tokens
        .get(at + 1)
        .is_some_and(|t| t.kind == Kind::Break)
    {
        at + 2
    } else {
        at + 1
    }
}

/// Pushes the names that heads, legal forms and openers build in one sentence.
pub(super) fn scan(text: &Text<'_>, sentence: &Sentence, into: &mut Vec<(Range<u32>, u8)>) {
    let tables = &*TABLES;
    for at in sentence.tokens.clone() {
        let Some(token) = text.tokens.get(at) else {
            return;
        };
        if !token.capital {
            continue;
        }
        let found = if tables.forms.contains_key(&token.hash) {
            company(text, sentence, at).or_else(|| headed(text, sentence, at))
        } else if tables.heads.contains_key(&token.hash) {
            headed(text, sentence, at)
        } else {
            None
        };
        let found = found
            .or_else(|| affiliated(text, sentence, at))
            .or_else(|| {
                tables
                    .openers
                    .contains_key(&token.hash)
                    .then(|| opened(text, sentence, at))
                    .flatten()
            });
        if let Some(tokens) = found {
            into.push((text.bytes(tokens), rank::SHAPE));
        }
    }
}

/// How far to the left the modifiers of a head reach.
fn grow_left(text: &Text<'_>, sentence: &Sentence, at: usize) -> usize {
    let tables = &*TABLES;
    let limit = sentence.tokens.start.max(at.saturating_sub(REACH));
    let mut start = at;
    while let Some(n) = before(text, start, limit) {
        let Some(token) = text.tokens.get(n) else {
            break;
        };
        match token.kind {
            Kind::Word if token.capital => {
                if tables.function.contains_key(&token.hash)
                    || (tables.titles.contains_key(&token.hash)
                        && !matches!(
                            text.word(n),
                            "Supreme" | "General" | "Executive" | "Chief" | "Justice" | "Member"
                        ))
                {
                    break;
                }
                start = n;
            }
            Kind::Word
                if text.word(n) == "and"
                    && before(text, n, limit).is_some_and(|b| {
                        capital(text, b)
                            && !tables.function.contains_key(&hash(text, b))
                            && !tables.titles.contains_key(&hash(text, b))
                            && !is_head(text, b)
                            && !english_words().known(hash(text, b)).place()
                    })
                    && joins_at_left(text, start, at) =>
            {
                start = n;
            }
            // A small-letter half of a hyphenated word: "Tri-service", "Non-profit".
            Kind::Mark => match text.word(n) {
                "-" | "‐" | "‑" | "–"
                    if glued(text, n)
                        && glued(text, start)
                        && before(text, n, limit).is_some_and(|b| capital(text, b)) =>
                {
                    start = n;
                }
                "&" if before(text, n, limit).is_some_and(|b| capital(text, b)) => start = n,
                "." if glued(text, n)
                    && before(text, n, limit).is_some_and(|b| {
                        text.tokens
                            .get(b)
                            .is_some_and(|t| t.capital && t.end - t.start == 1)
                    }) =>
                {
                    start = n;
                }
                "'s" | "’s" | "'" | "’"
                    if before(text, n, limit).is_some_and(|b| {
                        matches!(
                            text.word(b),
                            "People"
                                | "Workers"
                                | "Women"
                                | "Citizens"
                                | "Children"
                                | "Journalists"
                                | "Lawyers"
                                | "Peoples"
                                | "Writers"
                                | "Farmers"
                                | "Teachers"
                                | "Students"
                                | "Men"
                                | "Veterans"
                                | "Writer"
                        )
                    }) =>
                {
                    start = n;
                }
                _ => break,
            },
            _ => break,
        }
    }
    // "27th Brigade".
    if let Some(n) = before(text, start, limit)
        && matches!(text.word(n), "th" | "st" | "nd" | "rd")
        && glued(text, n)
        && n.checked_sub(1).is_some_and(|d| {
            d >= limit && text.tokens.get(d).is_some_and(|t| t.kind == Kind::Digits)
        })
    {
        return n - 1;
    }
    // A name begins with a word in capitals, not with "and" or a mark.
    while start < at && !capital(text, start) {
        start += 1;
    }
    start
}

/// "Customs and Border Protection Agency": one or two words stand between the "and" and the head.
fn joins_at_left(text: &Text<'_>, start: usize, head: usize) -> bool {
    start < head
        && head - start <= 2
        && !TABLES.forms.contains_key(&hash(text, head))
        && text.word(head) != ","
}

/// How far to the right "of …", "for …", "on …" reach; `end` where nothing follows.
fn grow_right(text: &Text<'_>, sentence: &Sentence, end: usize, joints: &[&str]) -> usize {
    let limit = sentence.tokens.end.min(end + REACH);
    let mut end = end;
    let mut first = true;
    loop {
        let joint = after(text, end - 1);
        if joint >= limit {
            return end;
        }
        let word = text.word(joint);
        let allowed = if first {
            joints.contains(&word)
        } else {
            matches!(word, "of" | "for" | "on" | "in" | "to")
        };
        if !allowed {
            return end;
        }
        let mut next = after(text, joint);
        if matches!(text.word(next), "the") {
            next = after(text, next);
        }
        // "in" goes on with a name only where its object does: "Human Rights in North Korea".
        if word == "in"
            && !first
            && !matches!(
                text.word(end - 1),
                "Rights"
                    | "Democracy"
                    | "Peace"
                    | "Freedom"
                    | "Justice"
                    | "Abductions"
                    | "Reform"
                    | "Transparency"
            )
        {
            return end;
        }
        let chunk = chunk_end(text, next, limit);
        if chunk == next || is_function_word(text, next) {
            return end;
        }
        end = chunk;
        first = false;
    }
}

/// The end of a run of capitalised words that begins at `at`.
fn chunk_end(text: &Text<'_>, at: usize, limit: usize) -> usize {
    let mut end = at;
    while end < limit {
        let Some(token) = text.tokens.get(end) else {
            break;
        };
        let goes_on = match token.kind {
            Kind::Word => {
                token.capital
                    || (end > at && matches!(text.word(end - 1), "-" | "‐" | "‑") && !token.spaced)
            }
            Kind::Break => end > at && capital(text, end + 1),
            Kind::Mark => match text.word(end) {
                "-" | "‐" | "‑" | "–" => !token.spaced && glued(text, end + 1) && end > at,
                "&" => end > at && capital(text, end + 1),
                // Initials: "U.S." with their stops.
                "." => {
                    !token.spaced
                        && end > at
                        && text
                            .tokens
                            .get(end - 1)
                            .is_some_and(|t| t.capital && t.end - t.start == 1)
                }
                "'s" | "’s" | "'" | "’" => {
                    end > at
                        && matches!(
                            text.word(end - 1),
                            "People" | "Women" | "Children" | "Workers" | "Persons"
                        )
                        && capital(text, end + 1)
                }
                _ => false,
            },
            _ => false,
        };
        if goes_on {
            end += 1;
            continue;
        }
        // "Health and Welfare": and + a word in capitals that is no head or office.
        let joins = matches!(text.word(end), "and")
            || (text.word(end) == ","
                && capital(text, end + 1)
                && list_of_fields(text, end + 1, limit));
        if end > at && joins {
            let next = after(text, end);
            if next < limit
                && capital(text, next)
                && !is_head(text, next)
                && !is_title(text, next)
                && !is_function_word(text, next)
                && !leads_to_head(text, next, limit)
                && !english_words().known(hash(text, next)).place()
            {
                end = next;
                continue;
            }
        }
        break;
    }
    end
}

/// "Democracy, Human Rights, and Labor": a list that an "and" closes.
fn list_of_fields(text: &Text<'_>, at: usize, limit: usize) -> bool {
    let mut n = at;
    while n < limit.min(at + 8) {
        if matches!(text.word(n), "and") {
            return capital(text, n + 1)
                && !is_head(text, n + 1)
                && !leads_to_head(text, n + 1, limit);
        }
        if !(capital(text, n) || text.word(n) == ",") || is_title(text, n) {
            return false;
        }
        n += 1;
    }
    false
}

/// The run of capitals at `at` is a body of its own: "and the Defense Ministry".
fn leads_to_head(text: &Text<'_>, at: usize, limit: usize) -> bool {
    (at..limit.min(at + 4))
        .take_while(|n| capital(text, *n))
        .any(|n| is_head(text, n))
}

fn headed(text: &Text<'_>, sentence: &Sentence, at: usize) -> Option<Range<usize>> {
    let tables = &*TABLES;
    let head = hash(text, at);
    let start = grow_left(text, sentence, at);
    let mut end = at + 1;
    // "Task Force", "Working Group": the noun is two words.
    if text.lower(at) == "task" {
        let force = after(text, at);
        if !matches!(text.lower(force), "force" | "forces") {
            return None;
        }
        end = force + 1;
    }
    // "Office 39", "Room 39".
    if matches!(text.lower(at), "office" | "bureau")
        && text
            .tokens
            .get(end)
            .is_some_and(|t| t.kind == Kind::Digits && t.end - t.start <= 3)
    {
        end += 1;
    }
    if matches!(text.lower(at), "consulate") && text.word(after(text, at)) == "General" {
        end = after(text, at) + 1;
    }
    // Another head follows at once: that one builds the name.
    let next = after(text, end - 1);
    if next < sentence.tokens.end
        && capital(text, next)
        && tables.heads.contains_key(&hash(text, next))
        && end == at + 1
        && text
            .tokens
            .get(next)
            .is_some_and(|t| t.spaced || next > end)
    {
        return None;
    }
    let joints: &[&str] = match text.lower(at) {
        "committee" | "commission" | "council" | "campaign" | "subcommittee" | "panel"
        | "network" | "coalition" | "initiative" | "project" | "forum" | "caucus" => {
            &["of", "for", "on", "against", "to"]
        }
        "university" | "college" | "academy" => &["of", "for"],
        "department" | "ministry" | "office" | "bureau" | "court" | "embassy" | "consulate"
        | "secretariat" | "assembly" | "parliament" => &["of", "for"],
        "press" | "news" | "times" | "daily" | "post" | "journal" | "watch" | "ilbo" => &[],
        "center" | "centre" | "institute" | "foundation" | "association" | "alliance"
        | "society" | "union" | "federation" | "league" | "group" | "trust" | "fund"
        | "movement" | "organization" | "organisation" | "agency" | "board" | "division"
        | "service" => &["of", "for", "on", "against"],
        _ => &["of"],
    };
    let grown = grow_right(text, sentence, end, joints);
    let modified = start < at;
    let completed = grown > end;
    if !modified && !completed {
        return None;
    }
    // Modifiers that only say where: "North Korean Army" is a name, "Chinese Group" none.
    if tables.weak.contains_key(&head) && !completed {
        let words = (start..at).filter(|n| capital(text, *n)).count();
        let where_only = (start..at)
            .filter(|n| capital(text, *n))
            .all(|n| is_where(text, n));
        let first = sentence.tokens.start == start;
        let paper = matches!(
            text.lower(at),
            "times"
                | "post"
                | "daily"
                | "news"
                | "press"
                | "journal"
                | "center"
                | "centre"
                | "college"
                | "institute"
                | "cabinet"
                | "party"
                | "hospital"
                | "watch"
        );
        if words == 0 || ((where_only && !paper) || (first && words == 1 && !paper)) {
            return None;
        }
    }
    // A heading in capitals joins everything; only short names are safe there.
    if sentence.heading && at - start > 5 {
        return None;
    }
    Some(start..grown)
}

fn is_where(text: &Text<'_>, at: usize) -> bool {
    english_words().known(hash(text, at)).place()
        || matches!(
            text.lower(at),
            "chinese"
                | "korean"
                | "north"
                | "south"
                | "american"
                | "japanese"
                | "russian"
                | "u"
                | "s"
                | "us"
                | "uyghur"
                | "western"
                | "eastern"
                | "british"
                | "european"
        )
}

/// A company: everything in capitals before the legal form, with places in brackets.
fn company(text: &Text<'_>, sentence: &Sentence, at: usize) -> Option<Range<usize>> {
    let tables = &*TABLES;
    let limit = sentence.tokens.start.max(at.saturating_sub(REACH));
    // `Co., Ltd.` is one form: its name is grown from the first part.
    let mut form = at;
    while let Some(n) = before(text, form, limit) {
        if matches!(text.word(n), "," | ".")
            || (tables.forms.contains_key(&hash(text, n)) && capital(text, n))
        {
            form = n;
        } else {
            break;
        }
    }
    while form < at && !capital(text, form) {
        form += 1;
    }
    if form == at
        && let Some(n) = before(text, at, limit)
        && text.word(n) == ","
    {
        // "Acme, Inc."
        form = n;
    }
    let mut start = form;
    loop {
        let grown = grow_left(text, sentence, start);
        if grown < start {
            start = grown;
        }
        // "(Dandong)", "(Group)" inside the name.
        let Some(close) = before(text, start, limit).filter(|n| text.word(*n) == ")") else {
            break;
        };
        let mut open = close;
        while let Some(n) = before(text, open, limit.max(close.saturating_sub(4))) {
            open = n;
            if text.word(n) == "(" {
                break;
            }
        }
        if text.word(open) != "(" || !capital(text, open + 1) {
            break;
        }
        if !before(text, open, limit).is_some_and(|n| capital(text, n)) {
            break;
        }
        start = open;
    }
    if start >= form || !capital(text, start) {
        return None;
    }
    let only_where = (start..form)
        .filter(|n| capital(text, *n))
        .all(|n| is_where(text, n));
    let whole = matches!(text.lower(at), "company" | "corporation");
    if whole && only_where {
        return None;
    }
    let mut end = at + 1;
    if !whole && text.word(end) == "." && glued(text, end) {
        end += 1;
    }
    // "Co., Ltd." goes on.
    let mut next = end;
    if text.word(next) == "," {
        next += 1;
    }
    if text.tokens.get(next).is_some_and(|t| {
        t.capital
            && matches!(
                text.lower(next),
                "ltd" | "inc" | "llc" | "limited" | "bhd" | "plc" | "co"
            )
    }) {
        end = next + 1;
        if text.word(end) == "." && glued(text, end) {
            end += 1;
        }
        if text.word(end) == "," && matches!(text.word(end + 1), "Ltd" | "Inc" | "LLC") {
            end += 2;
            if text.word(end) == "." && glued(text, end) {
                end += 1;
            }
        }
    }
    Some(start..end)
}

/// "founder of Durihana": an unknown name beside one who serves a body.
fn affiliated(text: &Text<'_>, sentence: &Sentence, at: usize) -> Option<Range<usize>> {
    let tables = &*TABLES;
    let joint = before(text, at, sentence.tokens.start)?;
    if !matches!(text.word(joint), "of" | "for" | "at" | "with") {
        return None;
    }
    let noun = before(text, joint, sentence.tokens.start)?;
    if !tables.affiliates.contains_key(&hash(text, noun)) || is_function_word(text, at) {
        return None;
    }
    let end = chunk_end(text, at, sentence.tokens.end.min(at + 6));
    let lists = english_words();
    let mut unknown = false;
    for n in (at..end).filter(|n| capital(text, *n)) {
        let known = lists.known(hash(text, n));
        let (small, title) = lists.cases(text, n);
        if is_title(text, n)
            || (known.place() && !known.body())
            || known.first_name()
            || is_no_body(text.word(n))
            || is_where(text, n)
        {
            return None;
        }
        unknown |= small == 0 || known.body() || title > small;
    }
    (unknown && end > at).then_some(at..end)
}

/// "Justice for North Korea", "Reporters Without Borders".
fn opened(text: &Text<'_>, sentence: &Sentence, at: usize) -> Option<Range<usize>> {
    let joint = after(text, at);
    let lower = text.lower(joint);
    if !matches!(
        lower,
        "for" | "in" | "without" | "against" | "beyond" | "hands"
    ) {
        return None;
    }
    let alone = text.lower(at);
    // "Women in China" and "People for …" at a sentence's start are plain words.
    let plain = matches!(
        alone,
        "women"
            | "people"
            | "workers"
            | "students"
            | "families"
            | "parents"
            | "mothers"
            | "citizens"
            | "investors"
            | "action"
            | "partners"
            | "campaign"
    );
    if plain && (sentence.tokens.start == at || lower == "in") {
        return None;
    }
    if lower == "in" && !matches!(alone, "liberty" | "freedom" | "justice" | "solidarity") {
        return None;
    }
    let next = after(text, joint);
    let end = chunk_end(text, next, sentence.tokens.end.min(next + 8));
    if end == next
        || is_function_word(text, next)
        || sentence.heading && sentence.tokens.start == at
    {
        return None;
    }
    let start = grow_left(text, sentence, at);
    Some(start..end)
}

/// The name before a bracket whose initials the letters in it spell.
pub(super) fn spelled_out(text: &Text<'_>, open: usize, letters: &str) -> Option<Range<u32>> {
    let wanted: Vec<char> = letters
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_uppercase)
        .take(10)
        .collect();
    let mut words: Vec<usize> = Vec::new();
    let mut at = open;
    let reach = wanted.len() * 2 + 6;
    for _ in 0..reach {
        let Some(n) = at.checked_sub(1) else { break };
        at = n;
        let Some(token) = text.tokens.get(n) else {
            break;
        };
        match token.kind {
            Kind::Word => {
                words.push(n);
                let first = text.word(n).chars().next();
                if token.capital
                    && first == wanted.first().copied()
                    && initials_fit(text, &words, &wanted)
                {
                    // The nearest word that fits: what stands before is the sentence's.
                    return Some(text.bytes(n..open));
                }
            }
            Kind::Break => {}
            Kind::Mark
                if matches!(
                    text.word(n),
                    "-" | "‐" | "‑" | "&" | "’" | "'" | "’s" | "'s" | "." | "–" | ","
                ) => {}
            _ => break,
        }
    }
    None
}

/// Whether the words (last first) begin with the letters, in order; words in small letters may be
/// passed over, and one word in capitals.
fn initials_fit(text: &Text<'_>, words: &[usize], wanted: &[char]) -> bool {
    let mut letters = wanted.iter();
    let mut next = letters.next();
    let mut passed = 0;
    for n in words.iter().rev() {
        let first = text.word(*n).chars().next();
        let upper = first.and_then(|c| c.to_uppercase().next());
        if upper.is_some() && upper == next.copied() {
            next = letters.next();
        } else if first.is_some_and(char::is_uppercase) {
            passed += 1;
        }
    }
    next.is_none() && passed <= 1 && wanted.len() >= 2
}

/// What remains of a span that the tagger alone takes for a body, if it can be one.
pub(super) fn plausible(text: &Text<'_>, bytes: Range<u32>) -> Option<Range<u32>> {
    let mut tokens = text.tokens_of(bytes.clone());
    if !text.tokens.get(tokens.start)?.kind.eq(&Kind::Word) {
        let words = text.slice(bytes.clone());
        // A government is no body of its own: 中国政府, 중국 정부, 중국 당국.
        let state = [
            "政府",
            "当局",
            "정부",
            "당국",
            "공안",
            "경찰",
            "警方",
            "대사",
            "특사",
            "보고관",
            "장관",
            "대변인",
            "백서",
            "보고서",
            "결의안",
            "白皮书",
            "위원장",
            "部长",
            "主席",
            "大使",
        ]
        .iter()
        .any(|end| words.ends_with(end));
        return (!state && words.chars().count() >= 2).then_some(bytes);
    }
    while tokens.start < tokens.end
        && (matches!(text.lower(tokens.start), "the" | "a" | "an")
            || !capital(text, tokens.start) && !glued(text, tokens.start + 1))
    {
        tokens.start += 1;
    }
    if tokens.is_empty() || is_no_body(text.slice(text.bytes(tokens.clone()))) {
        return None;
    }
    let lists = english_words();
    let words = || tokens.clone().filter(|n| capital(text, *n));
    // Laws, lists, prizes, wars.
    if tokens
        .end
        .checked_sub(1)
        .is_some_and(|last| tokens.len() > 1 && TABLES.things.contains_key(&hash(text, last)))
    {
        return None;
    }
    // Offices: "High Commissioner for Refugees", "Deputy Undersecretary".
    if words().take(3).any(|n| {
        is_title(text, n)
            && !matches!(
                text.word(n),
                "General"
                    | "Supreme"
                    | "Executive"
                    | "Chief"
                    | "Justice"
                    | "Sister"
                    | "Brother"
                    | "Captain"
                    | "Members"
                    | "King"
                    | "Prince"
                    | "Expert"
                    | "Major"
                    | "Officer"
                    | "Father"
            )
    }) {
        return None;
    }
    // Two places with a dash: "DPRK-China".
    if words().all(|n| lists.known(hash(text, n)).place() || is_no_body(text.word(n)))
        && words().count() >= 1
    {
        return None;
    }
    // In headings every word is written with a capital.
    let heading = text
        .sentence_at(text.bytes(tokens.clone()).start)
        .and_then(|n| text.sentences.get(n))
        .is_some_and(|s| s.heading);
    if heading
        && !words().any(|n| is_head(text, n) || lists.known(hash(text, n)).body())
        && !words().all(|n| text.tokens.get(n).is_some_and(|t| t.shouted))
    {
        return None;
    }
    // "Pak and Jong", "Ludwig van Beethoven": names of persons.
    let bodily = words().any(|n| is_head(text, n) || lists.known(hash(text, n)).body());
    if !bodily
        && tokens.len() > 1
        && tokens
            .clone()
            .any(|n| matches!(text.word(n), "and" | "van" | "von" | "de" | "bin"))
        && words().all(|n| {
            let known = lists.known(hash(text, n));
            known.first_name() || known.surname()
        })
        && !tokens.clone().any(|n| text.word(n) == "&")
    {
        return None;
    }
    if tokens.len() == 1 {
        let n = tokens.start;
        let (small, title) = lists.cases(text, n);
        let shouted = text.tokens.get(n).is_some_and(|t| t.shouted);
        if is_function_word(text, n) || (!shouted && (small > title || is_head(text, n))) {
            return None;
        }
    }
    Some(text.bytes(tokens))
}

/// "Toyota and Subaru" are two: the parts of a tagger's span that an "and" joins without need.
pub(super) fn parts(text: &Text<'_>, bytes: Range<u32>) -> Vec<Range<u32>> {
    let tokens = text.tokens_of(bytes.clone());
    let and = tokens
        .clone()
        .find(|n| text.word(*n) == "and" && *n > tokens.start && n + 1 < tokens.end);
    let Some(and) = and else {
        return vec![bytes];
    };
    let lists = english_words();
    let sides = [tokens.start..and, and + 1..tokens.end];
    // "Kent and Sussex" are two, "Ernst and Young" is a firm.
    if tokens.len() == 3 {
        let known = |n: usize| lists.known(hash(text, n));
        let [first, last] = [tokens.start, and + 1].map(known);
        if !(first.surname() && last.surname()) || first.place() && last.place() {
            return sides.map(|side| text.bytes(side)).to_vec();
        }
    }
    let headed = |side: &Range<usize>| side.clone().any(|n| capital(text, n) && is_head(text, n));
    let bodily = |side: &Range<usize>| side.clone().any(|n| lists.known(hash(text, n)).body());
    let [left, right] = &sides;
    // "Food and Drug Administration" stays; "Exxon and Mobil", "A Ltd and B Ltd" do not.
    if (bodily(left) && (!headed(right) || bodily(right))) || headed(left) {
        sides.map(|side| text.bytes(side)).to_vec()
    } else {
        vec![bytes]
    }
}

/// The rank of a body that the tagger alone sees: a listed one outdoes a place of the same name.
pub(super) fn tagged_rank(text: &Text<'_>, bytes: &Range<u32>) -> u8 {
    let listed = text
        .tokens_of(bytes.clone())
        .any(|n| english_words().known(hash(text, n)).body());
    if listed { rank::RULE } else { rank::TAGGER }
}
