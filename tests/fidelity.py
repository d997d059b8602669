#!/usr/bin/env python3
"""How close the presets come to their references, as a table.

    tests/fidelity.py [--simrun PATH] [--jobs N] [--fast] [--rows] [--record] [PROGRAM...]

A reference of the preset microwatt is the cycle count of a program's pass on the core's RTL with a
memory latency (tests/rtl/rtl-cycles.csv); its retire trace (tests/rtl/traces) is compared
completion by completion, and the first difference is shown with what stands around it. --fast
leaves out the long programs; --rows prints every row; --record writes tests/rtl/recorded.csv,
which a later run is held against: an error that has grown, a result that is wrong or a trace that
no longer agrees is a failure (exit status 1).
"""
import argparse
import csv
import gzip
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RTL = ROOT / "tests" / "rtl"
RECORDED = RTL / "recorded.csv"
FAST_CYCLES = 150000  # programs longer than this are not in the fast table

sys.path.insert(0, str(ROOT / "analysis"))
from simresult import Result  # noqa: E402


def read_rows():
    with open(RTL / "rtl-cycles.csv", newline="") as file:
        return list(csv.DictReader(file))


def read_trace(path):
    """Completions as (index, line), index counted from reset: the later parts of a reference's
    trace begin with a line "# region N start: retired=INDEX cycle=..."."""
    opener = gzip.open if path.suffix == ".gz" else open
    index = 0
    with opener(path, "rt") as file:
        for line in file:
            if line.startswith("#"):
                index = int(line.split("retired=")[1].split()[0])
                continue
            yield index, line.strip()
            index += 1


CONTEXT = 8  # completions shown before and behind a difference


def first_difference(program, ours):
    """Index of the first completion that differs, or None; and the completions around it, as
    (index, theirs, ours)."""
    around, end = [], None
    mine = read_trace(ours)
    for index, line in read_trace(RTL / "traces" / f"{program}.txt.gz"):
        match = next((m for m in mine if m[0] == index), (index, "nothing"))
        around.append((index, line, match[1]))
        if end is None:
            around = around[-CONTEXT:]
            if match[1] != line:
                end = index + CONTEXT
                first = index
        elif index >= end:
            return first, around
    return (None, []) if end is None else (first, around)


def instructions(program):
    """{address: text} by objdump; empty without it."""
    command = ["powerpc64le-linux-gnu-objdump", "-d", "-M", "power10",
               f"{RTL}/images/{program}.elf"]
    try:
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    rows = (line.split("\t") for line in text.splitlines())
    return {r[0].strip(" :"): " ".join(r[2:]) for r in rows if len(r) > 2}


def print_difference(program, first, around):
    """Both sides around the first completion that differs."""
    text = instructions(program)
    print(f"\n{program}: trace differs at completion {first + 1}\n"
          f"{'':>9} {'address':>8} {'cycles since the last, from execution on':>44}\n"
          f"{'number':>9} {'':>8} {'reference':>16} {'ours':>16}   instruction")
    for index, theirs, ours in around:
        (distance, pc, wait), mine = theirs.split(), ours.split()
        own = f"{mine[0]:>8} {mine[2]:>7}" if len(mine) == 3 else ours
        place = pc if len(mine) < 3 or mine[1] == pc else f"{pc} or {mine[1]}"
        mark = "  <--" if index == first else ""
        print(f"{index + 1:>9} {place:>8} {distance:>8} {wait:>7} {own:>16}   "
              f"{text.get(pc, '')}{mark}")


def simulate(simrun, program, latency, folder):
    """Runs one program; what its passes and its trace came to."""
    result, trace = folder / f"{program}-{latency}.h5", folder / f"{program}-{latency}.txt"
    command = [simrun, "-q", "-o", str(result), "-s", f"core.bus.extra_cycles={latency}",
               "-s", "output.interval=0"]
    if latency == "0":
        command += ["-s", f"output.retire_trace={trace}"]
    command += [str(ROOT / "configs" / "microwatt.ini"), "--", f"{RTL}/images/{program}.elf"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if run.returncode:
        return {"error": (run.stderr.strip() or f"exit status {run.returncode}")}
    outcome = {}
    with Result(str(result)) as r:
        for number in ("0", "1"):
            stats = r.stats.phase("pass" + number)
            outcome[number] = (stats["core.cycles"], stats["core.completions"])
        outcome["result"] = r.meta.get("program_result")
    if latency == "0":
        outcome["trace"] = first_difference(program, trace)
    result.unlink()
    trace.unlink(missing_ok=True)
    return outcome


def measure(options, rows):
    """{(program, latency): outcome}"""
    wanted = sorted({(r["program"], r["latency"]) for r in rows})
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(options.jobs) as pool:
        runs = pool.map(lambda w: simulate(options.simrun, *w, Path(name)), wanted)
        return dict(zip(wanted, runs))


def compare(rows, outcomes):
    """A dictionary per row: name, reference, ours, error in percent, what else is wrong."""
    table = []
    for row in rows:
        outcome = outcomes[row["program"], row["latency"]]
        entry = {"program": row["program"], "pass": row["pass"], "latency": row["latency"],
                 "reference": int(row["cycles"]), "ours": 0, "error": 100.0, "wrong": ""}
        if "error" in outcome:
            entry["wrong"] = outcome["error"].splitlines()[-1]
        else:
            entry["ours"], completions = outcome[row["pass"]]
            entry["error"] = 100 * (entry["ours"] / entry["reference"] - 1)
            if completions != int(row["instructions"]):
                entry["wrong"] = f"{completions} completions, not {row['instructions']}"
            elif outcome["result"] is not None and outcome["result"] != int(row["result"], 16):
                entry["wrong"] = f"result 0x{outcome['result']:x}"
        table.append(entry)
    return table


def print_table(table, outcomes, show_all):
    for e in table:
        if show_all or e["error"] or e["wrong"]:
            print(f"{e['program']:14} pass {e['pass']} latency {e['latency']:>2} "
                  f"{e['reference']:>9} {e['ours']:>9} {e['error']:>+9.3f} %  {e['wrong']}")
    errors = [abs(e["error"]) for e in table]
    exact = sum(e["error"] == 0 and not e["wrong"] for e in table)
    traces = {p: o["trace"] for (p, _), o in outcomes.items() if "trace" in o}
    same = sum(first is None for first, _ in traces.values())
    for program, (first, around) in sorted(traces.items()):
        if first is not None:
            print_difference(program, first, around)
    print(f"\n{'preset':10} {'reference':28} {'rows':>5} {'exact':>12} {'mean abs':>10} {'max':>9} "
          f"{'same traces':>12}")
    print(f"{'microwatt':10} {'RTL simulation, cycles':28} {len(table):>5} "
          f"{exact:>5} {100 * exact / len(table):>5.1f}% {sum(errors) / len(errors):>9.4f}% "
          f"{max(errors):>8.3f}% {same:>5} of {len(traces)}")


def key(entry):
    return entry["program"], entry["pass"], entry["latency"]


def record(table, outcomes):
    with open(RECORDED, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["program", "pass", "latency", "cycles", "trace"])
        for e in table:
            first = outcomes[e["program"], "0"].get("trace", (None, []))[0]
            writer.writerow([*key(e), e["ours"], "same" if first is None else first])


def held(table, outcomes):
    """Compares with what the tree records; false when something became worse."""
    with open(RECORDED, newline="") as file:
        recorded = {(r["program"], r["pass"], r["latency"]): r for r in csv.DictReader(file)}
    ok = True
    for e in table:
        old = recorded.get(key(e))
        before = abs(int(old["cycles"]) - e["reference"]) if old else 0
        if e["wrong"] or abs(e["ours"] - e["reference"]) > before:
            print(f"worse: {' '.join(key(e))}: {e['ours']} cycles, reference {e['reference']}, "
                  f"recorded {old['cycles'] if old else 'nothing'} {e['wrong']}")
            ok = False
        first = outcomes[e["program"], "0"].get("trace", (None, []))[0]
        if old and old["trace"] == "same" and first is not None:
            print(f"worse: {e['program']}: trace differs at completion {first + 1}")
            ok = False
    return ok


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--simrun", default=str(ROOT / "build" / "simrun"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("program", nargs="*")
    options = parser.parse_args()
    rows = [r for r in read_rows() if not options.program or r["program"] in options.program]
    if options.fast:
        rows = [r for r in rows if int(r["total_cycles"]) <= FAST_CYCLES]
    outcomes = measure(options, rows)
    table = compare(rows, outcomes)
    print_table(table, outcomes, options.rows)
    if options.record:
        record(table, outcomes)
        return 0
    return 0 if not RECORDED.exists() or held(table, outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
