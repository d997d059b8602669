#!/bin/bash
# The page of `simstat report`: well-formed, in need of nothing but itself, with the figures that
# h5py finds in the result; where Chromium is installed, opened by it.
. "$(dirname "$0")/lib.sh"
cd "$work"
checker="/usr/bin/python3 $root/tests/system/report_check.py"

cat >hot.c <<'C'
#include <stdio.h>
#include <stdlib.h>
static unsigned data[1 << 12];
static int order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
int main(void)
{
    for (int i = 0; i < 1 << 12; i++)
        data[i] = (unsigned)rand() & 0xffff;
    qsort(data, 1 << 12, sizeof *data, order);
    puts("done");
    return 0;
}
C
# A name that would be markup if it were not escaped.
program='./a<img src=x onerror=alert(1)>&"b'"'c"
powerpc64le-linux-gnu-gcc -g -O1 -static hot.c -o "$program"

# page TAG CONFIG OPTION...: runs, reports, and checks the page.
page() {
    local tag=$1 config=$2 why
    shift 2
    capture "$tag" "$simrun" -q -o "$tag.h5" "$@" "$root/configs/$config.ini" -- "$program"
    capture "$tag-report" "$build/simstat" report "$tag.h5" -o "$tag.html"
    check "$tag: a report" "$(cat "$tag-report.err")" [ "$(status_of "$tag-report")" = 0 ]
    why=$($checker "$tag.h5" "$tag.html" 2>&1) || why=${why:-crashed}
    check "$tag: well-formed, on its own, with the figures of the result" "$why" [ -z "$why" ]
}

sections() { grep -o '<section id="[a-z]*"' "$1" | sed 's/.*="//;s/"//' | tr '\n' ' '; }

all="provenance summary machine cpi intervals histograms places branches loads trace checks "
all+="config "
page full ooo4 -s output.functions=yes -s output.sites=yes -s sample.warmup=50K \
    -s output.interval=10K -s output.histograms=yes \
    -s trace.instructions=yes -s trace.from=symbol:main
check "full: every section" "$(sections full.html)" [ "$(sections full.html)" = "$all" ]
for box in 'core: ooo, 3GHz' L1I L1D ITLB DTLB TLB L2 L3 memory; do
    check "full: the machine has a box for $box" "none" grep -q "class=\"t\"[^>]*>$box<" full.html
done
check "full: and its size" "none" grep -q '>512KiB · 8 ways · latency 12' full.html

page plain base
check "plain: no section without figures" "$(sections plain.html)" \
    [ "$(sections plain.html)" = \
    "provenance summary machine cpi intervals histograms checks config " ]
check "plain: no box that the machine lacks" "L3" [ "$(grep -c '>L3<' plain.html)" = 0 ]
program=$root/tests/rtl/images/crc32.elf page scalar microwatt
for box in 'core: scalar, 100MHz' L1I L1D memory; do
    check "scalar: the machine has a box for $box" "none" \
        grep -q "class=\"t\"[^>]*>$box<" scalar.html
done
page functional base -m functional
check "functional: nothing that was not timed" "$(sections functional.html)" \
    [ "$(sections functional.html)" = "provenance summary machine checks config " ]
page limit base --max-insts 20K
check "limit: says that it did not complete" "no" \
    grep -q '<span class="status bad">limit<' limit.html

# The checker is no yes-man: a page does not pass for that of another run.
check "the page of another run is told" "it passed" \
    [ -n "$($checker limit.h5 plain.html 2>&1)" ]

capture phase "$build/simstat" report --phase roi full.h5
check "one phase, to standard output" "$(cat phase.err)" \
    grep -q '<dt>phase shown</dt><dd>roi<' phase.out
roi=$("$build/simstat" summary --phase roi full.h5 | awk '$1 == "cycles" { print $2 }')
check "its cycles" "not $roi" grep -q "<span>cycles</span><b>$roi</b>" phase.out
"$build/simstat" report full.h5 --first 100 --count 7 -o window.html
check "the window that is asked for" "$(grep 'recorded instructions' window.html)" \
    grep -q '<p>7 of [0-9]* recorded instructions, from row 100 on' window.html
capture again "$build/simstat" report full.h5 -o again.html
check "the same page again" "it differs" cmp -s full.html again.html
capture nowhere "$build/simstat" report full.h5 -o no/such/folder.html
check "a page that cannot be written" "$(cat nowhere.err)" \
    [ "$(status_of nowhere)" = 125 -a -s nowhere.err ]

# What only a browser tells: scripts run to their end, figures are drawn, text can be read, in light
# and dark; the screenshots stay in BUILD/log.
seen() { # NAME PAGE
    local why
    mkdir -p "$build/log"
    why=$(/usr/bin/python3 "$root/tests/system/report_browser.py" "$2.html" "$work" \
        "$build/log/report-$2" 2>&1) || why=${why:-crashed}
    check "Chromium: $1" "$why" [ -z "$why" ]
}
if [ -x /usr/bin/chromium ]; then
    cat >many.ini <<END
[sweep]
config = $root/configs/base.ini
l2.size = 128KiB, 512KiB
core.bpred.direction = bimodal, gshare
system.max_instructions = 20K
[workload.calls]
program = $build/workloads/calls
END
    "$simrun" sweep many.ini >many.out 2>&1
    "$build/simstat" report many/sweep.h5 -o sweep.html
    seen "all sections of a run, its pipeline by keyboard" full
    seen "a page without a pipeline" plain
    seen "a sweep" sweep
    sed 's/^\.line {.*/.line { stroke-width: 1.8; }/' plain.html >broken.html
    why=$(/usr/bin/python3 "$root/tests/system/report_browser.py" broken.html "$work" \
        "$work/broken" 2>&1)
    check "Chromium: a page that is drawn wrong is told" "it passed" \
        grep -q 'lines of charts are filled' <(echo "$why")
else
    echo "SKIPPED: no Chromium here, so no browser has opened the pages"
fi
finish
