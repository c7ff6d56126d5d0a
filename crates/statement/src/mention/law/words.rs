//! Words of English laws: heads, titles that are known whole, and what stands beside them.

use std::sync::LazyLock;

use crate::lexicon::Lexicon;

/// What a head may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// "… Act", "… Code": the title stands before it.
    After,
    /// "Convention on …": the title stands before or behind.
    Both,
    /// As [`Head::Both`], but only with words behind ("Principles on …", "Rules for …").
    Behind,
}

const HEADS: &[(&str, Head)] = &[
    ("act", Head::After),
    ("acts", Head::After),
    ("code", Head::After),
    ("bill", Head::After),
    ("ordinance", Head::After),
    ("amendment", Head::After),
    ("constitution", Head::After),
    ("compact", Head::After),
    ("decree", Head::Both),
    ("directive", Head::Both),
    ("law", Head::Both),
    ("convention", Head::Both),
    ("conventions", Head::Both),
    ("treaty", Head::Both),
    ("protocol", Head::Both),
    ("protocols", Head::Both),
    ("covenant", Head::Both),
    ("declaration", Head::Both),
    ("statute", Head::Both),
    ("charter", Head::Both),
    ("agreement", Head::Both),
    ("accord", Head::Both),
    ("accords", Head::Both),
    ("pact", Head::Both),
    ("regulation", Head::Both),
    ("regulations", Head::Both),
    ("provisions", Head::Behind),
    ("measures", Head::Behind),
    ("principles", Head::Behind),
    ("rules", Head::Behind),
];

/// Titles and short names that are known whole, in any case but with a first capital.
const KNOWN: &[&str] = &[
    "Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment",
    "Convention against Torture and Other Cruel, Inhuman and Degrading Treatment or Punishment",
    "UN Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment",
    "Convention against Torture",
    "UN Convention against Torture",
    "U.N. Convention against Torture",
    "United Nations Convention against Torture",
    "Convention relating to the Status of Refugees",
    "UN Convention relating to the Status of Refugees",
    "United Nations Convention relating to the Status of Refugees",
    "Convention on the Status of Refugees",
    "Protocol relating to the Status of Refugees",
    "Convention on the Elimination of All Forms of Discrimination against Women",
    "Convention on the Elimination of All Forms of Racial Discrimination",
    "International Convention on the Elimination of All Forms of Racial Discrimination",
    "International Convention for the Protection of All Persons from Enforced Disappearance",
    "International Covenant on Civil and Political Rights",
    "International Covenant on Economic, Social and Cultural Rights",
    "International Covenant on Economic, Social, and Cultural Rights",
    "Convention on the Rights of the Child",
    "Convention on the Prevention and Punishment of the Crime of Genocide",
    "Genocide Convention",
    "Universal Declaration of Human Rights",
    "Geneva Conventions",
    "Rome Statute",
    "Rome Statute of the International Criminal Court",
    "Vienna Convention on Consular Relations",
    "Vienna Convention on Diplomatic Relations",
    "Vienna Convention on the Law of Treaties",
    "Convention on the Law of the Sea",
    "UN Convention on the Law of the Sea",
    "United Nations Convention on the Law of the Sea",
    "UN Guiding Principles on Business and Human Rights",
    "Guiding Principles on Business and Human Rights",
    "Nelson Mandela Rules",
    "Mandela Rules",
    "Bangkok Rules",
    "Istanbul Protocol",
    "Minnesota Protocol",
    "Port State Measures Agreement",
    "Agreement on Port State Measures",
    "Charter of the United Nations",
    "UN Charter",
    "U.N. Charter",
    "United Nations Charter",
    "Magnitsky Act",
    "Global Magnitsky",
    "Patriot Act",
    "USA PATRIOT Act",
    "Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children",
    "Law on the Guarantee of Women's Rights",
    "Law on Rejecting Reactionary Ideology and Culture",
    "Reactionary Ideology and Culture Rejection Act",
    "Forced Labour Convention",
    "Abolition of Forced Labour Convention",
    "Worst Forms of Child Labour Convention",
    "Work in Fishing Convention",
    "Maritime Labour Convention",
    "Hague Convention",
    "Bill of Rights",
];

/// Acronyms that name a law wherever they stand.
pub(super) const ACRONYMS: &[&str] = &[
    "UFLPA", "CAATSA", "NKHRA", "NKHRRA", "UDHR", "ICCPR", "ICESCR", "CEDAW", "ICERD", "UNCAT",
    "UNCRC", "UNCLOS", "TVPA", "TVPRA", "IEEPA", "NDAA", "NKSPEA", "INKSNA", "USMCA", "NAFTA",
    "FOIA", "GSPA", "ICPPED",
];

/// Small words inside a title.
const JOINTS: &[&str] = &[
    "of",
    "and",
    "for",
    "against",
    "on",
    "in",
    "to",
    "or",
    "with",
    "through",
    "by",
    "from",
    "relating",
    "concerning",
    "regarding",
    "between",
    "at",
    "into",
    "under",
];

/// What opens the part behind a head.
pub(super) const OPENERS: &[&str] = &[
    "on",
    "against",
    "for",
    "of",
    "relating",
    "concerning",
    "regarding",
    "to",
    "between",
    "governing",
    "prohibiting",
];

/// Capital words that are no part of a title before it.
const STOPS: &[&str] = &[
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "its",
    "their",
    "his",
    "her",
    "our",
    "under",
    "in",
    "on",
    "by",
    "for",
    "to",
    "from",
    "of",
    "and",
    "or",
    "with",
    "when",
    "while",
    "since",
    "as",
    "at",
    "both",
    "although",
    "if",
    "after",
    "before",
    "see",
    "article",
    "articles",
    "section",
    "sections",
    "title",
    "chapter",
    "part",
    "paragraph",
    "through",
    "according",
    "pursuant",
    "per",
    "also",
    "but",
    "such",
    "any",
    "no",
    "each",
    "which",
    "congress",
    "signed",
    "sign",
    "passed",
    "i",
    "we",
    "they",
    "he",
    "she",
    "it",
    "s",
    "pass",
    "support",
    "enforce",
    "using",
];

/// Words before "Law" that make it a body of law rather than a law.
pub(super) const NO_LAW: &[&str] = &[
    "international",
    "humanitarian",
    "human rights",
    "domestic",
    "customary",
    "federal",
    "common",
    "case",
    "public",
    "martial",
    "islamic",
    "sharia",
    "rights",
    "maritime",
    "state",
    "refugee",
    "national",
    "local",
    "chinese",
    "korean",
    "american",
    "of",
    "mr",
    "ms",
    "dr",
];

/// Words before other heads that make them no law.
pub(super) const NO_TITLE: &[&str] = &[
    "code",
    "zip",
    "postal",
    "area",
    "country",
    "dress",
    "source",
    "qr",
    "post",
    "morse",
    "da",
    "democratic national",
    "republican national",
    "national",
    "annual",
    "trade",
    "framework",
    "party",
];

pub(super) static HEAD: LazyLock<Lexicon<Head>> =
    LazyLock::new(|| Lexicon::new(HEADS.iter().copied()));
pub(super) static TITLES: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(KNOWN.iter().map(|t| (*t, ()))));
pub(super) static SMALL: LazyLock<Lexicon<Small>> = LazyLock::new(|| {
    let joints = JOINTS.iter().map(|w| (*w, Small::Joint));
    let articles = ["the", "a", "an", "other", "all", "its", "their"].map(|w| (w, Small::Article));
    Lexicon::new(joints.chain(articles))
});
pub(super) static STOP: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(STOPS.iter().map(|w| (*w, ()))));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Small {
    Joint,
    Article,
}
