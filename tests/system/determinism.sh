#!/bin/bash
# The same input gives the same result file, apart from /meta, whatever the host is doing; and the
# jump over idle cycles changes nothing but host time.
. "$(dirname "$0")/lib.sh"

# A latency-bound, a branchy and a system-call-heavy program.
programs=(chase sort format)

# same NAME H5DIFF-ARGUMENT...: h5diff finds nothing.
same() {
    local name=$1 status=0
    shift
    h5diff "$@" >"$work/h5diff.out" 2>&1 || status=$?
    check "$name" "$(head -n 3 "$work/h5diff.out" | tr '\n' ' ')" \
        [ $status -eq 0 -a ! -s "$work/h5diff.out" ]
}

first=$work/first.h5
second=$work/second.h5

# prepare DIR PROGRAM: what a run needs, under relative names.
prepare() {
    mkdir -p "$work/$1"
    cp "$base" "$work/$1/base.ini"
    cp "$build/workloads/$2" "$work/$1/program"
}

other_host=(env HOME=/nonexistent LANG=C.UTF-8 EXTRA="$(seq -s, 500)" TZ=Asia/Tokyo
    bash -c 'ulimit -s 1024; exec "$@"' -)
host=()

# run DIR RESULT OPTION...: under the command `host`.
run() {
    local dir=$1 result=$2
    shift 2
    cd "$work/$dir"
    capture run "${host[@]}" "$simrun" -q --force -o "$work/$result.h5" "$@" base.ini -- ./program
    [ "$(status_of run)" = 0 ] || failed "run of $result" "$(head -n 1 "$work/run.err")"
}

for name in "${programs[@]}"; do
    rm -rf "$work/here" "$work/elsewhere"
    prepare here "$name"
    prepare elsewhere/with/a/long/path "$name"
    for mode in functional timing; do
        run here first -m $mode
        run here second -m $mode
        same "$name $mode: two runs" --exclude-path /meta "$first" "$second"
        host=("${other_host[@]}")
        run elsewhere/with/a/long/path second -m $mode
        host=()
        same "$name $mode: another place and environment" --exclude-path /meta "$first" "$second"
    done
    # The key itself is in /config, and so in the run's identity.
    run here second -m timing -s system.skip_idle=no
    for group in stats cpi intervals phases checks; do
        same "$name skip_idle: /$group" "$first" "$second" "/$group"
    done
done

# A timer set within the run fires at the same instruction, however the instructions are run.
cat >"$work/timer.c" <<'C'
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
static volatile sig_atomic_t fired;
static void on_alarm(int number) { fired = number; }
int main(void)
{
    struct itimerval timer = {.it_value.tv_usec = 300};
    volatile long spins = 0;
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &timer, NULL);
    while (!fired && spins < 5000000)
        spins++;
    printf("%ld\n", spins);
    return spins == 5000000;
}
C
${GUEST_CC:-powerpc64le-linux-gnu-gcc} -O1 -static "$work/timer.c" -o "$work/timer"
capture reference "$simrun" -q -o none "$base" -- "$work/timer"
check "timer fires" "status $(status_of reference)" [ "$(status_of reference)" = 0 ]
for options in "-m functional" "-m functional -s output.interval=0" "-s sample.fast_forward=10M" \
    "-s sample.fast_forward=100K"; do
    capture timer "$simrun" -q -o none $options "$base" -- "$work/timer"
    check "timer with $options" "another instruction" cmp -s "$work/reference.out" "$work/timer.out"
done
# Simulated time begins where functional execution left the guest's clock.
capture timer "$simrun" -q -o none -s system.time=cycles -s sample.fast_forward=10M "$base" -- \
    "$work/timer"
check "timer while fast-forwarding to simulated time" "another instruction" \
    cmp -s "$work/reference.out" "$work/timer.out"
# Threads and processes take turns by the guest's clock alone, so both modes run the very same
# instructions.
for guest in threads processes; do
    prepare here chase
    "${GUEST_CC:-powerpc64le-linux-gnu-gcc}" -O2 -mcpu=power9 -static \
        "$root/tests/system/guest/$guest.c" -o "$work/here/program"
    for mode in functional timing; do
        run here first -m $mode
        run here second -m $mode
        same "$guest $mode: two runs" --exclude-path /meta "$first" "$second"
        (cd "$work/here" && capture "$mode" "$simrun" -m $mode -o none "$base" -- ./program)
    done
    check "$guest: as many instructions in both modes" \
        "$(instructions_of functional) and $(instructions_of timing)" \
        [ "$(instructions_of functional)" = "$(instructions_of timing)" ]
    why=$(differs functional timing out status)
    check "$guest: the same output in both modes" "$why" [ -z "$why" ]
done
# The host's random devices give what workload.seed says.
"${GUEST_CC:-powerpc64le-linux-gnu-gcc}" -O2 -static "$root/tests/system/random_device.c" \
    -o "$work/random"
for mode in functional timing; do
    capture "$mode" "$simrun" -q -m "$mode" -o none "$base" -- "$work/random"
done
capture seeded "$simrun" -q -m functional -o none -s workload.seed=2 "$base" -- "$work/random"
check "random devices, functional and timing" "$(cat "$work/timing.out")" \
    [ "$(status_of timing) $(cat "$work/timing.out")" = "0 $(cat "$work/functional.out")" ]
check "random devices, two seeds" "the same" \
    [ "$(cat "$work/seeded.out")" != "$(cat "$work/functional.out")" ]

# Libraries make other calls for a terminal, a pipe, a file: verify gives streams of the same kinds.
cd "$work"
one=("$simrun" -q --force -o kind.h5 -s system.max_instructions=300K "$base" --
    "$build/workloads/format")
kind_is() {
    "$simrun" verify kind.h5 >verify.out 2>&1 || true
    check "verify of a run whose output was a $1" "$(cat verify.out)" \
        grep -q "figures are equal" verify.out
    check "... as the file says" "$(h5dump -d /meta/stdout kind.h5)" \
        grep -q "\"$1\"" <(h5dump -d /meta/stdout kind.h5)
}
{ "${one[@]}" || true; } </dev/null | cat >/dev/null
kind_is pipe
"${one[@]}" </dev/null >kind.out || true
kind_is file
"${one[@]}" </dev/null >/dev/null || true
kind_is device
/usr/bin/python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "${one[@]}" </dev/null >/dev/null
kind_is terminal
finish
