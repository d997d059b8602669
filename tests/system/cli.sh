#!/bin/bash
# The command line: what the user sees of mistakes, limits and signals, and which files are left.
. "$(dirname "$0")/lib.sh"

program=$work/status
cat >"$work/status.c" <<'C'
/* status N: exits with N. status N SIGNAL: kills itself. status N 0: never ends. */
#include <signal.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    if (argc > 2 && atoi(argv[2]) != 0)
        raise(atoi(argv[2]));
    for (volatile int forever = argc > 2; forever;)
        ;
    return argc > 1 ? atoi(argv[1]) : 0;
}
C
${GUEST_CC:-powerpc64le-linux-gnu-gcc} -O1 -static "$work/status.c" -o "$program"
mkdir "$work/dir"
cd "$work/dir"
cp "$base" base.ini

# --- Mistakes: exit status, one line that says where and what, and no result file.

# wrong_ini NAME LINE PATTERN TEXT: a file that layers TEXT (for printf) over base.ini; LINE is that
# of TEXT at fault.
wrong_ini() {
    local name=$1 line=$(($2 + 1)) pattern=$3
    printf "include = base.ini\n$4" >wrong.ini
    wrong "$name" 125 "wrong\.ini:$line: .*($pattern)" -o result.h5 wrong.ini -- "$program"
}

wrong "no arguments" 125 "no configuration"
wrong "unknown option" 125 "unknown option --frobnicate" --frobnicate base.ini
wrong "option without its value" 125 "option -o needs a value" base.ini -o
wrong "an option before the verb" 125 "sweep: a verb comes first.*simrun sweep" -q sweep base.ini
wrong "two configurations" 125 "base\.ini" base.ini base.ini -- "$program"
wrong "program without a configuration" 125 "is a program, not a configuration" "$program"
printf '[sweep]\nconfig = base.ini\n' >sweep.ini
wrong "sweep in the place of a configuration" 125 "is a sweep, .*simrun sweep sweep\.ini" sweep.ini
wrong "configuration missing" 125 "absent\.ini: .*No such file" absent.ini -- "$program"
wrong "configuration is a directory" 125 "\.: .*[Dd]irectory" . -- "$program"
wrong "no program" 125 "program" -o result.h5 base.ini

wrong_ini "unknown key, nearest name" 2 "unknown key.*ways" '[l1d]\nwayz = 4\n'
wrong_ini "unknown section, nearest name" 1 "unknown section.*l1d" '[l1x]\nways = 4\n'
wrong_ini "cache size not a power of two" 2 "power of two" '[l1d]\nsize = 33KiB\n'
wrong_ini "line size not a power of two" 2 "power of two" '[l1d]\nline = 48\n'
wrong_ini "unit of another kind" 2 "GHz|unit|KiB" '[l1d]\nsize = 2GHz\n'
wrong_ini "no such unit" 2 "unit|KiB" '[l1d]\nsize = 32KX\n'
wrong_ini "not a number" 2 "many|number" '[l1d]\nways = many\n'
wrong_ini "negative" 2 "-4" '[l1d]\nways = -4\n'
wrong_ini "beyond 64 bits" 2 "99999999999999999999" '[l1d]\nways = 99999999999999999999\n'
wrong_ini "no such choice" 2 "functional.*timing" '[system]\nmode = fast\n'
wrong_ini "no such policy" 2 "lru" '[l2]\nreplacement = newest\n'
wrong_ini "no equals sign" 2 "=" '[l1d]\nways\n'
wrong_ini "section not closed" 1 "\\]" '[l1d\nways = 4\n'
wrong_ini "included file missing" 1 "absent\.ini" 'include = absent.ini\n'
printf '[core]\nclock = 1GHz\nclock = 2GHz\n' >twice.ini
wrong "key twice" 125 "twice\.ini:3: .*clock" -o result.h5 twice.ini -- "$program"

wrong "-s without =" 125 "-s l1d\.ways" -o result.h5 -s l1d.ways base.ini -- "$program"
wrong "-s of an unknown key" 125 "-s.*unknown key" -o result.h5 -s l1d.wayz=4 base.ini -- "$program"
wrong "-s of an unknown section" 125 "-s.*unknown section" \
    -o result.h5 -s l9.ways=4 base.ini -- "$program"
wrong "-s with a bad value" 125 "-s.*l1d\.ways" -o result.h5 -s l1d.ways=0x base.ini -- "$program"
wrong "-m of an unknown mode" 125 "functional.*timing" -o result.h5 -m fast base.ini -- "$program"
wrong "--max-insts of no number" 125 "soon" -o result.h5 --max-insts soon base.ini -- "$program"

# wrong_ooo NAME PATTERN KEY=VALUE...: keys of the out-of-order core that do not go together.
wrong_ooo() {
    local name=$1 pattern=$2 settings=()
    shift 2
    for setting in "$@"; do
        settings+=(-s "core.$setting")
    done
    wrong "$name" 125 "$pattern" -o result.h5 "${settings[@]}" ooo.ini -- "$program"
}

cp "$root/configs/ooo4.ini" ooo.ini
wrong_ooo "target instructions without folding" "target_instructions.*needs fold_branches" \
    target_instructions=2 fuse_compare=no
wrong_ooo "folding with fusion" "fuse_compare.*not with fold_branches" fold_branches=yes
wrong_ooo "folding with a limit on branches" "branches.*not with fold_branches" \
    fold_branches=yes fuse_compare=no branches=3
wrong_ooo "a beat larger than a block" "fetch_beat.*from 4 to fetch_bytes" fetch_beat=64
wrong_ooo "multiples in one operation, not serialised" "multiple_registers.*oldest_first" \
    multiple_registers=0
wrong_ooo "early commit of loads" "commit_early.*'load' is no arithmetic class" commit_early=load
wrong_ooo "serialisation of no class" "completes_alone.*'lmw' is not a unit class" \
    completes_alone=lmw
wrong_ooo "parts of three bytes" "access_bytes.*power of two" access_bytes=3
wrong_ooo "early end of a divide" "early_out.*want CLASS:BITS:LATENCY" units.early_out=divw:8:4
wrong_ooo "more slots than dispatch has" "fadd.*takes 5 slots of the 4" "units.fadd=fpu 5 1 5"
wrong_ooo "a limit of no kind" "issue_limits.*want KIND" units.issue_limits=ald:4
wrong_ooo "a limit that a kind cannot keep" "issue_limits.*want KIND" "units.issue_limits=alu*3:2"
wrong_ooo "records of no class" "crack_record.*'rlwinm' is not a unit class" crack_record=rlwinm
wrong_ooo "early end without cycles" "early_out.*want CLASS:BITS:LATENCY" units.early_out=mulw:8

# --- Programs that cannot be run.

head -c 3000 "$program" >truncated
head -c 20 "$program" >stub
echo 'echo hello' >script
chmod +x script
: >empty
wrong "program missing" 126 "absent: No such file" -o result.h5 base.ini -- absent
wrong "program is a directory" 126 "dir: .*[Dd]irectory" -o result.h5 base.ini -- ../dir
wrong "program truncated" 126 "truncated: " -o result.h5 base.ini -- ./truncated
wrong "program cut in its header" 126 "stub: " -o result.h5 base.ini -- ./stub
wrong "program for another machine" 126 "simrun: .*x86|x86" -o result.h5 base.ini -- "$simrun"
chmod -x truncated
wrong "program not executable" 126 "truncated: .*permission" -o result.h5 base.ini -- ./truncated
chmod -x empty
wrong "program is text" 126 "script: .*ELF" -o result.h5 base.ini -- ./script
printf '#!/bin/true\n' >script
wrong "script's interpreter is the host's" 126 "script: its interpreter /bin/true: .*PowerPC" \
    -o result.h5 base.ini -- ./script
printf '#!/absent\n' >script
wrong "script's interpreter is absent" 126 "script: its interpreter /absent: No such file" \
    -o result.h5 base.ini -- ./script
printf '#!\n' >script
wrong "script without interpreter" 126 "script: .*names no interpreter" -o result.h5 base.ini -- \
    ./script
chmod -x script
wrong "script not executable" 126 "script: permission denied" -o result.h5 base.ini -- ./script
wrong "program empty" 126 "empty: " -o result.h5 base.ini -- ./empty

# --- Result files.

wrong "result in a directory that is missing" 125 "absent/result.h5.*No such file" \
    -o absent/result.h5 base.ini -- "$program"
wrong "result is a directory" 125 "directory" -o . base.ini -- "$program"
wrong "result is a device" 125 "/dev/full" -o /dev/full base.ini -- "$program"
echo precious >kept.h5
wrong "result exists" 125 "kept\.h5: .*--force" -o kept.h5 base.ini -- "$program"
check "existing result untouched" "it changed" [ "$(cat kept.h5)" = precious ]
capture run "$simrun" -q --force -o kept.h5 base.ini -- "$program"
check "--force overwrites" "$(cat "$work/run.err")" [ -n "$(h5ls kept.h5/stats/values)" ]

# result_status FILE: the root attribute.
result_status() { h5dump -a /status "$1" 2>/dev/null | sed -n 's/.*(0): "\(.*\)".*/\1/p'; }

# no_space NAME COMMAND...: the command's result, result.h5, does not fit.
no_space() {
    local name=$1
    shift
    capture run "$@"
    check "$name: exit status" "$(status_of run), not 125" [ "$(status_of run)" = 125 ]
    check "$name: message" "$(cat "$work/run.err")" grep -q '^simrun: .*result\.h5' "$work/run.err"
}

rm -f result.h5*
# A limit on the size of files fails the write as a full disk does, and needs no rights.
no_space "file size limit" bash -c 'trap "" XFSZ; ulimit -f 8; "$@"' - \
    "$simrun" -q -o result.h5 base.ini -- "$program"
check "file size limit: nothing left" "$(echo result.h5*)" [ ! -e result.h5 -a ! -e result.h5.part ]
if unshare -m true 2>/dev/null; then
    no_space "full disk" unshare -m bash -c 'set -e; mkdir -p small
        mount -t tmpfs -o size=16k tmpfs small; cd small; status=0; "$@" || status=$?
        [ ! -e result.h5 ] && exit $status' - \
        "$simrun" -q -o result.h5 ../base.ini -- "$program"
else
    echo "SKIPPED full disk: no right to mount a small file system"
fi

# --- Exit status and files of runs that start.

# ends NAME STATUS RESULT_STATUS ARG...
ends() {
    local name=$1 status=$2 result=$3
    shift 3
    rm -f result.h5*
    capture run "$simrun" -o result.h5 "$@"
    check "$name: exit status" "$(status_of run), not $status" [ "$(status_of run)" = "$status" ]
    check "$name: result says $result" "'$(result_status result.h5)'" \
        [ "$(result_status result.h5)" = "$result" ]
    check "$name: only our lines on stderr" "$(grep -v '^simrun:' "$work/run.err" | head -n 1)" \
        [ -z "$(grep -v '^simrun:' "$work/run.err")" ]
}

for mode in functional timing; do
    ends "$mode, guest returns 0" 0 complete -m $mode base.ini -- "$program" 0
    ends "$mode, guest returns 42" 42 complete -m $mode base.ini -- "$program" 42
    ends "$mode, guest returns 255" 255 complete -m $mode base.ini -- "$program" 255
    ends "$mode, guest aborts" 134 complete -m $mode base.ini -- "$program" 0 6
    ends "$mode, guest faults" 139 complete -m $mode base.ini -- "$program" 0 11
    ends "$mode, limit" 124 limit -m $mode --max-insts 10K base.ini -- "$program" 0 0
done

# interrupted NAME SIGNAL: sent to a run that would not end.
interrupted() {
    local signal=$1 pid status=0
    rm -f result.h5*
    "$simrun" -q -o result.h5 base.ini -- "$program" 0 0 >"$work/run.out" 2>"$work/run.err" &
    pid=$!
    sleep 1
    kill -"$signal" $pid
    { wait $pid || status=$?; } 2>/dev/null
    echo $status >"$work/run.status"
}
interrupted TERM
check "SIGTERM: exit status 143" "$(status_of run)" [ "$(status_of run)" = 143 ]
check "SIGTERM: result says killed" "'$(result_status result.h5)'" \
    [ "$(result_status result.h5)" = killed ]
interrupted KILL
check "SIGKILL: no file pretends to be complete" "result.h5 exists" [ ! -e result.h5 ]
capture run "$simrun" -q -o result.h5 base.ini -- "$program"
check "after SIGKILL: the next run works" "$(cat "$work/run.err")" \
    [ "$(result_status result.h5)" = complete ]

capture run "$simrun" -q -o none base.ini -- "$program" 7
check "-q: nothing on stderr" "$(head -n 1 "$work/run.err")" [ ! -s "$work/run.err" ]
rm -f ./*.h5
capture run "$simrun" -o none base.ini -- "$program"
check "-o none: no file" "$(echo ./*.h5)" [ -z "$(compgen -G '*.h5')" ]
check "summary has instructions, cycles, IPC" "$(head -n 3 "$work/run.err")" \
    [ "$(grep -Ec '^simrun: (instructions|cycles|IPC) ' "$work/run.err")" = 3 ]
capture run "$simrun" -q base.ini -- "$program"
check "without -o the result is named after the configuration" "$(ls)" [ -e base.h5 ]
cp "$program" beside
capture run "$simrun" -q -o none base.ini -- beside 5
check "program by a relative name" "$(cat "$work/run.err")" [ "$(status_of run)" = 5 ]
capture run "$simrun" -q -o none -s workload.program="$program" base.ini
check "program from the configuration" "$(cat "$work/run.err")" [ "$(status_of run)" = 0 ]

# --- A machine that hangs: here one whose first instruction takes longer than is allowed.
wrong "a hang names where the machine stands" 70 "hangs: nothing has retired for 20 cycles.*fetch" \
    -q -o hang.h5 -s core.hang_cycles=20 base.ini -- "$program"
check "... and leaves a file that says so" "$("$build/simstat" summary hang.h5 | head -n 1)" \
    grep -q "status failed" <("$build/simstat" summary hang.h5)
capture run "$simrun" -q -o none -s core.hang_cycles=500 base.ini -- "$program"
check "a slow machine does not hang" "$(cat "$work/run.err")" [ "$(status_of run)" = 0 ]

# --- Help.

# says NAME PATTERN ARG...: exit status 0, the pattern on stdout, nothing on stderr.
says() {
    local name=$1 pattern=$2
    shift 2
    capture run "$simrun" "$@"
    check "$name" "status $(status_of run): $(cat "$work/run.err" "$work/run.out" | head -n 2)" \
        [ "$(status_of run)" = 0 -a ! -s "$work/run.err" -a \
            -n "$(grep -E "$pattern" "$work/run.out")" ]
}
says "--help" "^usage: simrun" --help
says "--version" "^simrun [0-9]" --version
says "explain, everything" "^\[?l1d" explain
says "explain a section" "ways" explain l1d
wrong "nothing but fast-forward" 0 "warning: .*fast_forward: nothing was measured" \
    -q -o none -s sample.fast_forward=1G base.ini -- "$program"
wrong "nothing but warm-up" 0 "warning: .*warmup: nothing was measured" \
    -q -o none -s sample.warmup=1G base.ini -- "$program"
says "explain a key: default and text" "[0-9]" explain l1d.ways
wrong "explain an unknown key" 125 "did you mean l1d\.ways" explain l1d.wayz
wrong "explain an unknown section" 125 "no such section" explain l9
wrong "explain too much" 125 "usage" explain l1d ways
finish
