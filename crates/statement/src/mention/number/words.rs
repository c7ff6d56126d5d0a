//! The English words of numbers, as tables.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Bound;
use crate::mention::Sort;
use crate::mention::run::Run;
use crate::text::word_hash;

/// What an English word says in a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spelled {
    /// one to nineteen.
    Small(f64),
    /// twenty to ninety.
    Ten(f64),
    Hundred,
    /// thousand, million, …; dozen counts here as well.
    Scale(f64),
    /// dozens, hundreds, …: from, to, and what one of them is.
    Plural(f64, f64, f64),
    /// several, a few, many before a scale.
    Several,
    Half,
    /// "a", "an" before a scale.
    Article,
}

const SPELLED: &[(&str, Spelled)] = &[
    ("one", Spelled::Small(1.0)),
    ("two", Spelled::Small(2.0)),
    ("three", Spelled::Small(3.0)),
    ("four", Spelled::Small(4.0)),
    ("five", Spelled::Small(5.0)),
    ("six", Spelled::Small(6.0)),
    ("seven", Spelled::Small(7.0)),
    ("eight", Spelled::Small(8.0)),
    ("nine", Spelled::Small(9.0)),
    ("ten", Spelled::Small(10.0)),
    ("eleven", Spelled::Small(11.0)),
    ("twelve", Spelled::Small(12.0)),
    ("thirteen", Spelled::Small(13.0)),
    ("fourteen", Spelled::Small(14.0)),
    ("fifteen", Spelled::Small(15.0)),
    ("sixteen", Spelled::Small(16.0)),
    ("seventeen", Spelled::Small(17.0)),
    ("eighteen", Spelled::Small(18.0)),
    ("nineteen", Spelled::Small(19.0)),
    ("twenty", Spelled::Ten(20.0)),
    ("thirty", Spelled::Ten(30.0)),
    ("forty", Spelled::Ten(40.0)),
    ("fourty", Spelled::Ten(40.0)),
    ("fifty", Spelled::Ten(50.0)),
    ("sixty", Spelled::Ten(60.0)),
    ("seventy", Spelled::Ten(70.0)),
    ("eighty", Spelled::Ten(80.0)),
    ("ninety", Spelled::Ten(90.0)),
    ("hundred", Spelled::Hundred),
    ("dozen", Spelled::Scale(12.0)),
    ("thousand", Spelled::Scale(1.0e3)),
    ("million", Spelled::Scale(1.0e6)),
    ("billion", Spelled::Scale(1.0e9)),
    ("trillion", Spelled::Scale(1.0e12)),
    ("tens", Spelled::Plural(20.0, 99.0, 10.0)),
    ("dozens", Spelled::Plural(24.0, 99.0, 12.0)),
    ("scores", Spelled::Plural(40.0, 99.0, 20.0)),
    ("hundreds", Spelled::Plural(200.0, 999.0, 100.0)),
    ("thousands", Spelled::Plural(2000.0, 9999.0, 1.0e3)),
    ("millions", Spelled::Plural(2.0e6, 9_999_999.0, 1.0e6)),
    ("billions", Spelled::Plural(2.0e9, 9_999_999_999.0, 1.0e9)),
    ("several", Spelled::Several),
    ("few", Spelled::Several),
    ("couple", Spelled::Several),
    ("many", Spelled::Several),
    ("half", Spelled::Half),
    ("a", Spelled::Article),
    ("an", Spelled::Article),
];

/// Words before a number that bound it. What they are made of belongs to the number.
pub(super) const BEFORE: &[(&str, Bound)] = &[
    ("about", Bound::Approx),
    ("around", Bound::Approx),
    ("approximately", Bound::Approx),
    ("approx", Bound::Approx),
    ("approx .", Bound::Approx),
    ("roughly", Bound::Approx),
    ("some", Bound::Approx),
    ("circa", Bound::Approx),
    ("ca .", Bound::Approx),
    ("estimated", Bound::Approx),
    ("an estimated", Bound::Approx),
    ("a reported", Bound::Approx),
    ("perhaps", Bound::Approx),
    ("maybe", Bound::Approx),
    ("something like", Bound::Approx),
    ("on the order of", Bound::Approx),
    ("in the region of", Bound::Approx),
    ("in the order of", Bound::Approx),
    ("in the neighborhood of", Bound::Approx),
    ("~", Bound::Approx),
    ("≈", Bound::Approx),
    ("close to", Bound::Below),
    ("nearly", Bound::Below),
    ("almost", Bound::Below),
    ("approaching", Bound::Below),
    ("nearing", Bound::Below),
    ("just under", Bound::Below),
    ("slightly under", Bound::Below),
    ("slightly less than", Bound::Below),
    ("slightly fewer than", Bound::Below),
    ("a little under", Bound::Below),
    ("a little less than", Bound::Below),
    ("just short of", Bound::Below),
    ("just shy of", Bound::Below),
    ("not quite", Bound::Below),
    ("more than", Bound::MoreThan),
    ("many more than", Bound::MoreThan),
    ("far more than", Bound::MoreThan),
    ("much more than", Bound::MoreThan),
    ("well more than", Bound::MoreThan),
    ("significantly more than", Bound::MoreThan),
    ("slightly more than", Bound::MoreThan),
    ("a little more than", Bound::MoreThan),
    ("just more than", Bound::MoreThan),
    ("greater than", Bound::MoreThan),
    ("larger than", Bound::MoreThan),
    ("higher than", Bound::MoreThan),
    ("over", Bound::MoreThan),
    ("well over", Bound::MoreThan),
    ("far over", Bound::MoreThan),
    ("just over", Bound::MoreThan),
    ("slightly over", Bound::MoreThan),
    ("a little over", Bound::MoreThan),
    ("above", Bound::MoreThan),
    ("well above", Bound::MoreThan),
    ("in excess of", Bound::MoreThan),
    ("upwards of", Bound::MoreThan),
    ("upward of", Bound::MoreThan),
    ("north of", Bound::MoreThan),
    ("exceeding", Bound::MoreThan),
    ("exceeded", Bound::MoreThan),
    ("exceeds", Bound::MoreThan),
    ("exceed", Bound::MoreThan),
    ("surpassing", Bound::MoreThan),
    ("surpassed", Bound::MoreThan),
    (">", Bound::MoreThan),
    ("at least", Bound::AtLeast),
    ("at a minimum", Bound::AtLeast),
    ("at the very least", Bound::AtLeast),
    ("a minimum of", Bound::AtLeast),
    ("minimum of", Bound::AtLeast),
    ("minimum", Bound::AtLeast),
    ("no fewer than", Bound::AtLeast),
    ("no less than", Bound::AtLeast),
    ("not fewer than", Bound::AtLeast),
    ("not less than", Bound::AtLeast),
    ("as few as", Bound::AtLeast),
    ("as little as", Bound::AtLeast),
    ("≥", Bound::AtLeast),
    ("up to", Bound::AtMost),
    ("as many as", Bound::AtMost),
    ("as much as", Bound::AtMost),
    ("as high as", Bound::AtMost),
    ("at most", Bound::AtMost),
    ("at the most", Bound::AtMost),
    ("no more than", Bound::AtMost),
    ("not more than", Bound::AtMost),
    ("no greater than", Bound::AtMost),
    ("not exceeding", Bound::AtMost),
    ("a maximum of", Bound::AtMost),
    ("maximum of", Bound::AtMost),
    ("≤", Bound::AtMost),
    ("fewer than", Bound::LessThan),
    ("less than", Bound::LessThan),
    ("lower than", Bound::LessThan),
    ("far fewer than", Bound::LessThan),
    ("well under", Bound::LessThan),
    ("under", Bound::LessThan),
    ("below", Bound::LessThan),
    ("<", Bound::LessThan),
];

/// Words behind a number that bound it.
pub(super) const BEHIND: &[(&str, Bound)] = &[
    ("or more", Bound::AtLeast),
    ("and more", Bound::AtLeast),
    ("or greater", Bound::AtLeast),
    ("or higher", Bound::AtLeast),
    ("or above", Bound::AtLeast),
    ("and above", Bound::AtLeast),
    ("and over", Bound::AtLeast),
    ("or over", Bound::AtLeast),
    ("or older", Bound::AtLeast),
    ("at least", Bound::AtLeast),
    ("at the least", Bound::AtLeast),
    ("at a minimum", Bound::AtLeast),
    ("+", Bound::AtLeast),
    ("- plus", Bound::AtLeast),
    ("plus", Bound::AtLeast),
    ("or fewer", Bound::AtMost),
    ("or less", Bound::AtMost),
    ("and under", Bound::AtMost),
    ("or under", Bound::AtMost),
    ("or younger", Bound::AtMost),
    ("at most", Bound::AtMost),
    ("at the most", Bound::AtMost),
    ("or so", Bound::Approx),
    ("- odd", Bound::MinApprox),
    ("odd", Bound::MinApprox),
];

/// Between a lower and an upper bound: "at least 50 but no more than 80".
pub(super) const BUT: &[(&str, Bound)] = &[
    ("but no more than", Bound::AtMost),
    ("but not more than", Bound::AtMost),
    ("and no more than", Bound::AtMost),
    ("and not more than", Bound::AtMost),
    ("and at most", Bound::AtMost),
    ("but at most", Bound::AtMost),
    ("and up to", Bound::AtMost),
    ("and possibly up to", Bound::AtMost),
    ("and as many as", Bound::AtMost),
    ("but fewer than", Bound::LessThan),
    ("but less than", Bound::LessThan),
    ("and fewer than", Bound::LessThan),
    ("and less than", Bound::LessThan),
];

/// Currencies behind a number.
pub(super) const CURRENCIES: &[(&str, &str)] = &[
    ("us dollars", "USD"),
    ("u . s . dollars", "USD"),
    ("american dollars", "USD"),
    ("united states dollars", "USD"),
    ("hong kong dollars", "HKD"),
    ("canadian dollars", "CAD"),
    ("australian dollars", "AUD"),
    ("dollars", "USD"),
    ("dollar", "USD"),
    ("usd", "USD"),
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("eur", "EUR"),
    ("pounds sterling", "GBP"),
    ("british pounds", "GBP"),
    ("gbp", "GBP"),
    ("yuan", "CNY"),
    ("chinese yuan", "CNY"),
    ("yuan renminbi", "CNY"),
    ("renminbi", "CNY"),
    ("rmb", "CNY"),
    ("cny", "CNY"),
    ("won", "KRW"),
    ("south korean won", "KRW"),
    ("korean won", "KRW"),
    ("krw", "KRW"),
    ("north korean won", "KPW"),
    ("kpw", "KPW"),
    ("yen", "JPY"),
    ("japanese yen", "JPY"),
    ("jpy", "JPY"),
    ("rubles", "RUB"),
    ("roubles", "RUB"),
    ("russian rubles", "RUB"),
    ("rub", "RUB"),
    ("baht", "THB"),
    ("thai baht", "THB"),
    ("swiss francs", "CHF"),
    ("chf", "CHF"),
    ("hkd", "HKD"),
    ("rupees", "INR"),
    ("dong", "VND"),
    ("tugrik", "MNT"),
];

/// Currencies before a number; letters before a sign belong to it.
pub(super) const SIGNS: &[(&str, &str)] = &[
    ("$", "USD"),
    ("us $", "USD"),
    ("u . s . $", "USD"),
    ("usd", "USD"),
    ("usd $", "USD"),
    ("hk $", "HKD"),
    ("hkd", "HKD"),
    ("a $", "AUD"),
    ("au $", "AUD"),
    ("c $", "CAD"),
    ("ca $", "CAD"),
    ("nt $", "TWD"),
    ("s $", "SGD"),
    ("€", "EUR"),
    ("eur", "EUR"),
    ("£", "GBP"),
    ("gbp", "GBP"),
    ("¥", "CNY"),
    ("￥", "CNY"),
    ("rmb", "CNY"),
    ("rmb ¥", "CNY"),
    ("cny", "CNY"),
    ("cn ¥", "CNY"),
    ("₩", "KRW"),
    ("krw", "KRW"),
    ("kpw", "KPW"),
    ("jpy", "JPY"),
    ("jp ¥", "JPY"),
    ("₽", "RUB"),
    ("rub", "RUB"),
    ("chf", "CHF"),
];

/// Units of measure; they say the sort and do not belong to the number.
const MEASURES: &[(&str, &str)] = &[
    ("year", "year"),
    ("years", "year"),
    ("yr", "year"),
    ("yrs", "year"),
    ("month", "month"),
    ("months", "month"),
    ("week", "week"),
    ("weeks", "week"),
    ("day", "day"),
    ("days", "day"),
    ("night", "day"),
    ("nights", "day"),
    ("hour", "hour"),
    ("hours", "hour"),
    ("hrs", "hour"),
    ("minute", "minute"),
    ("minutes", "minute"),
    ("second", "second"),
    ("seconds", "second"),
    ("decade", "decade"),
    ("decades", "decade"),
    ("century", "century"),
    ("centuries", "century"),
    ("ton", "ton"),
    ("tons", "ton"),
    ("tonne", "ton"),
    ("tonnes", "ton"),
    ("mt", "ton"),
    ("kg", "kg"),
    ("kgs", "kg"),
    ("kilo", "kg"),
    ("kilos", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("kilogramme", "kg"),
    ("kilogrammes", "kg"),
    ("gram", "g"),
    ("grams", "g"),
    ("pound", "pound"),
    ("pounds", "pound"),
    ("lb", "pound"),
    ("lbs", "pound"),
    ("km", "km"),
    ("kms", "km"),
    ("kilometer", "km"),
    ("kilometers", "km"),
    ("kilometre", "km"),
    ("kilometres", "km"),
    ("meter", "m"),
    ("meters", "m"),
    ("metre", "m"),
    ("metres", "m"),
    ("mile", "mile"),
    ("miles", "mile"),
    ("cm", "cm"),
    ("centimeters", "cm"),
    ("centimetres", "cm"),
    ("feet", "foot"),
    ("foot", "foot"),
    ("inches", "inch"),
    ("hectare", "ha"),
    ("hectares", "ha"),
    ("acre", "acre"),
    ("acres", "acre"),
    ("liters", "l"),
    ("litres", "l"),
    ("barrels", "barrel"),
    ("teu", "TEU"),
    ("degrees", "degree"),
];

/// Words between a number and its unit of measure.
pub(super) const BEFORE_MEASURE: &[&str] = &[
    "metric",
    "square",
    "nautical",
    "cubic",
    "gross",
    "short",
    "long",
    "calendar",
    "full",
    "consecutive",
    "additional",
    "more",
    "straight",
    "whole",
    "working",
];

/// The parts of a whole: "two-thirds".
pub(super) const PARTS: &[(&str, f64)] = &[
    ("half", 2.0),
    ("halves", 2.0),
    ("third", 3.0),
    ("thirds", 3.0),
    ("quarter", 4.0),
    ("quarters", 4.0),
    ("fourth", 4.0),
    ("fourths", 4.0),
    ("fifth", 5.0),
    ("fifths", 5.0),
    ("sixth", 6.0),
    ("sixths", 6.0),
    ("seventh", 7.0),
    ("sevenths", 7.0),
    ("eighth", 8.0),
    ("eighths", 8.0),
    ("ninth", 9.0),
    ("ninths", 9.0),
    ("tenth", 10.0),
    ("tenths", 10.0),
];

static SPELLED_BY_HASH: LazyLock<FxHashMap<u32, (&'static str, Spelled)>> = LazyLock::new(|| {
    SPELLED
        .iter()
        .map(|(word, value)| (word_hash(word.as_bytes()), (*word, *value)))
        .collect()
});

/// Words that may begin a number though they are none: marks of money and "half".
static SIGN_FIRST: LazyLock<FxHashSet<u32>> = LazyLock::new(|| {
    SIGNS
        .iter()
        .filter_map(|(sign, _)| sign.split(' ').next())
        .map(|word| word_hash(word.as_bytes()))
        .collect()
});

static MEASURE_BY_HASH: LazyLock<FxHashMap<u32, (&'static str, &'static str)>> =
    LazyLock::new(|| {
        MEASURES
            .iter()
            .map(|(word, unit)| (word_hash(word.as_bytes()), (*word, *unit)))
            .collect()
    });

/// What the word at `at` says in a number.
pub(super) fn spelled(run: &Run<'_, '_>, at: usize) -> Option<Spelled> {
    let (word, value) = SPELLED_BY_HASH.get(&run.token(at)?.hash)?;
    run.is(at, word).then_some(*value)
}

/// A sign or code of money that begins at `at`: where it ends and the currency.
pub(super) fn sign(run: &Run<'_, '_>, at: usize) -> Option<(usize, &'static str)> {
    if !SIGN_FIRST.contains(&run.token(at)?.hash) {
        return None;
    }
    run.phrase_at(at, SIGNS).map(|(end, unit)| (end, *unit))
}

/// The unit of measure at `at`.
pub(super) fn measure(run: &Run<'_, '_>, at: usize) -> Option<(&'static str, Sort)> {
    let (word, unit) = MEASURE_BY_HASH.get(&run.token(at)?.hash)?;
    run.is(at, word).then_some((unit, Sort::Measure))
}
