"""The whole command line, by click: help, errors, variables, and every odd spelling."""

import os
import sys

import click

from runwrap import __version__
from runwrap.cli import OPERANDS, SUBCOMMANDS, options_of, request
from runwrap.cli.options import CATEGORIES, Option
from runwrap.model.kill_tree import pid_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from runwrap.model.kill_tree import TreeRequest
    from runwrap.model.request import Request

_EXIT_STATUS_OF = {
    "timeout": """\
124 if the time limit was reached, else the command's own; 137 if it was killed by SIGKILL, 125 if
runwrap itself failed, 126 if the command can't be executed, 127 if it isn't found.""",
    "kill-tree": """\
0 if all are dead, 1 if some are left, which are named; 3 if a process that was named doesn't exist,
125 for a command line that can't be followed, or if runwrap itself failed.""",
}
_EXIT_STATUS = """\
The command's own, or death by the same signal; 124 if a limit was reached, 123 for a leak under
--leak fail, 125 if runwrap itself failed, 126 if the command can't be executed, 127 if it isn't
found."""


class _Value(click.ParamType):  # type: ignore[type-arg]
    """One of the table's parsers as click wants it."""

    def __init__(self, name: str, parse: "Callable[[str], object]") -> None:
        self.name = name
        self._parse = parse

    def convert(
        self, value: "Any", param: click.Parameter | None, ctx: click.Context | None
    ) -> "Any":
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Command(click.Command):
    """A command whose help lists the options by category."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records: dict[str, list[tuple[str, str]]] = {name: [] for name in CATEGORIES}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record and isinstance(parameter, click.Option):
                records[getattr(parameter, "category", CATEGORIES[-1])].append(record)
        if self.name == "run":
            with formatter.section("Subcommands"):
                formatter.write_dl(list(SUBCOMMANDS.items()))
        for name, rows in records.items():
            if rows:
                with formatter.section(name):
                    formatter.write_dl(rows)

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit status"):
            formatter.write_text(_EXIT_STATUS_OF.get(self.name or "", _EXIT_STATUS))


class _Option(click.Option):
    category = CATEGORIES[-1]


def _option(option: Option) -> _Option:
    text = option.help + (f" [default: {option.default}]" if option.default else "")
    flag = option.parse is None
    made = _Option(
        [*option.names, option.field],
        help=text,
        is_flag=flag,
        type=None if option.parse is None else _Value(option.field, option.parse),
        metavar=option.metavar or None,
        multiple=option.repeats,
        envvar=option.environment_variable,
        default=False if flag else None,
    )
    made.category = option.category
    return made


def build(command: str) -> click.Command:
    """Make the click command of a subcommand from the option table."""
    operands = " ".join(name for name, _ in OPERANDS[command])
    letters = command != "timeout"  # GNU's has none for these two
    return _Command(
        command,
        params=[
            *map(_option, options_of(command)),
            click.Argument(["operands"], nargs=-1, type=click.UNPROCESSED, metavar=operands),
            click.Option(
                ["--version", "-V"] if letters else ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_print_version,
                help="Print the version and exit.",
            ),
        ],
        callback=click.pass_context(lambda ctx, **found: _without_overruled(ctx, found)),
        help=SUBCOMMANDS[command],
        options_metavar="[OPTION]...",
        context_settings={
            "allow_interspersed_args": command == "kill-tree",
            "help_option_names": ["-h", "--help"] if letters else ["--help"],
            "max_content_width": 100,
        },
    )


def _without_overruled(ctx: click.Context, found: dict[str, object]) -> dict[str, object]:
    """Leave out what variables say and an option on the line contradicts."""

    def came_from(field: str, source: click.core.ParameterSource) -> bool:
        return ctx.get_parameter_source(field) is source

    typed, variable = click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.ENVIRONMENT
    overruled = set()
    for option in options_of(ctx.command.name or ""):
        for other in option.contradicts:
            for winner, loser in ((option.field, other), (other, option.field)):
                if came_from(winner, typed) and came_from(loser, variable):
                    overruled.add(loser)
    return {field: value for field, value in found.items() if field not in overruled}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"runwrap {__version__}")
        ctx.exit()


def read(argv: list[str]) -> "Request | TreeRequest | None":
    """Return the request, or None where --help or --version has been printed.

    Raise ValueError, and OSError if the help can't be written.
    """
    command, rest = "run", argv
    if argv and argv[0] in SUBCOMMANDS:
        command, rest = argv[0], argv[1:]
    shown = "runwrap" if rest is argv else f"runwrap {command}"
    try:
        found = build(command).main(
            # Completion is by static files: click's own would be a second one, and run Python.
            rest,
            prog_name=shown,
            standalone_mode=False,
            complete_var="",
        )
    except click.NoSuchOption as error:
        raise ValueError(_unknown(error, command, rest)) from error
    except click.BadParameter as error:
        raise ValueError(f"{_blamed(error)}: {error.message}; see '{shown} --help'") from error
    except click.ClickException as error:
        raise ValueError(f"{_one_line(error)}; see '{shown} --help'") from error
    except click.Abort:
        raise ValueError("interrupted") from None
    if not isinstance(found, dict):
        if sys.stdout is None:
            raise OSError(9, os.strerror(9))
        sys.stdout.flush()
        return None
    given = {name: value for name, value in found.items() if value is not None}
    return request(command, given.pop("operands"), given)


def _unknown(error: click.NoSuchOption, command: str, words: list[str]) -> str:
    if command == "kill-tree" and error.option_name[1:].isdigit():
        word = next(one for one in words if one.startswith(error.option_name))
        try:
            pid_in(word)
        except ValueError as negative:
            return str(negative)
    from runwrap.cli import hints

    advice = hints.option(error.option_name, command)
    return f"no such option: {error.option_name}{advice and '; ' + advice}"


def _blamed(error: click.BadParameter) -> str:
    """Name the option, or the variable that gave its value."""
    parameter, ctx = error.param, error.ctx
    if parameter is None or ctx is None:
        return "bad value"
    source = ctx.get_parameter_source(parameter.name or "")
    if source is click.core.ParameterSource.ENVIRONMENT:
        return f"the variable {parameter.envvar}"
    return max(parameter.opts, key=len)


def _one_line(error: click.ClickException) -> str:
    """Return click's message in the style of ours: no capital, no full stop, one line."""
    text = " ".join(error.format_message().split()).rstrip(".")
    return text[:1].lower() + text[1:]
