"""The preset microwatt beside the core's RTL: the cycles of each program's pass with a memory
latency (tests/rtl/rtl-cycles.csv), and its retire trace (tests/rtl/traces) completion by
completion; the first difference is shown with what stands around it."""
import csv
import gzip
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from simresult import Result
from table import ROOT, Row

RTL = ROOT / "tests" / "rtl"
FAST_CYCLES = 150000  # programs longer than this are not in the fast table


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
        if (RTL / "traces" / f"{program}.txt.gz").exists():
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


def row_of(row, outcome):
    name = f"{row['program']} pass {row['pass']} latency {row['latency']}"
    reference = int(row["cycles"])
    if "error" in outcome:
        return Row("microwatt", name, "rtl", reference, 0, True, outcome["error"].splitlines()[-1])
    ours, completions = outcome[row["pass"]]
    wrong = ""
    if completions != int(row["instructions"]):
        wrong = f"{completions} completions, not {row['instructions']}"
    elif outcome["result"] is not None and outcome["result"] != int(row["result"], 16):
        wrong = f"result 0x{outcome['result']:x}"
    return Row("microwatt", name, "rtl", reference, ours, True, wrong)


def trace_rows(outcomes):
    """A row for each trace that differs, which no record makes good."""
    traces = {p: o["trace"] for (p, _), o in sorted(outcomes.items()) if "trace" in o}
    found = []
    for program, (first, around) in traces.items():
        if first is not None:
            print_difference(program, first, around)
            found.append(Row("microwatt", f"{program} trace", "trace", 1, 1, False,
                             f"differs at completion {first + 1}"))
    print(f"microwatt: {len(traces) - len(found)} of {len(traces)} retire traces are the same")
    return found


def rows(options):
    wanted = [r for r in read_rows() if not options.only or r["program"] in options.only]
    if options.fast:
        wanted = [r for r in wanted if int(r["total_cycles"]) <= FAST_CYCLES]
    outcomes = measure(options, wanted)
    table = [row_of(r, outcomes[r["program"], r["latency"]]) for r in wanted]
    return table + trace_rows(outcomes)
