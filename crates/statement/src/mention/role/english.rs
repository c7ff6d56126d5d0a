//! English titles: a head ("minister", "spokesperson") with the words before it that belong to it
//! and, for offices that have one, the field behind it ("for Human Rights").

use std::ops::Range;
use std::sync::LazyLock;

use casefile::statement::MentionKind;

use super::push;
use crate::lexicon::Lexicon;
use crate::mention::{Candidate, place};
use crate::text::{Kind, Text};

/// What a head is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    /// "North Korean leader": the people's name belongs to the title.
    of_people: bool,
    /// "for Refugees", "on the situation …", "of State" belong to the title.
    field: bool,
    /// An office by its own words, with or without a name beside it.
    alone: bool,
}

const fn head(of_people: bool, field: bool, alone: bool) -> Head {
    Head {
        of_people,
        field,
        alone,
    }
}

const HEADS: &[(&str, Head)] = &[
    ("president", head(true, false, false)),
    ("vice president", head(true, false, false)),
    ("prime minister", head(true, false, false)),
    ("premier", head(true, false, false)),
    ("leader", head(true, false, false)),
    ("supreme leader", head(true, false, true)),
    ("dictator", head(true, false, false)),
    ("ruler", head(true, false, false)),
    ("chancellor", head(true, false, false)),
    ("king", head(false, false, false)),
    ("general secretary", head(false, false, false)),
    ("general secretary and president", head(false, false, true)),
    ("secretary-general", head(false, false, true)),
    ("secretary general", head(false, false, true)),
    ("under-secretary-general", head(false, true, true)),
    ("assistant secretary-general", head(false, true, true)),
    ("secretary", head(false, true, false)),
    ("secretary of state", head(false, true, true)),
    ("secretary of defense", head(false, false, true)),
    ("secretary of labor", head(false, false, true)),
    ("secretary of commerce", head(false, false, true)),
    ("secretary of homeland security", head(false, false, true)),
    ("secretary of the treasury", head(false, false, true)),
    ("treasury secretary", head(false, false, true)),
    ("homeland security secretary", head(false, false, true)),
    ("labor secretary", head(false, false, true)),
    ("commerce secretary", head(false, false, true)),
    ("defense secretary", head(false, false, true)),
    ("foreign secretary", head(false, false, true)),
    ("home secretary", head(false, false, true)),
    ("press secretary", head(false, false, true)),
    ("undersecretary", head(false, true, false)),
    ("undersecretary of state", head(false, true, true)),
    ("under secretary", head(false, true, false)),
    ("under secretary of state", head(false, true, true)),
    ("assistant secretary", head(false, true, false)),
    ("assistant secretary of state", head(false, true, true)),
    ("minister", head(true, true, false)),
    ("vice-minister", head(true, true, false)),
    ("foreign minister", head(true, false, true)),
    ("unification minister", head(true, false, true)),
    ("defense minister", head(true, false, true)),
    ("defence minister", head(true, false, true)),
    ("attorney general", head(false, false, true)),
    ("ambassador", head(true, false, false)),
    ("ambassador-at-large", head(false, true, true)),
    ("ambassador at large", head(false, true, true)),
    ("consul general", head(true, false, true)),
    ("consul-general", head(true, false, true)),
    ("envoy", head(true, true, false)),
    ("special envoy", head(true, true, true)),
    ("special representative", head(true, true, true)),
    ("special rapporteur", head(false, true, true)),
    ("special rapporteurs", head(false, true, true)),
    ("special adviser", head(false, true, false)),
    ("special advisor", head(false, true, false)),
    ("independent expert", head(false, true, false)),
    ("high commissioner", head(false, true, true)),
    ("high representative", head(false, true, true)),
    ("commissioner", head(false, true, false)),
    ("commissioner-general", head(false, false, false)),
    ("national security advisor", head(false, false, true)),
    ("national security adviser", head(false, false, true)),
    ("coordinator", head(false, true, false)),
    ("spokesperson", head(false, false, false)),
    ("spokesman", head(false, false, false)),
    ("spokeswoman", head(false, false, false)),
    ("representative", head(false, false, false)),
    ("representatives", head(false, false, false)),
    ("congressman", head(false, false, false)),
    ("congresswoman", head(false, false, false)),
    ("senator", head(false, false, false)),
    ("senators", head(false, false, false)),
    ("rep.", head(false, false, false)),
    ("reps.", head(false, false, false)),
    ("sen.", head(false, false, false)),
    ("sens.", head(false, false, false)),
    ("gov.", head(false, false, false)),
    ("amb.", head(false, false, false)),
    ("gen.", head(false, false, false)),
    ("col.", head(false, false, false)),
    ("governor", head(false, false, false)),
    ("mayor", head(false, false, false)),
    ("speaker", head(false, false, false)),
    ("lawmaker", head(true, false, false)),
    ("assemblyman", head(false, false, false)),
    ("delegate", head(false, false, false)),
    ("chair", head(false, false, false)),
    ("chairs", head(false, false, false)),
    ("chairman", head(false, false, false)),
    ("cochairman", head(false, false, false)),
    ("co-chairman", head(false, false, false)),
    ("co-chair", head(false, false, false)),
    ("cochair", head(false, false, false)),
    ("chairwoman", head(false, false, false)),
    ("chairperson", head(false, false, false)),
    ("vice chairman", head(false, false, false)),
    ("vice chair", head(false, false, false)),
    ("ranking member", head(false, false, true)),
    ("majority leader", head(false, false, true)),
    ("minority leader", head(false, false, true)),
    ("director", head(false, true, false)),
    ("director-general", head(false, false, true)),
    ("director general", head(false, false, true)),
    ("executive director", head(false, false, false)),
    ("researcher", head(false, false, false)),
    ("analyst", head(false, false, false)),
    ("advisor", head(false, false, false)),
    ("adviser", head(false, false, false)),
    ("counsel", head(false, false, false)),
    ("counselor", head(false, false, false)),
    ("chief executive", head(false, false, false)),
    ("chief executive officer", head(false, false, false)),
    ("ceo", head(false, false, false)),
    ("founder", head(false, false, false)),
    ("co-founder", head(false, false, false)),
    ("professor", head(false, false, false)),
    ("fellow", head(false, false, false)),
    ("pastor", head(false, false, false)),
    ("reverend", head(false, false, false)),
    ("judge", head(false, false, false)),
    ("justice", head(false, false, false)),
    ("chief justice", head(false, false, false)),
    ("prosecutor", head(false, false, false)),
    ("general", head(false, false, false)),
    ("colonel", head(false, false, false)),
    ("captain", head(false, false, false)),
    ("admiral", head(false, false, false)),
    ("lieutenant general", head(false, false, false)),
    ("secretary of defense", head(false, false, true)),
    ("vice foreign minister", head(true, false, true)),
    ("first lady", head(true, false, false)),
    ("crown prince", head(true, false, false)),
    ("major", head(false, false, false)),
    ("lieutenant", head(false, false, false)),
    ("manager", head(false, false, false)),
    ("general manager", head(false, false, false)),
    ("editor", head(false, false, false)),
    ("reporter", head(false, false, false)),
];

/// Words that go before a head and belong to it.
const BEFORE: &[&str] = &[
    "deputy",
    "vice",
    "assistant",
    "associate",
    "acting",
    "senior",
    "chief",
    "executive",
    "principal",
    "permanent",
    "special",
    "first",
    "prime",
    "foreign",
    "defense",
    "defence",
    "interior",
    "justice",
    "finance",
    "trade",
    "unification",
    "labor",
    "labour",
    "health",
    "education",
    "security",
    "national",
    "policy",
    "program",
    "programme",
    "advocacy",
    "communications",
    "research",
    "legal",
    "managing",
    "regional",
    "country",
    "ministry",
    "press",
    "lead",
    "under",
    "supreme",
    "opposition",
    "commission",
    "asia",
    "china",
    "korea",
    "north",
    "majority",
    "minority",
    "house",
    "senate",
    "visiting",
    "adjunct",
    "emeritus",
    "assistant",
    "state",
    "paramount",
    "honorary",
    "interim",
    "co",
    "staff",
    "district",
    "provincial",
    "county",
    "lieutenant",
    "brigadier",
    "resident",
    "humanitarian",
    "science",
    "general",
    "campaign",
    "field",
    "deputy asia",
    "independent",
    "united",
    "former",
    "human",
    "rights",
    "women's",
];

/// Bodies that are part of an office's title.
const BODIES: &[&str] = &[
    "united nations",
    "un",
    "u.n.",
    "u.s.",
    "us",
    "eu",
    "european union",
    "uk",
    "u.k.",
    "british",
    "american",
];

/// Offices whose body is part of the title.
const EMBODIED: &[&str] = &[
    "high commissioner",
    "special rapporteur",
    "special rapporteurs",
    "secretary-general",
    "secretary general",
    "special envoy",
    "special representative",
    "ambassador",
    "secretary",
    "secretary of state",
    "president",
    "vice president",
    "representative",
    "representatives",
    "senator",
    "senators",
    "high representative",
    "under-secretary-general",
    "assistant secretary",
    "assistant secretary of state",
    "trade representative",
    "attorney general",
    "independent expert",
    "ambassador-at-large",
    "national security adviser",
    "national security advisor",
    "congressman",
    "rep.",
    "sen.",
    "deputy assistant secretary",
    "coordinator",
    "homeland security secretary",
    "treasury secretary",
    "defense secretary",
    "foreign secretary",
    "prime minister",
    "foreign minister",
    "minister",
    "lawmaker",
];

/// Mandates of the United Nations whose words a general rule would cut short.
const MANDATES: &[&str] = &[
    "torture and other cruel, inhuman or degrading treatment or punishment",
    "violence against women and girls, its causes and consequences",
    "violence against women, its causes and consequences",
    "contemporary forms of slavery, including its causes and consequences",
    "trafficking in persons, especially women and children",
    "extrajudicial, summary or arbitrary executions",
    "the human rights of migrants",
    "the human rights of internally displaced persons",
    "the situation of human rights defenders",
    "the rights to freedom of peaceful assembly and of association",
    "the promotion and protection of the right to freedom of opinion and expression",
    "the promotion and protection of human rights and fundamental freedoms while countering terrorism",
    "freedom of religion or belief",
    "minority issues",
    "the right to food",
];

const JOINTS: &[&str] = &[
    "of", "and", "the", "for", "in", "on", "to", "against", "&", "'s", "’s", "its",
];

static HEAD: LazyLock<Lexicon<Head>> = LazyLock::new(|| Lexicon::new(HEADS.iter().copied()));
static MODIFIER: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(BEFORE.iter().map(|w| (*w, ()))));
static MANDATE: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(MANDATES.iter().map(|w| (*w, ()))));
static BODY: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(BODIES.iter().map(|w| (*w, ()))));

/// No field behind an office is longer.
const LONGEST: usize = 20;

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let limit = text.tokens.len();
    let mut at = 0;
    while at < limit {
        let word = text.tokens.get(at).is_some_and(|t| t.kind == Kind::Word);
        let found = if word {
            HEAD.longest(text, at, limit)
        } else {
            None
        };
        let Some((tokens, head)) = found else {
            at += 1;
            continue;
        };
        let end = tokens.end;
        if let Some(span) = read(text, &tokens, *head) {
            at = span.end.max(end);
            push(text.bytes(span), into);
        } else {
            at = end;
        }
    }
}

fn capital(text: &Text<'_>, at: usize) -> bool {
    text.tokens
        .get(at)
        .is_some_and(|t| t.kind == Kind::Word && t.capital)
}

/// A capital word right behind, such as begins a name.
fn name_follows(text: &Text<'_>, at: usize) -> bool {
    capital(text, at)
        && text
            .tokens
            .get(at)
            .is_some_and(|t| t.spaced && (!t.shouted || t.end - t.start > 3))
        && !matches!(
            text.lower(at),
            "the"
                | "in"
                | "of"
                | "at"
                | "for"
                | "on"
                | "and"
                | "to"
                | "said"
                | "is"
                | "was"
                | "i"
                | "mr"
                | "with"
                | "by"
                | "from"
        )
        && HEAD.word(text, at).is_none()
        && place::name_at(text, at, text.tokens.len())
            .is_none_or(|(_, kind)| kind == MentionKind::Place && capital(text, at + 1))
}

/// A name and a comma before: "Thea Lee, the …", "Lina Yoon (HRW), …".
fn name_before(text: &Text<'_>, start: usize) -> bool {
    let mut at = start;
    for _ in 0..2 {
        let Some(n) = at.checked_sub(1) else {
            return false;
        };
        if !matches!(
            text.lower(n),
            "the" | "a" | "an" | "its" | "his" | "former" | "then"
        ) {
            break;
        }
        at = n;
    }
    let Some(mut comma) = at.checked_sub(1) else {
        return false;
    };
    if text.word(comma) != "," || comma == 0 {
        return false;
    }
    comma -= 1;
    (capital(text, comma) || text.word(comma) == ")")
        && place::name_at(text, comma, comma + 1).is_none()
}

fn read(text: &Text<'_>, head_at: &Range<usize>, head: Head) -> Option<Range<usize>> {
    let head_capital = capital(text, head_at.start);
    let mut start = before(text, head_at.start, head_capital);
    let word_start = start;
    // "Rep." and "Sen." only with a name.
    let shortened = text.word(head_at.end - 1) == ".";
    let field = if head.field {
        field(text, head_at.end, text.lower(head_at.start))
    } else {
        head_at.end
    };
    let named = name_follows(text, head_at.end);
    if shortened && !(named && head_capital) {
        return None;
    }
    let rank = matches!(
        text.lower(head_at.start),
        "general"
            | "major"
            | "captain"
            | "colonel"
            | "king"
            | "justice"
            | "judge"
            | "fellow"
            | "chair"
            | "chairs"
            | "manager"
            | "editor"
            | "delegate"
            | "speaker"
            | "lieutenant"
            | "counsel"
            | "reporter"
            | "analyst"
            | "director"
            | "leader"
            | "secretary"
            | "minister"
    );
    let multiword = head_at.start - start > 0 || head_at.len() > 1;
    let apposed = name_before(text, start);
    let titled = head_capital
        && (field > head_at.end || head.alone && head_at.len() > 1 || multiword && head.alone);
    // "U.S. Ambassador to the United Nations, …"
    let posted = head_capital
        && text.lower(head_at.end - 1) == "ambassador"
        && matches!(text.lower(head_at.end), "to" | "of");
    let believed = posted
        || titled
        || named
            && (head_capital
                || !matches!(
                    text.lower(head_at.start),
                    "general"
                        | "major"
                        | "representatives"
                        | "fellow"
                        | "chair"
                        | "chairs"
                        | "speaker"
                        | "delegate"
                        | "king"
                        | "justice"
                ))
        || head.alone
            && head_at.len() > 1
            && start
                .checked_sub(1)
                .is_some_and(|n| matches!(text.word(n), "'s" | "’s") && place_owner(text, n))
        || apposed
            && (!rank
                || multiword
                || !head_capital
                || field > head_at.end
                || text.word(head_at.end) == "of"
                || text.word(head_at.end) == "at");
    if !believed {
        return None;
    }
    if head.of_people
        && let Some(people) = people_before(text, start)
    {
        start = people;
    } else if let Some(body) = body_before(text, start, &(word_start..head_at.end)) {
        start = body;
    }
    Some(start..field)
}

/// "South Korea's": the owner of an office is a place.
fn place_owner(text: &Text<'_>, possessive: usize) -> bool {
    let floor = possessive.saturating_sub(4);
    (floor..possessive).any(|at| {
        place::name_at(text, at, possessive).is_some_and(|(tokens, _)| tokens.end == possessive)
    })
}

/// Words before the head that belong to it.
fn before(text: &Text<'_>, head: usize, head_capital: bool) -> usize {
    let mut start = head;
    while let Some(n) = start.checked_sub(1) {
        if head - n > 5
            || !text
                .tokens
                .get(start)
                .is_some_and(|t| t.spaced || text.word(n) == "-")
        {
            break;
        }
        if text.word(n) == "-" && n > 0 && MODIFIER.word(text, n - 1).is_some() {
            start = n - 1;
            continue;
        }
        let modifier =
            MODIFIER.word(text, n).is_some() && !matches!(text.lower(n), "former" | "united");
        // "deputy Asia Director" is written both ways; "State secretary" is a sentence's accident.
        let small_first = !capital(text, n) && head_capital && text.lower(n) != "state";
        if !modifier
            || capital(text, n) != head_capital
                && !small_first
                && !matches!(text.lower(n), "asia" | "china" | "korea" | "north")
        {
            break;
        }
        start = n;
    }
    // "China director" keeps its field, "China President" does not.
    if head > start
        && matches!(text.lower(start), "china" | "korea" | "asia" | "north")
        && !matches!(
            text.lower(head),
            "director"
                | "researcher"
                | "analyst"
                | "adviser"
                | "advisor"
                | "fellow"
                | "manager"
                | "coordinator"
                | "editor"
        )
    {
        start += 1;
    }
    start.min(head)
}

/// "North Korean" before a title.
fn people_before(text: &Text<'_>, start: usize) -> Option<usize> {
    let floor = start.saturating_sub(4);
    (floor..start).find(|at| {
        place::name_at(text, *at, start)
            .is_some_and(|(tokens, kind)| tokens.end == start && kind == MentionKind::Nationality)
    })
}

/// "United Nations" before "High Commissioner".
fn body_before(text: &Text<'_>, start: usize, head: &Range<usize>) -> Option<usize> {
    let words = text.slice(text.bytes(head.clone())).to_lowercase();
    if !EMBODIED.contains(&words.as_str()) {
        return None;
    }
    let floor = start.saturating_sub(4);
    (floor..start).find(|at| {
        BODY.longest(text, *at, start)
            .is_some_and(|(tokens, ())| tokens.end == start && capital(text, *at))
    })
}

/// "for International Affairs", "of Foreign Affairs", "on the situation of human rights in the …".
fn field(text: &Text<'_>, from: usize, head: &str) -> usize {
    let opener = text.lower(from);
    let fits = match opener {
        "for" => capital(text, from + 1),
        "on" => matches!(
            head,
            "special" | "independent" | "adviser" | "advisor" | "envoy"
        ),
        "of" => {
            capital(text, from + 1)
                && matches!(
                    head,
                    "minister" | "secretary" | "undersecretary" | "under" | "assistant" | "vice"
                )
                && text.lower(from + 1) != "the"
        }
        _ => false,
    };
    if !fits {
        return from;
    }
    if let Some((tokens, ())) = MANDATE.longest(text, from + 1, text.tokens.len()) {
        return tokens.end;
    }
    let mut end = from;
    let mut at = from + 1;
    // A mandate's words are small ("the situation of human rights in …").
    let small = opener == "on";
    while at < from + LONGEST {
        let Some(token) = text.tokens.get(at) else {
            break;
        };
        let word = text.lower(at);
        match token.kind {
            Kind::Word
                if HEAD
                    .longest(text, at, text.tokens.len())
                    .is_some_and(|(_, h)| h.alone) =>
            {
                break;
            }
            Kind::Word if token.capital => {
                // "for Refugees Filippo Grandi": the field ends where a name begins.
                if name_begins(text, at, end, from) {
                    break;
                }
                end = at + 1;
            }
            Kind::Word if JOINTS.contains(&word) => {
                if matches!(word, "to" | "in") && !small {
                    break;
                }
            }
            Kind::Word
                if small
                    && !matches!(
                        word,
                        "said"
                            | "says"
                            | "told"
                            | "has"
                            | "was"
                            | "who"
                            | "is"
                            | "called"
                            | "wrote"
                            | "have"
                            | "urged"
                            | "visited"
                            | "expressed"
                            | "noted"
                            | "reported"
                            | "at"
                            | "that"
                    ) =>
            {
                end = at + 1;
            }
            Kind::Mark
                if matches!(text.word(at), "'s" | "’s" | "-" | "'" | "’") && !token.spaced =>
            {
                if !small && matches!(text.word(at), "'s" | "’s") && !capital(text, at + 1) {
                    break;
                }
            }
            Kind::Break => {}
            _ => break,
        }
        at += 1;
    }
    if end == from { from } else { end }
}

/// Whether the capital word at `at` begins a person's name rather than going on with the field: the
/// field has a closing word already and two capital words follow with nothing between.
fn name_begins(text: &Text<'_>, at: usize, end: usize, from: usize) -> bool {
    const CLOSING: &[&str] = &[
        "rights",
        "refugees",
        "affairs",
        "issues",
        "labor",
        "state",
        "korea",
        "security",
        "defense",
        "commerce",
        "policy",
        "persons",
        "issue",
        "abductions",
        "religion",
        "freedom",
        "unification",
        "europe",
        "asia",
        "trade",
        "children",
        "women",
        "migrants",
        "slavery",
        "torture",
    ];
    end > from + 1
        && at == end
        && CLOSING.contains(&text.lower(at - 1))
        && !matches!(text.lower(at), "issues" | "affairs" | "policy" | "and")
}
