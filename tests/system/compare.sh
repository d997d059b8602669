#!/bin/sh
# compare.sh RUNNER PROGRAM...: runs each guest program under RUNNER and under qemu-ppc64le, each in
# a new empty directory, and compares standard output and exit status (with NAME.expected where qemu
# is no oracle); under RUNNER with pages of 4 KiB and of 64 KiB, and with wrong paths.
set -u
runner=$(realpath "$1")
shift

# The oracle of a program is that of its ABI, the name of its folder.
oracle() {
    case $(basename "$(dirname "$1")") in
    powerpc64le) echo "qemu-ppc64le -cpu power9" ;;
    powerpc64) echo "qemu-ppc64 -cpu power9" ;;
    powerpc) echo "qemu-ppc" ;;
    esac
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# run NAME COMMAND...: output and status in $work/NAME.out
run() {
    name=$1
    shift
    rm -rf "$work/dir"
    mkdir "$work/dir"
    (cd "$work/dir" && timeout 60 "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null
        echo "exit status $?" >>"$work/$name.out")
}

for program in "$@"; do
    qemu=$(oracle "$program")
    abi=$(basename "$(dirname "$program")")
    # Called by a relative name: nothing may depend on where it is.
    cp "$program" "$work"
    program=../$(basename "$program")
    expected=$(dirname "$0")/guest/$(basename "$program").expected
    if [ -f "$expected" ]; then
        cp "$expected" "$work/qemu.out"
    else
        run qemu $qemu "$program"
    fi
    # Known faults of the oracle are corrected by a script that says why.
    fixes=$(dirname "$0")/guest/$(basename "$program").qemu.sed
    [ -f "$fixes" ] && sed -i -f "$fixes" "$work/qemu.out"
    for options in "-p 4096" "-p 65536" "-d 20"; do
        run ours "$runner" $options "$program"
        if cmp -s "$work/qemu.out" "$work/ours.out"; then
            echo "ok   $abi $(basename "$program") $options"
        else
            echo "FAIL $abi $(basename "$program") $options (- expected, + ours)"
            diff -u "$work/qemu.out" "$work/ours.out" | tail -n +3 | head -40
            head -5 "$work/ours.err"
            failed=1
        fi
    done
done
exit $failed
