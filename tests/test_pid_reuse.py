"""A newcomer is never taken for the process that had its pid before.

In a PID namespace of our own the next pid can be chosen, so that each moment of a reuse is a test.
"""

import shutil
import subprocess
import sys

import pytest

from tests.support import RUNWRAP

UNSHARE = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc")
# A root whose only child is `old`; `replace` lets that die and gives its pid to a child of ours.
SETTING = """
import os, resource, signal
from runwrap.containment.tree_walk import TreeWalk
from runwrap.containment.scopes import Scope
from runwrap.native.process_refs import ProcessRefs
from runwrap.native.processes import look, start_clock

signal.signal(signal.SIGCHLD, signal.SIG_DFL)

def start(body):
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        signal.alarm(30)
        body(write)
        os._exit(0)
    os.close(write)
    return pid, open(read)

def parent_of_one(write):
    child = os.fork()
    if not child:
        signal.alarm(30)
        signal.pause()
    os.write(write, b"%d\\n" % child)
    os.waitpid(child, 0)
    os.write(write, b"reaped\\n")
    signal.pause()

def sleeper(write):
    os.write(write, b"ready\\n")
    signal.pause()

def start_as(pid, body):
    # A start time that differs: they are counted in clock ticks.
    while start_clock() - began < 0.05:
        pass
    open("/proc/sys/kernel/ns_last_pid", "w").write(str(pid - 1))
    got, said = start(body)
    assert got == pid, (got, pid)
    said.readline()
    return got

def replace(body=sleeper):
    os.kill(old, signal.SIGKILL)
    assert said.readline() == "reaped\\n"
    return start_as(old, body)

def lives(pid):
    return os.waitpid(pid, os.WNOHANG) == (0, 0)

began = start_clock()
root, said = start(parent_of_one)
old = int(said.readline())
"""


def can_choose_pids() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    script = "echo 500 >/proc/sys/kernel/ns_last_pid"
    words = [*UNSHARE, "sh", "-c", script]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_choose_pids(), reason="the next pid can't be chosen")


def in_a_namespace(body: str) -> str:
    words = [*UNSHARE, sys.executable, "-c", SETTING + body]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.stdout


def test_a_newcomer_between_the_walk_and_the_signal_is_not_signalled() -> None:
    body = """
tree = TreeWalk([ProcessRefs().hold(root)], {os.getpid()}, ProcessRefs())
_, member = tree.walk()
assert member.pid == old
new = replace()
print(tree.signal(member, signal.SIGKILL), lives(new))
"""
    assert in_a_namespace(body) == "False True\n"


def test_a_newcomer_is_told_by_its_start_time_where_descriptors_are_few() -> None:
    body = """
resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
tree = TreeWalk([ProcessRefs().hold(root)], {os.getpid()}, ProcessRefs())
_, member = tree.walk()
assert member.pid == old and len(os.listdir("/proc/self/fd")) < 10
new = replace()
print(tree.signal(member, signal.SIGKILL), lives(new))
"""
    assert in_a_namespace(body) == "False True\n"


def test_a_newcomer_between_the_listing_and_the_hold_is_no_member() -> None:
    body = """
class Late(TreeWalk):
    new = 0
    def hold(self, pid):
        self.new = self.new or replace()
        return super().hold(pid)
tree = Late([ProcessRefs().hold(root)], {os.getpid()}, ProcessRefs())
print([one.pid for one in tree.walk()] == [root], tree.new == old, lives(tree.new))
"""
    assert in_a_namespace(body) == "True True True\n"


def test_the_children_of_a_newcomer_are_no_members() -> None:
    body = """
tree = TreeWalk([ProcessRefs().hold(root)], {os.getpid()}, ProcessRefs())
walk = tree.walk()
assert next(walk).pid == root  # its child is held, whose own children are listed next
new = replace(parent_of_one)
print([one.pid for one in walk] == [old], lives(new))
"""
    assert in_a_namespace(body) == "True True\n"


def test_a_newcomers_session_is_not_swept_for_having_the_number_of_ours() -> None:
    body = """
def leader(write):
    os.setsid()
    os.write(write, b"ready\\n")
    signal.pause()
def leader_of_one(write):
    os.setsid()
    parent_of_one(write)
first, said = start(leader)
said.readline()
scope = Scope("session", look(first))
tree = TreeWalk([ProcessRefs().hold(first)], {os.getpid()}, ProcessRefs(), scopes=[scope])
(member,) = tree.walk()
assert tree.signal(member, signal.SIGKILL) and os.waitpid(first, 0)
began = start_clock()
new = start_as(first, leader_of_one)
print(look(new).session == first, list(tree.walk()), lives(new))
"""
    assert in_a_namespace(body) == "True [] True\n"


def test_who_joins_the_group_of_a_newcomer_is_not_swept_though_older() -> None:
    body = """
def leader(write):
    os.setpgid(0, 0)
    sleeper(write)
joiner, said = start(sleeper)
said.readline()
first, said = start(leader)
said.readline()
scope = Scope("group", look(first))
tree = TreeWalk([ProcessRefs().hold(first)], {os.getpid()}, ProcessRefs(), scopes=[scope])
(member,) = tree.walk()
assert tree.signal(member, signal.SIGKILL) and os.waitpid(first, 0)
began = start_clock()
new = start_as(first, leader)
os.setpgid(joiner, new)
print(list(tree.walk()), lives(joiner))
"""
    assert in_a_namespace(body) == "[] True\n"


def test_who_was_born_just_before_the_last_of_the_session_was_signalled_is_swept() -> None:
    body = """
def leader(write):
    os.setsid()
    signal.signal(signal.SIGUSR1, lambda *_: None)
    os.write(write, b"ready\\n")
    signal.pause()
    parent_of_one(write)
first, said = start(leader)
said.readline()
scope = Scope("session", look(first))
tree = TreeWalk([ProcessRefs().hold(first)], {os.getpid()}, ProcessRefs(), scopes=[scope])
(member,) = tree.walk()
while start_clock() - began < 0.2:  # the scope was noted ticks ago
    pass
os.kill(first, signal.SIGUSR1)
orphan = int(said.readline())
assert tree.signal(member, signal.SIGKILL) and os.waitpid(first, 0)
print([one.pid for one in tree.walk()] == [orphan])
"""
    assert in_a_namespace(body) == "True\n"


def test_an_untouchable_process_is_not_held() -> None:
    body = """
tree = TreeWalk([ProcessRefs().hold(root)], {os.getpid(), old}, ProcessRefs())
print([one.pid for one in tree.walk()] == [root])
"""
    assert in_a_namespace(body) == "True\n"


def test_who_is_in_the_session_from_before_is_swept() -> None:
    body = """
def leader_of_one(write):
    os.setsid()
    parent_of_one(write)
first, said = start(leader_of_one)
orphan = int(said.readline())
scope = Scope("session", look(first))
os.kill(first, signal.SIGKILL)
tree = TreeWalk([ProcessRefs().hold(first)], {os.getpid()}, ProcessRefs(), scopes=[scope])
os.waitpid(first, 0)
print([one.pid for one in tree.walk()] == [orphan])
"""
    assert in_a_namespace(body) == "True\n"


# Prints how runwrap ended, and who is left. The caller leaves it a child, which ends; the job
# starts one with that pid, and kills the guardian.
CALLER = """
import os, sys
caller = os.fork()
if not caller:
    left = os.fork()
    if not left:
        os.execvp("sleep", ["sleep", "30"])
    os.execv(sys.argv[1], [sys.argv[1], "--", sys.executable, "-c", sys.argv[2], str(left)])
_, status = os.waitpid(caller, 0)
print(os.waitstatus_to_exitcode(status), [pid for pid in os.listdir("/proc") if pid.isdigit()])
"""
JOB = """
import os, signal, sys, time
left = int(sys.argv[1])
os.kill(left, signal.SIGKILL)
while os.path.exists(f"/proc/{left}"):
    pass
open("/proc/sys/kernel/ns_last_pid", "w").write(str(left - 1))
guardian = os.getppid()
if os.fork() == 0:
    assert os.getpid() == left
    os.setsid()
    os.kill(guardian, signal.SIGKILL)
time.sleep(30)
"""


def test_a_process_with_the_number_of_a_child_that_the_caller_left_is_not_spared() -> None:
    words = [*UNSHARE, sys.executable, "-c", CALLER, RUNWRAP, JOB]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "125 ['1']\n"
