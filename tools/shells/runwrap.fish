# Completion of runwrap for fish.
# Made by tools/generate.py from tools/shells and the option table: change those.

function __runwrap_is_subcommand
    @IS_SUBCOMMAND@
end

# Print the options of a subcommand that take a value.
function __runwrap_valued
    switch $argv[1]
        @VALUED@
    end
end

# Print what a subcommand takes after its options; the last may come again.
function __runwrap_kinds
    switch $argv[1]
        @OPERANDS@
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
        @DURATIONS@
    if not string match -rq '^\d' -- $value
        printf '%s\n' $examples
        return
    end
    set -l number (string match -r '^.*\d' -- $value)
    set -l units
    switch $number
        @UNITS@
    end
    printf '%s\n' $number$units
end

function __runwrap_signals
    set -l names \
        @SIGNALS@
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
@OPTIONS@
@SUBCOMMANDS@
complete -c runwrap -f -a '(__runwrap_operands)'
