#!/usr/bin/env python3
"""The tables of sim/SAMPLING.md: how far the CPI of sampled runs is from that of the whole run,
with caches and predictors as they are left and with functional warming, and what warming costs the
host (`make sampling-table`).

usage: table.py BUILD"""
import csv
import io
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "analysis"))
from simresult import Result  # noqa: E402

BUILD = Path(sys.argv[1])
MACHINES = ["base", "ooo4"]
WORKLOADS = ["format", "hashtable", "icache", "interp", "lz", "matmul", "sort", "stream"]
INTERVAL = "200K"
WARMUPS = ["0", "50K", "500K"]
SHORT, SHORT_COUNT = 2000, 100  # instructions of short points, equally spaced; as many before each
# Long enough that starting up does not count; name and scale.
LONG = [("sha256", 18), ("hashtable", 20), ("lz", 20), ("sort", 15), ("interp", 8)]
TIMED = "5M"  # instructions of each timed run; the rate does not depend on it
REPEAT = 3


def simrun(*arguments):
    """User seconds."""
    command = [str(a) for a in (BUILD / "simrun", "-q", "--force", *arguments)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    words = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 124):
        sys.exit("%s\nexit status %d: %s" % (" ".join(command), child.returncode, words))
    return usage.ru_utime


def config(machine):
    return ROOT / "configs" / (machine + ".ini")


def program(workload):
    return BUILD / "workloads" / workload


def phases(*arguments):
    return subprocess.run([BUILD / "simstat", "phases", *arguments], check=True,
                          capture_output=True, text=True).stdout


def cpi_of_points(result):
    for row in csv.reader(io.StringIO(phases("--csv", result))):
        if row[0] == "estimate":
            return float(row[5])
    sys.exit("%s: no estimate" % result)


def read_points(path):
    """(first instruction, weight) of each."""
    rows = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
    return [(int(first), float(weight)) for first, _, weight in rows]


def whole_run(machine, workload, interval, points, result):
    """CPI of the whole, and by the chosen intervals of it."""
    simrun("-o", result, "-s", "output.bbv=yes", "-s", "output.bbv_interval=%s" % interval,
           config(machine), "--", program(workload))
    with Result(result) as r:
        whole = int(r.stats["core.cycles"]) / int(r.stats["core.instructions"])
        bbv = r.file["bbv"]
        cycles, instructions = bbv["cycles"][()], bbv["instructions"][()]
        length = int(bbv.attrs["interval_instructions"])
    chosen = sum(weight * int(cycles[first // length]) / int(instructions[first // length])
                 for first, weight in points)
    return whole, chosen


def errors(machine, workload, interval, warmups, points, folder):
    """Of a row: CPI of the whole run, and how far from it others are, in percent."""
    result = folder / "result.h5"
    whole, of_chosen = whole_run(machine, workload, interval, read_points(points), result)
    cells = ["%.3f" % whole, "%+.1f %%" % (100 * (of_chosen / whole - 1))]
    for warmup in warmups:
        for warming in ("none", "functional"):
            simrun("-o", result, "-s", "sample.points=%s" % points, "-s",
                   "sample.warmup=%s" % warmup, "-s", "sample.warming=" + warming,
                   config(machine), "--", program(workload))
            cells.append("%+.1f %%" % (100 * (cpi_of_points(result) / whole - 1)))
    return cells


def chosen_row(machine, workload, folder):
    vectors, points = folder / "bbv.h5", folder / "points"
    simrun("-m", "functional", "-o", vectors, "-s", "output.bbv=yes", "-s",
           "output.bbv_interval=" + INTERVAL, config(machine), "--", program(workload))
    phases("-o", points, vectors)
    return [machine, workload, "%d" % len(read_points(points))] + errors(
        machine, workload, INTERVAL, WARMUPS, points, folder)


def spaced_row(machine, workload, folder):
    points = folder / "points"
    spacing = length(workload, folder) // SHORT_COUNT
    firsts = [(2 * n + 1) * spacing // 2 // SHORT * SHORT for n in range(SHORT_COUNT)]
    points.write_text("".join("%d %d %g\n" % (first, SHORT, 1 / SHORT_COUNT) for first in firsts))
    return [machine, workload] + errors(machine, workload, SHORT, [SHORT], points, folder)


def print_table(head, rows, text_columns):
    print("| %s |" % " | ".join(head))
    print("|%s|" % "|".join("---" if n < text_columns else "--:" for n in range(len(head))))
    for row in rows:
        print("| %s |" % " | ".join(row))
    print()


def length(workload, folder, *scale):
    """Instructions of a program."""
    result = folder / "length.h5"
    simrun("-m", "functional", "-o", result, config("base"), "--", program(workload), *scale)
    with Result(result) as r:
        return int(r.stats["core.instructions"])


def rate(workload, scale, instructions, *arguments):
    """Host MIPS, the best of some runs: others share the host."""
    return instructions / 1e6 / min(
        simrun("-o", "none", *arguments, "--", program(workload), scale) for _ in range(REPEAT))


def costs(workload, scale, folder):
    executed = length(workload, folder, scale)
    passed = ["-s", "sample.fast_forward=%d" % (executed + 1)]
    cells = ["%.0f" % rate(workload, scale, executed, *passed, config("base"))]
    for machine in MACHINES:
        warmed = passed + ["-s", "sample.warming=functional"]
        cells.append("%.0f" % rate(workload, scale, executed, *warmed, config(machine)))
        cells.append("%.0f" % rate(workload, scale, 5e6, "--max-insts", TIMED, config(machine)))
    return [workload] + cells


def main():
    warnings.simplefilter("ignore")  # that a run ended by its limit
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Intervals of %s instructions as `simstat phases` chooses them, after a "
              "`sample.warmup` of:\n" % INTERVAL)
        head = ["machine", "workload", "points", "CPI", "in the whole run"]
        for warmup in WARMUPS:
            head += ["%s, cold" % warmup, "%s, warmed" % warmup]
        print_table(head, [chosen_row(m, w, folder) for m in MACHINES for w in WORKLOADS], 2)
        print("%d points of %d instructions, equally spaced, each after as many of warm-up:\n"
              % (SHORT_COUNT, SHORT))
        head = ["machine", "workload", "CPI", "in the whole run", "cold", "warmed"]
        print_table(head, [spaced_row(m, w, folder) for m in MACHINES for w in WORKLOADS], 2)
        head = ["workload", "fast-forward"]
        for machine in MACHINES:
            head += ["warming, " + machine, "timing, " + machine]
        print("Host MIPS, of user time:\n")
        print_table(head, [costs(w, scale, folder) for w, scale in LONG], 1)


main()
