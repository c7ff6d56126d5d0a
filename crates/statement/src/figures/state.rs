//! States that confirm an event, and figures that are kept back.

use casefile::statement::{Event, Modality, Statement};

use super::Told;

/// Words of those who speak for a state.
const STATES: &[&str] = &[
    "ministry",
    "foreign ministry",
    "government",
    "authorities",
    "spokesperson for the",
    "minister",
    "state department",
    "embassy",
    "통일부",
    "외교부",
    "정부",
    "당국",
    "법무부",
    "外交部",
    "政府",
    "当局",
    "统一部",
    "公安部",
];

/// Words with which somebody confirms what others have told.
const CONFIRMING: &[&str] = &[
    "confirm",
    "acknowledg",
    "admit",
    "appears to be true",
    "확인했",
    "확인한",
    "인정",
    "사실로",
    "证实",
    "承认",
    "确认",
];

/// Words for a number, and words for keeping it back.
const NUMBERS: &[&str] = &[
    "how many", "number", "figure", "scale", "total", "규모", "숫자", "인원", "몇 명", "人数",
    "数字", "数量", "多少",
];
const KEPT_BACK: &[&str] = &[
    "not confirm",
    "not say",
    "not give",
    "not know",
    "not disclose",
    "not provide",
    "not specify",
    "declin",
    "withh",
    "unable",
    "without giving",
    "refus",
    "확인할 수 없",
    "밝히지",
    "공개하지",
    "알 수 없",
    "没有公布",
    "未公布",
    "未透露",
    "没有透露",
    "拒绝",
    "无法确认",
    "不清楚",
];
/// Many, and nobody says how many.
const MANY: &[&str] = &[
    "large number",
    "many ",
    "a number of",
    "다수",
    "一批",
    "大批",
    "许多",
];

/// Events whose people are counted: without a number they are still worth a row.
pub const COUNTED: [Event; 10] = [
    Event::Repatriation,
    Event::Deportation,
    Event::Detention,
    Event::Arrest,
    Event::Execution,
    Event::Trafficking,
    Event::Release,
    Event::Transfer,
    Event::ForcedTransfer,
    Event::Arrival,
];

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Whether the words leave a number out: "many", "declined to say how many".
pub(super) fn tells_no_number(s: &Statement) -> bool {
    let quote = s.quote.to_lowercase();
    let kept = any(&quote, KEPT_BACK) && any(&quote, NUMBERS);
    kept || any(&quote, MANY) || quote.contains("not confirm")
}

/// Whether a state says so, and confirms it: as the one who tells, or in a text of its own.
pub(super) fn confirms(told: &Told) -> bool {
    let s = &told.statement;
    if !s.modality.is_fact() {
        return false;
    }
    let own = told.publisher.as_deref().unwrap_or("").to_lowercase();
    let quote = s.quote.to_lowercase();
    if s.attribution.is_empty() {
        return any(&own, STATES) && any(&quote, CONFIRMING);
    }
    s.attribution.iter().any(|step| {
        let who = step
            .source
            .quote()
            .map_or("", |q| q.text.as_str())
            .to_lowercase();
        let cue = step
            .cue
            .as_ref()
            .map_or("", |q| q.text.as_str())
            .to_lowercase();
        any(&who, STATES) && (any(&cue, CONFIRMING) || any(&quote, CONFIRMING))
    })
}

/// Whether a statement without a number is a row among figures: people of a counted event, and a
/// state that confirms it or words that keep the number back.
pub(super) fn is_row(told: &Told) -> bool {
    let s = &told.statement;
    s.quantity.is_none()
        && COUNTED.contains(&s.event)
        && s.polarity == casefile::statement::Polarity::Positive
        && (s.modality.is_fact() || s.modality == Modality::Unconfirmed)
        && (confirms(told) || (tells_no_number(s) && !s.patient.is_empty()))
}
