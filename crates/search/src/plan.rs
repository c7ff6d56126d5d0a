//! A query in the terms of the index.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query,
    RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::automaton::{Stars, Starts, Terms};
use crate::near::Near;
use crate::pattern::{Pattern, Slot};
use crate::query::{Leaf, Node};
use crate::schema::Fields;

type Planned = Box<dyn Query>;

/// A filter: it decides, but is worth nothing.
fn silent(query: Planned) -> Planned {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

pub(crate) fn everything() -> Planned {
    silent(Box::new(AllQuery))
}

/// Parts of documents that are indexed in several.
pub(crate) fn several_parts(fields: &Fields) -> Planned {
    silent(Box::new(TermQuery::new(
        Term::from_field_u64(fields.multi, 1),
        IndexRecordOption::Basic,
    )))
}

fn either(mut queries: Vec<Planned>) -> Planned {
    match queries.pop() {
        Some(only) if queries.is_empty() => only,
        Some(last) => {
            queries.push(last);
            Box::new(BooleanQuery::new(
                queries
                    .into_iter()
                    .map(|query| (Occur::Should, query))
                    .collect(),
            ))
        }
        None => Box::new(tantivy::query::EmptyQuery),
    }
}

pub(crate) fn node(node: &Node, fields: &Fields) -> Planned {
    match node {
        Node::Everything => everything(),
        Node::Leaf(leaf) => self::leaf(leaf, fields),
        Node::Or(nodes) => either(nodes.iter().map(|node| self::node(node, fields)).collect()),
        Node::Not(_) => all(std::slice::from_ref(node), fields),
        Node::And(nodes) => all(nodes, fields),
    }
}

fn all(nodes: &[Node], fields: &Fields) -> Planned {
    let mut clauses: Vec<(Occur, Planned)> = Vec::new();
    for node in nodes {
        clauses.push(match node {
            Node::Not(inner) => (Occur::MustNot, self::node(inner, fields)),
            _ => (Occur::Must, self::node(node, fields)),
        });
    }
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, everything()));
    }
    Box::new(BooleanQuery::new(clauses))
}

pub(crate) fn leaf(leaf: &Leaf, fields: &Fields) -> Planned {
    match leaf {
        Leaf::Text(target, pattern) => {
            let shared = Arc::new(pattern.clone());
            let queries = fields
                .of_target(*target)
                .into_iter()
                .map(|(field, weight)| -> Planned {
                    Box::new(BoostQuery::new(text(field, &shared), weight))
                });
            either(queries.collect())
        }
        Leaf::Key(key, glob) => {
            let field = fields.of_key(*key);
            silent(match glob.parts.as_slice() {
                [whole] => Box::new(TermQuery::new(
                    Term::from_field_text(field, whole),
                    IndexRecordOption::Basic,
                )),
                _ => Box::new(Terms {
                    field,
                    automaton: Stars::new(glob, false),
                }),
            })
        }
        Leaf::Path(glob) => silent(Box::new(Terms {
            field: fields.path_key,
            automaton: Stars::new(glob, true),
        })),
        Leaf::Published(from, to) => {
            let day = |field: Field, day: u32| Term::from_field_u64(field, u64::from(day));
            let begins = RangeQuery::new(
                Bound::Unbounded,
                Bound::Included(day(fields.first_day, *to)),
            );
            let ends = RangeQuery::new(
                Bound::Included(day(fields.last_day, *from)),
                Bound::Unbounded,
            );
            silent(Box::new(BooleanQuery::new(vec![
                (Occur::Must, Box::new(begins) as Planned),
                (Occur::Must, Box::new(ends)),
            ])))
        }
    }
}

fn text(field: Field, pattern: &Arc<Pattern>) -> Planned {
    let near = || -> Planned {
        Box::new(Near {
            field,
            pattern: pattern.clone(),
        })
    };
    let [group] = pattern.groups.as_slice() else {
        return near();
    };
    let term = |form: &String| Term::from_field_text(field, form);
    match group.as_slice() {
        [(_, Slot::Forms(forms))] => either(
            forms
                .iter()
                .map(|form| {
                    Box::new(TermQuery::new(term(form), IndexRecordOption::WithFreqs)) as Planned
                })
                .collect(),
        ),
        [(_, Slot::Prefix(start))] => Box::new(Terms {
            field,
            automaton: Starts::new(start),
        }),
        [(_, Slot::Fuzzy(word, most))] => Box::new(FuzzyTermQuery::new(term(word), *most, true)),
        slots => {
            let terms = slots.iter().map(|(at, slot)| match slot {
                Slot::Forms(forms) => match forms.as_slice() {
                    [only] => Some((*at as usize, term(only))),
                    _ => None,
                },
                _ => None,
            });
            match terms.collect::<Option<Vec<_>>>() {
                Some(terms) => Box::new(PhraseQuery::new_with_offset(terms)),
                None => near(),
            }
        }
    }
}
