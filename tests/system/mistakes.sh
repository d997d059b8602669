#!/bin/bash
# Mistakes in a configuration that is legal line by line: what is wrong, where it is written and
# what would be right.
. "$(dirname "$0")/lib.sh"
cd "$work"
program=$work/nothing
echo 'int main(void) { return 0; }' >nothing.c
${GUEST_CC:-powerpc64le-linux-gnu-gcc} -O1 -static nothing.c -o nothing
cp "$base" base.ini

# told NAME LINE PATTERN TEXT [ARG...]: TEXT (for printf) is layered over base.ini; LINE of it, or
# -s, is what the message starts with.
told() {
    local name=$1 place="wrong\.ini:$(($2 + 1)): "
    [ "$2" != 0 ] || place="-s "
    printf "include = base.ini\n$4" >wrong.ini
    wrong "$name" 125 "$place.*($3)" -o result.h5 "${@:5}" wrong.ini -- "$program"
}

# --- What another setting makes useless names that setting and its place.
told "a core that is not there" 1 "no \[core\.1\] with system\.cores = 1 \(default\)" \
    '[core.1]\nissue_width = 1\n'
told "core 0 of one" 0 "no \[core\.0\] with system\.cores = 1 \(default\), only \[core\]" '' \
    -s core.0.issue_width=1
told "a core beyond the last" 0 "no \[core\.2\] with system\.cores = 2 \(command line\)" '' \
    -s system.cores=2 -s core.2.issue_width=1
told "a key of another pipeline" 2 \
    "core\.model = ooo, and here it is inorder \(\./base\.ini:[0-9]+\)" \
    '[core]\nrob = 64\n'
told "a key of another predictor" 2 "core\.bpred\.direction = bimodal, and here it is gshare \(" \
    '[core.bpred]\nbimodal_entries = 64\n'
told "a key of another policy" 2 "l2\.replacement = ship, and here it is lru" \
    '[l2]\nship_table_bits = 12\n'
told "a key of a prefetcher" 2 "l2\.prefetcher = any prefetcher, and here it is none \(default\)" \
    '[l2]\nprefetch_queue = 12\n'
told "a key of DDR memory" 2 "dram\.model = ddr, and here it is fixed" '[dram]\nranks = 2\n'
told "a section of another pipeline" 1 "core\.model = scalar, and here it is inorder" \
    '[core.icache]\n'
told "a board under Linux" 1 "system\.kind = bare, and here it is user" '[board]\n'
told "coherence of one core" 1 "system\.cores = 2 or more, and here it is 1" '[directory]\n'
told "walks without a TLB" 1 "no \[walker\] \(page walks of a core with a TLB\)" '[walker]\n'

# --- Cores that differ: whoever says something else is to blame, not the file that says it of all.
told "clock of core 0" 0 "core\.0\.clock=3GHz: must be that of core 1" '' \
    -s system.cores=2 -s core.0.clock=3GHz
told "clock of core 1" 2 "\[core\.1\] clock = 3GHz: must be that of core 0" \
    '[core.1]\nclock = 3GHz\n' -s system.cores=2

# --- The nearest name of a value.
told "a slip in a choice" 0 "did you mean timing\?" '' -s system.mode=timming
told "a slip in a policy" 0 "did you mean plru\?" '' -s l2.replacement=pllru
told "a slip in a prefetcher" 0 "did you mean stride\?" '' -s l2.prefetcher=strid
told "a slip in a predictor" 0 "did you mean gshare\?" '' -s core.bpred.direction=gsahre
told "a slip in a TLB's policy" 2 "did you mean fifo\?" '[dtlb]\nreplacement = fifi\n'
told "a slip in a scheduler" 0 "did you mean frfcfs\?" '' -s dram.model=ddr -s dram.bandwidth=0 \
    -s dram.latency=80ns -s dram.scheduler=frfcsf

# --- Slips on the command line.
told "a key without its section" 0 "the section is missing; .*: core\.rob$" '' -s rob=64
told "a key without a value" 0 "l2\.size: not an assignment; write l2\.size=VALUE" '' -s l2.size
wrong "a slip in an option" 125 "unknown option --foce; did you mean --force" --foce base.ini
wrong "a slip in a sweep's option" 125 "--dryrun; did you mean --dry-run" sweep --dryrun base.ini
wrong "a folder that is not there" 125 "absent/r\.h5\.part: .*its folder has to be there" \
    -o absent/r.h5 base.ini -- "$program"
warns_of_arguments() { # NAME KEY
    capture run "$simrun" -q -o none -s "$2" base.ini -- "$program"
    check "$1" "$(cat run.err)" grep -q \
        "^simrun: warning: -s $2: without effect beside a program on the command line" run.err
}
warns_of_arguments "arguments of another program" workload.args=3
warns_of_arguments "two programs" workload.program=other

# --- Files that are something else.
capture run "$simrun" -q -o kept.h5 base.ini -- "$program"
wrong "a result as configuration" 125 "kept\.h5: is a result file.*simrun verify kept\.h5" \
    kept.h5 -- "$program"
: >empty
wrong "a program of PATH" 126 "ls: No such file or directory; it is not looked for in PATH" \
    -o none base.ini -- ls
wrong "text without execute permission" 126 "empty: is not an ELF program" -o none base.ini -- \
    ./empty
${GUEST_CC:-powerpc64le-linux-gnu-gcc} -shared -fPIC -nostdlib -x c - -o library.so <<<'int x;'
wrong "a shared library" 126 "library\.so: is a shared library" -o none base.ini -- ./library.so
head -c 1000 "$program" >cut
chmod +x cut
wrong "a program that is cut off" 126 "cut: truncated" -o none base.ini -- ./cut
ends_badly() { # NAME STATUS PATTERN CODE
    ${GUEST_CC:-powerpc64le-linux-gnu-gcc} -O1 -static -x c - -o bad <<<"int main(void) { $4 }"
    capture run "$simrun" -q -o none base.ini -- ./bad
    check "$1" "$(cat run.err)" [ "$(status_of run) $(grep -Ec "^simrun: warning: $3$" run.err)" = \
        "$2 1" ]
}
ends_badly "a program that reads nowhere" 139 \
    "SIGSEGV ended the program: exit status 139; at 0x[0-9a-f]+, which accessed 0x10" \
    'return *(volatile int *)16;'
ends_badly "a program that traps" 133 "SIGTRAP ended the program: .*; at 0x[0-9a-f]+" \
    '__builtin_trap();'
capture run "$simrun" explain rob
check "a key without its section is explained" "$(cat run.out run.err)" \
    grep -q "^core\.rob: reorder buffer entries" run.out
wrong "a section in capitals" 125 "L2\.size: no such section; did you mean l2" explain L2.size

# --- What would wait for itself.
wrong "an issue queue behind an inlet and not" 125 "'mul' and 'alu' share an issue" \
    -o result.h5 -s core.units.inlets=alu:2/1/1 "${base%/*}/ooo4.ini" -- "$program"

# --- A level that nobody has given a size.
told "a third level smaller than the second" 1 \
    "\[l3\] size = 32KiB \(default\): is not larger than \[l2\] above it, 512 KiB: set l3\.size" \
    '[l3]\nlatency = 30\n'
capture run "$simrun" -q -o none -s l3.size=32KiB base.ini -- "$program"
check "... is taken when the file says so" "$(cat run.err)" [ ! -s run.err ]

# --- Files that a key names.
told "points" 2 "points = absent: absent: No such file" '[sample]\npoints = absent\n'
told "system root" 2 "sysroot = /absent: .*No such file" '[workload]\nsysroot = /absent\n'
told "root" 2 "root = /absent: .*No such file" '[workload]\nroot = /absent\n'
told "input" 2 "input = absent: absent: No such file" '[workload]\ninput = absent\n'
told "input that is a directory" 2 "input = /tmp: /tmp: Is a directory" '[workload]\ninput = /tmp\n'
told "working directory" 2 "cwd = absent: absent: No such file" '[workload]\ncwd = absent\n'
told "environment" 2 "env = A='b: a quote is not closed" "[workload]\nenv = A='b\n"
told "retire trace" 2 "retire_trace = /absent/t: .*No such file" \
    '[output]\nretire_trace = /absent/t\n'
for word in yes no; do
    told "retire trace called $word" 2 "wants the name of a file.* \./$word" \
        "[output]\nretire_trace = $word\n"
    told "result called $word" 2 "wants the name of a file.* \./$word" "[output]\nfile = $word\n"
    check "... and no such file is made" "it is" [ ! -e "$word" ]
done
printf 'include = base.ini\n[workload]\nprogram = absent\n' >wrong.ini
wrong "program of the configuration" 126 "wrong\.ini:3: \[workload\] program = absent: absent: No" \
    -o result.h5 wrong.ini

capture run "$simrun" -q -o none -s output.retire_trace=/dev/full base.ini -- "$program"
check "a retire trace that does not fit" "$(cat run.err)" \
    grep -q "^simrun: -s output.retire_trace=/dev/full: cannot be written: No space" run.err
check "... is an error" "$(status_of run)" [ "$(status_of run)" = 125 ]

# --- Values that do not go together: what would do, and where the other one is from.
printf 'include = base.ini\n[l1d]\nways = 3\n' >wrong.ini
wrong "ways that no size fits" 125 \
    "base\.ini:.*3 ways \(wrong\.ini:3\) x 64 bytes .*: 24KiB or 48KiB" -o result.h5 wrong.ini -- \
    "$program"
printf 'include = base.ini\n[core.units]\npipes = alu*2\n' >wrong.ini
wrong "a class without its pipe" 125 "not one of the kinds in .pipes. \(wrong\.ini:3\)" \
    -o result.h5 wrong.ini -- "$program"
told "a cache of less than a set" 0 "8 ways .*base\.ini:[0-9]+\) x 64 bytes .* of sets: 512$" '' \
    -s l2.size=64
told "TLB entries that no number of sets fits" 2 "4 ways \(default\) .* of sets: 512 or 1024" \
    '[tlb]\nentries = 1000\n'
told "pages of no kernel" 2 "must be 4KiB or 64KiB" '[workload]\npage_size = 16KiB\n'
told "a key with a dash" 2 "'issue-width'" '[core]\nissue-width = 2\n'
told "a recording without a file" 0 "no file to record in \(-o none\)" '' -o none \
    -s trace.instructions=yes
printf 'include = base.ini\n[system]\nkind = bare\n[core]\nisa = 3.0\n' >wrong.ini
wrong "a Linux program on a board" 126 "board\.ram_size.*system\.kind = user" -o result.h5 \
    wrong.ini -- "$program"

# --- What is recorded, and from where to where.
told "a window without recording" 2 "from = cycle:500: without effect: nothing is recorded" \
    '[trace]\nfrom = cycle:500\n'
told "its length" 2 "last = 500: without effect: nothing is recorded" '[trace]\nlast = 500\n'
told "its end before its beginning" 4 "to = cycle:10: comes before trace\.from = cycle:500" \
    '[trace]\ninstructions = yes\nfrom = cycle:500\nto = cycle:10\n'
told "recording without cycles" 2 "instructions = yes: nothing has cycles" \
    '[trace]\ninstructions = yes\n' -m functional

# --- What has no effect and is no mistake: a warning.

# warned NAME PATTERN ARG...: the run ends well, with just this line.
warned() {
    local name=$1 pattern=$2
    capture run "$simrun" -q --force -o warned.h5 "${@:3}" base.ini -- "$program"
    check "$name" "$(cat run.err)" \
        [ "$(status_of run) $(wc -l <run.err) $(grep -Ec "^simrun: warning: $pattern" run.err)" = \
        "0 1 1" ]
}
record=(-s trace.instructions=yes -s trace.last=10)
warned "a window that never opens" "trace\.from = pc:0x10 was never reached: nothing was recorded" \
    "${record[@]}" -s trace.from=pc:0x10
warned "a window that never closes" "trace\.to = pc:0x10 was never reached" \
    "${record[@]}" -s trace.to=pc:0x10
warned "a level of one core's own" "-s l2\.shared=no: without effect with one core" -s l2.shared=no
warned "length of intervals that are not wanted" "-s output\.bbv_interval=5K: without effect" \
    -s output.bbv_interval=5K
warned "cycles in functional mode" "-s output\.functions=yes: without effect in functional mode" \
    -m functional -s output.functions=yes
capture run "$simrun" -q --force -o window.h5 "${record[@]}" -s trace.from=symbol:main \
    -s trace.to=instruction:1G base.ini -- "$program"
check "an end beyond the run's" "$(cat run.err)" \
    grep -q "trace\.to = instruction:1G was never reached" run.err
capture run "$simrun" -q --force -o window.h5 "${record[@]}" -s trace.from=symbol:main base.ini -- \
    "$program"
check "a window that is reached: not a word" "$(cat run.err)" [ ! -s run.err ]

# --- simstat: files and options.
stat_refuses() { # NAME PATTERN ARG...
    local name=$1 pattern=$2
    capture run "$build/simstat" "${@:3}"
    check "$name" "$(cat run.err run.out)" \
        [ "$(status_of run) $(grep -Ec "^simstat: .*($pattern)" run.err)" = "125 1" ]
}
head -c 20000 warned.h5 >cut.h5
/usr/bin/python3 -c 'import h5py; h5py.File("foreign.h5", "w")["x"] = [1]'
: >empty.h5
stat_refuses "an option of another verb" "intervals takes no --phase: that is for summary" \
    intervals --phase roi warned.h5
stat_refuses "a name is missing" "--columns cycles,: a name is missing" \
    intervals --columns cycles, warned.h5
for verb in summary "export --format csv" sweep report tail; do
    stat_refuses "$verb of a file that is cut off" "cut\.h5: cut off or damaged" $verb cut.h5
done
for verb in summary "export --format csv" report; do
    stat_refuses "$verb of somebody else's file" "foreign\.h5: not a result file" $verb foreign.h5
    stat_refuses "$verb of an empty file" "empty\.h5: not a result file" $verb empty.h5
    stat_refuses "$verb of no file" "absent\.h5: .*No such file" $verb absent.h5
done
cat >two.ini <<END
[sweep]
config = base.ini
core.issue_width = 1, 2
[workload.nothing]
program = $program
END
capture run "$simrun" sweep -q two.ini
printf 'exclude = core.issue_width = 1\nexclude = core.issue_width = 2\n' >rules
sed '/^core/r rules' two.ini >twice.ini
wrong "a key of a sweep set twice" 125 "twice\.ini:5: exclude: twice; .*twice\.ini:4; join rules" \
    sweep -q twice.ini
sed "s|^program = .*|program = $work/bad|" two.ini >failing.ini
capture run "$simrun" sweep failing.ini
check "a program that fails in a sweep" "$(cat run.err)" grep -q \
    "^simrun: warning: exit status of the program .* in 2 points, such as 133 in failing/" \
    run.err
check "... point by point" "$(cat run.err)" grep -q "complete, exit status 133 (" run.err
check "... and in the table" "other statuses" /usr/bin/python3 -c "
import h5py; assert h5py.File('failing/sweep.h5')['points/exit_status'][:].tolist() == [133, 133]"
for script in "plot_sweep.py warned.h5" "plot_misses.py warned.h5" "plot_sweep.py base.ini" \
    "plot_intervals.py base.ini" "plot_intervals.py failing/sweep.h5"; do
    read -r name file <<<"$script"
    capture run /usr/bin/python3 "$root/analysis/$name" "$file" -o figure.png
    check "$script" "$(cat run.err)" [ "$(status_of run)" != 0 -a "$(wc -l <run.err)" = 1 -a \
        "$(grep -c "$file: not " run.err)" = 1 ]
done
sed 's/^config = .*/config = base.ini, absent.ini/' two.ini >three.ini
wrong "one of several machines is not there" 125 \
    "three\.ini:2: .*config = base\.ini, absent\.ini: absent\.ini: No such" sweep -q three.ini
capture run "$simrun" explain sweep.exclude
check "keys of a sweep are explained" "$(cat run.err)" grep -q "^sweep.exclude: points to leave" \
    run.out
stat_refuses "the table of a sweep" "sweep\.h5: is the table of a sweep" summary two/sweep.h5
wrong "verify of no file" 125 "absent\.h5: No such file" verify absent.h5
capture run "$simrun" verify --help
check "help of a verb" "$(cat run.err)" grep -q "simrun verify RESULT.h5" run.out
finish
