"""Splink on two lists of invented persons: CPU seconds, memory, and the best F1 over all thresholds.

usage: peer.py FOLDER RULES      (run by `cargo xtask measure linkage`)

RULES is a JSON list of blocking rules in SQL. The comparisons and levels are those that Tumen has for the same columns,
as far as Splink has them. The number in `id` is the person's. Prints one JSON object.
"""

import json
import logging
import resource
import sys
import warnings

warnings.filterwarnings("ignore")
logging.getLogger("splink").setLevel(logging.ERROR)

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator

folder, rules = sys.argv[1], json.loads(sys.argv[2])


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


api = DuckDBAPI()
con = api._con
con.execute("SET threads = 2")
lists = []
for name in "ab":
    con.execute(
        f"""CREATE TABLE list_{name} AS SELECT id AS unique_id, surname, given_name, sex,
        nullif(birth_date, '') AS birth_date, place FROM read_csv('{folder}/{name}.csv', all_varchar = true)"""
    )
    lists.append(api.register(f"list_{name}", dataset_display_name=name))
swapped = (
    "birth_date_l[1:4] = birth_date_r[1:4] AND birth_date_l[6:7] = birth_date_r[9:10]"
    " AND birth_date_l[9:10] = birth_date_r[6:7]"
)
settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=rules,
    comparisons=[
        cl.JaroWinklerAtThresholds("surname", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("given_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
        cl.CustomComparison(
            output_column_name="birth_date",
            comparison_levels=[
                cll.NullLevel("birth_date"),
                cll.ExactMatchLevel("birth_date", term_frequency_adjustments=True),
                cll.CustomLevel(swapped, label_for_charts="swapped"),
                cll.DamerauLevenshteinLevel("birth_date", 1),
                cll.CustomLevel("birth_date_l[1:4] = birth_date_r[1:4]", label_for_charts="year"),
                cll.ElseLevel(),
            ],
        ),
        cl.JaroWinklerAtThresholds("place", [0.9]).configure(term_frequency_adjustments=True),
    ],
    retain_intermediate_calculation_columns=False,
)
linker = Linker(lists, settings)
linker.training.estimate_probability_two_random_records_match([rules[1]], recall=0.5)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
for rule in rules[:2]:
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
found = linker.inference.predict(threshold_match_probability=0.01)
cpu = used()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
pairs = con.execute(
    f"SELECT match_probability AS p, unique_id_l[3:] = unique_id_r[3:] AS same,"
    f" unique_id_l, unique_id_r FROM {found.physical_name} ORDER BY p DESC"
).df()
shared = con.execute("SELECT count(*) FROM list_a a JOIN list_b b ON a.unique_id[3:] = b.unique_id[3:]").fetchone()[0]
pairs[["p", "unique_id_l", "unique_id_r"]].to_csv(f"{folder}/splink.csv", index=False)
print(json.dumps({"cpu": cpu, "memory": memory, "pairs": len(pairs), "shared": shared}))
