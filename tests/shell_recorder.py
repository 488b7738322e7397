"""What real shells make of a spec: every command records what it was given."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runwrap.model.plan import Duplicate
from tests.pipeline_reading import Pipeline

PERL = shutil.which("perl")  # starts in a tenth of the time that Python takes
BASH, DASH = shutil.which("bash"), shutil.which("dash")
PATIENCE = 600.0  # seconds for a batch
HELD = b"x"  # what a file holds before a stage writes to it
BASE = {0: "/dev/null", 1: ".out", 2: ".err"}
SHELLS_OWN = {
    "_",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "TRIED",
}  # variables that a shell sets for what it starts
BUILTIN_TOO = {"[", "echo", "false", "kill", "printf", "pwd", "test", "true"}
RELIED_ON = {"PATH", "HOME", "LC_ALL", "TRIED"}
# What runwrap says of a stage that failed before the last: shells say nothing.
_TOLD = re.compile(rb"^runwrap: .*: stage [0-9]+, .*: exited [0-9]+\n", re.MULTILINE)
LONGEST = 250  # bytes in a file's name
APPENDS = os.O_APPEND | os.O_ACCMODE

RECORDER = r"""#!%s --
open(my $out, '>', ".seen/$$") or die;
print $out pack('(Z*)*', scalar(@ARGV), $0, @ARGV);
for my $fd (0, 1, 2) {
    my $path = readlink("/proc/self/fd/$fd");
    open(my $in, '<', "/proc/self/fdinfo/$fd") or die;
    my ($flags) = join('', <$in>) =~ /flags:\s*(\d+)/;
    print $out pack('(Z*)*', $path, $flags);
}
print $out pack('(Z*)*', map { "$_=$ENV{$_}" } sort keys %%ENV);
exit(@ARGV %% 2);  # some fail, for && and || to differ from a pipe
"""
DRIVER = """
while IFS= read -r -d '' folder && IFS= read -r -d '' spec; do
    cd "$folder" && LC_ALL=$TRIED "$@" -c -- "$spec" </dev/null >.out 2>.err
done
"""


@dataclass(frozen=True)
class ProcessEntry:
    """One process that a shell started; a file is its path and flags, or a pipe's name."""

    argv: tuple[str, ...]
    files: tuple[tuple[str, int], ...]
    variables: Mapping[str, str]


class Laboratory:
    """A folder in which shells run specs, each in a folder of its own."""

    def __init__(self, folder: Path, shell: str, *options: str, locale: str = "C.UTF-8") -> None:
        self._folder, self._shell = folder, (shell, *options)
        self._programs = folder / "programs"
        self._programs.mkdir()
        self._recorder = folder / "recorder"
        self._recorder.write_text(RECORDER % PERL)
        self._recorder.chmod(0o755)
        self._variables = {"PATH": str(self._programs), "HOME": "/home/me", "LC_ALL": locale}
        self._runs = 0

    def disagreements(self, specs: Mapping[str, Pipeline]) -> list[str]:
        """Run every spec; tell of each for which the shell did not do what its pipeline says."""
        folders = {spec: self._prepare(pipeline) for spec, pipeline in specs.items()}
        fields = [field for pair in folders.items() for field in (str(pair[1]), pair[0])]
        subprocess.run(
            [str(BASH), "-c", DRIVER, "driver", *self._shell],
            input=b"".join(os.fsencode(field) + b"\0" for field in fields),
            # `read` of bash can lose the NUL after bytes that are no UTF-8, if it expects that.
            env=self._variables | {"LC_ALL": "C", "TRIED": self._variables["LC_ALL"]},
            timeout=PATIENCE,
            check=False,
        )
        found = []
        for spec, pipeline in specs.items():
            folder = folders[spec]
            found += [f"{spec!r}: {what}" for what in self._compare(pipeline, folder)]
            shutil.rmtree(folder)
        return found

    def _prepare(self, pipeline: Pipeline) -> Path:
        self._runs += 1
        folder = self._folder / f"run{self._runs}"
        (folder / ".seen").mkdir(parents=True)
        for stage in pipeline:
            name = stage.argv[0]
            program = (folder if "/" in name else self._programs) / name
            program.parent.mkdir(parents=True, exist_ok=True)
            if not program.is_symlink():
                program.symlink_to(self._recorder)
        for path in paths(pipeline):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(HELD)
        return folder

    def _compare(self, pipeline: Pipeline, folder: Path) -> Iterable[str]:
        complaint = _TOLD.sub(b"", (folder / ".err").read_bytes())
        if complaint:
            yield f"the shell said {complaint!r}"
        seen = in_order([read(path) for path in (folder / ".seen").iterdir()])
        if len(seen) != len(pipeline):
            yield f"{len(seen)} processes"
            return
        for number, (stage, one) in enumerate(zip(pipeline, seen, strict=True)):
            words = (os.path.basename(stage.argv[0]), *stage.argv[1:])
            if one.argv != tuple(map(canonical, words)):
                yield f"argv {one.argv}"
            if one.files != self._files(pipeline, number, seen, folder):
                yield f"files {one.files} in stage {number}"
            assigned = {name: canonical(value) for name, value in stage.assignments}
            wanted = self._variables | assigned
            ours = SHELLS_OWN - wanted.keys()
            if {name: text for name, text in one.variables.items() if name not in ours} != wanted:
                yield f"variables {one.variables} in stage {number}"
        for path, cut in cuts(pipeline).items():
            if (folder / path).read_bytes() != (b"" if cut else HELD):
                yield f"{path!r} was {'kept' if cut else 'cut'}"

    def _files(
        self, pipeline: Pipeline, number: int, seen: list[ProcessEntry], folder: Path
    ) -> tuple[tuple[str, int], ...]:
        """Return what the streams of a stage should be, given the pipes that the shell made."""
        files = {
            0: (BASE[0], os.O_RDONLY),
            1: (str(folder / BASE[1]), os.O_WRONLY),
            2: (str(folder / BASE[2]), os.O_WRONLY),
        }
        if number:
            files[0] = (seen[number - 1].files[1][0], os.O_RDONLY)
        if number + 1 < len(seen):
            files[1] = (seen[number + 1].files[0][0], os.O_WRONLY)
        for redirect in pipeline[number].redirects:
            if isinstance(redirect, Duplicate):
                files[redirect.target] = files[redirect.source]
                continue
            mode = os.O_WRONLY if redirect.target else os.O_RDONLY
            flags = mode | (os.O_APPEND if redirect.append else 0)
            files[redirect.target] = (canonical(str(folder / redirect.path)), flags)
        return tuple(files[stream] for stream in (0, 1, 2))


def canonical(text: str) -> str:
    """Return a text with the same bytes, as the system would hand it over."""
    return os.fsdecode(os.fsencode(text))


def paths(pipeline: Pipeline) -> set[str]:
    return set(cuts(pipeline))


def cuts(pipeline: Pipeline) -> dict[str, bool]:
    """Return the files that a pipeline opens, and whether what they held is cut."""
    found: dict[str, bool] = {}
    for stage in pipeline:
        for one in stage.redirects:
            if not isinstance(one, Duplicate):
                cut = one.target != 0 and not one.append
                found[one.path] = cut or found.get(one.path, False)
    return found


def read(path: Path) -> ProcessEntry:
    """Return what a recorder wrote."""
    count, name, *fields = os.fsdecode(path.read_bytes()).split("\0")[:-1]
    words, rest = fields[: int(count)], fields[int(count) :]
    files = tuple((rest[at], int(rest[at + 1], 8) & APPENDS) for at in (0, 2, 4))
    pairs = (variable.partition("=") for variable in rest[6:])
    return ProcessEntry(
        argv=(os.path.basename(name), *words),
        files=files,
        variables={variable: value for variable, _, value in pairs},
    )


def in_order(seen: list[ProcessEntry]) -> list[ProcessEntry]:
    """Sort processes along the pipes between them, those of no pipe first."""
    readers = {one.files[0][0]: one for one in seen if one.files[0][0].startswith("pipe:")}
    ordered = [one for one in seen if not one.files[0][0].startswith("pipe:")]
    while ordered and (after := readers.pop(ordered[-1].files[1][0], None)):
        ordered.append(after)
    return [*ordered, *readers.values()]


def can_be_tried(pipeline: Pipeline) -> bool:
    """Tell whether a spec stays within its folder, and needs nothing that the laboratory needs."""
    names = [stage.argv[0] for stage in pipeline]
    files = [*names, *paths(pipeline)]
    variables = {name for stage in pipeline for name, _value in stage.assignments}
    return (
        all(map(_is_harmless, files))
        and BUILTIN_TOO.isdisjoint(names)
        and RELIED_ON.isdisjoint(variables)
        and len(set(names) | paths(pipeline)) == len(set(names)) + len(paths(pipeline))
        and not any(other.startswith(path + "/") for path in files for other in files)
    )


def _is_harmless(path: str) -> bool:
    inside = path[:1] not in ("/", ".") and ".." not in path and "//" not in path
    inside = inside and "/." not in path
    return inside and path[-1:] != "/" and len(os.fsencode(path)) <= LONGEST
