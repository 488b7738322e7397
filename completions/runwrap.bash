# Completion of runwrap for bash 4.3 or later.
# Made by tools/generate.py from tools/shells and the option table: change those.
#
# Where bash-completion is loaded, the words of the wrapped command are completed as its own are.

_runwrap_is_subcommand() {
    case $1 in
        run | timeout | kill-tree | pipe) ;;
        *) return 1 ;;
    esac
}

# Set `options` to what subcommand $1 has.
_runwrap_options() {
    options=()
    case $1 in
        run)
            options=(
                -t --timeout -k --kill-after -s --signal --escalate -v --verbose --report
                --dry-run --leak --leak-timeout --contain --die-with-parent -f --foreground
                --session -C --chdir -e --env -u --unset --clean-env --umask --nice --stdin
                --stdout --stderr --append -V --version -h --help
            )
            ;;
        timeout)
            options=(
                -f --foreground -k --kill-after -p --preserve-status -s --signal -v --verbose
                --leak --version --help
            )
            ;;
        kill-tree)
            options=(
                -s --signal -k --kill-after --wait --keep-root --also --dry-run --json -V
                --version -h --help
            )
            ;;
        pipe)
            options=(
                -t --timeout -k --kill-after -s --signal --escalate -v --verbose --report
                --dry-run --json --leak --leak-timeout --contain --die-with-parent --file
                --pipefail -f --foreground --session -C --chdir -e --env -u --unset --clean-env
                --umask --nice --stdin --stdout --stderr --append -V --version -h --help
            )
            ;;
    esac
}

# Set `operands` to what subcommand $1 takes after its options; the last may come again.
_runwrap_operands() {
    case $1 in
        run) operands=(command) ;;
        timeout) operands=(duration command) ;;
        kill-tree) operands=(process) ;;
        pipe) operands=(command) ;;
    esac
}

# Set `kind` to what option $2 of subcommand $1 takes: nothing for a flag; words, and which.
_runwrap_kind() {
    kind=
    case "$1 $2" in
        'run -t' | 'run --timeout' | 'pipe -t' | 'pipe --timeout') kind='duration' ;;
        'run -k' | 'run --kill-after' | 'pipe -k' | 'pipe --kill-after') kind='duration' ;;
        'run -s' | 'run --signal' | 'pipe -s' | 'pipe --signal') kind='signal' ;;
        'run --escalate' | 'pipe --escalate') kind='text' ;;
        'run --report' | 'pipe --report') kind='file' ;;
        'run --leak' | 'pipe --leak') kind='words kill wait allow fail' ;;
        'run --leak-timeout' | 'pipe --leak-timeout') kind='duration' ;;
        'run --contain' | 'pipe --contain') kind='words auto strict reaper reaper+cgroup group' ;;
        'run --session' | 'pipe --session') kind='words auto new foreground' ;;
        'run -C' | 'run --chdir' | 'pipe -C' | 'pipe --chdir') kind='folder' ;;
        'run -e' | 'run --env' | 'pipe -e' | 'pipe --env') kind='assignment' ;;
        'run -u' | 'run --unset' | 'pipe -u' | 'pipe --unset') kind='variable' ;;
        'run --umask' | 'pipe --umask') kind='number' ;;
        'run --nice' | 'pipe --nice') kind='number' ;;
        'run --stdin' | 'pipe --stdin') kind='file' ;;
        'run --stdout' | 'pipe --stdout') kind='file' ;;
        'run --stderr' | 'pipe --stderr') kind='file' ;;
        'timeout -k' | 'timeout --kill-after') kind='duration' ;;
        'timeout -s' | 'timeout --signal') kind='signal' ;;
        'timeout --leak') kind='words kill wait allow fail' ;;
        'kill-tree -s' | 'kill-tree --signal') kind='signal' ;;
        'kill-tree -k' | 'kill-tree --kill-after') kind='duration' ;;
        'kill-tree --wait') kind='duration' ;;
        'kill-tree --also') kind='words session group cgroup' ;;
        'pipe --file') kind='file' ;;
        'pipe --pipefail') kind='words sigpipe-ok strict last' ;;
    esac
}

# Offer the words that begin with `value`; `prefix` is what stands before it in the same word.
_runwrap_offer() {
    local word
    for word; do
        [[ $word != "$value"* ]] || COMPREPLY+=("$prefix$word")
    done
}

_runwrap_offer_durations() {
    local number=${value%"${value##*[0-9]}"} units unit
    local examples=(
        250ms 30s 5m 2h 1d inf
    )
    if [[ $value != [0-9]* ]]; then
        _runwrap_offer "${examples[@]}"
        return
    fi
    case $number in
        *ms*) units='' ;;
        *s*) units='ms' ;;
        *m*) units='s ms' ;;
        *h*) units='m s ms' ;;
        *d*) units='h m s ms' ;;
        *) units='d h m s ms' ;;
    esac
    for unit in $units; do
        _runwrap_offer "$number$unit"
    done
}

_runwrap_offer_signals() {
    local names=(
        ABRT ALRM BUS CHLD CONT FPE HUP ILL INT KILL PIPE PROF QUIT SEGV STOP SYS TERM TRAP TSTP
        TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ
    )
    [[ $value != SIG* ]] || names=("${names[@]/#/SIG}")
    _runwrap_offer "${names[@]}"
}

# Offer what `compgen $1` finds: -f files, -d folders.
_runwrap_offer_paths() {
    local found
    compopt -o filenames
    mapfile -t found < <(compgen "$1" -- "$value")
    COMPREPLY+=("${found[@]/#/"$prefix"}")
}

# Offer NAME= first; after the =, a file.
_runwrap_offer_assignments() {
    local names
    if [[ $value == *=* ]]; then
        prefix+=${value%%=*}= value=${value#*=}
        _runwrap_offer_paths -f
        return
    fi
    compopt -o nospace
    mapfile -t names < <(compgen -A export)
    _runwrap_offer "${names[@]/%/=}"
}

_runwrap_offer_variables() {
    local names
    mapfile -t names < <(compgen -A export)
    _runwrap_offer "${names[@]}"
}

# Offer values of a kind (numbers and text have none).
_runwrap_offer_values() {
    case $1 in
        words) _runwrap_offer "${@:2}" ;;
        duration) _runwrap_offer_durations ;;
        signal) _runwrap_offer_signals ;;
        file) _runwrap_offer_paths -f ;;
        folder) _runwrap_offer_paths -d ;;
        variable) _runwrap_offer_variables ;;
        assignment) _runwrap_offer_assignments ;;
    esac
}

# Offer processes by their pids, and their names where a list is shown; after an @, a pid file.
_runwrap_offer_processes() {
    local pid name whose=(-A)
    local -A seen=()
    if [[ $value == @* ]]; then
        prefix+=@ value=${value#@}
        _runwrap_offer_paths -f
        return
    fi
    ((EUID == 0)) || whose=(-u "$EUID")
    while read -r pid name; do
        # Not the first one, kernel threads, this shell, or what lists them.
        case "$pid $name" in
            [12]\ * | "$$ "* | *\ \[* | *\ 'ps '*) ;;
            "$value"*) seen[$pid]=${name:0:40} ;;
        esac
    done < <(ps "${whose[@]}" -o pid= -o args=)
    COMPREPLY=("${!seen[@]}")
    [[ $COMP_TYPE == @(33|63|64) ]] && ((${#seen[@]} > 1)) || return
    COMPREPLY=()
    for pid in "${!seen[@]}"; do
        COMPREPLY+=("$pid (${seen[$pid]})")
    done
}

# Offer what an operand of kind $1 may be, the last word.
_runwrap_offer_operand() {
    case $1 in
        command) _runwrap_offer_command "${starts[last]}" ;;
        duration) _runwrap_offer_durations ;;
        process) _runwrap_offer_processes ;;
    esac
}

# Complete the wrapped command's words, the first of which is COMP_WORDS[$1].
_runwrap_offer_command() {
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif (($1 < COMP_CWORD)); then
        compopt -o default
    else
        mapfile -t COMPREPLY < <(compgen -c -- "$value")
    fi
}

# Set `words` to the line's words up to the cursor, and `starts` to where each begins in COMP_WORDS:
# readline also cuts at = and :, which end no word for the shell.
_runwrap_split() {
    local rest=${COMP_LINE:0:COMP_POINT} word at
    words=() starts=()
    for ((at = 0; at <= COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        if ((at == 0)) || [[ $rest == [[:blank:]]* ]]; then
            rest=${rest#"${rest%%[![:blank:]]*}"}
            words+=('') starts+=("$at")
        fi
        ((at < COMP_CWORD)) || word=$rest
        words[${#words[@]} - 1]+=$word
        rest=${rest#"$word"}
    done
}

# Read word $2 of subcommand $1 as an option, or short options together: set `kind` to what is taken
# by the one that takes a value, `prefix` to the part before that value, and `attached` where the
# value, even an empty one, is in this word.
_runwrap_read_option() {
    local at
    kind='' prefix=$2 attached=
    if [[ $2 == --* ]]; then
        _runwrap_kind "$1" "${2%%=*}"
        [[ $2 != *=* ]] || prefix=${2%%=*}= attached=1
        return
    fi
    for ((at = 1; at < ${#2}; at++)); do
        _runwrap_kind "$1" "-${2:at:1}"
        [[ $kind ]] || continue
        prefix=${2:0:at+1}
        [[ $prefix == "$2" ]] || attached=1
        return
    done
}

# Walk over the words from words[at] on: set `wrapped` to the index of the wrapped command, or leave
# it empty; `closed` where no more options may come; `at` ends beyond the last word where that word
# is the value of the option before it. Of `operands` those that are complete are taken off.
_runwrap_walk() {
    while ((at < last)); do
        if [[ ! $closed && ${words[at]} == -- ]]; then
            closed=1
        elif [[ ! $closed && ${words[at]} == -?* ]]; then
            _runwrap_read_option "$subcommand" "${words[at]}"
            [[ ! $kind || $attached ]] || ((at++))
        elif [[ ${operands[0]} == command ]]; then
            wrapped=$at
            return
        elif ((${#operands[@]} > 1)); then
            operands=("${operands[@]:1}") closed=1
        fi
        ((at++))
    done
}

# Complete the last word, which is an option, the value in one, or an operand.
_runwrap_offer_last() {
    local options subcommands=(
        run timeout kill-tree pipe
    )
    if [[ $closed || $value != -* ]]; then
        _runwrap_offer_operand "${operands[0]}"
        ((last > 1)) || _runwrap_offer "${subcommands[@]}"
        return
    fi
    _runwrap_read_option "$subcommand" "$value"
    if [[ $attached ]]; then
        value=${value#"$prefix"}
        # shellcheck disable=SC2086 # a kind and its words
        _runwrap_offer_values $kind
        return
    fi
    prefix=
    _runwrap_options "$subcommand"
    _runwrap_offer "${options[@]}"
}

# Readline takes its own word $2 for what is completed, so what it cut off before must go.
_runwrap() {
    local words starts kind='' prefix='' attached at=1 last wrapped='' closed='' value whole
    local subcommand=run operands IFS=$' \t\n' # a person may have another
    COMPREPLY=()
    _runwrap_split
    last=$((${#words[@]} - 1))
    whole=${words[last]} value=$whole
    if ((last > 1)) && _runwrap_is_subcommand "${words[1]}"; then
        subcommand=${words[1]} at=2
    fi
    _runwrap_operands "$subcommand"
    _runwrap_walk
    if [[ $wrapped ]]; then
        _runwrap_offer_command "${starts[wrapped]}"
        return
    elif ((at > last)); then
        prefix=
        # shellcheck disable=SC2086 # a kind and its words
        _runwrap_offer_values $kind
    else
        _runwrap_offer_last
    fi
    [[ $whole != *"$2" ]] || whole=${whole%"$2"}
    COMPREPLY=("${COMPREPLY[@]#"$whole"}")
}

complete -F _runwrap runwrap
