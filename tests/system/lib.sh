# Sourced by the scripts beside it: where the programs are, how one is run, one line per check, the
# count at the end. BUILD and QEMU may be set from outside.
set -eu
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "$root" && realpath "${BUILD:-build}")
simrun=$build/simrun
base=$root/configs/base.ini
qemu=(${QEMU:-$(command -v qemu-ppc64le) -cpu power9})
limit=300 # seconds, for any one run
passed=0
failed=0
work=$(mktemp -d)
cleanup() { rm -rf "$work"; }
trap cleanup EXIT

ok() {
    echo "ok $1"
    passed=$((passed + 1))
}

failed() {
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

# check NAME WHY CONDITION...: ok when the condition holds.
check() {
    local name=$1 why=$2
    shift 2
    if "$@"; then ok "$name"; else failed "$name" "$why"; fi
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# capture TAG COMMAND...: stdout, stderr and exit status to $work/TAG.out, .err, .status. Standard
# input is the caller's `input`.
input=/dev/null
capture() {
    local tag=$1 status=0
    shift
    # The outer redirection takes the shell's remark about a program that a signal killed.
    {
        timeout "$limit" "$@" >"$work/$tag.out" 2>"$work/$tag.err" <"$input" || status=$?
    } 2>/dev/null
    echo "$status" >"$work/$tag.status"
}

status_of() { cat "$work/$1.status"; }

# differs TAG TAG [out|err|status]...: the first of these that differs, or nothing.
differs() {
    local a=$1 b=$2 part
    shift 2
    for part in "$@"; do
        if ! cmp -s "$work/$a.$part" "$work/$b.$part"; then
            echo "$part differs:" \
                "$(diff "$work/$a.$part" "$work/$b.$part" | sed -n 2,5p | tr '\n' ' ')"
            return
        fi
    done
}

# instructions_of TAG: from the summary of the run.
instructions_of() {
    awk '$1 == "simrun:" && $2 == "instructions" { print $3 }' "$work/$1.err"
}

# wrong NAME STATUS PATTERN ARG...: a mistake ends with this status, one line on stderr that has the
# pattern (extended, for grep), nothing on stdout and no result.h5. The arguments are simrun's.
wrong() {
    local name=$1 status=$2 pattern=$3 why=""
    shift 3
    rm -f result.h5*
    capture run "$simrun" "$@"
    if [ "$(status_of run)" != "$status" ]; then
        why="exit status $(status_of run), not $status; $(head -n 1 "$work/run.err")"
    elif [ "$(wc -l <"$work/run.err")" -ne 1 ]; then
        why="$(wc -l <"$work/run.err") lines on stderr: $(head -n 2 "$work/run.err" | tr '\n' ' ')"
    elif ! grep -Eq "^simrun: .*($pattern)" "$work/run.err"; then
        why="message: $(cat "$work/run.err")"
    elif [ -s "$work/run.out" ]; then
        why="something on stdout"
    elif compgen -G 'result.h5*' >/dev/null; then
        why="left behind: $(echo result.h5*)"
    fi
    check "$name" "$why" [ -z "$why" ]
}

# apt_download: Debian's packages for ppc64el.
. "$root/configs/boot/debian.sh"
