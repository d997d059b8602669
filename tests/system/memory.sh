#!/bin/bash
# The memory system under whole programs: bandwidth of a copy; time skipped and time stepped, with
# TLBs and DDR memory on.
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
copy=$work/copy

# stat FILE NAME: a statistic of a result
stat() {
    $python -W ignore -c 'import sys; sys.path.insert(0, sys.argv[1])
from simresult import Result
with Result(sys.argv[2]) as r: print(int(r.stats[sys.argv[3]]))' "$root/analysis" "$1" "$2"
}

# Bus cycles with data of those that refresh leaves, in thousandths: it takes 420 of every 9363
# cycles of 833 ps.
${GUEST_CC:-powerpc64le-linux-gnu-gcc} -O2 -mcpu=power9 -static "$root/tests/memory/copy.c" \
    -o "$copy"
capture copy "$simrun" -q -o "$work/copy.h5" "$root/configs/ooo4.ini" -- "$copy"
bus=$(stat "$work/copy.h5" mem.bus_cycles)
ticks=$(stat "$work/copy.h5" system.ticks)
part=$((bus * 833 * 1000 / (ticks - ticks * 420 / 9363)))
check "a copy on ooo4.ini reaches 90 % of DDR4-2400" "$part thousandths" [ "$part" -ge 900 ]

machine="-s l3.size=1MiB -s dram.model=ddr -s itlb.entries=8 -s dtlb.entries=8 -s tlb.entries=64
    -s workload.page_size=4KiB --max-insts 300K"
for options in "" "-s walker.walkers=1 -s dram.page_policy=timeout -s dram.standard=lpddr4-3200" \
    "-s dram.page_policy=closed -s dram.channels=2 -s walker.walk_level=l1d"; do
    for skip in yes no; do
        capture "$skip" "$simrun" -q --force -o "$work/$skip.h5" $machine $options \
            -s system.skip_idle=$skip "$base" -- "$build/workloads/hashtable"
    done
    capture diff h5diff "$work/yes.h5" "$work/no.h5" /stats/values
    check "time skipped is time stepped: $options" "$(head -n 3 "$work/diff.out")" \
        [ "$(status_of diff)" = 0 -a "$(status_of yes)" = 124 ]
done

# On a board walks read the tables that the guest has made: more pages than the second level holds,
# while the walk cache has the upper entries.
printf 'include = %s\n[system]\nkind = bare\n[core]\nisa = microwatt\n' "$base" >"$work/bare.ini"
capture vm "$simrun" -q -o "$work/vm.h5" -s dtlb.entries=16 -s tlb.entries=32 "$work/bare.ini" -- \
    "$root/tests/rtl/images/vm_l2tlb.elf"
walks=$(stat "$work/vm.h5" walker.walks)
loads=$(stat "$work/vm.h5" walker.loads)
check "walks of a guest's own page tables" "$walks walks, $loads loads" \
    [ "$walks" -ge 1000 -a "$loads" -ge 1000 -a "$loads" -le $((walks + 10)) ]

capture large "$simrun" -q -o "$work/large.h5" --max-insts 8M -s sample.fast_forward=5M \
    -s workload.page_size=4KiB -s workload.large_pages=2MiB "$root/configs/ooo4.ini" -- \
    "$build/workloads/chase" 1 16384
walks=$(stat "$work/large.h5" walker.walks)
check "16 MiB in large pages hardly need walks" "$walks walks" [ "$walks" -le 1000 ]
finish
