//! The field itself: forward and backward sums, gradients, and the file.

use statement::training::{LABELS, MAGIC, ROW, may_follow};

use crate::Example;

type Row = [f32; LABELS];

pub(crate) struct Field {
    weights: Vec<Row>,
    transitions: [Row; LABELS],
}

struct Squares {
    weights: Vec<f32>,
    transitions: [Row; LABELS],
}

/// The example without a part of its features, drawn anew each time: no single word decides.
fn thinned(example: &Example, drop: f32, seed: &mut u64) -> Example {
    let mut stays = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*seed >> 40) as f32 / (1_u64 << 24) as f32 >= drop
    };
    Example {
        features: example
            .features
            .iter()
            .map(|unit| unit.iter().copied().filter(|_| stays()).collect())
            .collect(),
        labels: example.labels.clone(),
    }
}

fn log_sum(values: &[f32]) -> f32 {
    let top = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if top == f32::NEG_INFINITY {
        return top;
    }
    top + values.iter().map(|v| (v - top).exp()).sum::<f32>().ln()
}

impl Field {
    /// Trains on the examples in a fixed order of shuffles.
    pub(crate) fn train(examples: &[Example], features: usize, epochs: usize, drop: f32) -> Self {
        let mut field = Self {
            weights: vec![[0.0; LABELS]; features],
            transitions: [[0.0; LABELS]; LABELS],
        };
        let mut squares = Squares {
            weights: vec![0.01; features],
            transitions: [[0.01; LABELS]; LABELS],
        };
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut seed = 0x9E37_79B9_u64;
        for epoch in 0..epochs {
            for n in (1..order.len()).rev() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                order.swap(n, usize::try_from(seed >> 33).unwrap_or(0) % (n + 1));
            }
            let mut loss = 0.0;
            for n in &order {
                let example = thinned(&examples[*n], drop, &mut seed);
                loss += field.step(&example, &mut squares);
            }
            eprintln!("epoch {epoch}: loss {:.4}", loss / order.len() as f32);
        }
        field
    }

    fn scores(&self, example: &Example) -> Vec<Row> {
        example
            .features
            .iter()
            .map(|unit| {
                let mut sum = [0.0; LABELS];
                for feature in unit {
                    for (sum, weight) in sum.iter_mut().zip(&self.weights[*feature as usize]) {
                        *sum += weight;
                    }
                }
                sum
            })
            .collect()
    }

    fn step(&mut self, example: &Example, squares: &mut Squares) -> f32 {
        const RATE: f32 = 0.1;
        const DECAY: f32 = 2e-4;
        let long = example.labels.len();
        if long == 0 {
            return 0.0;
        }
        let scores = self.scores(example);
        let lowest = f32::NEG_INFINITY;
        // What may stand at the start and the end: as after and before a word outside.
        let mut forward = vec![[lowest; LABELS]; long];
        let mut backward = vec![[lowest; LABELS]; long];
        for y in 0..LABELS {
            if may_follow(0, y) {
                forward[0][y] = self.transitions[0][y] + scores[0][y];
            }
            if may_follow(y, 0) {
                backward[long - 1][y] = 0.0;
            }
        }
        for t in 1..long {
            for y in 0..LABELS {
                let mut paths = [lowest; LABELS];
                for x in 0..LABELS {
                    if may_follow(x, y) {
                        paths[x] = forward[t - 1][x] + self.transitions[x][y];
                    }
                }
                forward[t][y] = log_sum(&paths) + scores[t][y];
            }
        }
        for t in (0..long - 1).rev() {
            for x in 0..LABELS {
                let mut paths = [lowest; LABELS];
                for y in 0..LABELS {
                    if may_follow(x, y) {
                        paths[y] = self.transitions[x][y] + scores[t + 1][y] + backward[t + 1][y];
                    }
                }
                backward[t][x] = log_sum(&paths);
            }
        }
        let mut ends = forward[long - 1];
        for (y, end) in ends.iter_mut().enumerate() {
            *end += backward[long - 1][y];
        }
        let total = log_sum(&ends);
        let mut gold = 0.0;
        let mut steps = [[0.0_f32; LABELS]; LABELS];
        for t in 0..long {
            let y = usize::from(example.labels[t]);
            let before = if t == 0 {
                0
            } else {
                usize::from(example.labels[t - 1])
            };
            gold += scores[t][y] + self.transitions[before][y];
            steps[before][y] += 1.0;
            for x in 0..LABELS {
                if t == 0 && x > 0 {
                    break;
                }
                for y in 0..LABELS {
                    if may_follow(x, y) {
                        let from = if t == 0 { 0.0 } else { forward[t - 1][x] };
                        let chance =
                            (from + self.transitions[x][y] + scores[t][y] + backward[t][y] - total)
                                .exp();
                        steps[x][y] -= chance;
                    }
                }
            }
        }
        for (t, unit) in example.features.iter().enumerate() {
            let mut gradient = [0.0_f32; LABELS];
            let mut size = 0.0;
            for y in 0..LABELS {
                gradient[y] = -(forward[t][y] + backward[t][y] - total).exp();
                if y == usize::from(example.labels[t]) {
                    gradient[y] += 1.0;
                }
                size += gradient[y] * gradient[y];
            }
            if size < 1e-8 {
                continue;
            }
            for feature in unit {
                let at = *feature as usize;
                squares.weights[at] += size;
                let rate = RATE / squares.weights[at].sqrt();
                for (weight, gradient) in self.weights[at].iter_mut().zip(&gradient) {
                    *weight += rate * (gradient - DECAY * *weight);
                }
            }
        }
        for x in 0..LABELS {
            for y in 0..LABELS {
                let gradient = steps[x][y];
                if gradient != 0.0 {
                    squares.transitions[x][y] += gradient * gradient;
                    self.transitions[x][y] += RATE * gradient / squares.transitions[x][y].sqrt();
                }
            }
        }
        total - gold
    }

    /// The model file: of features that share a row the weightier stays.
    pub(crate) fn encode(&self, features: &[u64], uses: &[u32], power: u32) -> Vec<u8> {
        let count = 1_usize << power;
        let weight = |n: usize| {
            let top = self.weights[n]
                .iter()
                .fold(0.0_f32, |top, w| top.max(w.abs()));
            top * (1.0 + uses[n] as f32).ln()
        };
        let mut chosen: Vec<Option<usize>> = vec![None; count];
        for (n, feature) in features.iter().enumerate() {
            let at = usize::try_from(feature & (count as u64 - 1)).expect("a row");
            if weight(n) > 0.05 && chosen[at].is_none_or(|other| weight(other) < weight(n)) {
                chosen[at] = Some(n);
            }
        }
        let mut tops: Vec<f32> = chosen
            .iter()
            .flatten()
            .flat_map(|n| self.weights[*n].map(f32::abs))
            .collect();
        tops.sort_by(f32::total_cmp);
        // One weight in two thousand may be cut off at the edge.
        let top = tops
            .get(tops.len() - 1 - tops.len() / 2000)
            .copied()
            .unwrap_or(1.0);
        let step = top / 127.0;
        let mut file = MAGIC.to_vec();
        file.push(u8::try_from(power).expect("a small power"));
        file.extend(step.to_le_bytes());
        for row in &self.transitions {
            for weight in row {
                #[expect(clippy::cast_possible_truncation, reason = "a few thousand steps")]
                file.extend(((weight / step).round() as i16).to_le_bytes());
            }
        }
        let start = file.len();
        file.resize(start + count * ROW, 0);
        for (at, n) in chosen.iter().enumerate() {
            let Some(n) = n else { continue };
            let row = &mut file[start + at * ROW..][..ROW];
            let print = u16::try_from(features[*n] >> 48).expect("16 bits");
            row[..2].copy_from_slice(&print.to_le_bytes());
            for (cell, weight) in row[2..].iter_mut().zip(&self.weights[*n]) {
                #[expect(clippy::cast_possible_truncation, reason = "clamped")]
                let value = (weight / step).round().clamp(-127.0, 127.0) as i8;
                *cell = value.cast_unsigned();
            }
        }
        eprintln!(
            "{} of {} features kept, step {step:.4}",
            chosen.iter().flatten().count(),
            features.len()
        );
        file
    }
}
