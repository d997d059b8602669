#!/bin/bash
# The bundled programs in the big-endian ABIs: 64-bit ELFv1 and 32-bit. In both modes each prints
# what its expected.txt says and executes the same number of instructions; older processors, fixed
# and chosen load addresses, and what a program can learn about its machine.
# abis.sh [NAME...]: only these programs.
. "$(dirname "$0")/lib.sh"

# compile ABI SOURCE PROGRAM FLAG...
compile() {
    local abi=$1 source=$2 program=$3
    shift 3
    "$abi-linux-gnu-gcc" -std=c17 -O2 "$@" -I"$root" "$source" -lm -o "$program" 2>"$work/ld"
}

# check_run NAME PROGRAM TAG SIMRUN-OPTION...: output and status are those of "expected".
check_run() {
    local name=$1 program=$2 tag=$3 why
    shift 3
    capture "$tag" "$simrun" -o none "$@" "$base" -- "$program"
    why=$(differs expected "$tag" status out)
    [ -z "$why" ] || why="$why $(head -n 1 "$work/$tag.err")"
    check "$name $tag" "$why" [ -z "$why" ]
}

check_workload() {
    local abi=$1 name=$2 program=$work/$1-$2 functional timing isa
    compile "$abi" "$root/workloads/$name/$name.c" "$program" -static
    check_run "$abi $name" "$program" functional -m functional
    check_run "$abi $name" "$program" timing -m timing
    functional=$(instructions_of functional)
    timing=$(instructions_of timing)
    check "$abi $name instruction counts" "functional '$functional', timing '$timing'" \
        [ -n "$functional" -a "$functional" = "$timing" ]
    for isa in 2.06 2.03 $([ "$abi" = powerpc ] && echo classic32); do
        check_run "$abi $name" "$program" "isa-$isa" -m functional -s "core.isa=$isa"
    done
    rm "$program"
}

[ $# -gt 0 ] || set -- $(cd "$root/workloads" && ls -d */ | tr -d /)
for name in "$@"; do
    cp "$root/workloads/$name/expected.txt" "$work/expected.out"
    echo 0 >"$work/expected.status"
    for abi in powerpc64 powerpc; do check_workload "$abi" "$name"; done
done

# Dynamically linked, with the cross compiler's own libraries.
cp "$root/workloads/format/expected.txt" "$work/expected.out"
for abi in powerpc64 powerpc; do
    compile "$abi" "$root/workloads/format/format.c" "$work/dynamic"
    for mode in functional timing; do
        check_run "$abi dynamic" "$work/dynamic" "$mode" -m "$mode" \
            -s "workload.sysroot=/usr/$abi-linux-gnu"
    done
done

cat >"$work/machine.c" <<'PROGRAM'
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/utsname.h>

static int answer(const void *a, const void *b) { return a != b; }
static int (*volatile through_pointer)(const void *, const void *) = answer;

int main(void)
{
    struct utsname u;
    char line[200] = "";
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f) && strncmp(line, "cpu", 3))
        ;
    uname(&u);
    printf("%s %s %lx %lx %lu %d %s", u.machine, (char *)getauxval(AT_PLATFORM),
           getauxval(AT_HWCAP), getauxval(AT_HWCAP2), getauxval(AT_DCACHEBSIZE),
           through_pointer(&u, line), strchr(line, ':') + 2);
    return 0;
}
PROGRAM

# machine ABI ISA EXPECTED
machine() {
    compile "$1" "$work/machine.c" "$work/machine" -static
    echo "$3" >"$work/expected.out"
    check_run "$1" "$work/machine" "machine-$2" -m functional -s "core.isa=$2"
}
echo 0 >"$work/expected.status"
power9="power9 dc003582 aee00000 128 1 POWER9, altivec supported"
machine powerpc64le 3.0 "ppc64le $power9"
machine powerpc64 3.0 "ppc64 $power9"
machine powerpc 3.0 "ppc $power9"
machine powerpc64 2.03 "ppc64 ppc970 dc000000 0 128 1 PPC970FX, altivec supported"
machine powerpc classic32 "ppc ppc750 8c000001 0 32 1 740/750"
machine powerpc ppc7450 "ppc ppc7450 9c000001 0 32 1 7450, altivec supported"

# A program that may lie anywhere answers with a part of the address where it was put. Its ELFv1
# descriptor has to be relocated before its first instruction.
cat >"$work/pie.S" <<'PROGRAM'
    .globl _start
#if defined __powerpc64__ && _CALL_ELF != 2
    .section .opd, "aw"
    .align 3
_start:
    .quad begin, .TOC.@tocbase, 0
    .text
begin:
#else
_start:
#endif
    bcl     20, 31, 1f
1:  mflr    3
#ifdef __powerpc64__
    srdi    3, 3, 32
#else
    srwi    3, 3, 16
#endif
    li      0, 1
    sc
PROGRAM
for pair in powerpc64le:1 powerpc64:1 powerpc:64; do
    "${pair%:*}-linux-gnu-gcc" -nostdlib -static-pie "$work/pie.S" -o "$work/pie"
    capture pie "$simrun" -q -m functional -o none "$base" -- "$work/pie"
    check "${pair%:*} position-independent" "status $(status_of pie)" \
        [ "$(status_of pie)" = "${pair#*:}" ]
done

# What the chosen processor cannot run says so, at once or where it is met.
compile powerpc64 "$work/machine.c" "$work/machine" -static
capture refused "$simrun" -q -o none -s core.isa=classic32 "$base" -- "$work/machine"
check "a 64-bit program on a 32-bit processor is refused" "status $(status_of refused)" \
    [ "$(status_of refused)" = 126 ]
echo 'int main(void) { long r; __asm__ volatile("modsw %0,3,4" : "=r"(r)); return (int)r & 0; }' \
    >"$work/new.c"
compile powerpc64 "$work/new.c" "$work/new" -static -mcpu=power9
for pair in 3.0:0 2.07:132; do
    capture new "$simrun" -q -m functional -o none -s "core.isa=${pair%:*}" "$base" -- "$work/new"
    check "an ISA 3.0 instruction with core.isa=${pair%:*}" "status $(status_of new)" \
        [ "$(status_of new)" = "${pair#*:}" ]
done
finish
