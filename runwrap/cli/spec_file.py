"""Reading the file that holds a pipeline."""

import os

_LONGEST = 16 << 20  # bytes; whoever names /dev/zero is told before memory runs out


def load(path: str) -> str:
    """Return the text of a file; ValueError if it can't be read."""
    try:
        with open(path, "rb") as file:
            data = file.read(_LONGEST + 1)
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from error
    except ValueError:  # a NUL, which no file's name holds
        raise ValueError(f"cannot read {path}: no such file") from None
    if len(data) > _LONGEST:
        raise ValueError(f"cannot read {path}: longer than {_LONGEST >> 20} MiB")
    return os.fsdecode(data)
