#!/bin/bash
# Runs the fuzz targets of a folder.
# usage: tests/fuzz/run.sh FOLDER SEED.elf [SECONDS]
# Without SECONDS the targets were linked with loop.c and run a fixed number of inputs; with them
# they were linked with libFuzzer and run that long each. What they write goes to FOLDER/TARGET.log.
set -eu
folder=$(realpath "$1")
seed=$(realpath "$2")
seconds=${3-}

# The targets run in here; what guests made of its files can always be removed.
scratch=$(mktemp -d)
cleanup() {
    chmod -R u+rwx "$scratch"
    rm -rf "$scratch"
}
trap cleanup EXIT
cd "$scratch"
chmod 755 .

# Inputs to start from: without any, libFuzzer takes long to come to useful lengths.
mkdir corpus_elf corpus_other
cp "$seed" corpus_elf
for n in $(seq 20); do head -c 2000 /dev/urandom >corpus_other/$n; done

# target NAME INPUTS FUZZER_OPTION|CORPUS...
target() {
    local name=$1 inputs=$2 arguments
    shift 2
    if [ -n "$seconds" ]; then
        arguments=(-max_total_time="$seconds" -timeout=20 -len_control=0 -max_len=8000 "$@")
    else
        arguments=("$inputs" 1)
        [ "$name" != elf ] || arguments+=("$seed")
    fi
    if "$folder/$name" "${arguments[@]}" >"$folder/$name.log" 2>&1; then
        echo "ok $name: $(grep -a -e "inputs$" -e ^Done -e SKIPPED "$folder/$name.log" | tail -n 1)"
    else
        echo "FAILED $name, the end of $folder/$name.log:"
        grep -a -v 'waits for ever' "$folder/$name.log" | tail -n 20
        failed=1
    fi
}

failed=0
target decoder 300 corpus_other
target exec 3000 corpus_other
target elf 5000 corpus_elf
# Its corpus is out of its reach, and so is what finds leaks.
export ASAN_OPTIONS=detect_leaks=0
target syscalls 1500
exit "$failed"
