//! Times the questions on an invented network: `measure HOPS [CSV]`. Prints lines of tab-separated name and value; times
//! are seconds on the processor, the mean of as many rounds as make half a second. With a path, the hops are also written there for others.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::error::Error;
use std::hint::black_box;

use petgraph::graph::{DiGraph, NodeIndex};
use supply::testkit::{DOCUMENTS, Ready, Sample, csv, sample};
use supply::{DocumentId, HolderId, Holding, Network, Rules, Source, Start, Traces, Withdrawn};

/// Seconds that this thread has been on a processor.
fn on_cpu() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = times
        .split_ascii_whitespace()
        .next()
        .and_then(|t| t.parse::<f64>().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e9
}

/// Seconds a round, over as many rounds as the clock of the processor needs to be exact, and at most so many.
fn mean<T>(most: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let before = on_cpu();
    let mut rounds = 0;
    loop {
        let done = black_box(work());
        rounds += 1;
        let spent = on_cpu() - before;
        if spent > 0.5 || rounds == most {
            return (spent / rounds as f64, done);
        }
    }
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|l| l.split_ascii_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(f64::NAN) / 1024.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let hops: u32 = arguments
        .first()
        .ok_or("usage: measure HOPS [CSV]")?
        .parse()?;
    let made = sample(hops, 20_260_101);
    println!("hops\t{}", made.network.hops.len());
    if let Some(path) = arguments.get(1) {
        std::fs::write(path, csv(&made.network))?;
    }
    plain(&made.network)?;
    limited(&made)?;
    println!("peak memory (MB)\t{:.0}", peak_mb());
    Ok(())
}

/// Whoever can be reached from the first vessel, without limits of holding; the same with petgraph.
fn plain(network: &Network) -> Result<(), Box<dyn Error>> {
    let rules = Rules::default();
    let (laid, traces) = mean(1, || {
        Traces::new(network, &[Start::Holder(HolderId(0))], &rules)
    });
    println!("plain: lay out\t{laid:.4}");
    // Legs are put in the order of their departure when they are first asked.
    let (first, _) = mean(1, || traces.arrivals());
    println!("plain: first reach, with the order of departures\t{first:.6}");
    let (seconds, found) = mean(1_000, || traces.arrivals());
    println!("plain: reach\t{seconds:.6}");
    println!("plain: holders reached\t{}", found.len());
    let days = |sum: i64, a: &supply::Arrival| {
        sum.wrapping_add((a.holder.at() as i64 + 1) * (i64::from(a.earliest) + 1))
    };
    println!("plain: days\t{}", found.iter().fold(0, days));
    println!("plain: legs\t{}", traces.legs());
    // What it takes to read once, in order, the columns of all legs, and the three that one pass needs.
    for (what, columns) in [
        ("columns read once", 7),
        ("columns of one pass read once", 3),
    ] {
        let columns: Vec<u32> = vec![1; traces.legs() * columns];
        let (stream, _) = mean(1_000, || {
            columns.iter().fold(0_u32, |sum, n| sum.wrapping_add(*n))
        });
        println!("plain: {what}\t{stream:.6}");
    }
    if network.hops.len() > 1_000_000 {
        return Ok(());
    }
    let mut graph = DiGraph::<(), (i32, i32)>::new();
    let nodes: Vec<NodeIndex> = network.holders.iter().map(|_| graph.add_node(())).collect();
    for hop in &network.hops {
        let days = (hop.departure.first, hop.arrival.first);
        graph.add_edge(nodes[hop.from.at()], nodes[hop.to.at()], days);
    }
    let (seconds, reached) = mean(1_000, || with_petgraph(&graph, nodes[0]));
    println!("plain: petgraph\t{seconds:.6}");
    let ours: BTreeSet<(usize, i32)> = found.iter().map(|a| (a.holder.at(), a.earliest)).collect();
    let theirs: BTreeSet<(usize, i32)> = reached
        .into_iter()
        .enumerate()
        .filter(|(_, day)| *day != i32::MAX)
        .collect();
    if ours != theirs {
        return Err("petgraph reaches others, or on other days".into());
    }
    Ok(())
}

/// Earliest arrivals, by Dijkstra's way over the edges of a graph.
fn with_petgraph(graph: &DiGraph<(), (i32, i32)>, start: NodeIndex) -> Vec<i32> {
    let mut earliest = vec![i32::MAX; graph.node_count()];
    let mut settled = vec![false; graph.node_count()];
    let mut waiting = BinaryHeap::from([Reverse((i32::MIN, start))]);
    while let Some(Reverse((day, node))) = waiting.pop() {
        if std::mem::replace(&mut settled[node.index()], true) {
            continue;
        }
        for edge in graph.edges(node) {
            use petgraph::visit::EdgeRef;
            let (left, arrived) = *edge.weight();
            let to = edge.target();
            if left >= day && arrived < earliest[to.index()] {
                earliest[to.index()] = arrived;
                waiting.push(Reverse((arrived, to)));
            }
        }
    }
    earliest
}

/// The known answer, worlds and withdrawals with goods kept 120 days at most.
fn limited(made: &Sample) -> Result<(), Box<dyn Error>> {
    let Sample {
        network,
        starts,
        reached,
    } = made;
    let rules = Rules {
        holding: Holding { min: 0, max: 120 },
        ..Rules::default()
    };
    let (laid, traces) = mean(1, || Traces::new(network, starts, &rules));
    println!("limited: lay out\t{laid:.4}");
    let (seconds, found) = mean(1_000, || traces.arrivals());
    println!("limited: reach\t{seconds:.6}");
    let found: Vec<HolderId> = found.iter().map(|arrival| arrival.holder).collect();
    if found != *reached {
        return Err(format!("{} reached, {} known", found.len(), reached.len()).into());
    }
    if network.hops.len() > 1_000_000 {
        return Ok(());
    }
    let documents: Vec<Source> = (0..DOCUMENTS)
        .map(|at| Source::Document(DocumentId(at)))
        .collect();
    let brands = &reached[reached.len() * 3 / 4..];
    let (seconds, falls) = mean(1, || traces.falls(network, brands, &documents));
    println!("withdraw {DOCUMENTS} documents\t{seconds:.4}");
    println!("brands that fall with some document\t{}", {
        falls
            .iter()
            .flat_map(|fall| &fall.lost)
            .collect::<BTreeSet<_>>()
            .len()
    });
    drop(traces);
    for at in [0, 17, 333, 639] {
        let document = DocumentId(at);
        let without = Withdrawn {
            documents: [document].into(),
            ..Withdrawn::default()
        };
        let alone = Traces::new(
            network,
            starts,
            &Rules {
                without,
                ..rules.clone()
            },
        );
        let left: BTreeSet<HolderId> = alone.arrivals().iter().map(|a| a.holder).collect();
        let lost: Vec<HolderId> = brands
            .iter()
            .filter(|b| !left.contains(b))
            .copied()
            .collect();
        let found = falls
            .iter()
            .find(|fall| fall.without == Source::Document(document));
        if found.map_or(&[][..], |fall| &fall.lost) != lost {
            return Err(format!("document {at}: not what is lost without it").into());
        }
    }
    let ready = Ready::new(network, starts, &rules, brands);
    let passes = ready.passes();
    let legs = ready.legs() as f64;
    let (seconds, some) = mean(1_000, || passes.of_64());
    println!(
        "64 worlds: edge-worlds a second\t{:.0}",
        legs * 64.0 / seconds
    );
    let (seconds, many) = mean(1_000, || passes.of_512());
    println!(
        "512 worlds: edge-worlds a second\t{:.0}",
        legs * 512.0 / seconds
    );
    println!("worlds: legs\t{legs}");
    println!("worlds: ends reached, 64 and 512\t{some} {many}");
    Ok(())
}
