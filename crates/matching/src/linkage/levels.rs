//! How far two values agree: one of a few levels for each kind of field.

use super::jaro::{jaro_winkler, one_slip};
use super::kind::Kind;
use super::model::Weights;
use super::reading::{Form, NONE, Readings, Script, keep, recall};
use super::records::{More, Records, Values};
use super::written::Written;

/// One level of agreement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    /// For people.
    pub(super) label: &'static str,
    /// What the two values are, apart from how far they agree (two names in different scripts, dates without a day):
    /// that is no evidence, so levels are weighed within their group.
    pub(super) group: u8,
    /// Whether how common the value is counts.
    pub(super) frequency: bool,
}

const fn level(label: &'static str, group: u8) -> Level {
    Level {
        label,
        group,
        frequency: false,
    }
}

const fn exact(label: &'static str) -> Level {
    Level {
        label,
        group: 0,
        frequency: true,
    }
}

/// Stands for: one of the two is missing.
pub(super) const MISSING: u8 = 15;

const NAME: &[Level] = &[
    exact("the same name"),
    level(
        "the same words in another order, or another spelling of the same sounds",
        0,
    ),
    level("very alike", 0),
    level("alike", 0),
    level("surname and given name have changed places", 0),
    level("different names", 0),
    level("read alike in two scripts", 1),
    level("read alike in two scripts by rarer readings", 1),
    level("one part is read alike in two scripts", 1),
    level("not read alike", 1),
];
const DATE: &[Level] = &[
    exact("the same day"),
    level("the same day with day and month changed round", 0),
    level("one slip apart", 0),
    level("the same year", 0),
    level("years one apart", 0),
    level("other years", 0),
    level("the same, as far as both say", 1),
    level("years one apart, as far as both say", 1),
    level("other years, as far as both say", 1),
];
const NUMBER: &[Level] = &[
    exact("the same"),
    level("one apart", 0),
    level("two or three apart", 0),
    level("further apart", 0),
];
const PLACE: &[Level] = &[
    exact("the same place"),
    level("one names the other among more", 0),
    level("spelled nearly alike", 0),
    level("other places", 0),
    level("read alike in two scripts", 1),
    level("not read alike", 1),
];
const POSITION: &[Level] = &[
    exact("the same position"),
    level("within 1 km", 0),
    level("within 10 km", 0),
    level("within 50 km", 0),
    level("further away", 0),
];
const CODE: &[Level] = &[
    exact("the same"),
    level("one slip apart", 0),
    level("different", 0),
];
const SEX: &[Level] = &[level("the same", 0), level("different", 0)];
const TEXT: &[Level] = &[
    exact("the same words"),
    level("very alike", 0),
    level("alike, or half of the words shared", 0),
    level("different words", 0),
];

/// The levels of a kind, the best first within each group.
pub(super) const fn levels(kind: Kind) -> &'static [Level] {
    match kind {
        Kind::Name | Kind::Surname | Kind::GivenName => NAME,
        Kind::Date => DATE,
        Kind::Year | Kind::Age => NUMBER,
        Kind::Place => PLACE,
        Kind::Position => POSITION,
        Kind::Identifier | Kind::Code => CODE,
        Kind::Sex => SEX,
        Kind::Text => TEXT,
        Kind::Record => &[],
    }
}

/// Tenths up to which a reading across scripts is a usual one.
const USUAL: u16 = 10;

/// Compares records field by field; remembers what pairs of distinct values came to.
pub(super) struct Comparer<'r> {
    records: &'r Records<'r>,
    fields: Vec<Remembered<'r>>,
    /// Of surname and given name in two columns: the other of the two, and for each value of this one the number that
    /// the same text has there.
    siblings: Vec<Option<(usize, Vec<u32>)>>,
    /// The fields, those that are quickly compared first.
    order: Vec<usize>,
}

struct Remembered<'r> {
    kind: Kind,
    values: &'r Values,
    /// Pair of values and level, by hash of the pair.
    known: Vec<u64>,
    readings: Readings,
}

/// Pairs of values that are remembered for each field.
const PLACES: usize = 1 << 15;

impl<'r> Comparer<'r> {
    pub(super) fn new(records: &'r Records<'r>) -> Self {
        let fields = records
            .fields
            .iter()
            .zip(&records.values)
            .map(|(field, values)| {
                let texts = match &values.more {
                    More::Names { parts, .. } => parts.len(),
                    _ if field.kind == Kind::Place => values.texts.len(),
                    _ => 0,
                };
                let slow = matches!(
                    field.kind,
                    Kind::Name | Kind::Surname | Kind::GivenName | Kind::Place | Kind::Text
                );
                Remembered {
                    kind: field.kind,
                    values,
                    known: vec![0; if slow { PLACES } else { 1 }],
                    readings: Readings::new(texts),
                }
            });
        let at = |kind: Kind| records.fields.iter().position(|f| f.kind == kind);
        let siblings = records
            .fields
            .iter()
            .zip(&records.values)
            .map(|(field, values)| {
                let other = match field.kind {
                    Kind::Surname => at(Kind::GivenName),
                    Kind::GivenName => at(Kind::Surname),
                    _ => None,
                }?;
                let there = &records.values.get(other)?.texts;
                Some((
                    other,
                    values
                        .texts
                        .iter()
                        .map(|(_, text)| there.find(text))
                        .collect(),
                ))
            });
        let mut order: Vec<usize> = (0..records.fields.len()).collect();
        let slow = |at: &usize| match records.fields.get(*at).map(|field| field.kind) {
            Some(Kind::Name) => 3,
            Some(Kind::GivenName | Kind::Text) => 2,
            Some(Kind::Surname | Kind::Place) => 1,
            _ => 0,
        };
        order.sort_by_key(slow);
        Self {
            fields: fields.collect(),
            siblings: siblings.collect(),
            records,
            order,
        }
    }

    /// The weight of two records, if it is `least` or more. Fields are compared only for as long as the others could
    /// still bring it there.
    pub(super) fn weight(&mut self, a: u32, b: u32, weights: &Weights, least: f32) -> Option<f32> {
        let (left, right) = (self.records.codes(a), self.records.codes(b));
        // What is known by the numbers alone, and the most that the rest can bring.
        let mut most = 0.0;
        for (at, (x, y)) in left.iter().zip(right).enumerate() {
            most += match self.fields.get(at).and_then(|field| field.quickly(*x, *y)) {
                Some(level) => weights.at(at, level, *x),
                None => weights.most(at),
            };
        }
        if most < least {
            return None;
        }
        for number in 0..self.order.len() {
            let at = self.order.get(number).copied().unwrap_or(0);
            let (Some(x), Some(y)) = (left.get(at), right.get(at)) else {
                continue;
            };
            if self
                .fields
                .get(at)
                .is_none_or(|field| field.quickly(*x, *y).is_some())
            {
                continue;
            }
            let level = self.level(at, left, right);
            most += weights.at(at, level, *x) - weights.most(at);
            if most < least {
                return None;
            }
        }
        Some(most)
    }

    /// The level of each field for two records, four bits each, the first field lowest; [`MISSING`] where one says
    /// nothing.
    pub(super) fn pattern(&mut self, a: u32, b: u32) -> u64 {
        let (left, right) = (self.records.codes(a), self.records.codes(b));
        let mut pattern = 0;
        for at in 0..left.len() {
            pattern |= u64::from(self.level(at, left, right)) << (4 * at);
        }
        pattern
    }

    /// The level of one field.
    fn level(&mut self, at: usize, left: &[u32], right: &[u32]) -> u8 {
        let both = |at: usize| [left, right].map(|codes| codes.get(at).copied().unwrap_or(0));
        let [x, y] = both(at);
        let level = self
            .fields
            .get_mut(at)
            .map_or(MISSING, |field| field.level(x, y));
        if level == 5
            && let Some(Some((sibling, twins))) = self.siblings.get(at)
            && crossed([x, y], both(*sibling), twins)
        {
            return 4;
        }
        level
    }
}

/// Whether the surname of one is the given name of the other, and nothing speaks against it the other way round.
fn crossed(own: [u32; 2], other: [u32; 2], twins: &[u32]) -> bool {
    let twin = |value: u32| twins.get(value as usize).copied().unwrap_or(0);
    let same = |value: u32, there: u32| value != 0 && there != 0 && twin(value) == there;
    let not_against = |value: u32, there: u32| value == 0 || there == 0 || twin(value) == there;
    let ([x, y], [s, t]) = (own, other);
    (same(x, t) && not_against(y, s)) || (same(y, s) && not_against(x, t))
}

impl Remembered<'_> {
    /// The level, where the numbers of the values tell it.
    fn quickly(&self, a: u32, b: u32) -> Option<u8> {
        if a == 0 || b == 0 {
            Some(MISSING)
        } else {
            // The same date may be one without its day.
            (a == b && self.kind != Kind::Date).then_some(0)
        }
    }

    fn level(&mut self, a: u32, b: u32) -> u8 {
        if let Some(level) = self.quickly(a, b) {
            return level;
        }
        if self.known.len() == 1 {
            return self.compare(a, b);
        }
        let (a, b) = (a.min(b), a.max(b));
        if let Some(level) = recall(&self.known, a, b) {
            return level;
        }
        let level = self.compare(a, b);
        keep(&mut self.known, a, b, level);
        level
    }

    fn compare(&mut self, a: u32, b: u32) -> u8 {
        let texts = (self.values.texts.get(a), self.values.texts.get(b));
        match (self.kind, &self.values.more) {
            (Kind::Name | Kind::Surname | Kind::GivenName, _) => self.names(a, b),
            (Kind::Date, More::Dates(dates)) => {
                match (dates.get(a as usize), dates.get(b as usize)) {
                    (Some(a), Some(b)) => date(*a, *b),
                    _ => MISSING,
                }
            }
            (Kind::Year | Kind::Age, More::Numbers(numbers)) => {
                match (numbers.get(a as usize), numbers.get(b as usize)) {
                    (Some(a), Some(b)) => match a.abs_diff(*b) {
                        0 => 0,
                        1 => 1,
                        2 | 3 => 2,
                        _ => 3,
                    },
                    _ => MISSING,
                }
            }
            (Kind::Position, More::Positions(positions)) => {
                match (positions.get(a as usize), positions.get(b as usize)) {
                    (Some(a), Some(b)) => match kilometres(*a, *b) {
                        d if d <= 1.0 => 1,
                        d if d <= 10.0 => 2,
                        d if d <= 50.0 => 3,
                        _ => 4,
                    },
                    _ => MISSING,
                }
            }
            (Kind::Place, _) => self.places(a, b),
            (Kind::Identifier | Kind::Code, _) => 2 - u8::from(one_slip(texts.0, texts.1)),
            (Kind::Sex, _) => 1,
            _ => match jaro_winkler(texts.0, texts.1) {
                likeness if likeness >= 0.92 => 1,
                likeness if likeness >= 0.8 || shared_words(texts.0, texts.1) => 2,
                _ => 3,
            },
        }
    }

    fn names(&mut self, a: u32, b: u32) -> u8 {
        let mut best: Option<(bool, u8)> = None;
        for x in self.values.forms(a) {
            for y in self.values.forms(b) {
                let level = form_level(self.values, &mut self.readings, x, y);
                // In one script first: what stands in one script on both sides says more.
                let rank = (level >= 6, level);
                if best.is_none_or(|known| rank < known) {
                    best = Some(rank);
                }
            }
        }
        best.map_or(MISSING, |(_, level)| level)
    }

    fn places(&mut self, a: u32, b: u32) -> u8 {
        let texts = &self.values.texts;
        let (left, right) = (texts.get(a), texts.get(b));
        let script = |text: &str| names::fold::main_script(text);
        if script(left) != script(right) {
            return if self.readings.cost(texts, a, b) < NONE {
                4
            } else {
                5
            };
        }
        let holds = |more: &str, less: &str| {
            let mut words = more.split(' ');
            more.len() > less.len() && less.split(' ').all(|word| words.any(|w| w == word))
        };
        if holds(left, right) || holds(right, left) {
            1
        } else if jaro_winkler(left, right) >= 0.9 {
            2
        } else {
            3
        }
    }
}

fn form_level(values: &Values, readings: &mut Readings, x: &Form, y: &Form) -> u8 {
    let More::Names { parts, .. } = &values.more else {
        return MISSING;
    };
    if x.text == y.text {
        return 0;
    }
    let latin = |script: Script| matches!(script, Script::Letters | Script::Other);
    if x.script == y.script || (latin(x.script) && latin(y.script)) {
        if x.words == y.words {
            return 1;
        }
        let likeness = jaro_winkler(parts.get(x.text), parts.get(y.text));
        // Spellings of one sound have letters in common.
        if latin(x.script) && likeness > 0.5 && read_alike(parts, readings, x, y).0 <= USUAL {
            return 1;
        }
        return match likeness {
            likeness if likeness >= 0.92 => 2,
            likeness if likeness >= 0.8 => 3,
            _ => 5,
        };
    }
    match read_alike(parts, readings, x, y) {
        (cost, _) if cost <= USUAL => 6,
        (cost, _) if cost < u16::from(NONE) => 7,
        (_, true) => 8,
        _ => 9,
    }
}

/// What it costs to read two names alike, the cheapest order of their parts; and whether one part at least is.
fn read_alike(
    parts: &super::texts::Texts,
    readings: &mut Readings,
    x: &Form,
    y: &Form,
) -> (u16, bool) {
    let mut best = u16::from(NONE);
    let mut one = false;
    let orders = |form: &Form| {
        let last = (form.last_surname != 0).then_some((form.last_surname, form.last_given));
        [Some((form.surname, form.given)), last]
    };
    for (s, g) in orders(x).into_iter().flatten() {
        for (t, h) in orders(y).into_iter().flatten() {
            let mut part = |a: u32, b: u32| match (a, b) {
                (0, 0) => 0,
                (0, _) | (_, 0) => NONE,
                _ => readings.cost(parts, a, b),
            };
            let surname = part(s, t);
            if surname == NONE && s != 0 {
                continue;
            }
            one = true;
            let given = part(g, h);
            if given != NONE {
                best = best.min(u16::from(surname) + u16::from(given));
            }
        }
    }
    (best, one)
}

fn date(a: Written, b: Written) -> u8 {
    let (x, y) = (a.digits(), b.digits());
    let years = a.year().abs_diff(b.year());
    let vague = |date: u32| date.is_multiple_of(100);
    if vague(x) || vague(y) {
        let month = |date: u32| date / 100 % 100;
        let other_month = month(x) != 0 && month(y) != 0 && month(x) != month(y);
        return match years {
            0 if !other_month => 6,
            0 | 1 => 7,
            _ => 8,
        };
    }
    if x == y {
        return 0;
    }
    let parts = |date: u32| (date / 10_000, date / 100 % 100, date % 100);
    let ((year, month, day), (other_year, other_month, other_day)) = (parts(x), parts(y));
    if year == other_year && month == other_day && day == other_month {
        return 1;
    }
    if digit_slip(x, y) {
        return 2;
    }
    match years {
        0 => 3,
        1 => 4,
        _ => 5,
    }
}

/// One digit of eight differs, or two neighbours are changed round.
fn digit_slip(x: u32, y: u32) -> bool {
    let digits = |mut number: u32| {
        let mut out = [0u8; 8];
        for digit in out.iter_mut().rev() {
            *digit = (number % 10) as u8;
            number /= 10;
        }
        out
    };
    let (a, b) = (digits(x), digits(y));
    let mut apart = (0..8).filter(|at| a.get(*at) != b.get(*at));
    match (apart.next(), apart.next(), apart.next()) {
        (Some(_), None, _) => true,
        (Some(i), Some(j), None) => j == i + 1 && a.get(i) == b.get(j) && a.get(j) == b.get(i),
        _ => false,
    }
}

/// By the haversine on a sphere of 6,371 km.
fn kilometres(a: (f32, f32), b: (f32, f32)) -> f64 {
    let radians = |degrees: f32| f64::from(degrees).to_radians();
    let half = |x: f64| (x / 2.0).sin().powi(2);
    let (north, other) = (radians(a.0), radians(b.0));
    let chord = half(north - other) + north.cos() * other.cos() * half(radians(a.1) - radians(b.1));
    2.0 * 6_371.0 * chord.clamp(0.0, 1.0).sqrt().asin()
}

/// Whether half of the words of the one that has fewer (of two at least) stand in the other, too.
fn shared_words(a: &str, b: &str) -> bool {
    let count = |text: &str| text.split(' ').count();
    let fewer = count(a).min(count(b));
    let shared = a
        .split(' ')
        .filter(|word| b.split(' ').any(|w| w == *word))
        .count();
    fewer >= 2 && shared * 2 >= fewer
}

#[cfg(test)]
mod tests {
    use super::super::{Sheet, recognise};
    use super::*;

    /// The labels of two values under one heading.
    fn check(heading: &str, left: &str, right: &str, expected: &str) {
        let mut sheet = Sheet::new("list", [heading]);
        sheet.push([left]);
        sheet.push([right]);
        let (fields, _) = recognise(std::slice::from_ref(&sheet));
        let (records, _) = Records::new(std::slice::from_ref(&sheet), &fields);
        let mut comparer = Comparer::new(&records);
        let found = comparer.pattern(0, 1);
        assert_eq!(found, comparer.pattern(1, 0), "{left} | {right}");
        let label = records
            .fields
            .first()
            .and_then(|f| levels(f.kind).get(usize::try_from(found).unwrap()))
            .map_or("missing", |level| level.label);
        assert_eq!(label, expected, "{left} | {right}");
    }

    #[test]
    fn levels_of_values() {
        let alike = "read alike in two scripts";
        for (heading, left, right, expected) in [
            ("name", "Kim Chol Ho", "KIM CHOL-HO", "the same name"),
            ("name", "Kim Chol Ho", "김철호", alike),
            ("name", "金哲浩", "김철호", alike),
            ("name", "Cholho Kim", "김철호", alike),
            ("name", "金哲浩", "Jin Zhehao", alike),
            (
                "name",
                "김철수",
                "Kim Chol Ho",
                "one part is read alike in two scripts",
            ),
            ("name", "박영희", "Kim Chol Ho", "not read alike"),
            ("name", "John Smith", "김철호", "not read alike"),
            ("name", "Kim Chol Ho", "Gim Cheolho", NAME[1].label),
            ("name", "John Smith", "Smith, John", NAME[1].label),
            ("name", "Martha Smith", "Marhta Smith", "very alike"),
            ("name", "John Smith", "Mary Brown", "different names"),
            ("name", "김철호", "unknown", "missing"),
            ("dob", "1970-05-12", "12/05/1970", "the same day"),
            ("dob", "1970-05-12", "1970-12-05", DATE[1].label),
            ("dob", "1970-05-12", "1970-05-22", "one slip apart"),
            ("dob", "1970-05-12", "1970-08-30", "the same year"),
            (
                "dob",
                "1970-05-12",
                "1970-05",
                "the same, as far as both say",
            ),
            ("dob", "1970-05-12", "19700512", "the same day"),
            ("yob", "1970", "1971", "one apart"),
            (
                "place",
                "Dandong, Liaoning",
                "dandong",
                "one names the other among more",
            ),
            ("place", "Dandong", "丹东", alike),
            ("place", "Dandong", "Tumen", "other places"),
            (
                "coordinates",
                "41.70, 129.20",
                "41.75, 129.21",
                "within 10 km",
            ),
            ("passport", "A 1234567", "a1234567", "the same"),
            ("passport", "A1234567", "A1234576", "one slip apart"),
            ("sex", "여", "Female", "the same"),
        ] {
            check(heading, left, right, expected);
        }
    }
}
