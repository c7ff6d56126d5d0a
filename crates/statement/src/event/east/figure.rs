//! Which figure and which date belong to a statement.

use std::ops::Range;

use casefile::statement::{Event, Quantity, When};

use super::{BREAKS, Line};
use crate::mention::{Candidate, Sort, Value};

impl Line<'_, '_> {
    pub(super) fn is_person_count(&self, mention: &Candidate) -> bool {
        let Value::Number(number) = &mention.value else {
            return false;
        };
        if number.sort != Sort::Count {
            return false;
        }
        match number.unit {
            Some("person") => true,
            Some(_) => false,
            None => {
                let after = self.after(self.own(mention).end);
                // "数以千计的朝鲜妇女", "一百万维吾尔人": people within a few characters.
                let people = after
                    .chars()
                    .take(8)
                    .take_while(|c| {
                        !BREAKS.contains(c) && !matches!(c, '被' | '在' | '个' | '家' | '吨' | '元')
                    })
                    .any(|c| matches!(c, '人' | '女' | '民' | '工' | '童' | '囚'));
                people
                    || [
                        "人", "名", "位", "명", "脱北", "难民", "妇女", "女", "工人", "劳", "者",
                        "多人", " 탈북", " 북한", "탈북", "朝鲜", "北韩",
                    ]
                    .iter()
                    .any(|w| after.starts_with(w))
            }
        }
    }

    pub(super) fn quantity(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        event: Event,
    ) -> Option<(Quantity, Option<Range<usize>>)> {
        let about_people = super::super::english_harm(event)
            || matches!(
                event,
                Event::Crossing
                    | Event::Arrival
                    | Event::Residence
                    | Event::Release
                    | Event::Employment
                    | Event::LabourExport
                    | Event::LabourImport
                    | Event::Transfer
            );
        let own = self
            .mentions
            .iter()
            .filter(|m| matches!(m.value, Value::Number(_)))
            .filter(|m| {
                let own = self.own(m);
                own.start >= clause.start && own.end <= clause.end
            })
            .filter(|m| if matches!(event, Event::Sanction | Event::Designation) {
                matches!(&m.value, Value::Number(n) if n.sort == Sort::Count && n.unit != Some("case"))
            } else if about_people { self.is_person_count(m) || self.is_case_count(m) } else { matches!(event, Event::Import | Event::Export) && matches!(&m.value, Value::Number(n) if matches!(n.sort, Sort::Measure | Sort::Money)) })
            .filter(|m| self.counts_those_harmed(at, &self.own(m), event))
            .filter(|m| {
                // "没有一个人被打死" counts nobody.
                let own = self.own(m);
                !(self.before(own.start).ends_with("没有")
                    && self.words.get(own).is_some_and(|w| w.starts_with('一')))
            })
            .filter(|m| {
                // "508명의 증언", "37명을 면담": those are asked, not harmed.
                let after = self.after(self.own(m).end);
                !["의 증언", "의 진술", "을 면담", "을 조사", "를 조사", "을 인터뷰", "의 설문"]
                    .iter()
                    .any(|w| after.starts_with(w) && at.start > self.own(m).end)
            })
            .min_by_key(|m| {
                let own = self.own(m);
                let behind = own.start >= at.end;
                // A Korean verb follows what it counts, except where it stands before its noun.
                let wrong_side = self.korean && behind != self.attributive(at.end);
                (
                    wrong_side,
                    if behind { own.start - at.end } else { at.start.saturating_sub(own.end) },
                )
            })?;
        let Value::Number(number) = &own.value else {
            return None;
        };
        let unit = if self.is_case_count(own) {
            "case"
        } else if about_people {
            "person"
        } else {
            number.unit.unwrap_or("item")
        };
        let quantity =
            super::super::quantity_of(self.text, own.bytes.clone(), number, Some(unit.to_owned()));
        let bound = number.bound.clone().map(|b| {
            b.start.saturating_sub(self.base) as usize..b.end.saturating_sub(self.base) as usize
        });
        Some((quantity, bound))
    }

    /// Figures joined to `first` in one list ("개인 3명과 기관 2곳").
    pub(super) fn side_figures(&self, first: &Quantity, clause: &Range<usize>) -> Vec<Quantity> {
        let counts: Vec<&Candidate> = self
            .mentions
            .iter()
            .filter(|m| {
                let own = self.own(m);
                own.start >= clause.start
                    && own.end <= clause.end
                    && matches!(&m.value, Value::Number(n) if n.sort == Sort::Count && n.unit != Some("case"))
            })
            .collect();
        let mut joined = Vec::new();
        for pair in counts.windows(2) {
            let [left, right] = pair else { continue };
            let gap = self
                .words
                .get(self.own(left).end..self.own(right).start)
                .unwrap_or("");
            let listed = gap.chars().count() <= 14
                && ["과 ", "와 ", " 및 ", "、", "和", "及", "以及", ", "]
                    .iter()
                    .any(|w| gap.contains(w));
            if !listed {
                continue;
            }
            for m in [left, right] {
                let quote = self.text.quote(m.bytes.clone());
                if (quote.start, quote.end) == (first.start, first.end) {
                    continue;
                }
                if let Value::Number(number) = &m.value {
                    let unit = number.unit.unwrap_or("item").to_owned();
                    let figure =
                        super::super::quantity_of(self.text, m.bytes.clone(), number, Some(unit));
                    if !joined.contains(&figure) {
                        joined.push(figure);
                    }
                }
            }
        }
        joined
    }

    /// Whether what is counted at `own` can be whom the verb befalls.
    fn counts_those_harmed(&self, at: &Range<usize>, own: &Range<usize>, event: Event) -> bool {
        if own.start >= at.end {
            let between = self.words.get(at.end..own.start).unwrap_or("");
            if self.korean {
                // "송환된 탈북민 가운데 한 명", "파견에 관여한 3명": a part, or others.
                return ![" 가운데", " 중 ", " 중에", "관여", "연루", "가담", "책임"]
                    .iter()
                    .any(|w| between.contains(w));
            }
            // "卖给黑龙江一名农民", "其中3人": to whom, or a part.
            let trigger = self.words.get(at.clone()).unwrap_or("");
            return !(event == Event::Trafficking && trigger.ends_with('给'))
                && !between.contains("其中")
                && !["参与", "涉嫌", "负责"].iter().any(|w| between.contains(w));
        }
        true
    }

    pub(super) fn is_case_count(&self, mention: &Candidate) -> bool {
        matches!(&mention.value, Value::Number(n) if n.unit == Some("case")) || {
            let text = self.words.get(self.own(mention)).unwrap_or("");
            text.ends_with('例') || text.ends_with('起') || text.ends_with('건')
        }
    }

    pub(super) fn date(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<When> {
        let dates = self
            .mentions
            .iter()
            .filter(|m| matches!(m.value, Value::Date(_)));
        let in_clause = dates.clone().filter(|m| {
            let own = self.own(m);
            own.start >= clause.start && own.end <= clause.end
        });
        // A date that opens the sentence, or stands right before the clause, holds for it.
        let chosen = in_clause
            .min_by_key(|m| self.own(m).start.abs_diff(at.start))
            .or_else(|| {
                dates
                    .clone()
                    .filter(|m| {
                        self.own(m).end <= clause.start && clause.start - self.own(m).end < 40
                    })
                    .next_back()
            })?;
        let Value::Date(interval) = &chosen.value else {
            return None;
        };
        let quote = self.text.quote(chosen.bytes.clone());
        Some(When {
            text: quote.text,
            start: quote.start,
            end: quote.end,
            from: interval.from.clone(),
            to: interval.to.clone(),
            precision: interval.precision.to_owned(),
            relative: interval.relative,
        })
    }
}
