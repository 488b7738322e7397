"""Files: what takes the place of the caller's streams."""

from runwrap.cli import values
from runwrap.cli.options import FILES, Option

OPTIONS: tuple[Option, ...] = (
    Option(names=("--stdin",), category=FILES, metavar="FILE", parse=values.path,
           help="Read the command's standard input from FILE."),
    Option(names=("--stdout",), category=FILES, metavar="FILE", parse=values.path,
           help="Write the command's standard output to FILE."),
    Option(names=("--stderr",), category=FILES, metavar="FILE", parse=values.path,
           help="Write the command's standard error to FILE, which may be the same as --stdout's."),
    Option(names=("--append",), category=FILES, variable=False,
           help="Append to the files of --stdout and --stderr instead of emptying them."),
)  # fmt: skip
