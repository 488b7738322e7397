"""Records as bytes, for another process of the same program and version.

A field may hold a Record, a tuple of what it may hold, or what `marshal` takes: numbers, text,
bytes, None, frozensets and dicts of these. What is as by default isn't written: less is sent, and
each object less is a page less to copy after a fork.
"""

import marshal

from runwrap.model import KINDS, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Kind = TypeVar("_Kind", bound=Record)


def encode(record: Record) -> bytes:
    """Return a record as bytes; ValueError for a field that holds anything else, a function say."""
    return marshal.dumps(_plain(record))


def decode(data: bytes, kind: "type[_Kind]") -> "_Kind":
    """Return the record of a kind that `encode` made bytes of.

    EOFError where bytes are missing at the end, ValueError for anything else.
    """
    found = _record(marshal.loads(data))
    if not isinstance(found, kind):
        raise ValueError(f"not a record of the kind {kind.__name__}")
    return found


def _plain(value: object) -> "Any":
    if isinstance(value, Record):  # a list, which no record holds otherwise
        fields = {name: _plain(one) for name, one in value.differing().items()}
        return [type(value).__name__, fields]
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _record(value: "Any") -> "Any":
    if isinstance(value, list):
        name, fields = value
        return KINDS[name](**{field: _record(one) for field, one in fields.items()})
    return tuple(map(_record, value)) if isinstance(value, tuple) else value
