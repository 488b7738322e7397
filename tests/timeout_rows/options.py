"""Options as getopt reads them, up to the duration."""

import re

from tests.support import sh
from tests.timeout_rows.row import (
    DEADLINE,
    HANG,
    HELP,
    NO_FILE,
    TIMED_OUT,
    TRAPS,
    Ending,
    Row,
    complaint,
    not_run,
    told,
)

NOTHING_TO_DO = Ending(125, err=HELP)
USAGE = Ending(
    out=re.compile(r"Usage: timeout \[OPTION\].* DURATION COMMAND \[ARG\]\.\.\.\n(.*\n)+")
)
VERSION = Ending(out=re.compile(r"timeout \(.+\) .+\n(.*\n)*"))
WORDS = sh('echo "$0" "$@"')
TIDIED = Ending(7, "tidied\n")
TERM, INT = told("TERM to command 'cat'"), told("INT to command 'cat'")
BAD_F, BAD_P = complaint("invalid option -- 'f'"), complaint("invalid option -- 'p'")


def refused(name: str, text: str, *words: str) -> Row:
    return Row(name, words, complaint(text))


def ambiguous(word: str) -> Row:
    text = f"option '{word}' is ambiguous; possibilities: '--verbose' '--version'"
    return refused(f"{word} is ambiguous", text, word, "5", "true")


def lacking(name: str, option: str, *words: str) -> Row:
    return refused(name, f"option '{option}' requires an argument", *words)


def given(name: str, option: str, word: str) -> Row:
    return refused(name, f"option '{option}' doesn't allow an argument", word, "5", "true")


OPTIONS = (
    Row("without any word", (), NOTHING_TO_DO),
    Row("a duration without a command", ("5",), NOTHING_TO_DO),
    Row("a bad duration without a command is not looked at", ("bad",), NOTHING_TO_DO),
    Row("options without a duration", ("-v", "-k", "1"), NOTHING_TO_DO),
    Row("two dashes without a command", ("--", "5"), NOTHING_TO_DO),
    Row("two dashes alone", ("--",), NOTHING_TO_DO),
    Row("two dashes end the options", ("-v", "--", ".1", *HANG), TERM),
    Row("two dashes after the duration are the command", ("5", "--"), not_run("--", NO_FILE, 127)),
    Row("an option after the duration is the command", ("5", "-v"), not_run("-v", NO_FILE, 127)),
    Row("options after the command are its own", ("5", *WORDS, "-k", "1"), Ending(out="-k 1\n")),
    Row("two dashes after the command are its own", ("5", *WORDS, "--", "a"), Ending(out="-- a\n")),
    Row("--help after the command is its own", ("5", *WORDS, "--help"), Ending(out="--help\n")),
    refused("a negative duration is an unknown option", "invalid option -- '1'", "-1", "true"),
    refused("a negative fraction is one, too", "invalid option -- '.'", "-.5", "true"),
    refused("a single dash is no option", "invalid time interval '-'", "-", "true"),
    refused("an unknown letter", "invalid option -- 'x'", "-x", "5", "true"),
    refused("an unknown letter in a cluster", "invalid option -- 'x'", "-vx", "5", "true"),
    refused("-V is not the version", "invalid option -- 'V'", "-V"),
    refused("-h is not help", "invalid option -- 'h'", "-h"),
    refused("an unknown word", "unrecognized option '--x'", "--x", "5", "true"),
    refused("an unknown word with a value", "unrecognized option '--x=1'", "--x=1", "5", "true"),
    refused("words know case", "unrecognized option '--Verbose'", "--Verbose", "5", "true"),
    refused("one dash makes letters", "'ignal=KILL': invalid signal", "-signal=KILL", "5", "true"),
    Row("--help", ("--help",), USAGE),
    Row("--help abbreviated", ("--he",), USAGE),
    Row("--help before an error", ("--help", "-x"), USAGE),
    refused("--help after an error", "invalid option -- 'x'", "-x", "--help"),
    Row("--version", ("--version",), VERSION),
    Row("--version abbreviated", ("--vers",), VERSION),
    Row("--signal in two words", ("--signal", "INT", "-v", ".1", *HANG), INT),
    Row("--signal abbreviated", ("--sig=INT", "-v", ".1", *HANG), INT),
    Row("--signal by a letter", ("--s=INT", "-v", ".1", *HANG), INT),
    Row("--kill-after in two words", ("--kill-after", "60", ".1", *HANG), TIMED_OUT),
    Row("--kill-after abbreviated", ("--kill=60", ".1", *HANG), TIMED_OUT),
    Row("--kill-after by a letter", ("--k", "60", ".1", *HANG), TIMED_OUT),
    Row("--foreground abbreviated", ("--fore", ".1", *HANG), TIMED_OUT),
    Row("--foreground by a letter", ("--f", ".1", *HANG), TIMED_OUT),
    Row("--preserve-status abbreviated", ("--pres", ".1", *HANG), Ending(143)),
    Row("--preserve-status by a letter", ("--p", ".1", *HANG), Ending(143)),
    Row("--verbose abbreviated", ("--verb", ".1", *HANG), TERM),
    ambiguous("--ver"),
    ambiguous("--v"),
    lacking("--signal lacks its value", "--signal", "--signal"),
    lacking("--sig lacks its value", "--signal", "--sig"),
    lacking("--kill-after lacks its value", "--kill-after", "-v", "--kill-after"),
    refused("-k lacks its value", "option requires an argument -- 'k'", "-k"),
    refused("-vs lacks its value", "option requires an argument -- 's'", "-vs"),
    given("--foreground with a value", "--foreground", "--foreground=1"),
    given("--fore with a value", "--foreground", "--fore=1"),
    given("--verbose with an empty value", "--verbose", "--verbose="),
    given("--help with a value", "--help", "--help=1"),
    refused("--signal with an empty value", "'': invalid signal", "--signal=", "5", "true"),
    Row("-k with its value joined", ("-k60", ".1", *HANG), TIMED_OUT),
    Row("-s with its value joined", ("-s2", "-v", ".1", *HANG), INT),
    refused("-s= takes the equals sign for a value", "'=2': invalid signal", "-s=2", "5", "true"),
    Row("-vk with its value joined", ("-vk60", ".1", *HANG), TERM),
    Row("-vk with its value apart", ("-vk", "60", ".1", *HANG), TERM),
    Row("-vs with its value joined", ("-vsINT", ".1", *HANG), INT),
    refused("letters after -k are its value", "invalid time interval '1v'", "-k1v", "5", "true"),
    refused(
        "-k takes an option for a value", "invalid time interval '-v'", "-k", "-v", "5", "true"
    ),
    refused("-k takes two dashes", "invalid time interval '--'", "-k", "--", "5", "true"),
    refused("-k takes no negative number", "invalid time interval '-1'", "-k", "-1", "5", "true"),
    refused("-k takes no empty word", "invalid time interval ''", "-k", "", "5", "true"),
    refused("-k is looked at before a missing command", "invalid time interval 'x'", "-k", "x"),
    refused("the first error is told", "'FOO': invalid signal", "-sFOO", "-kx", "y", "true"),
    refused("an overridden error is one", "'FOO': invalid signal", "-sFOO", "-sINT", "5", "true"),
    Row("the last of two signals counts", ("-sKILL", "-s", "INT", "-v", ".1", *HANG), INT),
    Row("a flag twice", ("-v", "-v", ".1", *HANG), TERM),
    Row("--preserve-status keeps a code", ("--preserve-status", "60", *TRAPS), TIDIED, DEADLINE),
    Row("-f is --foreground", ("-f", ".1", *HANG), TIMED_OUT, differs="9.6", before=BAD_F),
    Row("-p is --preserve-status", ("-p", ".1", *HANG), Ending(143), differs="9.6", before=BAD_P),
    Row("-p keeps a code", ("-p", "60", *TRAPS), TIDIED, DEADLINE, differs="9.6", before=BAD_P),
    Row("-fv is a cluster", ("-fv", ".1", *HANG), TERM, differs="9.6", before=BAD_F),
    Row(
        "-pfvk60 is a cluster",
        ("-pfvk60", ".1", *HANG),
        told("TERM to command 'cat'", status=143),
        differs="9.6",
        before=BAD_P,
    ),
    Row("POSIXLY_CORRECT is no matter", ("-v", ".1", *HANG), TERM, env=(("POSIXLY_CORRECT", "1"),)),
)
