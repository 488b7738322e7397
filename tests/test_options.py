"""The option table itself: what every entry of it keeps to."""

import re

import pytest

from runwrap.cli import OPERANDS, SUBCOMMANDS, options_of, request
from runwrap.cli.options import CATEGORIES, Option
from runwrap.model import decide, kill_tree
from runwrap.model.kill_tree import TreePlan, TreeRequest
from runwrap.model.plan import Plan
from runwrap.model.request import Request

COMPLETIONS = {"", "duration", "signal", "file", "folder", "variable", "number"}
OPERAND_COMPLETIONS = {"command", "duration", "process"}
RESERVED = {"-h", "--help", "-V", "--version"}
NO_VALUE = {"no limit"}  # defaults that are told in words

TABLE = list(dict.fromkeys(one for command in SUBCOMMANDS for one in options_of(command)))
every_option = pytest.mark.parametrize("option", TABLE, ids=lambda option: option.names[-1])
every_command = pytest.mark.parametrize("command", SUBCOMMANDS)


@every_command
def test_no_name_is_used_twice_in_a_command(command: str) -> None:
    names = [name for option in options_of(command) for name in option.names]
    assert len(names) == len(set(names))


@every_command
def test_no_variable_is_used_twice_in_a_command(command: str) -> None:
    variables = [option.environment_variable for option in options_of(command) if option.variable]
    assert len(variables) == len(set(variables))


@every_command
def test_no_field_is_set_by_two_options_of_a_command(command: str) -> None:
    fields = [option.field for option in options_of(command)]
    assert len(fields) == len(set(fields))


@every_option
def test_an_option_belongs_to_commands_that_exist(option: Option) -> None:
    assert option.commands
    assert set(option.commands) <= set(SUBCOMMANDS)


@every_option
def test_an_option_has_one_long_name_and_at_most_one_letter(option: Option) -> None:
    *short, long = option.names
    assert re.fullmatch("--[a-z]+(-[a-z]+)*", long)
    assert len(short) <= 1
    assert all(re.fullmatch("-[a-zA-Z]", name) for name in short)


@every_option
def test_the_long_name_is_the_fields(option: Option) -> None:
    assert option.names[-1] == "--" + option.field.replace("_", "-")


@every_option
def test_names_that_every_command_has_are_left_alone(option: Option) -> None:
    assert RESERVED.isdisjoint(option.names)


@every_option
def test_an_option_sets_a_field_of_the_request(option: Option) -> None:
    kinds = {type(request(command, (), {})) for command in option.commands}
    assert all(option.field in kind.__annotations__ for kind in kinds)


@every_option
def test_an_option_is_in_a_category_of_the_help(option: Option) -> None:
    assert option.category in CATEGORIES


@every_option
def test_a_value_has_a_metavar_and_a_flag_has_none(option: Option) -> None:
    assert bool(option.metavar) == (option.parse is not None)


@every_option
def test_a_metavar_is_in_capitals(option: Option) -> None:
    assert option.metavar == option.metavar.upper()


@every_option
def test_a_flag_has_no_default_no_choices_and_nothing_to_complete(option: Option) -> None:
    if option.parse is None:
        assert (option.default, option.choices, option.completes) == ("", (), "")
        assert not option.repeats


@every_option
def test_help_is_a_sentence(option: Option) -> None:
    assert option.help[0].isupper()
    assert option.help.endswith(".")


@every_option
def test_help_is_one_line_of_single_blanks(option: Option) -> None:
    assert option.help == " ".join(option.help.split())


@every_option
def test_what_completes_a_value_is_known(option: Option) -> None:
    assert option.completes in COMPLETIONS
    assert not (option.choices and option.completes)


@every_option
def test_every_choice_is_accepted_and_explained(option: Option) -> None:
    for choice in option.choices:
        assert option.parse
        assert option.parse(choice) in (choice, (choice,))
        assert f"{choice}:" in option.help or f"{choice} (" in option.help


@every_option
def test_what_is_no_choice_is_refused_with_the_choices(option: Option) -> None:
    if option.choices:
        assert option.parse
        with pytest.raises(ValueError, match=re.escape(", ".join(option.choices))):
            option.parse("no such choice")


@every_option
def test_a_default_is_a_value_that_the_option_accepts(option: Option) -> None:
    if option.default and option.default not in NO_VALUE:
        assert option.parse
        option.parse(option.default)


def decided(command: str, found: dict[str, object]) -> Plan | TreePlan:
    asked = request(command, ("4711",), found)
    if isinstance(asked, TreeRequest):
        return kill_tree.decide(asked)
    return decide.decide(asked)


@every_option
def test_to_ask_for_the_default_changes_nothing(option: Option) -> None:
    # A run's --kill-after is more than its value: to give it arms signals as well.
    if option.parse and option.default and option.default not in NO_VALUE:
        asked = decided(option.commands[0], {option.field: option.parse(option.default)})
        plain = decided(option.commands[0], {})
        armed = asked.policy.armed if option.field == "kill_after" else frozenset()
        assert asked == plain.replace(policy=plain.policy.replace(armed=armed))


@every_option
def test_a_repeated_option_gives_no_default_by_a_variable(option: Option) -> None:
    assert not (option.repeats and option.variable)


@every_option
def test_a_variable_is_named_after_the_field(option: Option) -> None:
    if option.variable:
        assert option.environment_variable == f"RUNWRAP_{option.field.upper()}"
    else:
        assert option.environment_variable is None


@pytest.mark.parametrize("kind", [Request, TreeRequest])
def test_every_field_of_a_request_can_be_set(kind: type[Request | TreeRequest]) -> None:
    fields = set(kind.__annotations__) - {"command", "operands", "text"}
    commands = [name for name in SUBCOMMANDS if isinstance(request(name, (), {}), kind)]
    assert fields == {option.field for name in commands for option in options_of(name)}


def test_every_category_has_an_option() -> None:
    assert {option.category for option in TABLE} == set(CATEGORIES)


@every_command
def test_a_commands_help_is_a_sentence(command: str) -> None:
    assert SUBCOMMANDS[command][0].isupper()
    assert SUBCOMMANDS[command].endswith(".")


@every_command
def test_a_commands_operands_are_told(command: str) -> None:
    assert {kind for _, kind in OPERANDS[command]} <= OPERAND_COMPLETIONS


@every_command
def test_only_the_last_operand_may_be_repeated(command: str) -> None:
    names = [name for name, _ in OPERANDS[command]]
    assert [name.endswith("...") for name in names] == [False] * (len(names) - 1) + [True]
