"""What the caller ignores or blocks, and what the command gets of it."""

from tests.support import python, sh
from tests.timeout_rows.row import (
    DEADLINE,
    HANG,
    SPEAKS,
    STATE,
    TIMED_OUT,
    Ending,
    Row,
    probe,
    state,
)

DIES = python(
    "import os, signal; signal.signal(2, signal.SIG_DFL);"
    " signal.pthread_sigmask(signal.SIG_UNBLOCK, {2}); os.kill(os.getpid(), 2)"
)
# timeout is the command's parent, or its parent's.
CALLERS_GROUP = sh(
    "read -r pid name state parent group session rest </proc/self/stat; [ $group = $session ]"
)
OWN_GROUP = sh(
    "read -r pid name state parent group session rest </proc/self/stat;"
    " read -r pid name state above rest </proc/$parent/stat;"
    " [ $group = $parent ] || [ $group = $above ] && [ $group != $session ]"
)


def kept_ignored(name: str) -> Row:
    """A signal that timeout handled, and so gave the command as default, up to 9.9."""
    return Row(
        f"an ignored {name} stays ignored",
        ("60", *STATE),
        state(ignored=(name,)),
        ignored=(name,),
        differs="9.10",
        before=state(),
    )


def not_passed_on(name: str) -> Row:
    """An ignored signal that was passed on all the same up to 9.9."""
    return Row(
        f"an ignored {name} is not passed on",
        ("60", *probe("TERM")),
        Ending(5, "TERM\n"),
        ((name, "TERM"),),
        ignored=(name,),
        differs="9.10",
        before=Ending(5, f"{name} TERM\n"),
    )


def ignored(name: str, *signals: str, shown: tuple[str, ...]) -> Row:
    return Row(name, ("60", *STATE), state(ignored=shown), ignored=signals)


def blocked(name: str, *signals: str) -> Row:
    return Row(name, ("60", *STATE), state(blocked=signals), blocked=signals)


CALLER = (
    Row("nothing is ignored or blocked by itself", ("60", *STATE), state()),
    Row("nothing is in the foreground either", ("--foreground", "60", *STATE), state()),
    Row("nothing is with -s and -k", ("-s", "USR1", "-k", "1", "60", *STATE), state()),
    ignored("an ignored USR1 stays ignored", "USR1", shown=("USR1",)),
    # In a shell, whose word on SIGPIPE is good: Python ignores it before anybody can look.
    Row(
        "an ignored PIPE stays ignored",
        ("60", *STATE),
        state(ignored=("PIPE",)),
        ignored=("PIPE",),
        in_shell=True,
    ),
    ignored("an ignored WINCH stays ignored", "WINCH", shown=("WINCH",)),
    ignored("an ignored CHLD is not inherited", "CHLD", shown=()),
    ignored("ignored TTIN and TTOU are not inherited", "TTIN", "TTOU", shown=()),
    ignored("an ignored TERM is not inherited", "TERM", shown=()),
    ignored("an ignored ALRM is not inherited", "ALRM", shown=()),
    Row(
        "-s's signal is not inherited ignored",
        ("-s", "USR1", "60", *STATE),
        state(),
        ignored=("USR1",),
    ),
    kept_ignored("HUP"),
    kept_ignored("INT"),
    kept_ignored("QUIT"),
    not_passed_on("HUP"),
    not_passed_on("INT"),
    not_passed_on("QUIT"),
    Row(
        "an ignored USR1 is not passed on",
        ("60", *probe("TERM")),
        Ending(5, "TERM\n"),
        (("USR1", "TERM"),),
        ignored=("USR1",),
    ),
    Row(
        "an ignored TERM is passed on",
        ("60", *SPEAKS),
        Ending(-15),
        (("TERM",),),
        ignored=("TERM",),
    ),
    Row("an ignored TERM ends at the deadline", (".1", *HANG), TIMED_OUT, ignored=("TERM",)),
    Row("an ignored ALRM is no matter", (".1", *HANG), TIMED_OUT, ignored=("ALRM",)),
    Row("an ignored INT with -s INT", ("-s", "INT", ".1", *HANG), TIMED_OUT, ignored=("INT",)),
    Row("an ignored CHLD hides no code", ("60", *sh("exit 3")), Ending(3), ignored=("CHLD",)),
    Row("an ignored CHLD hides no death", ("60", *sh("kill $$")), Ending(-15), ignored=("CHLD",)),
    Row("an ignored CHLD with a deadline", ("60", *SPEAKS), TIMED_OUT, DEADLINE, ignored=("CHLD",)),
    blocked("a blocked TERM stays blocked", "TERM"),
    blocked("blocked signals stay blocked", "HUP", "INT", "USR1", "TTOU"),
    # The command gets the caller's own mask, these two as well as all others.
    Row(
        "a blocked CHLD is not inherited",
        ("60", *STATE),
        state(),
        blocked=("CHLD",),
        ours=state(blocked=("CHLD",)),
    ),
    Row(
        "a blocked ALRM is not inherited",
        ("60", *STATE),
        state(),
        blocked=("ALRM",),
        differs="9.5",
        before=state(blocked=("ALRM",)),
        ours=state(blocked=("ALRM",)),
        proved=False,
    ),
    Row("a blocked ALRM hides no deadline", (".1", *HANG), TIMED_OUT, blocked=("ALRM",)),
    Row("a blocked CHLD hides no end", ("60", *sh("exit 3")), Ending(3), blocked=("CHLD",)),
    Row("a blocked TERM needs -k", ("-k", ".1", ".1", *HANG), Ending(-9), blocked=("TERM",)),
    Row("a blocked TERM with -s INT", ("-s", "INT", ".1", *HANG), TIMED_OUT, blocked=("TERM",)),
    Row(
        "a blocked TERM is not passed on",
        ("60", *probe("HUP")),
        Ending(5, "HUP\n"),
        (("TERM", "HUP"),),
        blocked=("TERM",),
    ),
    Row("a blocked INT hides no death of it", ("60", *DIES), Ending(-2), blocked=("INT",)),
    Row("the command is in timeout's process group", ("60", *OWN_GROUP), in_shell=True),
    Row(
        "the command is in the caller's process group in the foreground",
        ("--foreground", "60", *CALLERS_GROUP),
        in_shell=True,
    ),
)
