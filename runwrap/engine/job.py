"""One job from its Plan to its Outcome: prepare, start, watch, and let go."""

import os
import time

from runwrap.containment import choose
from runwrap.engine import NEW_SESSION, OWN_GROUP, SHARED, Launch, StartError, blame
from runwrap.engine.caller import environment, inspect, listen_for_deaths
from runwrap.engine.spawn import spawn
from runwrap.engine.supervise import Supervisor
from runwrap.model.escalation import TIMEOUT
from runwrap.model.outcome import Outcome
from runwrap.native import SignalQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.engine.supervise import Observer
    from runwrap.engine.terminal import Terminal
    from runwrap.model.plan import Plan


def run(plan: "Plan", observe: "Observer") -> Outcome:
    """Run a job and return how it ended; a start that failed is an Outcome as well.

    This process is given over to it: its signals are taken, and every child of it is reaped.
    """
    start, command = time.monotonic(), plan.argv[0]
    caller = inspect()
    listen_for_deaths()
    try:
        files = _open_files(plan, start)
        if files is None:
            return Outcome(command=command, reason=TIMEOUT, limit=plan.policy.timeout)
        containment = _contain(plan)
        queue = SignalQueue(caller.forwardable())
        terminal = _terminal(plan, caller.ignored)
        supervisor = Supervisor(plan, containment, terminal, queue, start, observe)
        launch = Launch(
            plan=plan,
            caller=caller,
            queue=queue,
            environment=environment(plan.environment),
            files=files,
            place=_place(plan, terminal),
            terminal=terminal.descriptor if terminal and terminal.offer() else None,
        )
        pid = _start(launch, terminal)
    except StartError as error:
        return Outcome(command=command, failure=error.failure)
    group = 0 if launch.place == SHARED else pid
    containment.adopt(pid, group, stops=launch.place != NEW_SESSION)
    try:
        outcome = supervisor.watch(pid, group)
    except BaseException:
        supervisor.abandon()
        raise
    finally:
        containment.close()
        if terminal:
            terminal.take_back()
    return outcome


def _open_files(plan: "Plan", start: float) -> dict[int, int] | None:
    """Open what redirections name; None if the time limit passed meanwhile."""
    if not plan.redirects:
        return {}
    from runwrap.engine.files import OpenTimeout, open_all

    try:
        return open_all(plan.redirects, start + plan.policy.timeout)
    except OpenTimeout:
        return None


def _contain(plan: "Plan") -> "Containment":
    try:
        containment = choose(plan.contain)
        containment.prepare()
    except OSError as error:
        raise blame("containment", plan.contain, error, detail=str(error.strerror)) from error
    return containment


def _terminal(plan: "Plan", ignored: frozenset[int]) -> "Terminal | None":
    """Return our controlling terminal, where the job is to share it."""
    if plan.session == "new":
        return None
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError:
        return None
    from runwrap.engine.terminal import Terminal

    return Terminal(descriptor, ignored, may_be_apart=plan.session == "auto")


def _place(plan: "Plan", terminal: "Terminal | None") -> str:
    if plan.session == "foreground":
        return SHARED
    if terminal is None:
        return NEW_SESSION
    return OWN_GROUP if terminal.apart else SHARED


def _start(launch: Launch, terminal: "Terminal | None") -> int:
    """Start the command, and close what only it was to have."""
    try:
        return spawn(launch)
    except StartError:
        if terminal:
            terminal.take_back()
        raise
    finally:
        for descriptor in set(launch.files.values()):
            os.close(descriptor)
