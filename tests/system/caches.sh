#!/bin/bash
# Replacement policies, prefetchers and inclusion on a whole program: its output never changes,
# every law holds (else the exit status is 70), and no policy beats the least possible misses.
. "$(dirname "$0")/lib.sh"
simstat=$build/simstat
program=$build/workloads/lz
small="-s l1d.size=8KiB -s l2.size=64KiB"
cd "$work"

capture plain "$simrun" -q -o plain.h5 $small "$base" -- "$program"
check "the run to compare with" "$(cat plain.err)" [ "$(status_of plain)" = 0 ]

for setting in l2.inclusion={inclusive,exclusive} \
    {l1d,l2}.replacement={plru,fifo,random,srrip,brrip,drrip,ship} \
    {l1i,l1d,l2}.prefetcher={next_line,stride,stream,best_offset,spp}; do
    capture run "$simrun" -q -o none $small -s "$setting" "$base" -- "$program"
    check "$setting" "$(cat run.err)" [ -z "$(differs plain run out status)" ]
done

# row FILE CACHE POLICY: its misses.
row() {
    "$simstat" belady --csv "$1" |
        awk -F, -v c="$2" -v p="$3" '$1 == c && index($2, p) == 1 { print $4 }'
}
for policy in lru fifo random drrip ship; do
    capture run "$simrun" -q --force -o traced.h5 $small -s l2.trace=yes -s l2.replacement=$policy \
        "$base" -- "$program"
    had=$(row traced.h5 l2 simulated) least=$(row traced.h5 l2 "least (lines")
    check "$policy misses at least the least" "$had against $least" [ "$had" -ge "$least" ]
    [ $policy = lru ] || continue
    # Lines fill in the order in which they arrive, not in which they were asked for.
    lru=$(row traced.h5 l2 LRU)
    off=$((had > lru ? had - lru : lru - had))
    check "simulated LRU is LRU" "$had against $lru" [ $((100 * off)) -le "$lru" ]
    check "a trace changes no statistic" "$(h5diff plain.h5 traced.h5 /stats/values 2>&1)" \
        h5diff plain.h5 traced.h5 /stats/values
done

capture none "$simstat" belady plain.h5
check "belady without a trace says how to get one" "$(cat none.err)" \
    [ "$(status_of none)" = 125 -a -n "$(grep -e "-s l2.trace=yes" none.err)" ]
finish
