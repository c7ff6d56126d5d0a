//! Greatest flow through a network of pipes (Dinic 1970): shortest ways are filled together, level by level.

use std::collections::VecDeque;

/// An amount, wide enough for sums of any masses.
pub(crate) type Amount = u128;

/// More than any sum of masses.
pub(crate) const UNBOUNDED: Amount = 1 << 100;

#[derive(Debug, Clone, Copy)]
struct Pipe {
    to: u32,
    left: Amount,
}

/// Nodes and pipes between them; the pipe with number `n ^ 1` is the way back of pipe `n`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flow {
    pipes: Vec<Pipe>,
    from: Vec<Vec<u32>>,
}

impl Flow {
    pub(crate) fn node(&mut self) -> usize {
        self.from.push(Vec::new());
        self.from.len() - 1
    }

    pub(crate) fn pipe(&mut self, from: usize, to: usize, most: Amount) {
        if most == 0 || from == to {
            return;
        }
        let number = self.pipes.len() as u32;
        self.from[from].push(number);
        self.from[to].push(number + 1);
        let pipe = |to: usize, left| Pipe {
            to: to as u32,
            left,
        };
        self.pipes.extend([pipe(to, most), pipe(from, 0)]);
    }

    /// The greatest amount that can flow from `source` to `sink`.
    pub(crate) fn most(mut self, source: usize, sink: usize) -> Amount {
        let mut sum = 0;
        while let Some(level) = self.levels(source, sink) {
            let mut next = vec![0; self.from.len()];
            loop {
                let sent = self.send(source, sink, &level, &mut next);
                if sent == 0 {
                    break;
                }
                sum += sent;
            }
        }
        sum
    }

    /// Steps from the source to each node; `None` if the sink cannot be reached.
    fn levels(&self, source: usize, sink: usize) -> Option<Vec<u32>> {
        let mut level = vec![u32::MAX; self.from.len()];
        level[source] = 0;
        let mut waiting = VecDeque::from([source]);
        while let Some(node) = waiting.pop_front() {
            for pipe in &self.from[node] {
                let pipe = self.pipes[*pipe as usize];
                let to = pipe.to as usize;
                if pipe.left > 0 && level[to] == u32::MAX {
                    level[to] = level[node] + 1;
                    waiting.push_back(to);
                }
            }
        }
        (level[sink] < u32::MAX).then_some(level)
    }

    /// Sends as much as fits along one shortest way. Without recursion: chains of stock are long.
    fn send(&mut self, source: usize, sink: usize, level: &[u32], next: &mut [usize]) -> Amount {
        let mut way: Vec<u32> = Vec::new();
        let mut node = source;
        while node != sink {
            let Some(pipe) = self.from[node].get(next[node]).copied() else {
                // A dead end: back, and past the pipe that led here.
                let Some(last) = way.pop() else {
                    return 0;
                };
                node = self.pipes[last as usize ^ 1].to as usize;
                next[node] += 1;
                continue;
            };
            let Pipe { to, left } = self.pipes[pipe as usize];
            if left > 0 && level[to as usize] == level[node] + 1 {
                way.push(pipe);
                node = to as usize;
            } else {
                next[node] += 1;
            }
        }
        let left = |pipe: &u32| self.pipes[*pipe as usize].left;
        let sent = way.iter().map(left).min().unwrap_or(0);
        for pipe in way {
            self.pipes[pipe as usize].left -= sent;
            self.pipes[pipe as usize ^ 1].left += sent;
        }
        sent
    }
}
