"""Files: what takes the place of the caller's streams."""

from runwrap.cli import values
from runwrap.cli.options import FILES, Option

OPTIONS: tuple[Option, ...] = (
    Option(
        field="stdin", names=("--stdin",), category=FILES, metavar="FILE", parse=values.path,
        completes="file", help="Read the command's standard input from FILE.",
    ),
    Option(
        field="stdout", names=("--stdout",), category=FILES, metavar="FILE", parse=values.path,
        completes="file", help="Write the command's standard output to FILE.",
    ),
    Option(
        field="stderr", names=("--stderr",), category=FILES, metavar="FILE", parse=values.path,
        completes="file",
        help="Write the command's standard error to FILE, which may be the same as --stdout's.",
    ),
    Option(
        field="append", names=("--append",), category=FILES, variable=False,
        help="Append to the files of --stdout and --stderr instead of emptying them.",
    ),
)  # fmt: skip
