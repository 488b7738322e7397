"""Raw system calls: the portable POSIX ones, and Linux's in their place where we run on it.

`posix` carries the contract in its docstrings; whoever imports from here gets the platform's own.
What reads the whole process table is in `processes`, apart, since few jobs need it.
"""

import sys

if sys.platform == "linux":
    from runwrap.native.linux import (
        SignalQueue,
        children,
        enlarge_pipe,
        foreground_of,
        hand_on,
        initial_value,
        own_children,
        parent_ignores,
        prevent_core_dump,
        set_subreaper,
        signal_at_parents_death,
        wait_until_taken,
    )
else:
    from runwrap.native.posix import (
        SignalQueue,
        children,
        enlarge_pipe,
        foreground_of,
        hand_on,
        initial_value,
        own_children,
        parent_ignores,
        prevent_core_dump,
        set_subreaper,
        signal_at_parents_death,
        wait_until_taken,
    )

__all__ = [
    "SignalQueue",
    "children",
    "enlarge_pipe",
    "foreground_of",
    "hand_on",
    "initial_value",
    "own_children",
    "parent_ignores",
    "prevent_core_dump",
    "set_subreaper",
    "signal_at_parents_death",
    "wait_until_taken",
]
