"""The same question, asked of others: who can be reached from holder 0, in the order of time, and by which day?

usage: peers.py HOPS.csv [duckdb] [networkx] [igraph]; prints who, seconds on the processor (loading apart), holders
reached, and a checksum of their earliest days.
"""

import csv
import heapq
import sys
import time


def told(who, seconds, earliest):
    days = sum((holder + 1) * (day + 1) for holder, day in earliest.items()) % (1 << 61)
    print(f"{who}\t{seconds:.6f}\t{len(earliest)}\t{days}", flush=True)


def mean(work):
    """Seconds a round, over as many rounds as make half a second."""
    before, rounds = time.process_time(), 0
    while True:
        found = work()
        rounds += 1
        spent = time.process_time() - before
        if spent > 0.5 or rounds == 50:
            return spent / rounds, found


def duckdb(path):
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 1")
    con.execute(f"create table hops as select * from read_csv('{path}')")
    plain = """
        with recursive reached(holder, day) as (
            select distinct target, arrived_on from hops where source = 0
            union
            select h.target, h.arrived_on from reached r join hops h on h.source = r.holder and h.left_on >= r.day
        ) select holder, min(day) from reached group by holder
    """
    keyed = """
        with recursive reached(holder, day) using key (holder) as (
            select target, min(arrived_on) from hops where source = 0 group by target
            union
            select h.target, min(h.arrived_on)
            from reached r join hops h on h.source = r.holder and h.left_on >= r.day
            left join recurring.reached k on k.holder = h.target
            where k.day is null or h.arrived_on < k.day
            group by h.target
        ) select holder, day from reached
    """
    for who, query in [("DuckDB, recursive", plain), ("DuckDB, recursive using key", keyed)]:
        seconds, rows = mean(lambda: con.execute(query).fetchall())
        told(who, seconds, dict(rows))


def rows(path):
    with open(path) as lines:
        reader = csv.reader(lines)
        next(reader)
        return [tuple(map(int, row)) for row in reader]


def networkx(path):
    import networkx

    graph = networkx.MultiDiGraph()
    for source, target, left, arrived in rows(path):
        graph.add_edge(source, target, left=left, arrived=arrived)

    def reach():
        earliest, settled = {}, set()
        waiting = [(-(10**9), 0)]
        while waiting:
            day, holder = heapq.heappop(waiting)
            if holder in settled:
                continue
            settled.add(holder)
            for _, target, edge in graph.out_edges(holder, data=True):
                if edge["left"] >= day and edge["arrived"] < earliest.get(target, 10**9):
                    earliest[target] = edge["arrived"]
                    heapq.heappush(waiting, (edge["arrived"], target))
        return earliest

    told("networkx", *mean(reach))


def igraph(path):
    import igraph

    # It has no notion of time, so time is put into the graph: a node for each holder and day, an edge for each hop, and
    # edges for waiting.
    hops = rows(path)
    times = {(s, left) for s, _, left, _ in hops} | {(t, arrived) for _, t, _, arrived in hops}
    nodes = sorted(times)
    number = {node: at for at, node in enumerate(nodes)}
    edges = [(number[s, left], number[t, arrived]) for s, t, left, arrived in hops]
    edges += [(at, at + 1) for at in range(len(nodes) - 1) if nodes[at][0] == nodes[at + 1][0]]
    graph = igraph.Graph(len(nodes), edges, directed=True)
    first = next(at for at, node in enumerate(nodes) if node[0] == 0)
    arrivals = {number[t, arrived] for _, t, _, arrived in hops}

    def reach():
        return graph.subcomponent(first, mode="out")

    seconds, found = mean(reach)
    earliest = {}
    for at in found:
        holder, day = nodes[at]
        if at in arrivals and holder != 0:
            earliest[holder] = min(day, earliest.get(holder, day))
    told("igraph, time unrolled", seconds, earliest)


for name in sys.argv[2:]:
    {"duckdb": duckdb, "networkx": networkx, "igraph": igraph}[name](sys.argv[1])
