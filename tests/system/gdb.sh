#!/bin/bash
# gdb-multiarch against simrun --gdb, in both modes: what the user sees of breakpoints, steps,
# watchpoints, registers, memory, signals and the end of the program.
. "$(dirname "$0")/lib.sh"

debugger=${GDB:-gdb-multiarch}
cc=${GUEST_CC:-powerpc64le-linux-gnu-gcc}
cat >"$work/guest.c" <<'C'
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int vec4 __attribute__((vector_size(16)));

volatile int counter;
volatile double half = 0.5;
vec4 lanes = {1, 2, 3, 4};

__attribute__((noinline)) int leaf(int n)
{
    counter += n;
    return n * 2;
}

__attribute__((noinline)) int middle(int n)
{
    int twice = leaf(n);
    return twice + 1;
}

__attribute__((noinline)) vec4 add_lanes(vec4 a, vec4 b) { return a + b; }
__attribute__((noinline)) double scale(double d) { return d * half; }
static void on_signal(int number) { counter += number; }

/* guest [segv|usr1|read|spin|fork]: what it ends with. */
int main(int argc, char **argv)
{
    const char *end = argc > 1 ? argv[1] : "";
    int sum = 0;
    char c;
    for (int n = 0; n < 3; n++)
        sum += middle(n);
    vec4 v = add_lanes(lanes, lanes);
    double d = scale(8.0);
    printf("sum %d lanes %d d %g\n", sum, v[3], d);
    fflush(stdout);
    signal(SIGUSR1, on_signal);
    if (!strcmp(end, "segv"))
        *(volatile int *)(uintptr_t)8 = 1;
    if (!strcmp(end, "usr1"))
        raise(SIGUSR1);
    if (!strcmp(end, "read"))
        counter = (int)read(0, &c, 1);
    if (!strcmp(end, "spin"))
        for (volatile int forever = 1; forever;)
            counter++;
    if (!strcmp(end, "fork")) {
        int status = 0;
        if (fork() == 0)
            _exit(leaf(100) + leaf(10)); /* 220 */
        wait(&status);
        counter = leaf(WEXITSTATUS(status) - 219) - 1;
    }
    return 40 + counter;
}
C
$cc -g -O1 -mcpu=power9 -static "$work/guest.c" -o "$work/guest"

# start MODE ARG...: simrun in the background with the guest's arguments; sets $pid and $port.
extra=()
start() {
    local mode=$1
    shift
    : >"$work/sim.err"
    "$simrun" --gdb 0 -m "$mode" -o none "${extra[@]}" "$base" -- "$work/guest" "$@" \
        >"$work/sim.out" 2>"$work/sim.err" <"$input" &
    pid=$!
    for _ in $(seq 100); do
        port=$(sed -n 's/^simrun: waiting for gdb on 127\.0\.0\.1:\([0-9]*\)$/\1/p' "$work/sim.err")
        [ -z "$port" ] || return 0
        sleep 0.1
    done
    echo "simrun does not wait for gdb: $(cat "$work/sim.err")"
}

# ended: waits for simrun; its exit status in $status.
ended() {
    status=0
    { wait "$pid" || status=$?; } 2>/dev/null
}

# debug MODE "ARGS" COMMAND...: a whole session; gdb's words in $work/gdb.out.
debug() {
    local mode=$1 args=$2 word
    shift 2
    # shellcheck disable=SC2086
    start "$mode" $args
    set -- "target remote 127.0.0.1:$port" "$@"
    for word in "$@"; do echo "$word"; done >"$work/commands"
    # The outer redirection takes the shell's remark about a gdb that was killed.
    {
        timeout 120 "$debugger" -nx -batch -x "$work/commands" "$work/guest" \
            >"$work/gdb.out" 2>&1 </dev/null || true
    } 2>/dev/null
    ended
}

# says NAME PATTERN: gdb has said it (extended pattern).
says() {
    check "$1" "$(tail -n 3 "$work/gdb.out" | tr '\n' '|')" grep -Eq "$2" "$work/gdb.out"
}

ends() {
    check "$1" "exit status $status, not $2; $(head -n 2 "$work/sim.err")" [ "$status" = "$2" ]
}

session() {
    local mode=$1
    debug "$mode" "" 'break leaf' continue backtrace finish 'x/2i $pc' 'print counter' \
        stepi 'print $pc - (long)&middle' 'delete' 'break scale' continue 'print $f1' \
        'print add_lanes' 'print $vs34.v4_int32' 'print $f1 = 16.0' 'set var half = 0.25' \
        'print lanes' 'set var lanes[1] = 77' 'print lanes' 'print/x $msr' \
        'print $cr = 0x12345678' 'print/x $cr' 'print $xer = 0xe0000000' 'print/x $xer' \
        'print/x $fpscr = 3' 'print $fpscr' \
        'print $vr31.v16_int8[2] = 9' 'print $vr31.v16_int8[2]' 'print $fpscr = 0' \
        'info auxv' 'info threads' 'monitor where' 'set var counter = 5' continue
    says "$mode: stops at a breakpoint" '^Breakpoint 1.*leaf \(n=0\)'
    says "$mode: backtrace" '^#2 .* main \(argc='
    says "$mode: finish" '^Value returned is \$1 = 0'
    says "$mode: disassembles" '^=> 0x[0-9a-f]+ <middle\+[0-9]+>:'
    says "$mode: prints a double" '^\$[0-9]+ = 8$'
    says "$mode: prints a vector register" '\{2, 4, 6, 8\}'
    says "$mode: changes memory" '^\$[0-9]+ = \{1, 77, 3, 4\}'
    says "$mode: MSR tells 64-bit little-endian" '= 0x80000000.*3$'
    says "$mode: CR is written and read" '= 0x12345678'
    says "$mode: XER is written and read" '= 0xe0000000'
    says "$mode: an element of a vector register is written" '^\$[0-9]+ = 9$'
    says "$mode: auxiliary vector" 'AT_EXECFN .*guest'
    says "$mode: one thread" '^\* 1 +Thread 1'
    says "$mode: monitor" '^[0-9]+ instructions, [0-9]+ cycles'
    says "$mode: the end is reported" 'exited with code 055'
    ends "$mode: the program's own exit status" 45
    check "$mode: the program saw what was changed" "$(cat "$work/sim.out")" \
        [ "$(cat "$work/sim.out")" = "sum 9 lanes 8 d 4" ]

    debug "$mode" "" 'break main' continue 'watch counter' continue continue 'delete' \
        'rwatch half' continue 'print $pc >= (long)&scale' 'delete' 'awatch lanes' continue
    says "$mode: watchpoint, old value" '^Old value = 0'
    says "$mode: watchpoint, new value" '^New value = 3'
    says "$mode: read watchpoint" 'read watchpoint 3: half'
    says "$mode: a watchpoint that is not hit" 'exited with code 053'

    debug "$mode" segv continue 'x/i $pc' backtrace continue
    says "$mode: SIGSEGV before it is delivered" 'received signal SIGSEGV'
    says "$mode: the instruction of the fault" '^=> .*st'
    says "$mode: ended by SIGSEGV" 'terminated with signal SIGSEGV'
    ends "$mode: exit status 139" 139

    debug "$mode" segv continue 'set var $pc = $pc + 4' 'signal 0'
    says "$mode: a signal held back" 'exited with code 053'
    debug "$mode" usr1 'break on_signal' continue continue continue
    says "$mode: SIGUSR1" 'received signal SIGUSR1'
    says "$mode: its handler" '^Breakpoint 1, .*on_signal \(number=10\)'
    says "$mode: the handler has run" 'exited with code 065'
    debug "$mode" usr1 'handle SIGUSR1 nostop noprint pass' 'break on_signal' continue continue
    says "$mode: signals passed silently" 'exited with code 065'
    debug "$mode" "" 'break scale' continue 'signal SIGUSR1'
    says "$mode: a signal of the debugger's" 'terminated with signal SIGUSR1'
    ends "$mode: exit status 138" 138

    debug "$mode" fork 'break scale' continue 'break leaf' 'watch counter' continue \
        'delete 3' 'print n' continue
    says "$mode: a child runs past breakpoints and watchpoints" '^\$1 = 1$'
    says "$mode: and to its end" 'exited with code 051'
    debug "$mode" "" 'break leaf' continue detach
    ends "$mode: runs on after detaching" 43
    debug "$mode" "" 'break leaf' continue kill
    ends "$mode: killed" 137
    debug "$mode" "" 'break leaf' continue 'shell kill -9 $PPID'
    ends "$mode: runs on when gdb is gone" 43
}

# interrupt MODE ARG WHAT: SIGINT to gdb stops the guest.
interrupt() {
    local mode=$1 arg=$2 what=$3
    start "$mode" "$arg"
    {
        echo "target remote 127.0.0.1:$port"
        echo "shell (sleep 1; kill -INT \$PPID) &"
        echo continue
        echo 'print counter >= 3'
        echo 'set var counter = 0'
        echo 'break leaf'
        echo kill
    } >"$work/commands"
    timeout 60 "$debugger" -nx -batch -x "$work/commands" "$work/guest" \
        >"$work/gdb.out" 2>&1 </dev/null || true
    ended
    says "$mode: Ctrl-C in $what" 'received signal SIGINT'
    ends "$mode: and killed" 137
}

for mode in functional timing; do
    session "$mode"
    interrupt "$mode" spin "a loop"
    mkfifo "$work/never-$mode"
    exec 9<>"$work/never-$mode"
    input=$work/never-$mode
    interrupt "$mode" read "a system call"
    exec 9>&-
    input=/dev/null
done

# --- The other ABIs: 64-bit big-endian with function descriptors, 32-bit big-endian.
cp "$work/guest" "$work/static"
for abi in "powerpc64 -mcpu=power8" "powerpc -maltivec -mabi=altivec"; do
    # shellcheck disable=SC2086
    ${abi%% *}-linux-gnu-gcc -g -O1 ${abi#* } -static "$work/guest.c" -o "$work/guest"
    abi=${abi%% *}
    debug timing "" 'break scale' continue 'print $f1' 'print $vr2.v4_int32' 'print $f1 = 16.0' \
        'print $r3 = 0x12345678' 'print/x $r3' delete 'watch half' 'x/i $pc' \
        'set var lanes[1] = 77' 'print lanes' continue
    says "$abi: a double" '^\$1 = 8$'
    says "$abi: a vector" '^\$2 = \{2, 4, 6, 8\}'
    says "$abi: a register is written" '= 0x12345678$'
    says "$abi: memory is written" '= \{1, 77, 3, 4\}'
    says "$abi: disassembles" '^=> 0x[0-9a-f]+ <scale(\+[0-9]+)?>:'
    check "$abi: the program saw what was changed" "$(cat "$work/sim.out")" \
        [ "$(cat "$work/sim.out")" = "sum 9 lanes 8 d 8" ]
    ends "$abi: the program's own exit status" 43
done
cp "$work/static" "$work/guest"

# --- A dynamically linked program is loaded somewhere else than it was linked for: gdb learns where
# from the auxiliary vector, and of its libraries from memory.
sysroot=/usr/powerpc64le-linux-gnu
$cc -g -O1 -mcpu=power9 "$work/guest.c" -o "$work/guest"
extra=(-s "workload.sysroot=$sysroot")
debug functional "" "set sysroot $sysroot" 'break leaf' continue backtrace 'info sharedlibrary' kill
says "dynamically linked program: breakpoint" '^Breakpoint 1, .*leaf \(n=0\)'
says "dynamically linked program: its C library" '/libc\.so\.6'
extra=()
cp "$work/static" "$work/guest"

# --- A debugger that only looks changes nothing.
capture plain "$simrun" -m timing -o none "$base" -- "$work/guest"
debug timing "" 'break leaf' continue 'print counter' delete continue
cp "$work/sim.err" "$work/looked.err"
cycles_of() { grep '^simrun: cycles' "$work/$1.err"; }
check "cycles are the same under the debugger" "$(cycles_of looked), not $(cycles_of plain)" \
    [ "$(cycles_of plain)" = "$(cycles_of looked)" ]

# --- Garbage on the socket.
for mode in functional timing; do
    start "$mode"
    {
        head -c 65536 /dev/urandom
        printf '$m0,ffffffffffffffff#00$Z9,,,#00$vCont;;;:#00$G00#17$P99999999999999999=0#00'
    } >"/dev/tcp/127.0.0.1/$port" 2>/dev/null || true
    ended
    ends "$mode: garbage, then silence: the program runs" 43
done

# --- Mistakes.
capture run "$simrun" --gdb 65536 "$base" -- "$work/guest"
check "--gdb with a bad port" "$(cat "$work/run.err")" grep -q "not a port" "$work/run.err"
start functional
capture run "$simrun" --gdb "$port" -o none "$base" -- "$work/guest"
check "--gdb with a port in use" "$(cat "$work/run.err")" \
    [ "$(status_of run)" = 125 -a -n "$(grep "in use" "$work/run.err")" ]
kill -TERM "$pid"
ended
ends "SIGTERM while waiting for gdb" 143
finish
