#!/usr/bin/env bash
# Every preset of a real processor runs programs built for it, with qemu's output and as many
# instructions as in functional mode.
. "$(dirname "$0")/lib.sh"

programs=(queens strings)

# preset NAME TARGET FLAGS...
preset() {
    local name=$1 target=$2 program why
    shift 2
    for program in "${programs[@]}"; do
        "$target-linux-gnu-gcc" -O2 "$@" -std=c17 -static -I"$root" \
            "$root/workloads/$program/$program.c" -lm -o "$work/program"
        cp "$root/workloads/$program/expected.txt" "$work/expected.out"
        capture functional "$simrun" -m functional -o none "$root/configs/$name.ini" -- \
            "$work/program"
        capture timing "$simrun" -o none "$root/configs/$name.ini" -- "$work/program"
        why=$(differs expected timing out)
        check "$name: $program" "$why $(head -n 1 "$work/timing.err")" \
            [ -z "$why" -a "$(status_of timing)" = 0 ]
        check "$name: $program: instructions" \
            "$(instructions_of timing), functional $(instructions_of functional)" \
            [ "$(instructions_of timing)" = "$(instructions_of functional)" ]
    done
}

preset power9 powerpc64le -mcpu=power9
preset power8 powerpc64le -mcpu=power8
preset ppc970 powerpc64 -mcpu=970
preset ppc7450 powerpc -mcpu=750
preset ppc750 powerpc -mcpu=750
finish
