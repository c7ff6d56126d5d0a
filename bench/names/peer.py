"""Scores a file of name pairs with nomenklatura's logic-v2, to compare with.

    pip install nomenklatura==4.17.4
    python bench/names/peer.py bench/names/organisations.csv [--threshold 0.7] [--faults]
"""

import argparse
import csv
import time
from collections import defaultdict

from followthemoney import model
from nomenklatura.matching import LogicV2, ScoringConfig


def entity(number: int, schema: str, name: str):
    return model.get_proxy({"id": str(number), "schema": schema, "properties": {"name": [name]}})


def line(hits: int, missed: int, alarms: int, right: int) -> str:
    precision = hits / (hits + alarms) if hits + alarms else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return (
        f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({hits + missed} same, {right + alarms} different; "
        f"{missed} missed, {alarms} false alarms)"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("pairs")
    arguments.add_argument("--threshold", type=float, default=0.7)
    arguments.add_argument("--faults", action="store_true")
    options = arguments.parse_args()
    config = ScoringConfig.defaults()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    spent = 0.0
    with open(options.pairs, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            left = entity(2 * number, row["schema"], row["name1"])
            right = entity(2 * number + 1, row["schema"], row["name2"])
            began = time.process_time()
            score = LogicV2.compare(left, right, config).score
            spent += time.process_time() - began
            same, said = row["is_match"] == "true", score >= options.threshold
            place = (0 if said else 1) if same else (2 if said else 3)
            for group in ("all", row["schema"], row["category"]):
                counts[group][place] += 1
            if options.faults and same != said:
                print("false alarm" if said else "missed", f"{score:.2f}", row["name1"], "|", row["name2"])
    for group, count in counts.items():
        print(f"{group:<28}{line(*count)}")
    print(f"{spent:.2f} s CPU")


if __name__ == "__main__":
    main()
