"""What is specified for every job and can be promised by a process group holds in that tier too."""

from collections.abc import Iterator

import pytest

from tests import support
from tests.screen import Screen
from tests.test_containment import (  # noqa: F401 (they are collected here once more)
    test_a_leak_that_holds_stdout_open_does_not_make_runwrap_hang,
    test_a_leak_that_ignores_the_stop_signal_is_killed,
    test_leak_allow_lets_it_live,
    test_leak_wait_waits_for_it,
    test_leak_wait_waits_no_longer_than_the_deadline,
    test_what_ends_by_itself_in_time_is_no_leak,
)
from tests.test_deadline import (  # noqa: F401
    test_a_command_that_ignores_the_stop_signal_is_killed_after_the_grace_period,
    test_a_fifo_that_nobody_opens_does_not_outlast_the_deadline,
    test_a_limit_that_is_reached_is_124_and_one_line_says_so,
    test_a_stopped_command_is_continued_to_end,
    test_steps_are_taken_one_after_the_other,
    test_the_stop_signal_can_be_chosen,
    test_verbose_draws_what_a_leak_left_running,
    test_verbose_says_each_signal_when_it_is_sent_and_how_the_command_ended,
)
from tests.test_exit_status import (  # noqa: F401
    test_death_by_a_signal_is_death_by_the_same_signal,
    test_success_is_silent,
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
    test_a_command_killed_in_raw_mode_leaves_the_terminal_as_it_was,
    test_a_failed_start_gives_the_terminal_back,
    test_a_pager_behind_runwrap_keeps_the_terminal,
    test_a_terminal_that_hangs_up_ends_the_job,
    test_ctrl_c_ends_a_script_around_runwrap,
    test_ctrl_c_reaches_the_command_and_the_shell_sees_death_by_sigint,
    test_ctrl_z_stops_the_job_and_fg_continues_it,
)


@pytest.fixture(autouse=True)
def group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(support.DEFAULTS, "RUNWRAP_CONTAIN", "group")


@pytest.fixture
def screen(group: None) -> Iterator[Screen]:  # noqa: ARG001
    screen = Screen()
    yield screen
    screen.close()


def test_it_is_the_group_tier_that_runs_here() -> None:
    # Without a guardian the command is runwrap's own child.
    running = support.Running(*support.sh("echo $PPID"))
    assert running.wait().out == f"{running.pid}\n"
