#!/bin/bash
# Programs in supervisor state: those of tests/rtl in both modes give the result that real hardware
# gave, in the same number of instructions a marked phase; and how a bare program ends.
. "$(dirname "$0")/lib.sh"
rtl=$root/tests/rtl
cat >"$work/bare.ini" <<END
include = $base
[system]
kind = bare
[core]
isa = microwatt
[sample]
markers = yes
END

# expectation PROGRAM: instructions of both passes and the result
expectation() {
    awk -F, -v program="$1" '$1 == program && $4 == 0 { print $3, $8, $9 }' "$rtl/rtl-cycles.csv"
}

# What the summary in $1 says of the same.
outcome() {
    awk '/ phase pass/ { pass[substr($3, 5)] = $4 } / result  / { result = $3 }
         END { for (p = 0; p < 2; p++) print p, pass[p], result }' "$1"
}

check_program() {
    local program=$1 mode=$2
    capture run "$simrun" -m "$mode" -o none "$work/bare.ini" -- "$rtl/images/$program.elf"
    check "$program $mode" "$(head -n 1 "$work/run.err")" \
        [ "$(cat "$work/run.status") $(outcome "$work/run.err")" = "0 $(expectation "$program")" ]
}

for image in "$rtl"/images/*.elf; do
    for mode in functional timing; do
        check_program "$(basename "$image" .elf)" "$mode"
    done
done
finish
