#!/usr/bin/env python3
"""Host speed, mode by mode, on three bundled programs scaled to more than 200 million instructions.

    tests/bench.py [BUILD] [--repeat N] [--long]

Every command is repeated, taking turns with the others so that a slow minute of the host hits all
of them, and the medians are printed. MIPS are guest instructions per microsecond of user time;
qemu's instructions are those of our functional run of the same binary. --long: functional mode
beside qemu alone, on workloads of 2 G instructions, more of them floating point.

Then the timing modes on every bundled workload, and the Microwatt core on programs of its own, with
geometric mean and lowest: there starting up counts as well.

Last, for every bundled workload: what a trace of all instructions costs on the out-of-order core,
as elapsed time with it to elapsed time without, both writing a result, and in bytes an instruction
(the difference of the two files).
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BASE = "configs/base.ini"
OOO = "configs/ooo4.ini"
TIMING_LIMIT = "50M"  # instructions; the rate does not depend on it
OOO_LIMIT = "10M"
TRACE_LIMIT = "2M"
EVERY = [("base", BASE, "6M"), ("ooo4", OOO, "1500K")]
MICROWATT = "configs/microwatt.ini"
MICROWATT_IMAGES = ["crc32", "mixbench", "sieve"]  # 0.1 to 0.3 million instructions each
# Fixed point; branches, strings and the heap; floating point. Name and scale.
WORKLOADS = [("sha256", 18), ("hashtable", 20), ("matmul", 27)]
LONG_WORKLOADS = [("sha256", 167), ("hashtable", 184), ("matmul", 256), ("nbody", 256),
                  ("mandelbrot", 239)]
MODES = ["functional", "timing", "ooo", "qemu", "qemu one insn"]
LONG_MODES = ["functional", "qemu"]


def qemu_commands(qemu):
    """With blocks, and with one instruction per block, whose option was renamed in qemu 8."""
    text = subprocess.run([qemu, "-help"], capture_output=True, text=True).stdout
    single = "-one-insn-per-tb" if "one-insn-per-tb" in text else "-singlestep"
    return [qemu, "-cpu", "power9"], [qemu, "-cpu", "power9", single]


def commands(build, program):
    simrun = [os.path.join(build, "simrun"), "-o", "none"]
    blocks, single = qemu_commands(shutil.which("qemu-ppc64le") or sys.exit("no qemu-ppc64le"))
    return {
        "functional": simrun + ["-m", "functional", BASE, "--"] + program,
        "timing": simrun + ["-m", "timing", "--max-insts", TIMING_LIMIT, BASE, "--"] + program,
        "ooo": simrun + ["-m", "timing", "--max-insts", OOO_LIMIT, OOO, "--"] + program,
        "qemu": blocks + program,
        "qemu one insn": single + program,
    }


def run(command):
    """User seconds, peak memory in MiB and, from simrun's summary, instructions (0 without)."""
    with tempfile.TemporaryFile("w+") as words:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=words, cwd=ROOT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        text = words.read()
    if child.returncode not in (0, 124):  # 124: the limit of the timing runs
        sys.exit("%s\nexit status %d: %s" % (" ".join(command), child.returncode, text))
    found = re.search(r"^simrun: instructions +(\d+)", text, re.M)
    return usage.ru_utime, usage.ru_maxrss / 1024, int(found[1]) if found else 0


def measure(build, repeat, workloads, modes):
    """{(workload, mode): (MIPS, MiB, instructions, command)}"""
    samples = {}
    for _ in range(repeat):
        for name, scale in workloads:
            program = [os.path.join(build, "workloads", name), str(scale)]
            named = commands(build, program)
            for mode in modes:
                samples.setdefault((name, mode), []).append(run(named[mode]) + (named[mode],))
    results = {}
    for (name, mode), rows in samples.items():
        seconds = statistics.median(row[0] for row in rows)
        counted = rows if rows[0][2] else samples[name, "functional"]
        instructions = counted[0][2]
        memory = max(row[1] for row in rows)
        results[name, mode] = (instructions / seconds / 1e6, memory, instructions, rows[0][3])
    return results


def peer_of(mode):
    return "qemu" if mode.startswith("qemu") else "-"


def report(results, workloads, modes):
    print("%-10s %-14s %-5s %12s %10s %9s  %s"
          % ("workload", "mode", "peer", "instructions", "MIPS", "MiB", "command"))
    for name, _ in workloads:
        for mode in modes:
            mips, memory, instructions, command = results[name, mode]
            words = " ".join(os.path.relpath(w, ROOT) if os.path.isabs(w) and w.startswith(ROOT)
                             else os.path.basename(w) if w == command[0] else w for w in command)
            print("%-10s %-14s %-5s %12d %10.1f %9.1f  %s"
                  % (name, mode, peer_of(mode), instructions, mips, memory, words))
    if modes is LONG_MODES:
        print("\n%-10s %18s" % ("workload", "functional / qemu"))
        for name, _ in workloads:
            ours, qemu = (results[name, mode][0] for mode in modes)
            print("%-10s %18.2f" % (name, ours / qemu))
        return
    print("\n%-10s %18s %26s %20s %17s" % ("workload", "qemu / functional",
                                            "functional / qemu one insn", "functional / timing",
                                            "timing / ooo"))
    for name, _ in workloads:
        functional, timing, ooo, qemu, single = (results[name, mode][0] for mode in MODES)
        print("%-10s %18.2f %26.2f %20.1f %17.1f" % (name, qemu / functional, functional / single,
                                                     functional / timing, timing / ooo))


def bundled():
    folder = os.path.join(ROOT, "workloads")
    return sorted(n for n in os.listdir(folder) if os.path.isdir(os.path.join(folder, n)))


def rates(named, repeat):
    """{name: MIPS} of {name: command}, the commands in turn, medians."""
    seconds, counts = {}, {}
    for _ in range(repeat):
        for name, command in named.items():
            user, _, counts[name] = run(command)
            seconds.setdefault(name, []).append(user)
    return {name: counts[name] / statistics.median(s) / 1e6 for name, s in seconds.items()}


def report_every(build, repeat):
    simrun = [os.path.join(build, "simrun"), "-o", "none"]
    print("\n%-10s %15s %8s  %s" % ("machine", "geometric mean", "lowest", "MIPS of each"))
    machines = [(machine, {name: simrun + ["--max-insts", limit, config, "--",
                                           os.path.join(build, "workloads", name)]
                           for name in bundled()}) for machine, config, limit in EVERY]
    machines.append(("microwatt", {image: simrun + [MICROWATT, "--",
                                                    "tests/rtl/images/%s.elf" % image]
                                   for image in MICROWATT_IMAGES}))
    for machine, named in machines:
        mips = rates(named, repeat)
        print("%-10s %15.2f %8.2f  %s" % (machine, statistics.geometric_mean(mips.values()),
                                           min(mips.values()),
                                           " ".join("%s %.1f" % pair for pair in mips.items())))


def elapsed(command):
    """Seconds, and instructions from the summary."""
    start = time.monotonic()
    instructions = run(command)[2]
    return time.monotonic() - start, instructions


def trace_cost(build, name, repeat, folder):
    """(ratio of elapsed times, bytes an instruction, instructions, command)"""
    plain, traced = (os.path.join(folder, f) for f in ("plain.h5", "traced.h5"))
    simrun = [os.path.join(build, "simrun"), "--force", "--max-insts", TRACE_LIMIT]
    program = [OOO, "--", os.path.join(build, "workloads", name)]
    command = simrun + ["-o", traced, "-s", "trace.instructions=yes"] + program
    ratios = []
    for _ in range(repeat):
        without, _ = elapsed(simrun + ["-o", plain] + program)
        seconds, instructions = elapsed(command)
        ratios.append(seconds / without)
    size = os.path.getsize(traced) - os.path.getsize(plain)
    return statistics.median(ratios), size / instructions, instructions, command


def report_traces(build, repeat):
    print("\n%-12s %12s %13s %9s  %s" % ("workload", "instructions", "traced/plain", "bytes/inst",
                                         "command"))
    with tempfile.TemporaryDirectory() as folder:
        for name in bundled():
            ratio, size, instructions, command = trace_cost(build, name, repeat, folder)
            words = " ".join(command).replace(folder + os.sep, "")
            print("%-12s %12d %13.2f %9.2f  %s" % (name, instructions, ratio, size, words))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", nargs="?", default="build")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--long", action="store_true", help="2 G instructions each")
    arguments = parser.parse_args()
    build = os.path.relpath(os.path.abspath(arguments.build), ROOT)
    chosen = (LONG_WORKLOADS, LONG_MODES) if arguments.long else (WORKLOADS, MODES)
    report(measure(build, arguments.repeat, *chosen), *chosen)
    if not arguments.long:
        report_every(build, arguments.repeat)
        report_traces(build, arguments.repeat)


main()
