#!/bin/bash
# simrun check: what it says of programs that have all they need, that lack something, and that
# cannot be run.
. "$(dirname "$0")/lib.sh"

cc=${GUEST_CC:-powerpc64le-linux-gnu-gcc}
cd "$work"

# checks NAME STATUS PATTERN ARG...: exit status, and the extended pattern in what it says.
checks() {
    local name=$1 status=$2 pattern=$3
    shift 3
    capture run "$simrun" check "$@"
    check "$name" "status $(status_of run), $(head -n 3 run.err run.out | tr '\n' '|')" \
        [ "$(status_of run)" = "$status" -a -n "$(cat run.out run.err | grep -E -- "$pattern")" ]
}

# also NAME PATTERN: of the report before.
also() { check "$1" "$(tail -n 5 run.out | tr '\n' '|')" grep -Eq -- "$2" run.out; }

# --- Programs without a library, so that all instructions are known.
cat >all.S <<'S'
        .globl _start
        .type _start,@function
_start: li 3,0
        xxlxor 0,0,0
        li 0,4
        sc
        li 0,11
        cmpwi 3,0
        beq 1f
        blr
1:      sc
        mr 0,3
        sc
        blr
        .size _start,.-_start
        .long 0x7c00051d
S
$cc -mcpu=power9 -nostdlib -static all.S -o all
checks "nothing is missing" 0 '^Every instruction is implemented' all
also "class and ABI" '^all: 64-bit little-endian \(ELFv2\), statically linked'
also "what is outside functions" '^12 instructions in 1 function; 4 bytes'
also "system calls that can be told" '^3 system call instructions; the number could be told of 2'
also "a table by facility and version" '^VSX +0 +0 +1$'

sed 's/^1: /1:      .long 0x7c00051d\n        .long 0x7c00051d\n        vextublx 3,4,5\n/' \
    all.S >some.S
$cc -mcpu=power9 -nostdlib -static some.S -o some
checks "words that are no instructions" 1 '^2 words are no instructions of this processor' some
also "the word, its count and its place" '^  7c00051d +2  first at 0x1[0-9a-f]+ <_start\+0x20>'
checks "an instruction newer than the processor" 1 'vextublx, ISA 3\.0' --isa 2.07 some
checks "the same program for its own processor" 1 'core.isa = 3\.0 \(POWER9\)' --isa 3.0 some

powerpc64le-linux-gnu-strip -o stripped some
checks "without symbols, all of the section" 1 'without a symbol table data may pass' stripped
also "and its name" '7c00051d +3  first at 0x1[0-9a-f]+ <\.text\+0x20>'

cat >unknown.S <<'S'
        .globl _start
        .type _start,@function
_start: li 0,490
        sc
        .size _start,.-_start
S
$cc -nostdlib -static unknown.S -o unknown
checks "a system call that is not implemented is no instruction missing" 0 \
    '^not implemented: 490 \(no such call\)' unknown

# --- A C program: tables of `switch` and variants for other processors are no alarm.
printf '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n' >hello.c
$cc -O1 -static hello.c -o hello
checks "a static C program" 0 '^Every instruction is implemented' hello
also "variants for newer processors are told apart" 'words more are where the C library goes only'
$cc -O1 hello.c -o dynamic
checks "a dynamic program" 0 '^interpreter: /lib64/ld64\.so\.2' dynamic
also "its libraries" '^shared library: libc\.so\.6'
powerpc64-linux-gnu-gcc -O1 -static hello.c -o big
checks "a big-endian program: functions behind their descriptors" 0 \
    '^1[0-9]{5} instructions in [0-9]{3} functions' big

printf '%s\n' '_start: li 0,192' ' sc' ' li 0,204' ' sc' ' li 0,416' ' sc' ' .globl _start' >old.S
powerpc-linux-gnu-gcc -nostdlib -static old.S -o old
checks "a 32-bit program has calls of its own" 0 \
    '^not implemented: 416 \(io_pgetevents_time64\)$' old

printf '%s\n' '_start: macchw 3,4,5' ' mulhhw 3,4,5' ' blr' ' .globl _start' \
    ' .type _start,@function' ' .size _start,.-_start' >mac.S
powerpc-linux-gnu-gcc -Wa,-m405 -nostdlib -static mac.S -o mac
checks "the 405's multiplies of halfwords are fixed point" 0 '^fixed point +0 +2$' --isa ppc405 mac

# --- Mistakes.
cp "$root/tests/rtl/images/crc32.elf" bare && chmod +x bare
checks "a bare program" 0 '^Every instruction is implemented' --bare --isa microwatt \
    "$root/tests/rtl/images/prefix_paddi.elf"
checks "a bare program of a newer processor" 1 '^[1-9][0-9]* words are no instructions' --bare \
    "$root/tests/rtl/images/prefix_paddi.elf"
checks "a bare program is no program of Linux" 126 'below the lowest user address' bare

checks "a program of another machine" 126 '^simrun: /.*is a program for' "$(command -v sh)"
checks "no such file" 126 'No such file' missing
head -c 100 all >cut
chmod +x cut
checks "a damaged file" 126 'bad or missing program headers' cut
checks "no program" 125 '^simrun: usage: simrun check'
checks "an unknown version" 125 'one of 3\.0\|2\.07' --isa 9.9 all
checks "a 64-bit program on a 32-bit processor" 126 'for 32-bit ones' --isa classic32 all
finish
