"""The whole command line, by click: help, errors, variables, and every odd spelling."""

import os
from collections.abc import Callable

import click

from runwrap import __version__
from runwrap.cli import OPERANDS, SUBCOMMANDS, options_of, request
from runwrap.cli.options import CATEGORIES, GENERAL, Option
from runwrap.model.printable import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.cli import Asked, Page

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
_SHORT = "short"  # a context's object, where its help is to be that
EXAMPLES = {
    "run": (
        ("runwrap -t 30m -- rsync -a src/ host:dst/", "stop it after half an hour"),
        ("runwrap -t 20m --leak fail -- pytest -x", "fail on leftover processes"),
        ("runwrap pipe -t 5m 'zcat log.gz | grep -c error'", "a pipeline without a shell"),
        ("runwrap kill-tree 4711", "end a whole process tree"),
    ),
    "pipe": (
        ("runwrap pipe 'zcat log.gz | grep -c error >count'", "as a shell would read it"),
        ("runwrap pipe -t 5m -- cat \"$file\" '|' sort", "word by word, as they are"),
    ),
    "timeout": (("runwrap timeout -k 5 30 make -j8", "TERM after 30 seconds, KILL 5 later"),),
    "kill-tree": (
        ("runwrap kill-tree --dry-run 4711", "look first"),
        ("runwrap kill-tree -k 5s 4711", "TERM, and KILL after 5 seconds"),
        ("runwrap kill-tree @/run/server.pid", "the process of a pid file"),
    ),
}


class _Printed(Exception):
    """The command line asks for a page, and is read no further."""

    def __init__(self, what: str, text: str) -> None:
        self.page = what, text


def _value(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Return one of the table's parsers as click wants it."""

    def convert(text: str) -> object:
        try:
            return parse(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    return convert


class _Command(click.Command):
    """A command whose help has examples first, then the options: all, or the common ones alone."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Examples"):
            examples = EXAMPLES[self.name or ""]
            width = max(len(line) for line, _ in examples)
            for line, meaning in examples:
                formatter.write(f"  {line:{width}}  {meaning}\n")
        if ctx.info_name == "runwrap":
            with formatter.section("Subcommands"):
                formatter.write_dl(list(SUBCOMMANDS.items()))
        table = list(options_of(self.name or ""))
        if ctx.obj == _SHORT:
            with formatter.section("Common options"):
                formatter.write_dl([_common(one) for one in table if one.common])
            return
        found = {"operands": "", **{one.field: one.category for one in table}}
        for category in CATEGORIES:
            here = [one for one in self.params if found.get(one.name or "", GENERAL) == category]
            if rows := [row for one in here if (row := one.get_help_record(ctx))]:
                with formatter.section(category):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        if ctx.obj == _SHORT:
            formatter.write_text(
                f"All options: {ctx.info_name} --help, or man runwrap-{self.name}."
            )
            return
        with formatter.section("Exit status"):
            formatter.write_text(_EXIT_STATUS_OF.get(self.name or "", _EXIT_STATUS))


def _default(option: Option) -> str:
    return f" [default: {option.default}]" if option.default else ""


def _common(option: Option) -> tuple[str, str]:
    """Return an option's line in the short help."""
    spelled = f"{', '.join(option.names)} {option.metavar}".rstrip()
    return spelled, option.summary + _default(option)


def _option(option: Option) -> click.Option:
    flag = option.parse is None
    return click.Option(
        [*option.names, option.field],
        help=option.help + _default(option),
        is_flag=flag,
        type=option.parse and _value(option.parse),
        metavar=option.metavar or None,
        multiple=option.repeats,
        envvar=option.environment_variable,
        default=False if flag else None,
    )


def _page(names: str, text: str, what: str, write: Callable[[click.Context], str]) -> click.Option:
    """Make an option that prints a page: it is looked at before all others."""

    def show(ctx: click.Context, _option: click.Parameter, given: bool) -> None:
        if given:
            raise _Printed(what, write(ctx) + "\n")

    return click.Option(
        names.split(), help=text, is_flag=True, is_eager=True, expose_value=False, callback=show
    )


def _pages(command: str) -> list[click.Option]:
    """Return what every subcommand has; GNU's timeout has no letters for them."""
    gnu = command == "timeout"
    names = "--version" if gnu else "-V --version"
    version = _page(names, "Print the version.", "version", lambda _: f"runwrap {__version__}")
    short = _page("-h", "Print a short help.", "help", _short_help)
    whole = _page("--help", "Print this help.", "help", click.Context.get_help)
    return [version, whole] if gnu else [version, short, whole]


def _short_help(ctx: click.Context) -> str:
    ctx.obj = _SHORT
    return ctx.get_help()


def _built(command: str) -> click.Command:
    """Make the click command of a subcommand from the option table."""
    operands = " ".join(name for name, _ in OPERANDS[command])
    settings = {"allow_interspersed_args": command == "kill-tree", "max_content_width": 100}
    return _Command(
        command,
        params=[
            *map(_option, options_of(command)),
            click.Argument(["operands"], nargs=-1, type=click.UNPROCESSED, metavar=operands),
            *_pages(command),
        ],
        callback=click.pass_context(lambda ctx, **found: _without_overruled(ctx, found)),
        help=SUBCOMMANDS[command],
        options_metavar="[OPTION]...",
        add_help_option=False,
        context_settings=settings,
    )


def _without_overruled(ctx: click.Context, found: dict[str, object]) -> dict[str, object]:
    """Leave out what variables say and an option on the line contradicts."""
    source, kinds = ctx.get_parameter_source, click.core.ParameterSource
    typed = {field for field in found if source(field) is kinds.COMMANDLINE}
    variables = {field for field in found if source(field) is kinds.ENVIRONMENT}
    options = options_of(ctx.command.name or "")
    pairs = [(option.field, other) for option in options for other in option.contradicts]
    ways = [*pairs, *(pair[::-1] for pair in pairs)]
    overruled = {loser for winner, loser in ways if winner in typed and loser in variables}
    for one, other in pairs:
        if {one, other} <= variables - overruled and found[one] and found[other] != one:
            names = f"RUNWRAP_{one.upper()} and RUNWRAP_{other.upper()}"
            raise ValueError(f"the variables {names} contradict each other: unset one")
    return {field: value for field, value in found.items() if field not in overruled}


def read(argv: list[str]) -> "Asked | Page":
    """Return the request, or the page that was asked for; ValueError for what can't be read."""
    command, rest, shown = "run", argv, "runwrap"
    if argv and argv[0] in SUBCOMMANDS:
        command, *rest = argv
        shown = "timeout" if command == "timeout" else f"runwrap {command}"
    try:
        # Completion is by static files: click's own would be a second one, and run Python.
        main = _built(command).main
        found = main(rest, prog_name=shown, standalone_mode=False, complete_var="")
    except _Printed as asked:
        return asked.page
    except click.NoSuchOption as error:
        if command == "kill-tree" and (word := _negative(error, rest)):
            return request(command, (word,), {"json": "--json" in rest})
        from runwrap.cli import hints

        advice = hints.option(error.option_name, command)
        told = f"no such option: {error.option_name}{advice and '; ' + advice}"
        raise ValueError(told) from error
    except click.BadParameter as error:
        raise ValueError(f"{_refusal(error)}; see '{shown} --help'") from error
    except click.ClickException as error:
        raise ValueError(f"{_one_line(error)}; see '{shown} --help'") from error
    except click.Abort:
        raise ValueError("interrupted") from None
    given = {name: value for name, value in found.items() if value is not None}
    return request(command, given.pop("operands"), given)


def _negative(error: click.NoSuchOption, words: list[str]) -> str:
    """Return the word that was taken for an option, if it is a negative number."""
    begun = (one for one in words if one.startswith(error.option_name) and one[1:].isdigit())
    return next(begun, "")


def _refusal(error: click.BadParameter) -> str:
    """Say what is wrong with a value, after the option, or the variable, that it was given to."""
    option, ctx = error.param, error.ctx
    if option is None or ctx is None:
        return f"bad value: {error.message}"
    name, told = max(option.opts, key=len), error.message
    if ctx.get_parameter_source(option.name or "") is click.core.ParameterSource.ENVIRONMENT:
        name = f"the variable {option.envvar}"
    if isinstance(option, click.Option) and option.is_flag:  # whose value only a variable gives
        value = quoted(os.environ.get(str(option.envvar), ""))
        told = f"{value} is neither 1, yes, true or on, nor 0, no, false or off"
    return f"{name}: {told}"


def _one_line(error: click.ClickException) -> str:
    """Return click's message in the style of ours: no capital, no full stop, one line."""
    text = " ".join(error.format_message().split()).rstrip(".")
    return text[:1].lower() + text[1:]
