"""The manual pages and the completions: made from the table, well-formed, tried in real shells."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runwrap.cli import SUBCOMMANDS
from runwrap.cli.options import Option
from runwrap.model import durations, signal_names
from tests.screen import PROMPT, Screen
from tests.support import clean_environment

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))  # scripts beside each other, not a package

import generate  # noqa: E402
import manual  # noqa: E402
import mdoc  # noqa: E402
import table  # noqa: E402

PAGES = sorted(path.name for path in (ROOT / "man").iterdir())
COMPLETIONS = ROOT / "completions"
BASH, FISH = COMPLETIONS / "runwrap.bash", COMPLETIONS / "runwrap.fish"
FILES = {"bash": BASH, "zsh": COMPLETIONS / "_runwrap", "fish": FISH}
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")

TABLE = table.whole()
every_option = pytest.mark.parametrize("option", TABLE, ids=lambda option: option.names[-1])


def needs(program: str) -> pytest.MarkDecorator:
    """Skip a test where a program isn't installed."""
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


SHELLS = [pytest.param(name, marks=needs(name)) for name in FILES]


def complaints(*words: str | Path) -> str:
    """Run a program that is silent when it has nothing to complain of; return all it says."""
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr + (f"exit {ran.returncode}" if ran.returncode else "")


def test_generating_again_changes_nothing() -> None:
    assert generate.stale() == []


def test_the_folders_hold_nothing_that_is_not_generated() -> None:
    found = [*(ROOT / "man").iterdir(), *COMPLETIONS.iterdir()]
    assert {path.relative_to(ROOT) for path in found} == set(generate.outputs())


def test_files_are_out_of_date_until_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    assert [generate.main(words) for words in (["--check"], [], ["--check"])] == [1, 0, 0]


@every_option
def test_an_options_summary_fits_on_a_line(option: Option) -> None:
    assert 0 < len(option.summary) <= 80


@every_option
def test_each_choice_is_described(option: Option) -> None:
    assert [choice.word for choice in table.choices(option) if not choice.text] == []


@every_option
def test_each_sentence_of_a_help_text_is_prose_or_describes_a_choice(option: Option) -> None:
    described = tuple(choice.text for choice in table.choices(option))
    for sentence in table.sentences(option.help):
        assert sentence in table.prose(option) or sentence.endswith(described)


@pytest.mark.parametrize("name", table.SIGNALS)
def test_each_signal_that_is_offered_is_accepted(name: str) -> None:
    assert signal_names.parse(name)


@pytest.mark.parametrize("text", table.DURATIONS)
def test_each_duration_that_is_offered_is_accepted(text: str) -> None:
    assert durations.parse(text) > 0


@pytest.mark.parametrize("before", ["5", "1d2", "1h30", "1m5", "1s5"])
def test_each_unit_that_is_offered_makes_a_duration(before: str) -> None:
    patterns = table.units_after().items()
    units = next(units for pattern, units in patterns if pattern.strip("*") in before)
    assert all(durations.parse(before + unit) for unit in units)


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_a_subcommand_has_a_page(command: str) -> None:
    assert f"runwrap-{command}.1" in PAGES


@every_option
def test_an_option_is_in_the_page_of_each_of_its_commands(option: Option) -> None:
    for command in option.commands:
        page = (ROOT / "man" / f"runwrap-{command}.1").read_text()
        for name in option.names:
            assert re.search(rf"^\.It .*{re.escape(mdoc.flag(name))}\b", page, re.MULTILINE)


def test_the_overview_tells_of_the_options_that_are_used_most() -> None:
    page = (ROOT / "man" / "runwrap.1").read_text()
    common = [one for one in TABLE if one.common and "run" in one.commands]
    for option in common:
        assert f"\n.It {manual.spellings(option)}\n" in page
    assert {"-t", "-k", "-s", "--leak", "--report", "-v"} <= {one.names[0] for one in common}


@every_option
def test_an_options_variable_is_in_the_overview(option: Option) -> None:
    page = (ROOT / "man" / "runwrap.1").read_text()
    same = [one for one in TABLE if one.field == option.field]
    listed = f".It Ev RUNWRAP_{option.field.upper()}\n" in page
    assert listed == any(one.variable for one in same)


def test_options_and_arguments_in_a_sentence_are_marked() -> None:
    marked = mdoc.marked("Write to FILE, maybe --stdout's (as -v).", {"FILE"})
    assert marked == ["Write to", ".Ar FILE ,", "maybe", ".Fl \\-stdout Ns 's", "(as", ".Fl v ) ."]


def test_a_minus_sign_and_a_leading_dot_are_escaped() -> None:
    assert mdoc.marked(".x is (-40 to 40).", ()) == ["\\&.x is (\\-40 to 40)."]


@needs("mandoc")
@pytest.mark.parametrize("page", PAGES)
def test_mandoc_has_no_complaint(page: str) -> None:
    assert complaints("mandoc", "-T", "lint", "-W", "warning", ROOT / "man" / page) == ""


@every_option
@pytest.mark.parametrize("shell", FILES)
def test_an_option_is_in_the_completion(option: Option, shell: str) -> None:
    text = FILES[shell].read_text()
    for name in option.names:
        for_fish = ("-l " if name.startswith("--") else "-s ") + name.lstrip("-")
        spelled = for_fish if shell == "fish" else name
        assert re.search(rf"(?<![\w-]){spelled}(?![\w-])", text)


@needs("shellcheck")
def test_shellcheck_has_no_complaint() -> None:
    assert complaints("shellcheck", "--shell=bash", BASH) == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_can_read_its_completion(shell: str) -> None:
    assert complaints(shell, "-n", FILES[shell]) == ""


# What TAB offers for the last word of a line, as words put in its place.
Offers = Callable[[str], set[str]]

BASH_SETUP = f"""
export PS1='{PROMPT}' GREETING=hello
[[ ! -f {BASH_COMPLETION} ]] || source {BASH_COMPLETION}
source {BASH}
complete -W 'hello --loud' greet
bind 'set bell-style none'
bind -x '"\\C-g": printf "offered<%s>\\n" "$READLINE_LINE"'
"""
ZSH_SETUP = f"""
export PS1='{PROMPT}' GREETING=hello
fpath=({COMPLETIONS} $fpath)
autoload -U compinit; compinit -D -u
_greet() {{ compadd -- hello --loud }}
compdef _greet greet
offer() {{ _main_complete; compstate[insert]=all }}
show() {{ print -r -- "offered<$BUFFER>" }}
unsetopt beep
zle -C offer complete-word offer; bindkey '^I' offer
zle -N show; bindkey '^G' show
"""
FISH_SETUP = f"""
set -gx GREETING hello
source {FISH}
complete -c greet -f -a hello
complete -c greet -l loud
complete -C $argv[1]
"""


def on_a_terminal(*words: str, complete: str) -> Iterator[Offers]:
    """Start a shell that shows its line after control-G; `complete` are its keys for "all"."""
    screen = Screen("env", *words)

    def offers(line: str) -> set[str]:
        screen.type(f"\x15{line}{complete}\x07")
        shown = screen.expect(r"offered<[^>\r\n]*>").rpartition("offered<")[2].rstrip(">")
        return set(shown[line.rindex(" ") :].split())

    try:
        screen.resize(24, 200)
        screen.expect(PROMPT)
        yield offers
    finally:
        screen.close()


def in_bash(folder: Path) -> Iterator[Offers]:
    (folder / "rc").write_text(BASH_SETUP)
    return on_a_terminal("bash", "--rcfile", str(folder / "rc"), "-i", complete="\x1b*")


def in_zsh(folder: Path) -> Iterator[Offers]:
    (folder / ".zshrc").write_text(ZSH_SETUP)
    return on_a_terminal(f"ZDOTDIR={folder}", "zsh", "-d", "-i", complete="\t")


def in_fish(folder: Path) -> Iterator[Offers]:
    env = clean_environment() | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}

    def offers(line: str) -> set[str]:
        words = ("fish", "--no-config", "-c", FISH_SETUP, line)
        ran = subprocess.run(words, env=env, capture_output=True, text=True, check=True)
        return {row.partition("\t")[0] for row in ran.stdout.splitlines()}

    yield offers


@pytest.fixture(scope="module", params=SHELLS)
def offers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Offers]:
    start = {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}[request.param]
    yield from start(tmp_path_factory.mktemp("shell"))


def test_the_name_of_an_option_is_completed(offers: Offers) -> None:
    assert {word.rstrip("=") for word in offers("runwrap --ti")} == {"--timeout"}


def test_the_options_of_a_subcommand_are_completed(offers: Offers) -> None:
    names = {word.rstrip("=") for word in offers("runwrap run -t 5 --le")}
    assert names == {"--leak", "--leak-timeout"}


def test_the_words_that_an_option_takes_are_offered(offers: Offers) -> None:
    assert offers("runwrap --leak ") == {"kill", "wait", "allow", "fail"}


def test_a_value_after_an_equals_sign_is_completed(offers: Offers) -> None:
    assert offers("runwrap --leak=w") == {"--leak=wait"}


def test_signals_are_offered(offers: Offers) -> None:
    assert offers("runwrap -s ") == set(table.SIGNALS)
    assert offers("runwrap -s SIGUS") == {"SIGUSR1", "SIGUSR2"}


def test_a_number_is_offered_the_units_of_a_duration(offers: Offers) -> None:
    assert offers("runwrap -t 5") == {"5d", "5h", "5m", "5s", "5ms"}


def test_smaller_units_are_offered_after_a_unit(offers: Offers) -> None:
    assert offers("runwrap -t 1h30") == {"1h30m", "1h30s", "1h30ms"}


def test_a_value_that_is_joined_to_short_options_is_completed(offers: Offers) -> None:
    assert offers("runwrap -vsUSR1") == {"-vsUSR1"}


def test_variables_to_remove_are_offered(offers: Offers) -> None:
    assert offers("runwrap -u GREET") == {"GREETING"}


def test_variables_to_set_are_offered_with_an_equals_sign(offers: Offers) -> None:
    assert offers("runwrap -e GREET") == {"GREETING="}


def test_folders_alone_are_offered_for_a_folder(offers: Offers, tmp_path: Path) -> None:
    (tmp_path / "two-a").mkdir()
    (tmp_path / "two-b").touch()
    found = offers(f"runwrap -C {tmp_path}/two")
    assert {word.rstrip("/") for word in found} == {f"{tmp_path}/two-a"}


def test_files_are_offered_for_a_file(offers: Offers, tmp_path: Path) -> None:
    (tmp_path / "input").touch()
    assert offers(f"runwrap --stdin {tmp_path}/inp") == {f"{tmp_path}/input"}


def test_a_subcommand_is_offered_as_the_first_word(offers: Offers) -> None:
    assert "run" in offers("runwrap ru")


@pytest.mark.parametrize(
    "options",
    ["", "--", "-t 5 --", "run -t 5", "run --", "-vt 5", "-t5", "--leak=kill", "--leak kill",
     "-e A=b", "--escalate INT:2s,KILL", "-C / -f"],
)  # fmt: skip
def test_the_words_of_the_wrapped_command_are_its_own(
    offers: Offers, options: str, request: pytest.FixtureRequest
) -> None:
    if "bash" in request.node.name and not BASH_COMPLETION.exists():
        pytest.skip("bash-completion is not installed")
    assert offers(f"runwrap {options} greet --lo") == {"--loud"}


def test_a_duration_comes_before_the_command_of_timeout(offers: Offers) -> None:
    assert offers("runwrap timeout 5") == {"5d", "5h", "5m", "5s", "5ms"}


def test_options_are_offered_behind_a_process(offers: Offers) -> None:
    assert {word.rstrip("=") for word in offers("runwrap kill-tree 4711 --w")} == {"--wait"}


def test_processes_are_offered_by_their_numbers(offers: Offers) -> None:
    pid = str(os.getpid())
    assert pid in offers(f"runwrap kill-tree {pid}")


def test_a_second_process_is_offered_as_the_first(offers: Offers) -> None:
    pid = str(os.getpid())
    assert pid in offers(f"runwrap kill-tree -k 0 4711 {pid}")


def test_pid_files_are_offered_after_an_at_sign(offers: Offers, tmp_path: Path) -> None:
    (tmp_path / "server.pid").touch()
    assert offers(f"runwrap kill-tree @{tmp_path}/ser") == {f"@{tmp_path}/server.pid"}


def test_the_words_of_the_command_under_timeout_are_its_own(
    offers: Offers, request: pytest.FixtureRequest
) -> None:
    if "bash" in request.node.name and not BASH_COMPLETION.exists():
        pytest.skip("bash-completion is not installed")
    assert offers("runwrap timeout -k 1 5 greet --lo") == {"--loud"}


@needs("bash")
def test_bash_completes_the_same_words_whatever_ifs_is() -> None:
    script = f"""
    source {BASH}
    IFS=:
    COMP_LINE='runwrap --leak ' COMP_POINT=15 COMP_WORDS=(runwrap --leak '') COMP_CWORD=2
    _runwrap runwrap '' --leak
    printf '%s\\n' "${{COMPREPLY[@]}}" "$IFS"
    """
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["kill", "wait", "allow", "fail", ":"]


@needs("bash")
def test_bash_lists_processes_with_their_names() -> None:
    script = f"""
    source {BASH}
    COMP_TYPE=63 value= prefix=
    _runwrap_offer_processes
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    rows = [row for row in ran.stdout.splitlines() if row.startswith(f"{os.getpid()} (")]
    assert len(rows) == 1
    assert "py" in rows[0]


@needs("zsh")
def test_zsh_describes_processes_by_their_command_lines() -> None:
    script = f"""
    setopt extendedglob  # as it is while completing
    _arguments() {{ }}
    compset() {{ return 1 }}
    _call_program() {{ shift; "$@" }}
    _describe() {{ print -rl -- "${{(@P)4}}" }}
    source {FILES["zsh"]}
    _runwrap_processes
    """
    ran = subprocess.run(["zsh", "-fc", script], capture_output=True, text=True, check=True)
    command = Path("/proc/self/cmdline").read_bytes().replace(b"\0", b" ").decode()
    assert f"{os.getpid()}:{command[:60]}".strip() in [
        row.strip() for row in ran.stdout.splitlines()
    ]
