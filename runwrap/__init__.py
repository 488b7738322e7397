"""A process runner and timeout wrapper that leaves nothing running behind it."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

__version__ = "0.1.0"


def start() -> "NoReturn":
    """Run the command line of this process, and end as it says.

    It is here, and not in the script, since a script is compiled anew at every start.
    """
    from _signal import (  # type: ignore[import-not-found]
        SIG_DFL,
        SIGINT,
        default_int_handler,
        getsignal,
        signal,
    )

    if getsignal(SIGINT) is default_int_handler:
        signal(SIGINT, SIG_DFL)  # an early Ctrl-C ends us as any program, without a traceback

    import gc

    gc.disable()  # what is loaded now stays until the end: nothing of it is ever garbage
    # A wheel has all that a plain start loads in one file.
    try:  # noqa: SIM105 - the module with `suppress` isn't among it
        __import__("runwrap.bundle")
    except Exception:  # noqa: BLE001, S110
        pass  # a checkout has none, or it can't be read: the modules themselves do
    from runwrap.main import main

    main()
