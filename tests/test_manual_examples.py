"""Each example of the manual, run as it is printed, with stand-ins for what it names."""

import gzip
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests import namespaces
from tests.kill_trees import CHAIN, Tree
from tests.manual_examples import MAN, Place, every_example, example, examples_in, tried
from tests.screen import Screen
from tests.support import fifo, read_line

# Answers SIGTERM with an exit code of its own, once it has said what it was given.
SERVER = 'trap "exit 3" TERM; sleep 60 & echo "$*" >ready; wait'
LOG = b"error 404\nfine\nerror 500\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def needs(program: str) -> pytest.MarkDecorator:
    """Skip a test where a program isn't installed."""
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


def test_every_example_of_the_manual_is_run_here() -> None:
    assert every_example() == tried


@needs("mandoc")
@pytest.mark.parametrize("page", sorted(MAN.iterdir()), ids=lambda page: page.name)
def test_an_example_is_shown_as_it_is_run(page: Path) -> None:
    ran = subprocess.run(["mandoc", "-Tascii", page], capture_output=True, text=True, check=True)
    shown = {row.strip() for row in ran.stdout.splitlines()}
    assert {row for text in examples_in(page) for row in text.splitlines()} <= shown


# runwrap and runwrap run


@needs("rsync")
@example("runwrap -t 30m -- rsync -a src/ host:dst/")
def test_a_copy_arrives(lines: str, place: Place) -> None:
    (place.folder / "src").mkdir()
    (place.folder / "src" / "letter").write_text("dear all")
    (place.folder / "host").mkdir()
    shell = place.program("remote-shell", 'shift; cd host && exec "$@"')
    result = place.run(f"export RSYNC_RSH={shell}\n{lines}")
    assert (result.status, result.all_dead) == (0, True)
    assert place.read("host/dst/letter") == "dear all"


@example("runwrap -t 5m -k 30 --dry-run make")
def test_a_dry_run_says_what_would_be_done_and_makes_nothing(lines: str, place: Place) -> None:
    place.program("make", "echo >made")
    result = place.run(lines)
    assert result.status == 0
    assert "make" in result.out
    assert not (place.folder / "made").exists()


@example('ENTRYPOINT ["runwrap", "--"]')
def test_what_a_containers_program_leaves_is_ended(lines: str, place: Place) -> None:
    place.program("server", "setsid sleep 60 & exit 4")
    words = json.loads(lines.removeprefix("ENTRYPOINT "))
    result = place.run(shlex.join([*words, "server"]))
    assert (result.status, result.all_dead) == (4, True)


@example('ENTRYPOINT ["runwrap", "--"]\nCMD ["server", "--port", "80"]')
def test_a_containers_signals_reach_its_program(lines: str, place: Place) -> None:
    place.program("server", SERVER)
    ready = fifo(place.folder, "ready")
    entry, command = (json.loads(line.partition(" ")[2]) for line in lines.splitlines())
    container = place.start(f"exec {shlex.join([*entry, *command])}")
    assert read_line(ready) == "--port 80"
    container.signal(signal.SIGTERM)
    result = container.wait()
    assert (result.status, result.all_dead) == (3, True)


@example("*/5 * * * * /usr/local/bin/runwrap -t 4m -- /usr/local/bin/backup")
def test_cron_runs_a_backup(lines: str, place: Place) -> None:
    place.program("backup", "echo saved >state")
    line = re.fullmatch(r"(?:[\d*/,-]+ ){5}(.*)", lines)
    assert line
    result = place.run(line[1].replace("/usr/local/bin", str(place.bin)), shell="sh")
    assert (result.status, result.err) == (0, "")
    assert place.read("state") == "saved\n"


@example("runwrap -t 20m --leak fail -- pytest -x")
def test_tests_that_leave_a_server_running_fail(lines: str, place: Place) -> None:
    place.program("pytest", "setsid sleep 60 & exit 0")
    result = place.run(lines)
    assert (result.status, result.all_dead) == (123, True)
    assert "left running: sleep 60" in result.err


@example("runwrap -t 1h --escalate INT:10s,TERM:5s,KILL -- simulate")
def test_a_simulation_would_be_stopped_in_steps(lines: str, place: Place) -> None:
    place.program("simulate", "echo done >result")
    assert place.run(lines).status == 0
    assert place.read("result") == "done\n"
    told = place.run(lines.replace("runwrap", "runwrap --dry-run")).out
    assert re.search(r"1h.*INT.*10 ?s.*TERM.*5 ?s.*KILL", told, re.DOTALL)


@example("runwrap -t 10s --leak allow -- start-server")
def test_a_daemon_lives_on(lines: str, place: Place) -> None:
    stop = fifo(place.folder, "stop")
    place.program("start-server", "exec 3<>stop; read -r line <&3 &")
    result = place.run(lines)
    assert (result.status, result.all_dead) == (0, False)
    daemon = os.open(stop, os.O_WRONLY | os.O_NONBLOCK)  # fails where nobody has it open
    os.write(daemon, b"\n")
    os.close(daemon)


@example("runwrap --contain strict --die-with-parent -- ./untrusted")
def test_what_is_not_trusted_runs_in_a_pid_namespace(lines: str, place: Place) -> None:
    if reason := namespaces.why_not():
        pytest.skip(reason)
    place.program("./untrusted", "echo $PPID >parent; setsid sleep 60 & exit 5")
    result = place.run(lines)
    assert (result.status, result.all_dead) == (5, True)
    assert place.read("parent") == "1\n"


# runwrap timeout


@example("runwrap timeout -k 1m 30m make")
def test_a_build_has_its_own_exit_code(lines: str, place: Place) -> None:
    place.program("make", "echo >made; exit 2")
    assert place.run(lines).status == 2
    assert place.read("made") == "\n"


@example("runwrap timeout -f 10m ssh host")
def test_a_password_can_be_typed(lines: str, place: Place) -> None:
    place.program("ssh", 'printf "password: "; read -r word </dev/tty; echo "$1 got [$word]"')
    screen = Screen()
    screen.run(f"PATH={place.bin}:$PATH")
    screen.start(lines)
    screen.expect("password: ")
    screen.type("secret\n")
    screen.expect(r"host got \[secret\]")
    screen.close()


# runwrap pipe, and specs


@example("runwrap pipe -t 5m 'zcat access.gz | grep -c error >count'")
def test_lines_are_counted(lines: str, place: Place) -> None:
    (place.folder / "access.gz").write_bytes(gzip.compress(LOG))
    assert place.run(lines).status == 0
    assert place.read("count") == "2\n"


@example("""runwrap pipe -- zcat "$file" '|' grep -e "$pattern" '|' wc -l""")
def test_variables_become_words_as_they_are(lines: str, place: Place) -> None:
    (place.folder / "access log.gz").write_bytes(gzip.compress(LOG))
    result = place.run(f"file='access log.gz' pattern='^error [5]'\n{lines}")
    assert (result.status, result.out.strip()) == (0, "1")


@example(
    "#!/usr/bin/env -S runwrap pipe -t 1h --file\n# The ten largest\n"
    "du -a 2>/dev/null |\nsort -rn |\nhead"
)
def test_a_script_lists_the_ten_largest(lines: str, place: Place) -> None:
    (place.folder / "large").write_bytes(os.urandom(1 << 20))
    for number in range(12):
        (place.folder / str(number)).touch()
    result = place.run(place.script(lines))
    names = [row.split("\t")[1] for row in result.out.splitlines()]
    assert result.status == 0
    assert names[:2] == [".", "./large"]
    assert len(names) == 10


@example("""runwrap pipe "find . -name '*.c' | grep -v '/old copies/'\"""")
def test_quoted_words_reach_the_programs(lines: str, place: Place) -> None:
    (place.folder / "old copies").mkdir()
    (place.folder / "old copies" / "a.c").touch()
    (place.folder / "a.c").touch()
    result = place.run(lines)
    assert (result.status, result.out) == (0, "./a.c\n")


@example("runwrap pipe 'LC_ALL=C sort names | uniq -c >counts 2>&1'")
def test_a_variable_and_both_streams_in_a_file(lines: str, place: Place) -> None:
    (place.folder / "names").write_text("bob\nAda\nbob\n")
    assert place.run(lines).status == 0
    assert place.read("counts").split() == ["1", "Ada", "2", "bob"]


@example("runwrap pipe 'make |& grep -i warning'")
def test_a_pipe_takes_standard_error_as_well(lines: str, place: Place) -> None:
    place.program("make", "echo 'Warning: old' >&2; echo made")
    result = place.run(lines)
    assert (result.status, result.out, result.err) == (0, "Warning: old\n", "")


@example("runwrap pipe 'cat *.log | wc -l'\nrunwrap -- sh -c 'cat *.log | wc -l'")
def test_what_needs_a_shell_is_refused_and_a_shell_does_it(lines: str, place: Place) -> None:
    (place.folder / "a.log").write_text("one\n")
    (place.folder / "b.log").write_text("two\n")
    refused, instead = map(place.run, lines.splitlines())
    assert (refused.status, refused.out) == (125, "")
    assert "glob" in refused.err
    assert (instead.status, instead.out.strip()) == (0, "2")


@needs("ps")
@example(
    "#!/usr/bin/env -S runwrap pipe -t 1h --file\n# The users with the most processes\n"
    "ps -eo user= |\nsort | uniq -c |\n# the largest count first\nsort -rn"
)
def test_a_script_counts_processes(lines: str, place: Place) -> None:
    result = place.run(place.script(lines))
    counts = [int(row.split()[0]) for row in result.out.splitlines()]
    assert result.status == 0
    assert counts
    assert counts == sorted(counts, reverse=True)


# --report


@example(
    "runwrap -t 20m --report report.json -- pytest -x\n"
    """python3 -c 'import json; print(json.load(open("report.json"))["reason"])'"""
)
def test_a_script_says_why_the_tests_ended(lines: str, place: Place) -> None:
    place.program("pytest", "exit 1")
    result = place.run(lines)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("pytest: exited 1 after ")


@example("runwrap --report /dev/stderr -- make")
def test_a_report_stands_beside_the_messages(lines: str, place: Place) -> None:
    place.program("make", "echo warning >&2; exit 2")
    result = place.run(lines)
    warning, report = result.err.split("\n", 1)
    assert (result.status, warning, json.loads(report)["exit_code"]) == (2, "warning", 2)


# runwrap kill-tree


def of(process: Tree, lines: str) -> str:
    """Return an example for this process in the place of the page's."""
    return lines.replace("4711", str(process.pid))


@example("runwrap kill-tree --dry-run 4711\nrunwrap kill-tree 4711")
def test_a_tree_is_drawn_and_then_ended(lines: str, place: Place, trees: list[Tree]) -> None:
    build = Tree("sh", "-c", CHAIN)
    trees.append(build)
    look, end = of(build, lines).splitlines()
    drawn = place.run(look)
    assert (drawn.status, drawn.out.count("sleep 60\n")) == (0, 2)
    assert not build.all_dead()
    assert place.run(end).status == 0
    assert build.all_dead()


@example("runwrap kill-tree -s INT -k 1m 4711")
def test_an_interrupted_simulation_saves(lines: str, place: Place, trees: list[Tree]) -> None:
    saved = place.folder / "saved"
    trap = f"trap 'echo all >{saved}; exit' INT; echo; sleep 60; sleep 60"
    simulation = Tree("sh", "-c", trap)
    trees.append(simulation)
    assert place.run(of(simulation, lines)).status == 0
    assert simulation.all_dead()
    assert saved.read_text() == "all\n"


@example("runwrap kill-tree --also session @/run/server.pid")
def test_a_servers_daemons_end_with_it(lines: str, place: Place, trees: list[Tree]) -> None:
    server = Tree("sh", "-c", "(sleep 60 &); echo; exec sleep 60")
    trees.append(server)
    file = place.folder / "server.pid"
    file.write_text(f"{server.pid}\n")
    assert place.run(lines.replace("/run/server.pid", str(file))).status == 0
    assert server.all_dead()


@example("runwrap kill-tree --also group $(jobs -p %1)")
def test_a_shells_pipeline_is_ended(lines: str, place: Place) -> None:
    result = place.run(f"set -m\nsleep 60 | sleep 60 &\n{lines}; code=$?\nwait; exit $code")
    assert (result.status, result.all_dead) == (0, True)


@example("runwrap kill-tree --keep-root 4711")
def test_a_shell_outlives_what_it_started(lines: str, place: Place, trees: list[Tree]) -> None:
    told = fifo(place.folder, "told")
    shell = Tree("sh", "-c", f"sleep 60 & echo; wait; echo alone >{told}; exec sleep 60")
    trees.append(shell)
    assert place.run(of(shell, lines)).status == 0
    assert read_line(told) == "alone"
    assert shell.process.poll() is None
