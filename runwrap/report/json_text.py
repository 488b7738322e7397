"""JSON that any reader takes: bytes that are no UTF-8 are written as `\\xNN`."""

import json

from runwrap.model.printable import decoded


def line(value: object) -> str:
    """Return a value as a line of JSON."""
    return json.dumps(_decoded(value)) + "\n"


def _decoded(value: object) -> object:
    if isinstance(value, str):
        return decoded(value)
    if isinstance(value, dict):
        return {name: _decoded(one) for name, one in value.items()}
    return [_decoded(one) for one in value] if isinstance(value, list | tuple) else value
