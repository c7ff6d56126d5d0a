//! Clubs: names that end as clubs' do, and towns that play, win, sign and lose where a sentence is
//! about sport. National teams stay places.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::english::{is_function_word, is_title};
use crate::mention::rank;
use crate::tagger::english_words;
use crate::text::{Kind, Sentence, Text, word_hash};

/// Words that only sentences about sport hold.
const SPORT: &str = "footballer football cricketer cricket striker midfielder goalkeeper winger fullback quarterback \
    basketball baseball hockey rugby pitcher shortstop outfielder innings wicket wickets batsman bowler playoff playoffs \
    semifinal semifinals semi-final quarterfinal relegation relegated premiership bundesliga uefa fifa nfl nba mlb nhl \
    afl midfield equaliser equalised equalized scorer scoresheet caps cap goalscorer touchdown touchdowns homer homered \
    season seasons matches league loan undrafted drafted roster teammate teammates defenceman defenseman halftime \
    half-time goal goals scored preseason coached linebacker cornerback lineman hat-trick fa";

/// Last words of clubs' names after a town.
const CLUB: &str = "united wanderers rovers hotspur albion wednesday athletic athletico rangers orient alexandra argyle \
    academicals thistle harriers corinthians fc afc cf sc rfc ac city town county forest villa palace";
/// Those among them that are also heads of places or plain words: clubs only beside sport.
const DOUBTFUL: &str =
    "city town county forest villa palace wednesday sc ac athletic rangers corinthians orient cf";

/// Second names of teams, after the name of a town or a state.
const TEAMS: &str = "yankees mets sox dodgers giants cubs cardinals braves reds phillies pirates padres rockies \
    diamondbacks astros athletics mariners rangers angels royals twins tigers indians orioles rays jays marlins nationals \
    brewers expos packers bears lions vikings cowboys redskins eagles steelers browns bengals ravens colts titans jaguars \
    texans broncos chiefs raiders chargers seahawks rams 49ers saints falcons panthers buccaneers dolphins bills patriots \
    jets lakers clippers celtics knicks nets bulls pistons pacers bucks cavaliers raptors 76ers wizards hornets hawks heat \
    magic spurs mavericks rockets grizzlies pelicans timberwolves nuggets suns kings warriors blazers supersonics thunder \
    canadiens leafs bruins rangers islanders flyers penguins capitals devils sabres senators blackhawks wings blues \
    predators avalanche stars coyotes sharks ducks canucks flames oilers whalers nordiques wolverines buckeyes longhorns \
    sooners huskers bulldogs wildcats trojans bruins huskies badgers gators seminoles hurricanes crimson";

/// Before a club: "played for", "debut against", "win over", "loan at".
const BEFORE: &[(&str, &str)] = &[
    (
        "for",
        "play plays played playing appeared signed sign signs debuted turned debut bowled batted scored caps signing \
         matches games goals times appearances twice once contract",
    ),
    (
        "against",
        "debut match game matches games win victory goal goals draw defeat played scored final twice loss innings home away",
    ),
    ("over", "win victory victories wins triumph"),
    (
        "to",
        "lost loss losing loan loaned sold traded transferred moved defeat fell",
    ),
    ("with", "signed draw drew contract spell loan"),
    ("at", "loan spell career season seasons coach manager"),
    (
        "from",
        "signed loan transferred transfer arrived bought acquired",
    ),
    ("by", "drafted signed relegated beaten defeated selected"),
];

/// Verbs whose object is a club.
const OBJECT: &str = "beat defeated defeating thrashed beating captained coached managed joined";
/// Verbs whose subject is a club.
const SUBJECT: &str = "beat defeated thrashed lost won drew signed finished relegated promoted";

type Set = FxHashMap<u32, ()>;

fn set(words: &str) -> Set {
    words
        .split_whitespace()
        .map(|word| (word_hash(word.as_bytes()), ()))
        .collect()
}

struct Tables {
    sport: Set,
    club: Set,
    doubtful: Set,
    teams: Set,
    before: FxHashMap<u32, Set>,
    object: Set,
    subject: Set,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    sport: set(SPORT),
    club: set(CLUB),
    doubtful: set(DOUBTFUL),
    teams: set(TEAMS),
    before: BEFORE
        .iter()
        .map(|(word, nouns)| (word_hash(word.as_bytes()), set(nouns)))
        .collect(),
    object: set(OBJECT),
    subject: set(SUBJECT),
});

/// Pushes the clubs of one sentence.
pub(super) fn scan(text: &Text<'_>, sentence: &Sentence, into: &mut Vec<(Range<u32>, u8)>) {
    let tables = &*TABLES;
    let tokens = text.tokens.get(sentence.tokens.clone()).unwrap_or(&[]);
    let mut sport = false;
    let mut named = false;
    for token in tokens {
        if token.capital {
            named |=
                tables.club.contains_key(&token.hash) || tables.teams.contains_key(&token.hash);
        }
        sport |= tables.sport.contains_key(&token.hash);
    }
    if !sport && !named {
        return;
    }
    let mut at = sentence.tokens.start;
    while at < sentence.tokens.end {
        let end = run_end(text, at, sentence.tokens.end);
        if end == at {
            at += 1;
            continue;
        }
        if let Some(found) = club(text, sentence, at..end, sport) {
            into.push((text.bytes(found), rank::RULE));
        }
        at = end;
    }
}

fn hash(text: &Text<'_>, at: usize) -> u32 {
    text.tokens.get(at).map_or(0, |t| t.hash)
}

/// The end of a run of capitalised words that begins at `at`.
fn run_end(text: &Text<'_>, at: usize, limit: usize) -> usize {
    let mut end = at;
    while end < limit
        && text
            .tokens
            .get(end)
            .is_some_and(|t| t.kind == Kind::Word && t.capital)
    {
        end += 1;
    }
    end
}

fn club(
    text: &Text<'_>,
    sentence: &Sentence,
    run: Range<usize>,
    sport: bool,
) -> Option<Range<usize>> {
    let tables = &*TABLES;
    let mut start = run.start;
    while start < run.end && (is_function_word(text, start) || is_title(text, start)) {
        start += 1;
    }
    let long = run.end.checked_sub(start).filter(|n| (1..=4).contains(n))?;
    let last = hash(text, run.end - 1);
    let place = |n: usize| english_words().known(hash(text, n)).place();
    if long > 1 {
        let club = tables.club.contains_key(&last)
            && (sport || !tables.doubtful.contains_key(&last))
            && (long <= 3);
        let team = tables.teams.contains_key(&last) && place(start);
        // "Manchester United", not "Delta United Nations", which goes on.
        if club || team {
            return Some(start..run.end);
        }
    }
    let whole = start..run.end;
    if !sport
        || sentence.heading
        || long > 2
        || whole
            .clone()
            .any(|n| english_words().known(hash(text, n)).country())
        || whole.clone().all(|n| {
            let known = english_words().known(hash(text, n));
            !known.place() && (known.surname() || known.first_name())
        })
        || text.word(run.end) == ","
            && text
                .tokens
                .get(run.end + 1)
                .is_some_and(|t| t.capital && english_words().known(t.hash).place())
    {
        return None;
    }
    let before = start.checked_sub(1).filter(|n| *n >= sentence.tokens.start);
    let second = before
        .and_then(|n| n.checked_sub(1))
        .filter(|n| *n >= sentence.tokens.start);
    let object = before.is_some_and(|n| {
        tables.object.contains_key(&hash(text, n))
            || tables
                .before
                .get(&hash(text, n))
                .zip(second)
                .is_some_and(|(nouns, n)| nouns.contains_key(&hash(text, n)))
    });
    // A place does not lose; a person may, and is left to the others.
    let subject = tables.subject.contains_key(&hash(text, run.end))
        && whole.clone().all(place)
        && before.is_none_or(|n| !matches!(text.lower(n), "in" | "at" | "of"));
    (object || subject).then_some(whole)
}
