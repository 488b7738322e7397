"""What is specified for every job holds in the strict tier, on a terminal as well."""

from collections.abc import Iterator

import pytest

from tests import support
from tests.namespaces import why_not
from tests.screen import PROMPT, Screen
from tests.test_containment import (  # noqa: F401 (they are collected here once more)
    test_a_leak_that_holds_stdout_open_does_not_make_runwrap_hang,
    test_a_leak_that_ignores_the_stop_signal_is_killed,
    test_children_that_the_caller_left_to_runwrap_are_not_its_to_end,
    test_leak_fail_is_123,
    test_leak_wait_waits_for_it,
    test_leak_wait_waits_no_longer_than_the_deadline,
    test_nothing_escapes_a_deadline,
    test_what_ends_by_itself_in_time_is_no_leak,
)
from tests.test_deadline import (  # noqa: F401
    test_a_fifo_that_nobody_opens_does_not_outlast_the_deadline,
    test_a_stopped_command_is_continued_to_end,
    test_descendants_outside_the_process_group_get_the_stop_signal_too,
    test_verbose_says_each_signal_when_it_is_sent_and_how_the_command_ended,
)
from tests.test_exit_status import (  # noqa: F401
    test_death_by_a_signal_is_death_by_the_same_signal,
    test_dying_of_a_signal_that_dumps_core_leaves_no_core_of_runwraps_own,
    test_success_is_silent,
    test_the_commands_exit_code_is_propagated,
)
from tests.test_forwarding import (  # noqa: F401
    test_a_signal_goes_to_the_whole_process_group,
    test_a_signal_is_forwarded_as_often_as_it_comes_and_means_no_more,
    test_a_signal_reaches_the_command,
    test_a_signal_that_the_caller_ignored_is_not_forwarded,
    test_with_kill_after_given_a_signal_to_stop_arms_the_kill,
)
from tests.test_inherited import (  # noqa: F401
    test_closed_standard_descriptors_stay_closed,
    test_limits_are_inherited,
    test_open_descriptors_are_inherited_and_none_of_ours_is_added,
    test_the_environment_is_the_callers_to_the_letter,
)
from tests.test_terminal import (  # noqa: F401
    test_a_background_job_that_reads_the_terminal_is_stopped_like_any_other,
    test_a_command_in_a_pipeline_gets_the_terminal_when_it_asks,
    test_a_command_killed_in_raw_mode_leaves_the_terminal_as_it_was,
    test_a_failed_start_gives_the_terminal_back,
    test_a_pager_behind_runwrap_keeps_the_terminal,
    test_a_prompt_works_in_a_command_substitution,
    test_a_session_leader_is_not_left_stopped,
    test_a_shell_under_runwrap_has_job_control_of_its_own,
    test_a_stopped_job_can_go_on_in_the_background,
    test_a_terminal_that_hangs_up_ends_the_job,
    test_ctrl_c_ends_a_script_around_runwrap,
    test_ctrl_c_reaches_a_command_once,
    test_ctrl_c_reaches_the_command_and_the_shell_sees_death_by_sigint,
    test_ctrl_z_stops_a_script_around_runwrap,
    test_ctrl_z_stops_the_job_and_fg_continues_it,
    test_ctrl_z_stops_what_is_waited_for_after_the_commands_end,
    test_settings_that_a_command_chose_and_ended_with_are_kept,
    test_the_clock_pauses_while_the_job_is_stopped,
    test_vim_edits_and_saves_a_file,
)

REFUSED = why_not()
pytestmark = pytest.mark.skipif(bool(REFUSED), reason=REFUSED or "it can be had")


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(support.DEFAULTS, "RUNWRAP_CONTAIN", "strict")


@pytest.fixture
def screen(strict: None) -> Iterator[Screen]:  # noqa: ARG001
    screen = Screen()
    yield screen
    screen.close()


def test_it_is_the_strict_tier_that_runs_here() -> None:
    assert support.runwrap(*support.sh("echo $PPID")).out == "1\n"


def test_it_is_the_strict_tier_that_runs_on_the_terminal(screen: Screen) -> None:
    screen.start("runwrap -- sh -c 'echo parent $PPID'")
    screen.expect("parent 1\r\n")
    screen.expect(PROMPT)
