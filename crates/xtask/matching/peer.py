"""Cross-references a file of entities with itself, to compare with.

    pip install nomenklatura==4.17.4 followthemoney==4.11.2
    python crates/xtask/matching/peer.py FILE

The peer's own blocking index and its default algorithm, threshold 0.7. Prints `what<TAB>value` as our measure does.
"""

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker import Index
from nomenklatura.matching import LogicV2, ScoringConfig
from nomenklatura.resolver import Linker
from nomenklatura.store import MemoryStore

# Candidate pairs for each record that are scored; more take longer and find more.
PAIRS = 6


def main() -> None:
    dataset = Dataset.make({"name": "crowd", "title": "crowd"})
    store = MemoryStore(dataset, Linker({}))
    same: Counter[str] = Counter()
    with store.writer() as writer:
        for line in open(sys.argv[1], encoding="utf-8"):
            data = json.loads(line)
            writer.add_entity(StatementEntity.from_data(dataset, data))
            same[data["id"].split("-")[0]] += 1
    print(f"read, CPU s\t{time.process_time():.2f}")
    view = store.default_view(external=True)
    config = ScoringConfig.defaults()
    found: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        index = Index(view, Path(folder))
        index.build()
        for (left_id, right_id), _ in index.pairs(max_pairs=PAIRS * sum(same.values())):
            left, right = view.get_entity(left_id.id), view.get_entity(right_id.id)
            if left is None or right is None or not left.schema.can_match(right.schema):
                continue
            if LogicV2.compare(left, right, config).score >= 0.7:
                found.append((left_id.id, right_id.id))
        index.close()
    true_pairs = sum(n * (n - 1) // 2 for n in same.values())
    right = sum(1 for a, b in found if a.split("-")[0] == b.split("-")[0])
    print(f"all, CPU s\t{time.process_time():.2f}")
    print(f"peak, MB\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
    print(f"records\t{sum(same.values())}")
    print(f"pairs\t{len(found)}")
    print(f"recall\t{right / max(true_pairs, 1):.4f}")
    print(f"precision\t{right / max(len(found), 1):.4f}")


if __name__ == "__main__":
    main()
