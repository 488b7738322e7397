"""The members of a report as mdoc lists, from the schema that describes them."""

import json
from pathlib import Path
from typing import Any

import mdoc
import table

_SCHEMA = Path(__file__).parent.parent / "schema/report.schema.json"


def listed() -> list[str]:
    """Return a list of every member, with the members of members below it."""
    return _list(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def _list(schema: dict[str, Any]) -> list[str]:
    lines = [".Bl -tag -width Ds"]
    for name, member in schema["properties"].items():
        lines += _member(name, member)
    return [*lines, ".El"]


def _member(name: str, member: dict[str, Any]) -> list[str]:
    lines = [f".It Cm {mdoc.escape(name)} Pq {_kind(member)}"]
    for sentence in table.sentences(member["description"]):
        lines += mdoc.marked(sentence, ())
    inner = member.get("items", member)
    return lines + (_list(inner) if "properties" in inner else [])


def _kind(member: dict[str, Any]) -> str:
    """Return what a member is, in words: `array of objects`, `number or null`."""
    kinds = member["type"]
    if kinds == "array":
        return f"array of {member['items']['type']}s"
    return kinds if isinstance(kinds, str) else " or ".join(kinds)
