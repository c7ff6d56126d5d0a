//! A query in the terms of the index.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query,
    RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::automaton::{Letters, Stars, Starts, Terms};
use crate::near::Near;
use crate::paths::{PathParts, Paths};
use crate::pattern::{Pattern, Slot};
use crate::query::{Leaf, Node};
use crate::schema::Fields;

type Planned = Box<dyn Query>;

/// What another spelling is worth beside the one that was asked for.
const SPACED: f32 = 0.5;

/// What planning stands on.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) fields: Fields,
    pub(crate) paths: Arc<Paths>,
}

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
        None => Box::new(EmptyQuery),
    }
}

pub(crate) fn node(node: &Node, ground: &Ground) -> Planned {
    match node {
        Node::Everything => everything(),
        Node::Leaf(leaf) => self::leaf(leaf, ground),
        Node::Or(nodes) => either(nodes.iter().map(|node| self::node(node, ground)).collect()),
        Node::Not(_) => all(std::slice::from_ref(node), ground),
        Node::And(nodes) => all(nodes, ground),
    }
}

fn all(nodes: &[Node], ground: &Ground) -> Planned {
    let mut clauses: Vec<(Occur, Planned)> = Vec::new();
    for node in nodes {
        clauses.push(match node {
            Node::Not(inner) => (Occur::MustNot, self::node(inner, ground)),
            _ => (Occur::Must, self::node(node, ground)),
        });
    }
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, everything()));
    }
    Box::new(BooleanQuery::new(clauses))
}

pub(crate) fn leaf(leaf: &Leaf, ground: &Ground) -> Planned {
    let fields = &ground.fields;
    match leaf {
        Leaf::Text(target, pattern) => {
            let shared = Arc::new(pattern.clone());
            let queries = fields
                .of_target(*target)
                .into_iter()
                .map(|(field, weight)| -> Planned {
                    let weight = if pattern.spaced {
                        weight * SPACED
                    } else {
                        weight
                    };
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
        Leaf::Path(glob) => silent(Box::new(PathParts {
            field: fields.path_key,
            glob: Arc::new(glob.clone()),
            paths: ground.paths.clone(),
            walk: Terms {
                field: fields.path_key,
                automaton: Stars::new(glob, true),
            },
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
        [(_, Slot::Fuzzy(word, most))] => match Letters::new(word, *most) {
            Ok(automaton) => Box::new(Terms { field, automaton }),
            // No word is so far away: the parser lets only 1 and 2 through.
            Err(_) => Box::new(EmptyQuery),
        },
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
