#!/bin/bash
# Plug-ins: the examples of models/PLUGINS.md are built and run, stand in the result, and every way
# to name a wrong one is an error that says what is wrong.
. "$(dirname "$0")/lib.sh"
program=$build/workloads/hashtable
cc=${CC:-gcc}
mkdir "$work/dir" "$work/dir/objects"
cd "$work/dir"

# build_plugin SOURCE OBJECT FLAGS...
build_plugin() {
    local source=$1 object=$2
    shift 2
    "$cc" -std=c17 -O2 -Wall -Wextra -Werror -shared -fPIC -I "$root" "$@" -o "$object" "$source"
}

build_plugin "$root/models/cache/repl/examples/nru.c" objects/nru.so
build_plugin "$root/models/cache/prefetch/examples/buddy.c" objects/buddy.so
build_plugin "$root/models/pipeline/bpred/examples/gag.c" objects/gag.so
build_plugin "$root/models/pipeline/bpred/examples/two_bit.c" objects/two_bit.so
cat >machine.ini <<INI
include = $base
[l1d]
replacement = objects/nru.so
prefetcher = ./objects/buddy.so
[core.bpred]
direction = objects/gag.so
gag_history = 14
INI

# run TAG ARG...: a run with a result in TAG.h5.
run() {
    local tag=$1
    shift
    capture "$tag" "$simrun" --force -o "$tag.h5" --max-insts 2M "$@" -- "$program"
}

statistic() { grep -E "^simrun: $2 " "$work/$1.err" | grep -o '[0-9][0-9.]*$' | head -n 1; }

# From elsewhere: names in a file are relative to the file.
run plain "$base"
mkdir elsewhere
(cd elsewhere && run loaded ../machine.ini)
check "the examples run" "$(tail -n 3 "$work/loaded.err")" [ "$(status_of loaded)" = 124 ]
check "another predictor predicts otherwise" "$(statistic loaded mispredicts)" \
    [ -n "$(statistic loaded mispredicts)" -a \
      "$(statistic loaded mispredicts)" != "$(statistic plain mispredicts)" ]

# With two ways, not recently used is least recently used.
run lru -s l1d.ways=2 -s l1d.replacement=lru "$base"
run nru -s l1d.ways=2 -s l1d.replacement=objects/nru.so "$base"
check "nru of two ways is lru" "$(statistic nru cycles), not $(statistic lru cycles)" \
    [ -n "$(statistic lru cycles)" -a "$(statistic nru cycles)" = "$(statistic lru cycles)" ]

run bimodal -s core.bpred.direction=bimodal "$base"
run two_bit -s core.bpred.direction=objects/two_bit.so "$base"
check "two_bit is bimodal" "$(statistic two_bit cycles), not $(statistic bimodal cycles)" \
    [ -n "$(statistic bimodal cycles)" -a \
      "$(statistic two_bit cycles)" = "$(statistic bimodal cycles)" ]

# Configuration text and hash.
text_of() { h5dump -d /config/text "$1" | grep -o "$2 = [^ ]* *sha256:[0-9a-f]*" | head -n 1; }
hash=$(sha256sum objects/nru.so | cut -d' ' -f1)
check "the result names the plug-in" "$(text_of elsewhere/loaded.h5 replacement)" \
    [ "$(text_of elsewhere/loaded.h5 replacement)" = \
      "replacement = $work/dir/objects/nru.so sha256:$hash" ]
capture verify "$simrun" verify elsewhere/loaded.h5
check "the run can be verified" "$(tail -n 2 "$work/verify.err")" [ "$(status_of verify)" = 0 ]

# wrong NAME PATTERN ARG...: refused, and why.
wrong() {
    local name=$1 pattern=$2
    shift 2
    capture wrong "$simrun" -o none "$@" -- "$program"
    check "$name" "status $(status_of wrong): $(head -n 2 "$work/wrong.err")" \
        grep -Eq "^simrun: .*($pattern)" "$work/wrong.err"
    check "$name: status" "$(status_of wrong)" [ "$(status_of wrong)" = 125 ]
}

echo 'int nothing;' >empty.c
build_plugin empty.c empty.so
echo 'no object' >text.so
cat >old.c <<'C'
#include "models/cache/repl/repl.h"
#include "sim/schema/plugin.h"
static const struct repl_ops nothing = {.name = "nothing"};
#ifdef ABI
extern const struct plugin simrun_repl;
const struct plugin simrun_repl = {ABI, sizeof nothing - LESS, &nothing};
#else
PLUGIN_EXPORT(repl, nothing);
#endif
C
build_plugin old.c old.so -DABI=77 -DLESS=0
build_plugin old.c small.so -DABI=PLUGIN_ABI -DLESS=8
build_plugin old.c lacks.so
key=l1d.replacement
wrong "no such file" "$key=./none.so: \./none.so cannot be read: No such file" \
    -s $key=./none.so "$base"
wrong "no shared object" "cannot be loaded: .*text.so" -s $key=./text.so "$base"
wrong "no symbol" "empty.so exports no simrun_repl" -s $key=empty.so "$base"
wrong "another kind" "buddy.so exports no simrun_repl" -s $key=objects/buddy.so "$base"
wrong "another version" "built for version 77 .* has version [0-9]+; build it again" \
    -s $key=./old.so "$base"
wrong "another table" "a table of [0-9]+ bytes, this simrun's have" -s $key=./small.so "$base"
wrong "an operation missing" "lacks one of: name, create, destroy, touch, victim" \
    -s $key=./lacks.so "$base"
wrong "a wrong name" "must be one of lru.* or a plug-in's file" -s $key=lur "$base"
wrong "another content" "is another plug-in by now: its hash is sha256:$hash" \
    -s "$key=objects/nru.so sha256:1234" "$base"
wrong "a key of a plug-in that is not there" "unknown key" -s core.bpred.gag_history=3 "$base"
wrong "a bad value for a plug-in's key" "gag_history=99: .*allowed" \
    -s core.bpred.gag_history=99 machine.ini
printf 'include = machine.ini\n[l2]\nreplacement = gone/x.so\n' >gone.ini
wrong "file and line" "gone.ini:3: \[l2\] replacement = gone/x.so: .*cannot be read" gone.ini

# A victim that is no way of its set is the plug-in's defect, and it is named.
sed 's/return unused ?.*/return 64;/; s/uint64_t unused = .*/(void)r, (void)set;/' \
    "$root/models/cache/repl/examples/nru.c" >astray.c
build_plugin astray.c objects/astray.so
run astray -s l1d.replacement=objects/astray.so "$base"
check "a victim that is none" "$(tail -n 2 "$work/astray.err")" grep -q \
    "internal error: replacement policy nru: victim is way 64 of a set of 8" "$work/astray.err"
check "... is an internal error" "$(status_of astray)" [ "$(status_of astray)" = 70 ]

build_plugin "$root/models/cache/repl/examples/nru.c" objects/nru.so -DCHANGED -O1
capture verify "$simrun" verify elsewhere/loaded.h5
check "a changed plug-in is noticed" "$(tail -n 2 "$work/verify.err")" \
    grep -q "is another plug-in by now" "$work/verify.err"

# A sweep over policies, files among them; its points are resolved, so they run anywhere.
cat >sweep.ini <<INI
[sweep]
config = machine.ini
directory = swept
l1d.replacement = lru, objects/nru.so
system.max_instructions = 200K
[workload.hash]
program = $program
INI
capture sweep "$simrun" sweep sweep.ini
check "a sweep runs plug-ins" "$(tail -n 3 "$work/sweep.err")" [ "$(status_of sweep)" = 0 ]
points=$(find swept -name result.h5 | wc -l)
check "two points of it" "$points" [ "$points" = 2 ]
finish
