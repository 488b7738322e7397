"""Values: what was asked, what was decided, what happened. No descriptor or clock in them.

They are `Record`s: immutable, and dataclasses to a type checker. Ten real dataclasses would cost
more than the interpreter's own start.
"""

import marshal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from typing_extensions import Self, dataclass_transform

    _Kind = TypeVar("_Kind", bound="Record")
else:

    def dataclass_transform(**_options):  # noqa: D103
        return lambda cls: cls


KINDS: "dict[str, type[Record]]" = {}  # every kind that has been loaded, by its name


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """A frozen value: its fields are the annotations of the class, its defaults the class's own.

    Subclass it once; a subclass of a subclass would lose the fields of the first.
    """

    def __init_subclass__(cls) -> None:
        own, fields = cls.__dict__, cls.__annotations__
        KINDS[cls.__name__] = cls
        cls._fields = fields.keys()  # type: ignore[attr-defined]
        cls._defaults = {name: own[name] for name in fields if name in own}  # type: ignore[attr-defined]

    def __init__(self, **values: "Any") -> None:
        """Take every field by name; TypeError for one that is unknown or missing."""
        every = self._defaults | values  # type: ignore[attr-defined]
        if every.keys() != self._fields:  # type: ignore[attr-defined]
            odd = sorted(every.keys() ^ self._fields)  # type: ignore[attr-defined]
            raise TypeError(f"{type(self).__name__}: unknown or missing: {', '.join(odd)}")
        self.__dict__.update(every)

    def replace(self, **changes: "Any") -> "Self":
        """Return a copy with some fields changed; TypeError for one that is unknown."""
        return type(self)(**{**self.__dict__, **changes})

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    __delattr__ = __setattr__

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self._fields)))  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({inner})"


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
    """Make a record a list, which no record holds otherwise, without what is as by default."""
    if isinstance(value, Record):
        fields, defaults = value.__dict__.items(), value._defaults  # type: ignore[attr-defined]
        given = {name: one for name, one in fields if name not in defaults or one != defaults[name]}
        return [type(value).__name__, {name: _plain(one) for name, one in given.items()}]
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _record(value: "Any") -> "Any":
    if isinstance(value, list):
        name, fields = value
        return KINDS[name](**{field: _record(one) for field, one in fields.items()})
    return tuple(map(_record, value)) if isinstance(value, tuple) else value
