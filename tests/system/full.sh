#!/bin/bash
# system.kind = full: a small guest that asks hypervisor and firmware for everything, on each
# pipeline; Debian's kernel as it is, with Debian's busybox, functional and timed; how such runs
# end.
. "$(dirname "$0")/lib.sh"
cd "$work"
simstat=$build/simstat
store=$build/boot

for machine in base ooo4 power9; do
    printf 'include = %s\n[system]\nkind = full\n' "$root/configs/$machine.ini" >$machine.ini
done
powerpc64le-linux-gnu-gcc -O1 -Wall -Wextra -Werror -ffreestanding -nostdlib -static -mcpu=power9 \
    -mno-vsx -mno-altivec -msoft-float -fno-pic -mcmodel=small -fno-stack-protector \
    -Wl,-T,"$root/tests/system/full/link.ld" -Wl,--build-id=none -Wl,--no-warn-rwx-segments \
    "$root"/tests/system/full/{start.S,guest.c} -o guest.elf
echo ping >ping

# small NAME OPTION...: the guest's own checks all hold.
small() {
    local name=$1
    shift
    capture small "$simrun" -q -o none --max-insts 1M -s workload.input=ping \
        -s platform.command_line=one "$@" -- guest.elf two three
    check "small guest, $name" "status $(status_of small): $(grep -m 1 FAILED small.out)" \
        [ "$(status_of small) $(grep -c '^ok' small.out) $(tail -n 1 small.out)" = "0 56 end" ]
}
small functional -m functional base.ini
small "in order" base.ini
small "in order, time by cycles" -s system.time=cycles base.ini
small "out of order" ooo4.ini
small "no cycle skipped" -s system.skip_idle=no ooo4.ini

# What cannot be.
echo text >text
wrong "no kernel" 126 "text: is not an ELF file.*vmlinux" -o result.h5 base.ini -- text
wrong "a Linux program" 126 "is a Linux program.*system.kind = user" -o result.h5 base.ini \
    -- "$build/workloads/lz"
wrong "no initial root" 125 "platform.initrd=nowhere: nowhere: No such file" -o result.h5 \
    -s platform.initrd=nowhere base.ini -- guest.elf
wrong "an initial root that is a directory" 125 "initrd=/: /: Is a directory" -o result.h5 \
    -s platform.initrd=/ base.ini -- guest.elf
truncate -s 200M large
wrong "an initial root that does not fit" 126 "large: does not fit.*ram_size = 128 MiB" \
    -o result.h5 -s platform.initrd=large -s platform.ram_size=128MiB base.ini -- guest.elf
wrong "no input" 125 "workload.input=nowhere: nowhere: No such file" -o result.h5 \
    -s workload.input=nowhere base.ini -- guest.elf
wrong "several cores" 125 "cores=2: .*one core" -o result.h5 -s system.cores=2 base.ini -- \
    guest.elf
wrong "an older processor" 125 "isa=2.07: with system.kind = full: 3.0" -o result.h5 \
    -s core.isa=2.07 base.ini -- guest.elf
wrong "a board's key" 125 "board.end=spin: without effect" -o result.h5 -s board.end=spin \
    base.ini -- guest.elf
wrong "too many parameters" 125 "kernel parameters are longer than 2047" -o result.h5 base.ini \
    -- guest.elf "$(seq -s ' ' 1000)"

"$root/configs/boot/fetch.sh" "$build" >fetch.log 2>&1 || rm -f "$store/root.cpio"
if [ ! -e "$store/root.cpio" ]; then
    echo "SKIPPED SKIPPED SKIPPED: Debian's kernel cannot be fetched: none was booted"
    tail -n 3 fetch.log | sed 's/^/    /'
    finish
    exit
fi

make_initrd() { # NAME: of the script on standard input
    cat >"$1.init"
    "$root/configs/boot/make_initrd.py" -o "$1.cpio" --busybox "$store/root/bin/busybox" \
        --init "$1.init" bin/lz="$build/workloads/lz"
}
make_initrd batch <<'INIT'
#!/bin/sh
mount -t proc proc /proc
uname -sm
grep -c . /proc/interrupts
seq 1000 | sha256sum
lz 1
cat /proc/uptime
poweroff -f
INIT

# boot TAG CONFIG OPTION...
boot() {
    local tag=$1 config=$2
    shift 2
    capture "$tag" "$simrun" -q -s "platform.command_line=console=hvc0 cryptomgr.notests" \
        -s platform.initrd=batch.cpio "$@" "$config" -- "$store/vmlinux"
}
same() { # NAME TAG: as the functional boot
    local why
    why=$(differs functional "$2" status out)
    check "$1" "$why" [ -z "$why" ]
}
boot functional base.ini -m functional -o functional.h5
check "Linux: switched off" "status $(status_of functional)" [ "$(status_of functional)" = 0 ]
for line in "Linux ppc64le" "$(seq 1000 | sha256sum | cut -d ' ' -f 1)" "reboot: Power down" \
    "$("${qemu[@]}" "$build/workloads/lz" 1 | tail -n 1)"; do
    check "Linux: says $line" "" grep -q "$line" functional.out
done
capture verify "$simrun" verify functional.h5
check "Linux: verify" "$(tail -n 1 verify.err)" [ "$(status_of verify)" = 0 ]
boot again base.ini -m functional -o again.h5
capture h5diff h5diff --exclude-path /meta functional.h5 again.h5
check "Linux: twice the same" "$(head -n 2 h5diff.out)" [ "$(status_of h5diff)" = 0 ]
boot inorder base.ini -o none
same "Linux, timed in order from reset to switch" inorder
for machine in ooo4 power9; do
    boot $machine $machine.ini -o $machine.h5 -s sample.fast_forward=215M -s output.functions=yes
    same "Linux, $machine from the first process on" $machine
done
capture functions "$simstat" cpi --functions ooo4.h5
check "Linux: the kernel by function" "$(head -n 3 functions.out)" \
    grep -q "copy_page\|clear_user_page\|memset\|unmap_page_range" functions.out

make_initrd shell <<'INIT'
#!/bin/sh
mount -t proc proc /proc
exec sh
INIT
cat >typed <<'KEYS'
echo $((6 * 7)) answers
cat /proc/interrupts
sleep 3
cut -c 1 /proc/uptime
poweroff -f
KEYS
boot shell base.ini -m functional -o none -s platform.initrd=shell.cpio -s workload.input=typed
for line in "^42 answers" "XICS.*hvc_console" "^3"; do
    check "a shell: $line" "$(tail -n 3 shell.out)" grep -q "$line" shell.out
done
check "a shell: switched off" "status $(status_of shell)" [ "$(status_of shell)" = 0 ]

boot idle base.ini -m functional -o none -s platform.initrd=shell.cpio
check "a shell that nobody types to" "$(tail -n 1 idle.err)" \
    grep -q "only waits, for 300 s of its time.*idle_limit" idle.err
check "a shell that nobody types to: status" "$(status_of idle)" [ "$(status_of idle)" = 1 ]
boot panic base.ini -m functional -o none -s platform.initrd=
check "a kernel without a root" "$(tail -n 1 panic.err)" \
    grep -q "operating system has failed: .*Unable to mount root" panic.err
check "a kernel without a root: status" "$(status_of panic)" [ "$(status_of panic)" = 1 ]
finish
