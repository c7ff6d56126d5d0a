//! What speaks for and against two names being of one organisation, in natural logarithms of likelihood ratios.
//! The weights were set by hand and checked on `bench/names`, whose pairs are ours.

use super::Reading;
use super::acronym::{self, Made};
use super::pair::{self, How, Match};
use super::tables::{Class, KOREA, Kind, is_continent, tables};
use super::tokens::Token;
use crate::{Feature, syllables};

/// Sums weights, and keeps the reasons if they are wanted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) sum: f32,
    pub(crate) because: Option<Vec<Feature>>,
}

impl Tally {
    /// A tally that keeps the reasons.
    pub(crate) fn with_reasons() -> Self {
        Self {
            sum: 0.0,
            because: Some(Vec::new()),
        }
    }

    /// Adds a weight; `told` (left words, right words, reason) is asked only if reasons are wanted.
    pub(crate) fn add(
        &mut self,
        feature: &'static str,
        weight: f32,
        told: impl FnOnce() -> (String, String, String),
    ) {
        self.sum += weight;
        if let Some(because) = &mut self.because {
            let (left, right, reason) = told();
            because.push(Feature {
                feature,
                weight,
                left,
                right,
                reason,
            });
        }
    }
}

const PRIOR: f32 = -2.3;
/// A foundation, an association or a public body, and a company.
const OTHER_BODY: f32 = -3.0;

pub(crate) fn weigh(left: &Reading, right: &Reading, tally: &mut Tally) {
    tally.add("prior", PRIOR, || {
        (
            String::new(),
            String::new(),
            "two names taken at random are seldom of one organisation".to_owned(),
        )
    });
    if by_acronym(left, right, tally) {
        forms(left, right, tally);
        return;
    }
    let (a, b) = (&left.tokens, &right.tokens);
    let found = pair::matches(left, right, left.east || right.east);
    let free = |tokens: &[Token], range: fn(&Match) -> (usize, usize)| {
        let taken = found.iter().map(range);
        !taken.fold(0, |mask, (from, to)| mask | below(to) & !below(from)) & below(tokens.len())
    };
    let rests = Rests {
        a,
        b,
        left: free(a, |m| m.left),
        right: free(b, |m| m.right),
    };
    matched(a, b, &found, tally);
    brand_rest(&rests, &found, tally);
    number_rest(&rests, tally);
    place_rest(&rests, &found, tally);
    trade_rest(&rests, &found, tally);
    whole(&rests, &found, tally);
    order(a, b, &found, tally);
    forms(left, right, tally);
}

/// Words of a name, a bit for each.
type Words = u32;

/// The first words, so many.
fn below(count: usize) -> Words {
    u32::try_from(count)
        .ok()
        .and_then(|count| 1_u32.checked_shl(count))
        .map_or(u32::MAX, |bit| bit - 1)
}

fn words(tokens: &[Token], (from, to): (usize, usize)) -> String {
    tokens
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .map(|token| token.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn reason(m: &Match, a: &[Token], b: &[Token]) -> String {
    let (left, right) = (words(a, m.left), words(b, m.right));
    match &m.how {
        How::Equal if left == right => format!("{left} is in both"),
        How::Equal => format!("{left} and {right} are one word, written together or apart"),
        How::Meaning => format!("{left} and {right} mean the same"),
        How::Near => format!("{left} and {right} are near trades"),
        How::Number => format!("both have the number {right}"),
        How::Spelling(apart) => format!("{left} and {right} are {} letters apart", tenths(*apart)),
        How::Transliterated(apart) => {
            let spelt = |text: &str| crate::fold::latin(text);
            format!(
                "{left} = {}, {right} = {} in Latin letters, {} letters apart",
                spelt(&left),
                spelt(&right),
                tenths(*apart)
            )
        }
        How::Sound => {
            let close = |text: &str| text.replace(' ', "");
            match syllables::align(&close(&left), &close(&right)) {
                Some(found) if !found.path.is_empty() => found.path,
                _ => format!("{left} and {right} are read alike"),
            }
        }
        How::Loan => format!("{left} spells {right} by ear: the consonants agree"),
        How::Consonants => format!(
            "{left} and {right} have the same consonants; vowels are not written in one of them"
        ),
    }
}

fn tenths(apart: u16) -> String {
    format!("{}.{}", apart / 10, apart % 10)
}

fn kind_of(tokens: &[Token], (from, to): (usize, usize)) -> Kind {
    let range = tokens.get(from..to).unwrap_or_default();
    if range.len() > 1 {
        return if range
            .iter()
            .all(|token| token.kind == Kind::Industry || token.kind == Kind::Quality)
        {
            Kind::Industry
        } else {
            Kind::Brand
        };
    }
    range.first().map_or(Kind::Stop, |token| token.kind)
}

fn matched(a: &[Token], b: &[Token], found: &[Match], tally: &mut Tally) {
    let has_brand = |tokens: &[Token]| {
        tokens
            .iter()
            .any(|token| token.kind == Kind::Brand && !token.aside)
    };
    let only_common = !has_brand(a) || !has_brand(b);
    let mut told = 0.0_f32;
    let (mut trade, mut quality, mut place, mut number) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    let gain = |mass: f32| 4.4 * (1.0 - (-mass / 0.6).exp());
    for m in found {
        let (x, y) = (kind_of(a, m.left), kind_of(b, m.right));
        let mass = |tokens: &[Token], (from, to): (usize, usize)| {
            tokens
                .get(from..to)
                .unwrap_or_default()
                .iter()
                .map(|token| token.weight)
                .sum::<f32>()
        };
        let mass = mass(a, m.left).min(mass(b, m.right));
        let brand = x == Kind::Brand || y == Kind::Brand || only_common || x != y;
        let (feature, weight) = if brand {
            let before = gain(told);
            // A doubtful match tells less than its share.
            told += mass * m.quality * m.quality;
            let feature = match x {
                Kind::Place => "place",
                Kind::Industry | Kind::Quality => "industry",
                Kind::Number => "number",
                _ => "brand",
            };
            (feature, gain(told) - before)
        } else {
            let capped = |sum: &mut f32, step: f32, most: f32| {
                let gained = step.min(most - *sum).max(0.0);
                *sum += gained;
                gained
            };
            match x {
                // A long number is no accident.
                Kind::Number => {
                    let long = a
                        .get(m.left.0)
                        .is_some_and(|token| token.id > 999 && !(1900..2100).contains(&token.id));
                    (
                        "number",
                        capped(&mut number, if long { 2.0 } else { 0.8 }, 2.2),
                    )
                }
                Kind::Place => ("place", capped(&mut place, 0.5, 0.8)),
                Kind::Quality => ("industry", capped(&mut quality, 0.25, 0.5)),
                _ => (
                    "industry",
                    capped(&mut trade, if m.how == How::Near { 0.0 } else { 0.5 }, 1.0),
                ),
            }
        };
        tally.add(feature, weight, || {
            (words(a, m.left), words(b, m.right), reason(m, a, b))
        });
    }
}

/// What was matched with nothing.
struct Rests<'a> {
    a: &'a [Token],
    b: &'a [Token],
    left: Words,
    right: Words,
}

/// Some words of a name.
#[derive(Clone, Copy)]
struct Remaining<'a> {
    of: &'a [Token],
    which: Words,
}

impl<'a> Remaining<'a> {
    fn is_empty(self) -> bool {
        self.which == 0
    }

    fn iter(self) -> impl Iterator<Item = &'a Token> {
        let each = self.of.iter().zip(0_u32..);
        each.filter(move |(_, at)| self.which >> at & 1 == 1)
            .map(|(token, _)| token)
    }

    fn listed(self) -> String {
        let texts: Vec<&str> = self.iter().map(|token| token.text.as_str()).collect();
        texts.join(" ")
    }

    fn mass(self) -> f32 {
        self.iter()
            .map(|token| token.weight * if token.aside { 0.4 } else { 1.0 })
            .sum()
    }
}

impl<'a> Rests<'a> {
    /// Those of them that fit.
    fn of(&self, fits: impl Fn(&Token) -> bool) -> (Remaining<'a>, Remaining<'a>) {
        let pick = |of: &'a [Token], rest: Words| {
            let fitting = of.iter().zip(0_u32..).filter(|(token, _)| fits(token));
            let which = fitting.fold(0, |mask, (_, at)| mask | 1 << at) & rest;
            Remaining { of, which }
        };
        (pick(self.a, self.left), pick(self.b, self.right))
    }
}

fn brand_rest(rests: &Rests<'_>, found: &[Match], tally: &mut Tally) {
    let (left, right) = rests.of(|token| token.kind == Kind::Brand);
    let (l, r) = (left.mass(), right.mass());
    if l > 0.0 && r > 0.0 {
        let weight = -(1.2 + 3.6 * l.min(r).min(1.0)) - 0.6 * (l - r).abs().min(1.5);
        tally.add("brand", weight, || {
            (
                left.listed(),
                right.listed(),
                "the proper names differ".to_owned(),
            )
        });
    } else if l + r > 0.0 {
        // Next to a match that is in doubt, a further word weighs more.
        let doubt = if found
            .iter()
            .any(|m| m.quality < 0.9 && kind_of(rests.a, m.left) == Kind::Brand)
        {
            1.3
        } else {
            1.0
        };
        let weight = -(1.7 * (l + r) * doubt).min(4.0);
        let words = if l > 0.0 {
            left.listed()
        } else {
            right.listed()
        };
        tally.add("brand", weight, || {
            (
                left.listed(),
                right.listed(),
                format!("only one has {words}"),
            )
        });
    }
}

fn number_rest(rests: &Rests<'_>, tally: &mut Tally) {
    let (left, right) = rests.of(|token| token.kind == Kind::Number);
    if !left.is_empty() && !right.is_empty() {
        tally.add("number", -5.5, || {
            (
                left.listed(),
                right.listed(),
                "the numbers differ: sisters, not the same".to_owned(),
            )
        });
    } else if let Some(token) = left.iter().chain(right.iter()).next() {
        // A fund with the number one has sisters with others.
        let fund = |tokens: &[Token]| {
            let mut words = tokens.iter();
            words.any(|word| matches!(word.text.as_str(), "fund" | "funds" | "partners" | "trust"))
        };
        let first = token.id == 1 && !(fund(rests.a) && fund(rests.b));
        let weight = if first { -1.2 } else { -2.8 };
        tally.add("number", weight, || {
            (
                left.listed(),
                right.listed(),
                format!("only one has the number {}", token.text),
            )
        });
    }
}

fn place_rest(rests: &Rests<'_>, found: &[Match], tally: &mut Tally) {
    let (left, right) = rests.of(|token| token.kind == Kind::Place);
    if left.is_empty() && right.is_empty() {
        return;
    }
    // A country beside its own city, or the other way round, adds nothing.
    let held = |token: &Token, others: &[Token]| {
        others.iter().any(|other| {
            other.kind == Kind::Place
                && (other.country == token.country
                    || other.id == u64::from(KOREA) && matches!(&token.country, b"KP" | b"KR"))
                && (other.is_country || token.is_country)
        })
    };
    let open = |words: Remaining<'_>, others: &[Token]| {
        words.iter().filter(|token| !held(token, others)).count()
    };
    let (l, r) = (open(left, rests.b), open(right, rests.a));
    let place_matched = found
        .iter()
        .any(|m| kind_of(rests.a, m.left) == Kind::Place);
    if l > 0 && r > 0 {
        tally.add("place", -3.8, || {
            (
                left.listed(),
                right.listed(),
                "the places differ: sisters in two places, not the same".to_owned(),
            )
        });
    } else if !left.is_empty()
        && !right.is_empty()
        && left
            .iter()
            .chain(right.iter())
            .all(|token| !token.is_country)
    {
        tally.add("place", -3.0, || {
            (
                left.listed(),
                right.listed(),
                "the places differ".to_owned(),
            )
        });
    } else if l + r > 0 {
        let words = || left.iter().chain(right.iter());
        let weight = if words().all(|token| token.aside) {
            -0.3
        } else if place_matched {
            -0.4
        } else if words()
            .any(|token| token.is_country && !token.aside && !is_continent(token.country))
        {
            // The daughter in another country is called by it.
            -1.4
        } else {
            -0.6
        };
        tally.add("place", weight, || {
            (
                left.listed(),
                right.listed(),
                "only one names the place".to_owned(),
            )
        });
    } else {
        tally.add("place", 0.0, || {
            (
                left.listed(),
                right.listed(),
                "a place and its country".to_owned(),
            )
        });
    }
}

fn trade_rest(rests: &Rests<'_>, found: &[Match], tally: &mut Tally) {
    let (left, right) = rests.of(|token| matches!(token.kind, Kind::Industry | Kind::Quality));
    if left.is_empty() && right.is_empty() {
        return;
    }
    let trades = |words: Remaining<'_>| words.iter().any(|token| token.kind == Kind::Industry);
    if !left.is_empty() && !right.is_empty() {
        let sides = |words: Remaining<'_>| {
            words
                .iter()
                .any(|token| token.kind == Kind::Quality && tables().is_side(token.id))
        };
        let weight = if sides(left) && sides(right) {
            -3.0
        } else if trades(left) && trades(right) {
            -2.2
        } else {
            -1.2
        };
        tally.add("industry", weight, || {
            (
                left.listed(),
                right.listed(),
                "they say that they do different things".to_owned(),
            )
        });
    } else {
        // Gazprom is not Gazprom Neft; a further word beside a trade that agrees says less.
        let agreed = found
            .iter()
            .any(|m| kind_of(rests.a, m.left) == Kind::Industry);
        // The bank of a country and its central bank are two.
        let bank = |tokens: &[Token]| {
            let mut words = tokens.iter();
            words.any(|word| word.kind == Kind::Industry && tables().is_bank(word.id))
        };
        let banks = bank(rests.a) && bank(rests.b);
        let of = |token: &Token| match (token.kind, agreed) {
            (Kind::Industry, false) => 1.2,
            (Kind::Industry, true) => 0.55,
            _ if banks && tables().is_rank(token.id) => 2.2,
            _ => 0.4,
        };
        let each: f32 = left.iter().chain(right.iter()).map(of).sum();
        let most = if each > 2.0 && banks { 2.6 } else { 1.6 };
        tally.add("industry", -each.min(most), || {
            (
                left.listed(),
                right.listed(),
                "only one says what it does".to_owned(),
            )
        });
    }
}

fn whole(rests: &Rests<'_>, found: &[Match], tally: &mut Tally) {
    let (left, right) = rests.of(|token| !matches!(token.kind, Kind::Form | Kind::Stop));
    if left.is_empty() && right.is_empty() && !found.is_empty() {
        let exact = found.iter().all(|m| m.quality > 0.9 || m.how == How::Near);
        tally.add("whole", if exact { 1.6 } else { 0.8 }, || {
            (
                String::new(),
                String::new(),
                "no word of either is left over".to_owned(),
            )
        });
    }
}

fn order(a: &[Token], b: &[Token], found: &[Match], tally: &mut Tally) {
    let mut last = None;
    let mut turned = false;
    for m in found {
        if kind_of(a, m.left) == Kind::Brand && kind_of(b, m.right) == Kind::Brand {
            turned |= last.is_some_and(|last| last > m.right);
            last = Some(m.right);
        }
    }
    if turned {
        tally.add("order", -0.4, || {
            (
                String::new(),
                String::new(),
                "the words of the proper name stand in another order".to_owned(),
            )
        });
    }
}

fn by_acronym(left: &Reading, right: &Reading, tally: &mut Tally) -> bool {
    let sole = |reading: &Reading| -> Option<usize> {
        let mut telling = reading
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| !matches!(token.kind, Kind::Form | Kind::Stop));
        let (at, _) = telling.next()?;
        telling.next().is_none().then_some(at)
    };
    for (short, full) in [(left, right), (right, left)] {
        let Some(token) = sole(short).and_then(|at| short.tokens.get(at)) else {
            continue;
        };
        if sole(full).is_some() {
            continue;
        }
        let Some(made) = acronym::stands_for(token, &full.tokens) else {
            continue;
        };
        let weight = match (token.text.chars().count(), made) {
            (2, _) => 2.2,
            (3, _) => 3.6,
            (_, Made::Initials) => 4.2,
            (_, Made::Beginnings) => 3.8,
        };
        tally.add("acronym", weight, || {
            let how = if made == Made::Initials {
                "first letters"
            } else {
                "beginnings"
            };
            let all = words(&full.tokens, (0, full.tokens.len()));
            (
                left.text.clone(),
                right.text.clone(),
                format!("{} is made of the {how} of {all}", token.text),
            )
        });
        return true;
    }
    false
}

/// Legal forms: a renamed form is common, a company that is a ministry is not.
fn forms(left: &Reading, right: &Reading, tally: &mut Tally) {
    fn of(reading: &Reading) -> impl Iterator<Item = Class> {
        let forms = reading.tokens.iter();
        forms
            .filter(|token| token.kind == Kind::Form)
            .filter_map(|token| token.class)
    }
    let (Some(a), Some(b)) = (of(left).next(), of(right).next()) else {
        return;
    };
    let told = |reading: &Reading| {
        reading
            .tokens
            .iter()
            .filter(|token| token.kind == Kind::Form)
            .map(|token| token.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let group = |reading: &Reading| of(reading).any(|class| class == Class::Group);
    let specific = |reading: &Reading| {
        of(reading).find(|class| !matches!(class, Class::Company | Class::Group))
    };
    let (x, y) = (specific(left), specific(right));
    let specific = x.zip(y);
    let (x, y) = (x.unwrap_or(a), y.unwrap_or(b));
    let companies = x.is_company() && y.is_company();
    let weight = match specific {
        Some(_) if x == y => 0.3,
        Some(_) if companies => -0.4,
        _ if companies => 0.1,
        _ if x == y => 0.3,
        _ => OTHER_BODY,
    };
    tally.add("legal_form", weight, || {
        let (x, y) = (x.label(), y.label());
        let why = match specific {
            _ if weight < -1.0 => format!("a {x} is no {y}"),
            Some(_) if weight < 0.0 => format!("a {x} and a {y}: forms change, but seldom"),
            None if companies => "both are companies".to_owned(),
            _ => format!("both are a {x}"),
        };
        (told(left), told(right), why)
    });
    if group(left) != group(right) {
        tally.add("legal_form", -0.4, || {
            (
                told(left),
                told(right),
                "only one is called a group".to_owned(),
            )
        });
    }
}
