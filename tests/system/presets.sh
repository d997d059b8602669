#!/usr/bin/env bash
# Every preset of a real processor runs programs built for it, with qemu's output and as many
# instructions as in functional mode.
. "$(dirname "$0")/lib.sh"

programs=(queens strings)
setting=

# preset NAME TARGET FLAGS...
preset() {
    local name=$1 target=$2 program why
    shift 2
    for program in "${programs[@]}"; do
        "$target-linux-gnu-gcc" -O2 "$@" -std=c17 -static -I"$root" \
            "$root/workloads/$program/$program.c" -lm -o "$work/program"
        cp "$root/workloads/$program/expected.txt" "$work/expected.out"
        capture functional "$simrun" $setting -m functional -o none "$root/configs/$name.ini" \
            -- "$work/program"
        capture timing "$simrun" $setting -o none "$root/configs/$name.ini" -- "$work/program"
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
preset ppc7450 powerpc -mcpu=7450 -maltivec -ftree-vectorize
preset ppc7450-l3 powerpc -mcpu=7450 -maltivec -ftree-vectorize
preset ppc750 powerpc -mcpu=750
preset ppc604 powerpc -mcpu=604

# The 405 has no floating point. A program for it, here without a C library, runs; one that needs
# the unit is refused with a word about it.
cat >"$work/soft.c" <<'END'
static void call(int number, int a, const void *b, unsigned c)
{
    register int r0 __asm__("r0") = number;
    register int r3 __asm__("r3") = a;
    register const void *r4 __asm__("r4") = b;
    register unsigned r5 __asm__("r5") = c;
    __asm__ volatile("sc" : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5)
                     : : "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cr0", "ctr", "memory");
}

static unsigned sum;
void _start(void)
{
    char text[9] = "        \n";
    for (unsigned n = 1; n <= 500; n++)
        sum = sum * n + n / 3 + (unsigned)((unsigned long long)sum * n >> 32);
    for (int n = 7; n >= 0; n--, sum >>= 4)
        text[n] = "0123456789abcdef"[sum & 15];
    call(4, 1, text, 9);
    call(1, 7, 0, 0);
}
END
powerpc-linux-gnu-gcc -O2 -mcpu=405 -msoft-float -nostdlib -static -fno-stack-protector \
    "$work/soft.c" -o "$work/soft"
capture oracle qemu-ppc "$work/soft"
capture timing "$simrun" -o none "$root/configs/ppc405.ini" -- "$work/soft"
why=$(differs oracle timing out)
check "ppc405: a program without floating point" "$why" \
    [ -z "$why" -a "$(status_of timing)" = "$(status_of oracle)" ]
capture timing "$simrun" -q -o none "$root/configs/ppc405.ini" -- "$work/program"
check "ppc405: a program with floating point" "$(head -n 1 "$work/timing.err")" \
    [ "$(status_of timing)" = 132 ]
check "ppc405: why" "$(head -n 1 "$work/timing.err")" \
    grep -q 'is no instruction of core.isa' "$work/timing.err"
setting="-s core.isa=classic32" preset ppc405 powerpc -mcpu=405     # as Debian's C library needs
finish
