# Completion of runwrap for fish.
# Made by tools/generate.py from tools/shells and the option table: change those.

function __runwrap_is_subcommand
    contains -- $argv[1] run timeout kill-tree pipe
end

# Print the options of a subcommand that take a value.
function __runwrap_valued
    switch $argv[1]
        case run
            printf '%s\n' -t --timeout -k --kill-after -s --signal --escalate --report --leak \
            --leak-timeout --contain --session -C --chdir -e --env -u --unset --umask --nice \
            --stdin --stdout --stderr
        case timeout
            printf '%s\n' -k --kill-after -s --signal --leak
        case kill-tree
            printf '%s\n' -s --signal -k --kill-after --wait --also
        case pipe
            printf '%s\n' -t --timeout -k --kill-after -s --signal --escalate --report --leak \
            --leak-timeout --contain --file --pipefail --session -C --chdir -e --env -u --unset \
            --umask --nice --stdin --stdout --stderr
    end
end

# Print what a subcommand takes after its options; the last may come again.
function __runwrap_kinds
    switch $argv[1]
        case run
            printf '%s\n' command
        case timeout
            printf '%s\n' duration command
        case kill-tree
            printf '%s\n' process
        case pipe
            printf '%s\n' command
    end
end

# Print the letters of the short options that take a value, together.
function __runwrap_letters
    string match -r -- '^-[^-]$' (__runwrap_valued $argv[1]) | string sub -s 2 | string join ''
end

# Print the subcommand; then `options` while those may still come, else `operands`; then the
# operands before the cursor, each escaped and on a line of its own.
function __runwrap_read
    set -l words (commandline -opc)
    while string match -q -- '*=*' $words[1] # NAME=VALUE before the command
        set -e words[1]
    end
    set -e words[1]
    set -l subcommand run
    if set -q words[1]; and __runwrap_is_subcommand $words[1]
        set subcommand $words[1]
        set -e words[1]
    end
    set -l valued (__runwrap_valued $subcommand)
    set -l letters (__runwrap_letters $subcommand)
    set -l kinds (__runwrap_kinds $subcommand)
    set -l state options
    while set -q words[1]
        set -l word $words[1]
        if not string match -rq -- '^-.' $word
            if test $kinds[1] = process # options may stand anywhere
                set -e words[1]
                continue
            end
            set state operands
            break
        end
        set -e words[1]
        if test "$word" = --
            set state operands
            break
        else if string match -q -- '--*' $word
            contains -- $word $valued; and set -e words[1]
        else if string match -rq -- "^-[^$letters]*[$letters]\$" $word
            # Of short options together, the first that takes a value has the word's rest, or, as
            # here, the next word.
            set -e words[1]
        end
    end
    printf '%s\n' $subcommand $state (string escape -- $words)
end

# Tell whether an option of one of these subcommands may come here.
function __runwrap_options_of
    set -l line (__runwrap_read)
    test "$line[2]" = options; and contains -- $line[1] $argv
end

function __runwrap_at_first_word
    test (count (commandline -opc)) -eq 1
end

# Complete an operand; the wrapped command's words as its own are.
function __runwrap_operands
    set -l line (__runwrap_read)
    set -l current (commandline -ct)
    if test "$line[2]" = options; and string match -q -- '-*' "$current"
        return
    end
    set -l kinds (__runwrap_kinds $line[1])
    set -l words $line[3..]
    while set -q kinds[2]; and set -q words[1]
        set -e kinds[1]
        set -e words[1]
    end
    switch $kinds[1]
        case duration
            __runwrap_durations
        case process
            __runwrap_processes
        case '*'
            complete -C (string join ' ' -- $words "$current")
    end
end

# Print pids with their command lines; after an @, pid files.
function __runwrap_processes
    set -l current (commandline -ct)
    if string match -q '@*' -- $current
        printf '%s\n' @(complete -C "'' "(string sub -s 2 -- $current))
        return
    end
    set -l whose -A
    test (id -u) -eq 0; or set whose -u (id -u)
    # Not the first one, kernel threads, this shell, or what lists them.
    ps $whose -o pid= -o args= | string match -rv "^ *(\d+ +\[|(1|2|$fish_pid) |\d+ +ps )" |
        string replace -r '^ *(\d+) +(.{1,60}).*' '$1\t$2'
end

# Print the value that is being typed, without the option that it may be attached to.
function __runwrap_value
    set -l letters (__runwrap_letters (__runwrap_read)[1])
    commandline -ct | string replace -r "^(--[^=]*=|-(?!-)[^$letters]*[$letters])" ''
end

function __runwrap_durations
    set -l value (__runwrap_value)
    set -l examples \
        250ms 30s 5m 2h 1d inf
    if not string match -rq '^\d' -- $value
        printf '%s\n' $examples
        return
    end
    set -l number (string match -r '^.*\d' -- $value)
    set -l units
    switch $number
        case '*ms*'
            set units
        case '*s*'
            set units ms\tmilliseconds
        case '*m*'
            set units s\tseconds ms\tmilliseconds
        case '*h*'
            set units m\tminutes s\tseconds ms\tmilliseconds
        case '*d*'
            set units h\thours m\tminutes s\tseconds ms\tmilliseconds
        case '*'
            set units d\tdays h\thours m\tminutes s\tseconds ms\tmilliseconds
    end
    printf '%s\n' $number$units
end

function __runwrap_signals
    set -l names \
        ABRT ALRM BUS CHLD CONT FPE HUP ILL INT KILL PIPE PROF QUIT SEGV STOP SYS TERM TRAP TSTP \
        TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ
    if string match -q 'SIG*' -- (__runwrap_value)
        set names SIG$names
    end
    printf '%s\n' $names
end

# Print NAME= for each variable; after the =, files.
function __runwrap_assignments
    set -l value (__runwrap_value)
    if not string match -q '*=*' -- $value
        printf '%s=\n' (set -nx)
        return
    end
    set -l parts (string split -m 1 = -- $value)
    printf '%s\n' $parts[1]=(complete -C "'' $parts[2]")
end

complete -c runwrap -f
complete -c runwrap -n '__runwrap_options_of run pipe' -s t -l timeout -x -a '(__runwrap_durations)' -d 'Stop the command after DURATION'
complete -c runwrap -n '__runwrap_options_of run pipe' -s k -l kill-after -x -a '(__runwrap_durations)' -d 'Kill what still runs DURATION after the stop signal'
complete -c runwrap -n '__runwrap_options_of run pipe' -s s -l signal -x -a '(__runwrap_signals)' -d 'Send SIGNAL to stop the command'
complete -c runwrap -n '__runwrap_options_of run pipe' -l escalate -x -d 'Stop the command in steps, as QUIT:2s,TERM:10s,KILL'
complete -c runwrap -n '__runwrap_options_of run pipe' -s v -l verbose -d 'Say what is done'
complete -c runwrap -n '__runwrap_options_of run pipe' -l report -r -F -d 'Write to FILE what happened, as JSON'
complete -c runwrap -n '__runwrap_options_of run pipe' -l dry-run -d 'Print what would be done, and do nothing'
complete -c runwrap -n '__runwrap_options_of run pipe' -l leak -x -a 'kill\\t"stop them, with a warning" wait\\t"wait for them, under the same limits" allow\\t"let them live" fail\\t"as kill, and exit 123"' -d 'What to do with processes still running when the command has ended'
complete -c runwrap -n '__runwrap_options_of run pipe' -l leak-timeout -x -a '(__runwrap_durations)' -d 'How long such a process may take to end by itself'
complete -c runwrap -n '__runwrap_options_of run pipe' -l contain -x -a 'auto\\t"reaper, or else group" strict\\t"Linux: in a PID namespace, which the kernel ends" reaper\\t"Linux: all of them" reaper+cgroup\\t"also in a cgroup of their own, which no storm of forks outruns" group\\t"its process group, and what is found"' -d 'How to keep hold of the command\'s descendants'
complete -c runwrap -n '__runwrap_options_of run pipe' -l die-with-parent -d 'Kill the job when the process that started runwrap dies'
complete -c runwrap -n '__runwrap_options_of run pipe' -s f -l foreground -d 'Keep the command in runwrap\'s own session and process group'
complete -c runwrap -n '__runwrap_options_of run pipe' -l session -x -a 'auto\\t"from an interactive shell a group of its own, in a script or pipeline runwrap\'s own group, without a terminal a new session" new\\t"always a new session" foreground\\t"runwrap\'s own process group"' -d 'Where the command runs'
complete -c runwrap -n '__runwrap_options_of run pipe' -s C -l chdir -x -a '(__fish_complete_directories (__runwrap_value))' -d 'Run the command in DIR'
complete -c runwrap -n '__runwrap_options_of run pipe' -s e -l env -x -a '(__runwrap_assignments)' -d 'Set a variable in the command\'s environment'
complete -c runwrap -n '__runwrap_options_of run pipe' -s u -l unset -x -a '(set -nx)' -d 'Remove a variable from the command\'s environment'
complete -c runwrap -n '__runwrap_options_of run pipe' -l clean-env -d 'Start the command with an empty environment, but for what --env sets'
complete -c runwrap -n '__runwrap_options_of run pipe' -l umask -x -d 'Set the command\'s file mode creation mask, in octal'
complete -c runwrap -n '__runwrap_options_of run pipe' -l nice -x -d 'Add N to the command\'s niceness (-40 to 40)'
complete -c runwrap -n '__runwrap_options_of run pipe' -l stdin -r -F -d 'Read the command\'s standard input from FILE'
complete -c runwrap -n '__runwrap_options_of run pipe' -l stdout -r -F -d 'Write the command\'s standard output to FILE'
complete -c runwrap -n '__runwrap_options_of run pipe' -l stderr -r -F -d 'Write the command\'s standard error to FILE, which may be the same as --stdout\'s'
complete -c runwrap -n '__runwrap_options_of run pipe' -l append -d 'Append to the files of --stdout and --stderr instead of emptying them'
complete -c runwrap -n '__runwrap_options_of run kill-tree pipe' -s V -l version -d 'Print the version and exit'
complete -c runwrap -n '__runwrap_options_of run kill-tree pipe' -s h -l help -d 'Print the help and exit'
complete -c runwrap -n '__runwrap_options_of timeout' -s f -l foreground -d 'Leave the command in the caller\'s process group, so that it can use the terminal'
complete -c runwrap -n '__runwrap_options_of timeout' -s k -l kill-after -x -a '(__runwrap_durations)' -d 'Kill the command if it still runs DURATION after the first signal'
complete -c runwrap -n '__runwrap_options_of timeout' -s p -l preserve-status -d 'Exit with the command\'s own status even when it timed out'
complete -c runwrap -n '__runwrap_options_of timeout' -s s -l signal -x -a '(__runwrap_signals)' -d 'Send SIGNAL at the time limit'
complete -c runwrap -n '__runwrap_options_of timeout' -s v -l verbose -d 'Say on standard error which signals are sent'
complete -c runwrap -n '__runwrap_options_of timeout' -l leak -x -a 'kill\\t"stop them, with a warning" wait\\t"wait for them, under the same limit" allow\\t"let them live, as GNU does" fail\\t"as kill, and exit 123"' -d 'What to do with processes still running when the command has ended'
complete -c runwrap -n '__runwrap_options_of timeout' -l version -d 'Print the version and exit'
complete -c runwrap -n '__runwrap_options_of timeout' -l help -d 'Print the help and exit'
complete -c runwrap -n '__runwrap_options_of kill-tree' -s s -l signal -x -a '(__runwrap_signals)' -d 'Send SIGNAL first'
complete -c runwrap -n '__runwrap_options_of kill-tree' -s k -l kill-after -x -a '(__runwrap_durations)' -d 'Kill what is left DURATION after that'
complete -c runwrap -n '__runwrap_options_of kill-tree' -l wait -x -a '(__runwrap_durations)' -d 'How long the killed may take to be gone before they are told to be left'
complete -c runwrap -n '__runwrap_options_of kill-tree' -l keep-root -d 'Spare the processes that are named, and end only what is below them'
complete -c runwrap -n '__runwrap_options_of kill-tree' -l also -x -a 'session\\t"its session" group\\t"its process group" cgroup\\t"its control group (version 2), without those below it"' -d 'End also who left the tree but shares SCOPES with its root, as session,group'
complete -c runwrap -n '__runwrap_options_of kill-tree' -l dry-run -d 'Draw the trees, and signal nobody'
complete -c runwrap -n '__runwrap_options_of kill-tree' -l json -d 'Print the result for programs'
complete -c runwrap -n '__runwrap_options_of pipe' -l json -d 'Print the plan as JSON, with --dry-run'
complete -c runwrap -n '__runwrap_options_of pipe' -l file -r -F -d 'Read the pipeline from FILE'
complete -c runwrap -n '__runwrap_options_of pipe' -l pipefail -x -a 'sigpipe-ok\\t"the last failed stage\'s, where death by SIGPIPE before the last stage is no failure" strict\\t"the last failed stage\'s" last\\t"the last stage\'s"' -d 'Whose status the pipeline has'
complete -c runwrap -n __runwrap_at_first_word -f -a run -d 'Run a command under a deadline and leave nothing running behind it'
complete -c runwrap -n __runwrap_at_first_word -f -a timeout -d 'Run a command with a time limit, as GNU timeout does'
complete -c runwrap -n __runwrap_at_first_word -f -a kill-tree -d 'End processes that others started, with everything below them'
complete -c runwrap -n __runwrap_at_first_word -f -a pipe -d 'Run a pipeline, as bash would and without a shell, as one job'
complete -c runwrap -f -a '(__runwrap_operands)'
