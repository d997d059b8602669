#!/bin/bash
# Odd machines: every key at its least and greatest value.
. "$(dirname "$0")/lib.sh"
check "every key at its limits" "see above" \
    /usr/bin/python3 "$root/tests/system/config_sweep.py" "$simrun" "$base" "$build/workloads/calls"
check "every key at its limits, out of order" "see above" \
    /usr/bin/python3 "$root/tests/system/config_sweep.py" "$simrun" "$root/configs/ooo4.ini" \
    "$build/workloads/calls"
finish
