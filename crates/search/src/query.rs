//! The query language: words, `"phrases"`, `AND OR NOT ( )`, `-word`, `word*`, `word~1`,
//! `"a b"~5`, `field:value`.

use std::fmt;

use casefile::ApproxDate;

use crate::pattern::{self, Pattern, Reading, Slot};
use crate::words::Stems;

/// A query that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub(crate) root: Node,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Everything,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Leaf(Leaf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leaf {
    Text(Target, Pattern),
    /// The value of a field with few values, in the form of [`crate::schema::key`].
    Key(Key, Glob),
    /// Days as `yyyymmdd`, inclusive; the document's date may lie between them.
    Published(u32, u32),
    Path(Glob),
}

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Anywhere,
    Title,
    Path,
    Author,
    Sender,
    Recipient,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Source,
    Language,
    Type,
    Year,
    Outcome,
    Format,
}

/// A value in which `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    /// The stretches between the stars; one stretch is a whole value.
    pub(crate) parts: Vec<String>,
}

/// A query is faulty. `at` and `len` say where, in `char`s of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    pub at: usize,
    pub len: usize,
    pub message: String,
    pub hint: Option<String>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.message, self.at + 1)
    }
}

impl std::error::Error for QueryError {}

/// The names that may stand before a colon.
pub const FIELDS: [&str; 14] = [
    "source",
    "lang",
    "type",
    "published",
    "path",
    "title",
    "outcome",
    "author",
    "from",
    "to",
    "year",
    "format",
    "language",
    "date",
];

const LONGEST: usize = 4_000;
const DEEPEST: usize = 40;
const MOST_CLAUSES: usize = 200;
const MOST_SLOP: u32 = 1_000;

/// Understands a query. An empty query finds every document.
///
/// # Errors
/// The query is faulty: the error says where, and what may have been meant.
pub fn parse(query: &str) -> Result<Query, QueryError> {
    let chars: Vec<char> = query.chars().collect();
    let mut parser = Parser {
        chars: &chars,
        at: 0,
        depth: 0,
        clauses: 0,
        stems: Stems::default(),
    };
    if chars.len() > LONGEST {
        return Err(fault(
            LONGEST,
            chars.len() - LONGEST,
            "the query is too long",
            "use fewer words",
        ));
    }
    let root = parser.any()?;
    if let Some(c) = parser.peek() {
        let hint = if c == ')' {
            "remove it or add `(` before"
        } else {
            "put it in quotes"
        };
        return Err(fault(
            parser.at,
            1,
            format!("`{c}` was not expected here"),
            hint,
        ));
    }
    Ok(Query {
        root: root.unwrap_or(Node::Everything),
    })
}

fn fault(at: usize, len: usize, message: impl Into<String>, hint: impl Into<String>) -> QueryError {
    QueryError {
        at,
        len,
        message: message.into(),
        hint: Some(hint.into()),
    }
}

struct Parser<'q> {
    chars: &'q [char],
    at: usize,
    depth: usize,
    clauses: usize,
    stems: Stems,
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '“' | '”' | '„' | '＂' | '«' | '»' | '「' | '」' | '『' | '』'
    )
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

enum Operator {
    And,
    Or,
    Not,
}

impl Parser<'_> {
    fn skip(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| is_space(*c)) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.skip();
        self.chars
            .get(self.at)
            .copied()
            .map(|c| if is_close(c) { ')' } else { c })
    }

    /// The operator that stands here, and where it ends.
    fn operator(&mut self) -> Option<(Operator, usize)> {
        self.skip();
        for (word, operator) in [
            ("AND", Operator::And),
            ("OR", Operator::Or),
            ("NOT", Operator::Not),
        ] {
            let end = self.at + word.len();
            let here = self
                .chars
                .get(self.at..end)
                .is_some_and(|c| c.iter().copied().eq(word.chars()));
            let ends = self
                .chars
                .get(end)
                .is_none_or(|c| is_space(*c) || is_open(*c) || is_close(*c) || is_quote(*c));
            if here && ends {
                return Some((operator, end));
            }
        }
        None
    }

    /// `None` where nothing but marks without letters stood.
    fn any(&mut self) -> Result<Option<Node>, QueryError> {
        let mut choices = Vec::new();
        let mut missing = None;
        loop {
            let before = self.at;
            let node = self.all()?;
            match (node, missing) {
                (Some(node), _) => choices.push(node),
                (None, Some((at, len))) => {
                    return Err(fault(
                        at,
                        len,
                        "nothing follows `OR`",
                        "add a word after it, or put it in quotes to search for the word",
                    ));
                }
                (None, None) => {
                    if let Some((Operator::Or, end)) = self.operator() {
                        return Err(fault(
                            self.at,
                            end - self.at,
                            "nothing stands before `OR`",
                            "add a word before it, or put it in quotes to search for the word",
                        ));
                    }
                    self.at = self.at.max(before);
                }
            }
            match self.operator() {
                Some((Operator::Or, end)) => {
                    missing = Some((self.at, end - self.at));
                    self.at = end;
                }
                _ => break,
            }
        }
        Ok(joined(choices, Node::Or))
    }

    fn all(&mut self) -> Result<Option<Node>, QueryError> {
        let mut needed = Vec::new();
        let mut missing: Option<(usize, usize)> = None;
        loop {
            match self.operator() {
                Some((Operator::Or, _)) => break,
                Some((Operator::And, end)) => {
                    if needed.is_empty() || missing.is_some() {
                        return Err(fault(
                            self.at,
                            3,
                            "nothing stands before `AND`",
                            "add a word before it, or put it in quotes to search for the word",
                        ));
                    }
                    missing = Some((self.at, 3));
                    self.at = end;
                    continue;
                }
                _ => {}
            }
            let Some(c) = self.peek() else { break };
            if c == ')' {
                break;
            }
            self.clauses += 1;
            if self.clauses > MOST_CLAUSES {
                return Err(fault(
                    self.at,
                    1,
                    "the query has too many words",
                    format!("use at most {MOST_CLAUSES}"),
                ));
            }
            if let Some(node) = self.one()? {
                needed.push(node);
                missing = None;
            }
        }
        if let Some((at, len)) = missing {
            return Err(fault(
                at,
                len,
                "nothing follows `AND`",
                "add a word after it, or put it in quotes to search for the word",
            ));
        }
        Ok(joined(needed, Node::And))
    }

    fn one(&mut self) -> Result<Option<Node>, QueryError> {
        let start = self.at;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(fault(
                start,
                1,
                "the query is nested too deeply",
                "use fewer parentheses",
            ));
        }
        let node = self.one_inside(start);
        self.depth -= 1;
        node
    }

    fn one_inside(&mut self, start: usize) -> Result<Option<Node>, QueryError> {
        if let Some((Operator::Not, end)) = self.operator() {
            self.at = end;
            if self.peek().is_none_or(|c| c == ')') {
                return Err(fault(
                    start,
                    3,
                    "nothing follows `NOT`",
                    "add a word after it, or put it in quotes to search for the word",
                ));
            }
            return Ok(self.one()?.map(|node| Node::Not(Box::new(node))));
        }
        let Some(&c) = self.chars.get(self.at) else {
            return Ok(None);
        };
        if matches!(c, '-' | '－' | '−') {
            self.at += 1;
            // A dash that stands alone is punctuation.
            if self
                .chars
                .get(self.at)
                .is_none_or(|c| is_space(*c) || is_close(*c))
            {
                return Ok(None);
            }
            return Ok(self.one()?.map(|node| Node::Not(Box::new(node))));
        }
        if is_open(c) {
            self.at += 1;
            let inside = self.any()?;
            if self.peek() != Some(')') {
                return Err(fault(
                    start,
                    1,
                    "this `(` is not closed",
                    "add `)` at the end",
                ));
            }
            self.at += 1;
            return Ok(inside);
        }
        if is_quote(c) {
            let text = self.quoted()?;
            return self
                .phrase(Target::Anywhere, start, &text)
                .map(|leaf| leaf.map(Node::Leaf));
        }
        let word = self.bare();
        if let Some((field, value)) = word.split_once([':', '：'])
            && !field.is_empty()
            && field.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
            && !value.starts_with("//")
        {
            let field = field.to_owned();
            let value = value.to_owned();
            return self.field(start, &field, &value);
        }
        self.word(Target::Anywhere, start, &word)
    }

    /// What stands up to the next space, parenthesis or quote.
    fn bare(&mut self) -> String {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let word: String = rest
            .iter()
            .take_while(|c| !is_space(**c) && !is_open(**c) && !is_close(**c) && !is_quote(**c))
            .collect();
        self.at += word.chars().count();
        word
    }

    /// The text in the quotes that open here.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.at += 1;
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let Some(len) = rest.iter().position(|c| is_quote(*c)) else {
            return Err(fault(
                start,
                1,
                "this quotation mark is not closed",
                "add `\"` at the end of the phrase",
            ));
        };
        self.at += len + 1;
        Ok(rest.iter().take(len).collect())
    }

    /// The number after `~`, where one stands here; 1 if only the sign.
    fn tilde(&mut self) -> Option<Result<u32, QueryError>> {
        if !matches!(self.chars.get(self.at), Some('~' | '～')) {
            return None;
        }
        let start = self.at;
        self.at += 1;
        let digits = self.bare();
        if digits.is_empty() {
            return Some(Ok(1));
        }
        Some(digits.parse().map_err(|_| {
            fault(
                start,
                digits.chars().count() + 1,
                "`~` needs a number",
                "for example `\"forced labour\"~5`",
            )
        }))
    }

    fn phrase(
        &mut self,
        target: Target,
        start: usize,
        text: &str,
    ) -> Result<Option<Leaf>, QueryError> {
        let slop = self.tilde().transpose()?;
        if slop.is_some_and(|slop| slop > MOST_SLOP) {
            return Err(fault(
                start,
                self.at - start,
                "the words may not be so far apart",
                format!("use at most ~{MOST_SLOP}"),
            ));
        }
        let written = text.trim().to_owned();
        let mut groups = match slop {
            None => pattern::phrase(text, &mut self.stems).into_iter().collect(),
            Some(_) => {
                let groups = pattern::read(text, Reading::Loose, &mut self.stems);
                groups
                    .into_iter()
                    .map(pattern::open_ended)
                    .collect::<Vec<_>>()
            }
        };
        groups.truncate(30);
        if groups.is_empty() {
            return Ok(None);
        }
        Ok(Some(Leaf::Text(
            target,
            Pattern {
                groups,
                slop: slop.unwrap_or(0),
                written,
                spaced: false,
            },
        )))
    }

    fn word(
        &mut self,
        target: Target,
        start: usize,
        word: &str,
    ) -> Result<Option<Node>, QueryError> {
        let len = word.chars().count();
        let (bare, fuzzy) = match word.split_once(['~', '～']) {
            Some((bare, "")) => (bare, Some(1)),
            Some((bare, number)) => match number.parse::<u8>() {
                Ok(number @ 0..=2) => (bare, Some(number)),
                _ => {
                    return Err(fault(
                        start,
                        len,
                        "a word may differ by 1 or 2 letters",
                        "write `word~1` or `word~2`; for words near one another, `\"a b\"~5`",
                    ));
                }
            },
            None => (word, None),
        };
        let (bare, prefix) = match bare.strip_suffix(['*', '＊']) {
            Some(bare) => (bare, true),
            None => (bare, false),
        };
        if bare.contains(['*', '＊']) {
            return Err(fault(
                start,
                len,
                "`*` stands only at the end of a word",
                "for example `refug*`; in `path:` it may stand anywhere",
            ));
        }
        let bare = ["'s", "’s", "ʼs"]
            .iter()
            .find_map(|end| bare.strip_suffix(end))
            .unwrap_or(bare);
        let reading = if prefix || fuzzy.is_some() {
            Reading::Exact
        } else {
            Reading::Loose
        };
        let groups = pattern::read(bare, reading, &mut self.stems);
        let mut whole: pattern::Rigid = groups.into_iter().flatten().collect();
        if fuzzy.is_none() || whole.len() > 1 {
            whole = if prefix {
                whole
            } else {
                pattern::open_ended(whole)
            };
        }
        if whole.is_empty() {
            return Ok(None);
        }
        if let Some(most) = fuzzy.filter(|most| *most > 0) {
            match whole.as_mut_slice() {
                [(_, slot @ Slot::Forms(_))] if !bare.chars().any(crate::fold::is_gram) => {
                    let Slot::Forms(forms) = &*slot else {
                        return Ok(None);
                    };
                    let form = forms.first().cloned().unwrap_or_default();
                    *slot = Slot::Fuzzy(form, most);
                }
                _ => {
                    return Err(fault(
                        start,
                        len,
                        "`~` works on single words of letters",
                        "search Korean and Chinese words as they are, or part of them",
                    ));
                }
            }
        } else if prefix
            && let Some((_, slot)) = whole.last_mut()
            && let Slot::Forms(forms) = slot
            && let Some(form) = forms.first()
            && !(form.chars().count() == 2 && form.chars().all(crate::fold::is_gram))
        {
            *slot = Slot::Prefix(form.clone());
        }
        let apart = pattern::spaced(&whole);
        let leaf = |group, spaced| {
            Node::Leaf(Leaf::Text(
                target,
                Pattern {
                    groups: vec![group],
                    slop: 0,
                    written: word.to_owned(),
                    spaced,
                },
            ))
        };
        let together = leaf(whole, false);
        Ok(Some(match apart {
            Some(apart) => Node::Or(vec![together, leaf(apart, true)]),
            None => together,
        }))
    }

    fn field(&mut self, start: usize, name: &str, value: &str) -> Result<Option<Node>, QueryError> {
        let name_len = name.chars().count();
        let quoted = value.is_empty() && self.chars.get(self.at).is_some_and(|c| is_quote(*c));
        let lower = name.to_ascii_lowercase();
        let value_at = start + name_len + 1;
        if !FIELDS.contains(&lower.as_str()) {
            let near = FIELDS
                .iter()
                .find(|field| pattern::within(field, &lower, 2));
            let hint = match near {
                Some(field) => format!("did you mean `{field}:`?"),
                None => format!(
                    "fields are {}; put the text in quotes to search for it as it is",
                    FIELDS[..12].join(", ")
                ),
            };
            return Err(fault(
                start,
                name_len,
                format!("there is no field `{name}`"),
                hint,
            ));
        }
        let value = if quoted {
            self.quoted()?
        } else {
            value.to_owned()
        };
        if value.trim().is_empty() {
            return Err(fault(
                start,
                name_len + 1,
                format!("`{name}:` needs a value"),
                "write it without a space after the colon",
            ));
        }
        let text = |parser: &mut Self, target| {
            if quoted {
                let leaf = parser.phrase(target, value_at, &value)?;
                Ok(leaf.map(Node::Leaf))
            } else {
                parser.word(target, value_at, &value)
            }
        };
        let key = |key| Ok(Some(Node::Leaf(Leaf::Key(key, glob(&value, !quoted)))));
        let path = || Node::Leaf(Leaf::Path(glob(&value, true)));
        match lower.as_str() {
            "title" => text(self, Target::Title),
            "author" => text(self, Target::Author),
            "from" => text(self, Target::Sender),
            "to" => text(self, Target::Recipient),
            "path" if value.contains(['*', '＊']) => Ok(Some(path())),
            "path" => {
                let found = self.phrase(Target::Path, value_at, &value)?;
                Ok(Some(found.map_or_else(path, Node::Leaf)))
            }
            "source" => key(Key::Source),
            "lang" | "language" => key(Key::Language),
            "type" => key(Key::Type),
            "year" => key(Key::Year),
            "outcome" => key(Key::Outcome),
            "format" => key(Key::Format),
            _ => dates(&value).map(|(from, to)| Some(Node::Leaf(Leaf::Published(from, to)))).ok_or_else(|| {
                fault(value_at, value.chars().count(), format!("`{value}` is no date or range of dates"), "write `2023`, `2023-06`, `2023-06-13`, `2023-01..2023-06`, `2023..` or `..2022-06`")
            }),
        }
    }
}

fn joined(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(join(nodes)),
    }
}

fn glob(value: &str, stars: bool) -> Glob {
    let value = crate::schema::key(value);
    let parts = if stars {
        value.split('*').map(str::to_owned).collect()
    } else {
        vec![value]
    };
    Glob { parts }
}

/// First and last day of a date or a range, as `yyyymmdd`.
fn dates(value: &str) -> Option<(u32, u32)> {
    let value = value.trim();
    let days = |text: &str| text.trim().parse::<ApproxDate>().ok().map(ApproxDate::days);
    let Some((from, to)) = value.split_once("..") else {
        return days(value);
    };
    let first = if from.trim().is_empty() {
        0
    } else {
        days(from)?.0
    };
    let last = if to.trim().is_empty() {
        99_999_999
    } else {
        days(to)?.1
    };
    (first <= last && !(from.trim().is_empty() && to.trim().is_empty())).then_some((first, last))
}

impl Query {
    /// The patterns that a highlighted text shows: those that are asked for, not those excluded.
    pub(crate) fn patterns(&self) -> Vec<&Pattern> {
        fn walk<'q>(node: &'q Node, to: &mut Vec<&'q Pattern>) {
            match node {
                Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| walk(node, to)),
                Node::Leaf(Leaf::Text(Target::Anywhere, pattern)) => to.push(pattern),
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(&self.root, &mut found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn show(node: &Node) -> String {
        let list = |nodes: &[Node]| nodes.iter().map(show).collect::<Vec<_>>().join(" ");
        match node {
            Node::Everything => "*".into(),
            Node::And(nodes) => format!("and({})", list(nodes)),
            Node::Or(nodes) => format!("or({})", list(nodes)),
            Node::Not(node) => format!("not({})", show(node)),
            Node::Leaf(Leaf::Text(target, pattern)) => {
                let slots = pattern.groups.iter().map(|group| {
                    let slots = group.iter().map(|(at, slot)| match slot {
                        Slot::Forms(forms) => format!(
                            "{at}:{}",
                            forms.join("/").replace('\u{1}', "~").replace("~~~", "~")
                        ),
                        Slot::Prefix(start) => format!("{at}:{start}*"),
                        Slot::Fuzzy(word, most) => format!("{at}:{word}~{most}"),
                    });
                    slots.collect::<Vec<_>>().join(" ")
                });
                let slots: Vec<_> = slots.collect();
                let target = if *target == Target::Anywhere {
                    String::new()
                } else {
                    format!("{target:?}")
                };
                let spaced = if pattern.spaced { "spaced" } else { "" };
                format!("{target}{spaced}[{}]{}", slots.join(" | "), pattern.slop)
            }
            Node::Leaf(Leaf::Key(key, glob)) => format!("{key:?}={}", glob.parts.join("*")),
            Node::Leaf(Leaf::Published(from, to)) => format!("{from}..{to}"),
            Node::Leaf(Leaf::Path(glob)) => format!("path={}", glob.parts.join("*")),
        }
    }

    fn check(query: &str, expect: Expect) {
        let shown = match parse(query) {
            Ok(query) => show(&query.root),
            Err(error) => format!(
                "{}+{}: {} / {}",
                error.at,
                error.len,
                error.message,
                error.hint.unwrap_or_default()
            ),
        };
        expect.assert_eq(&shown);
    }

    #[test]
    fn queries() {
        check(
            "forced labor",
            expect!["and([0:~forc/forc]0 [0:labor/~labor]0)"],
        );
        check(
            "\"Forced Labor\" OR 강제노동",
            expect![
                "or([0:forced 1:labor]0 or([0:강제 1:제노 2:노동]0 spaced[0:강제 1:제 2:노동]0))"
            ],
        );
        check(
            "탈 北 탈북 탈북자",
            expect!["and([0:탈*]0 [0:北*]0 [0:탈북]0 [0:탈북 1:북자]0)"],
        );
        check("\"강제 송환\"", expect!["[0:강제 1:제 2:송환]0"]);
        check("\"강제송환\"", expect!["[0:강제 1:제송 2:송환]0"]);
        check(
            "강제송환 국가보위부 -title:강제송환",
            expect![
                "and(or([0:강제 1:제송 2:송환]0 spaced[0:강제 1:제 2:송환]0) or([0:국가 1:가보 2:보위 3:위부]0 spaced[0:국가 1:가보/가 2:보위/보 3:위부]0) not(or(Title[0:강제 1:제송 2:송환]0 Titlespaced[0:강제 1:제 2:송환]0)))"
            ],
        );
        check(
            "强制遣返 강제송* 수산물NGO",
            expect![
                "and([0:强制 1:制遣 2:遣返]0 [0:강제 1:제송]0 [0:수산 1:산물 2:물 3:ngo/~ngo]0)"
            ],
        );
        check(
            "refug* detained~1 -seafood NOT (a OR b)",
            expect![
                "and([0:refug*]0 [0:detained~1]0 not([0:seafood/~seafood]0) not(or([0:a]0 [0:b]0)))"
            ],
        );
        check(
            "\"north korea\"~5",
            expect!["[0:north/~north | 0:korea/~korea]5"],
        );
        check(
            "source:CECC lang:ko type:pdf published:2023-01..2023-06",
            expect!["and(Source=cecc Language=ko Type=pdf 20230101..20230631)"],
        );
        check(
            "published:..2022-06 published:2023 path:2012/*.pdf path:annex title:\"a b\"",
            expect![
                "and(0..20220631 20230101..20231231 path=2012/*.pdf Path[0:annex]0 Title[0:a 1:b]0)"
            ],
        );
        check(
            "Korea's long-term Café 2,000 — &",
            expect![
                "and([0:korea/~korea]0 [0:long/~long 1:term/~term]0 [0:cafe/~cafe]0 [0:2000]0)"
            ],
        );
        check("NOT refugees", expect!["not([0:~refuge/refuge]0)"]);
        check("", expect!["*"]);
        check(
            "10:30 http://example.org/a",
            expect!["and([0:10 1:30]0 [0:http/~http 1:~exampl/exampl 2:org/~org 3:a]0)"],
        );
    }

    #[test]
    fn faults_have_a_place() {
        check(
            "(a b",
            expect!["0+1: this `(` is not closed / add `)` at the end"],
        );
        check(
            "a )",
            expect!["2+1: `)` was not expected here / remove it or add `(` before"],
        );
        check(
            "\"a b",
            expect![[
                r#"0+1: this quotation mark is not closed / add `"` at the end of the phrase"#
            ]],
        );
        check(
            "a AND",
            expect![
                "2+3: nothing follows `AND` / add a word after it, or put it in quotes to search for the word"
            ],
        );
        check(
            "OR b",
            expect![
                "0+2: nothing stands before `OR` / add a word before it, or put it in quotes to search for the word"
            ],
        );
        check(
            "sorce:x",
            expect!["0+5: there is no field `sorce` / did you mean `source:`?"],
        );
        check(
            "subject:x",
            expect![
                "0+7: there is no field `subject` / fields are source, lang, type, published, path, title, outcome, author, from, to, year, format; put the text in quotes to search for it as it is"
            ],
        );
        check(
            "published:soon",
            expect![
                "10+4: `soon` is no date or range of dates / write `2023`, `2023-06`, `2023-06-13`, `2023-01..2023-06`, `2023..` or `..2022-06`"
            ],
        );
        check(
            "re*fugee",
            expect![
                "0+8: `*` stands only at the end of a word / for example `refug*`; in `path:` it may stand anywhere"
            ],
        );
        check(
            "탈북자~1",
            expect![
                "0+5: `~` works on single words of letters / search Korean and Chinese words as they are, or part of them"
            ],
        );
        check(
            "a NOT",
            expect![
                "2+3: nothing follows `NOT` / add a word after it, or put it in quotes to search for the word"
            ],
        );
        check(
            "lang: ko",
            expect!["0+5: `lang:` needs a value / write it without a space after the colon"],
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn never_a_panic(query in "(?s)([a-z]|AND|OR|NOT| |\"|[(]|[)]|-|~|[*]|:|lang:|published:|[.][.]|[0-9]|탈|北|.){0,24}") {
            if let Err(error) = parse(&query) {
                prop_assert!(error.at + error.len <= query.chars().count() + 1, "{error:?}");
            }
        }
    }
}
