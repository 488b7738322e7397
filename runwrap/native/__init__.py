"""Raw system calls: the portable POSIX ones, and Linux's in their place where we run on it.

`posix` carries the contract in its docstrings; whoever imports from here gets the platform's own.
What reads the whole process table is in `processes`, apart, since few jobs need it.
"""

import sys

if sys.platform == "linux":
    from runwrap.native import linux as platform
else:
    from runwrap.native import posix as platform

SignalQueue = platform.SignalQueue
children = platform.children
enlarge_pipe = platform.enlarge_pipe
foreground_of = platform.foreground_of
hand_on = platform.hand_on
initial_value = platform.initial_value
own_children = platform.own_children
parent_ignores = platform.parent_ignores
prevent_core_dump = platform.prevent_core_dump
set_subreaper = platform.set_subreaper
signal_at_parents_death = platform.signal_at_parents_death
wait_until_taken = platform.wait_until_taken
