"""Writes model.json and territories.tsv from the installed packages `followthemoney` and `rigour`.

    pip install followthemoney==4.11.2 && python crates/entity/data/make.py [FOLDER]

Both packages are under the MIT licence (see LICENSE-followthemoney in this folder).
"""

import json
import pathlib
import re
import sys
import unicodedata
from importlib.metadata import version

from followthemoney import model
from followthemoney.types import registry
from rigour._core import territories_jsonl
from rigour.data import iter_jsonl_text

HERE = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent


def flags(thing, names):
    return {name: True for name in names if getattr(thing, name)}


def property_of(prop):
    out = {"label": prop.label, "type": prop.type.name}
    if prop._description:
        out["description"] = " ".join(prop._description.split())
    if prop.range is not None:
        out["range"] = prop.range.name
    if prop.reverse is not None:
        out["reverse"] = prop.reverse.name
    if prop.format:
        out["format"] = prop.format
    if prop.max_length != prop.type.max_length:
        out["maxLength"] = prop.max_length
    return out | flags(prop, ("hidden", "stub", "deprecated", "matchable"))


def schema_of(schema):
    out = {
        "label": schema.label,
        "plural": schema.plural,
        "extends": sorted(parent.name for parent in schema.extends),
        "featured": schema.featured,
        "required": schema.required,
        "caption": schema.caption,
    }
    if schema._description:
        out["description"] = " ".join(schema._description.split())
    out |= flags(schema, ("abstract", "hidden", "generated", "matchable", "deprecated"))
    if schema.edge:
        out["edge"] = {
            "source": schema.edge_source,
            "target": schema.edge_target,
            "label": schema._edge_label,
            "caption": schema.edge_caption,
            "directed": schema.edge_directed,
        }
    if schema.temporal_start or schema.temporal_end:
        out["temporal"] = {"start": schema.temporal_start, "end": schema.temporal_end}
    out["properties"] = {
        name: property_of(prop) for name, prop in schema.properties.items() if prop.schema is schema
    }
    return out


def write_model():
    out = {"followthemoney": version("followthemoney"), "types": {}, "schemata": {}}
    for kind in sorted(registry.types, key=lambda kind: kind.name):
        spec = kind.to_dict()
        out["types"][kind.name] = {
            key: spec.get(key) for key in ("label", "plural", "group", "matchable", "pivot", "maxLength")
        }
        if "values" in spec:
            out["types"][kind.name]["values"] = dict(sorted(spec["values"].items()))
    for name in sorted(model.schemata):
        out["schemata"][name] = schema_of(model.schemata[name])
    text = json.dumps(out, ensure_ascii=False, indent=0, separators=(",", ":"))
    (HERE / "model.json").write_text(text + "\n")


def key(name):
    plain = unicodedata.normalize("NFKD", name).lower()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", plain))


def write_territories():
    rows = list(iter_jsonl_text(territories_jsonl()))
    by_code = {row["code"]: row for row in rows}

    def country(row):
        while row is not None and not row.get("is_ftm"):
            row = by_code.get(row.get("parent"))
        return row["code"] if row else None

    names = {}
    for field in ("code", "alpha3", "other_codes", "name", "full_name", "names_strong", "names_weak"):
        for row in rows:
            code = country(row)
            if code is None or (field == "names_weak" and not row.get("is_ftm")):
                continue
            values = row.get(field) or []
            for value in [values] if isinstance(values, str) else values:
                if key(value):
                    names.setdefault(key(value), code)
    lines = [f"{name}\t{code}" for name, code in sorted(names.items())]
    (HERE / "territories.tsv").write_text("\n".join(lines) + "\n")


write_model()
write_territories()
