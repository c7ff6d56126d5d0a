//! What a description of goods says of species and form, in words of the trade.
//!
//! Only what is in the tables is told; what is not stays unknown, which rules nothing out.

use supply::Form;

/// One word for a group of species, and the words and scientific names that mean one of it.
const SPECIES: &[(&str, &[&str])] = &[
    (
        "squid",
        &[
            "squid",
            "illex",
            "dosidicus",
            "todarodes",
            "loligo",
            "doryteuthis",
            "ommastrephes",
            "calamari",
            "calamar",
            "오징어",
            "鱿鱼",
            "魷魚",
            "乌贼",
        ],
    ),
    ("octopus", &["octopus", "문어", "낙지", "章鱼"]),
    (
        "pollock",
        &[
            "pollock",
            "pollack",
            "gadus chalcogrammus",
            "theragra",
            "명태",
            "동태",
            "明太鱼",
            "狭鳕",
            "明太魚",
        ],
    ),
    (
        "cod",
        &[
            "cod",
            "gadus morhua",
            "gadus macrocephalus",
            "대구",
            "鳕鱼",
            "鱈魚",
        ],
    ),
    (
        "salmon",
        &[
            "salmon",
            "salmo salar",
            "oncorhynchus",
            "연어",
            "三文鱼",
            "鲑鱼",
            "大马哈鱼",
        ],
    ),
    (
        "tuna",
        &[
            "tuna",
            "thunnus",
            "katsuwonus",
            "skipjack",
            "참치",
            "다랑어",
            "金枪鱼",
            "金槍魚",
        ],
    ),
    (
        "shrimp",
        &[
            "shrimp",
            "prawn",
            "prawns",
            "shrimps",
            "penaeus",
            "litopenaeus",
            "새우",
            "虾",
            "蝦",
        ],
    ),
    (
        "crab",
        &[
            "crab",
            "crabmeat",
            "chionoecetes",
            "portunus",
            "대게",
            "꽃게",
            "蟹",
        ],
    ),
    (
        "clam",
        &["clam", "clams", "ruditapes", "바지락", "조개", "蛤", "蛤蜊"],
    ),
    ("scallop", &["scallop", "scallops", "가리비", "扇贝"]),
    (
        "mackerel",
        &["mackerel", "scomber", "고등어", "鲭鱼", "鯖魚"],
    ),
    ("haddock", &["haddock", "melanogrammus"]),
    (
        "flounder",
        &["flounder", "sole", "plaice", "가자미", "鲽鱼"],
    ),
    ("herring", &["herring", "clupea", "청어", "鲱鱼"]),
    ("cotton", &["cotton", "gossypium", "면화", "棉花"]),
];

/// The first form whose words stand in a description holds: how goods were worked last is told first.
const FORMS: &[(Form, &[&str])] = &[
    (
        Form::Meal,
        &["fishmeal", "fish meal", "meal", "어분", "鱼粉"],
    ),
    (Form::Oil, &["fish oil", "oil", "어유", "鱼油"]),
    (
        Form::Prepared,
        &[
            "breaded",
            "canned",
            "cooked",
            "prepared",
            "battered",
            "seasoned",
            "조미",
            "통조림",
            "罐头",
            "调味",
            "裹粉",
        ],
    ),
    (
        Form::Cured,
        &[
            "dried", "salted", "smoked", "cured", "건조", "마른", "훈제", "干", "熏",
        ],
    ),
    (Form::Minced, &["surimi", "minced", "mince", "연육", "鱼糜"]),
    (
        Form::Cut,
        &[
            "rings", "ring", "strips", "strip", "portions", "portion", "cuts", "steaks", "steak",
            "圈", "块",
        ],
    ),
    (
        Form::Fillet,
        &[
            "fillet", "fillets", "filet", "filets", "loin", "loins", "tube", "tubes", "필렛",
            "필레", "鱼片", "鱼柳",
        ],
    ),
    (
        Form::Gutted,
        &[
            "gutted", "h&g", "hgt", "headless", "dressed", "절단", "去头",
        ],
    ),
    (
        Form::Whole,
        &[
            "whole",
            "whole round",
            "round",
            "원양",
            "통",
            "整条",
            "原条",
        ],
    ),
    (Form::Live, &["live", "alive", "활", "活"]),
];

fn stands_in(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !letter(before) && !letter(after)
    })
}

/// The group of species that a text names; `None` if it names none or several.
#[must_use]
pub fn species(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let mut named = SPECIES
        .iter()
        .filter(|(_, words)| words.iter().any(|word| stands_in(&lower, word)));
    let first = named.next()?;
    named.next().is_none().then_some(first.0)
}

/// The form that a text names.
#[must_use]
pub fn form(text: &str) -> Option<Form> {
    let lower = text.to_lowercase();
    let named = FORMS
        .iter()
        .find(|(_, words)| words.iter().any(|word| stands_in(&lower, word)));
    named.map(|(form, _)| *form)
}

/// A product from what a record says: the species of its own field before that of the description.
#[must_use]
pub fn product(
    species_named: Option<&str>,
    description: Option<&str>,
    hs: Option<&str>,
) -> Option<supply::Product> {
    let species = species_named
        .and_then(species)
        .or_else(|| description.and_then(species));
    let product = supply::Product {
        species: species.map(Into::into),
        form: description.and_then(form),
        hs: hs.and_then(|code| supply::Hs::parse(code, None)),
    };
    (product != supply::Product::default()).then_some(product)
}
