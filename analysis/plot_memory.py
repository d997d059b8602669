#!/usr/bin/python3
"""Draws what the memory system looks like from a program: the latency of a pointer chase against
its footprint, and the latency of DRAM against the bandwidth asked of it.

    plot_memory.py chase BUILD CONFIG [-s S.KEY=VALUE]... [--label TEXT] [--and ...] -o OUT.png
    plot_memory.py load BUILD/tests/memory/curves -o OUT.png

`chase` runs BUILD/workloads/chase once for each footprint: its preparations functionally, then two
laps with time, of which the end counts. Machines are separated by `--and`. `make plots-memory`
makes the pictures of models/cache/README.md.
"""
import argparse
import csv
import subprocess
import sys
import tempfile
import warnings
from collections import defaultdict
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from simresult import Result

USER_ERROR, LIMIT = 125, 124  # as simrun
FOOTPRINTS_KIB = [2 ** (n / 2) for n in range(4, 33)]  # 4 KiB to 64 MiB
STEPS_PER_SCALE = 1500000  # of workloads/chase
NODES_PER_KIB = 8
LAPS, COUNTED = 2.3, 0.4  # laps run; the part of their intervals that counts
LEAST_STEPS = 60000
LEVELS = (("l1d.size", "L1"), ("l2.size", "L2"), ("l3.size", "L3"))
REACH = (("dtlb.entries", "DTLB"), ("tlb.entries", "TLB"))


def fail(text):
    print(f"plot_memory: {text}", file=sys.stderr)
    sys.exit(USER_ERROR)


def simrun(machine, out, scale, kib, *options):
    command = [f"{machine.build}/simrun", "-q", "--force", "-o", out, *options]
    for override in machine.s:
        command += ["-s", override]
    command += [machine.config, "--", f"{machine.build}/workloads/chase", str(scale), str(kib)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, LIMIT):
        fail(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the limit is meant
        return Result(out)


def count_instructions(machine, out, scale, kib):
    with simrun(machine, out, scale, kib, "-m", "functional") as result:
        return int(result.stats["core.instructions"])


def measure(machine, out, kib, per_step):
    """Cycles of a step, and what the machine holds."""
    prepare = count_instructions(machine, out, 1, kib) - round(STEPS_PER_SCALE * per_step)
    steps = min(max(LAPS * kib * NODES_PER_KIB, LEAST_STEPS), STEPS_PER_SCALE - 1000)
    end = prepare + round(steps * per_step)
    with simrun(machine, out, 1, kib, "-s", f"sample.fast_forward={prepare}",
                "-s", "output.interval=10K", "--max-insts", str(end)) as result:
        rows = result.intervals()
        instructions, cycles = rows["instructions"][:, 0], rows["cycles"][:, 0]
        counted = slice(int((1 - COUNTED) * len(cycles)), len(cycles) - 1)
        return (cycles[counted].sum() / instructions[counted].sum() * per_step,
                set(marks(result)))


def marks(result):
    """(bytes, name) of what the machine holds without going further."""
    config = result.config
    page = config["workload.page_size"].number
    for key, name in LEVELS:
        if key in config:
            yield config[key].number, name
    for key, name in REACH:
        if key in config:
            yield config[key].number * page, name


def chase(machine, axes, colour):
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/chase.h5"
        counts = [count_instructions(machine, out, scale, 4) for scale in (1, 2)]
        per_step = (counts[1] - counts[0]) / STEPS_PER_SCALE
        footprints, cycles, found = [round(kib) for kib in FOOTPRINTS_KIB], [], set()
        for kib in footprints:
            step, held = measure(machine, out, kib, per_step)
            cycles.append(step)
            found |= held
    label = machine.label or Path(machine.config).stem
    axes.plot(footprints, cycles, "o-", markersize=3, linewidth=1, label=label, color=colour)
    for size, name in sorted(found):
        axes.axvline(size / 1024, color=colour, linewidth=0.6, linestyle=":")
        height = 0.92 if "TLB" in name else 0.01  # a level and a reach may be equal
        axes.annotate(name, (size / 1024, height), xycoords=("data", "axes fraction"), rotation=90,
                      fontsize=7, color=colour, ha="right", va="bottom")
    for kib, value in zip(footprints, cycles):
        print(f"{label}\t{kib}\t{value:.2f}")


def draw_chase(arguments, out):
    figure, axes = plt.subplots(figsize=(7.5, 4.2))
    machines = [[]]
    for word in arguments:
        if word == "--and":
            machines.append([])
        else:
            machines[-1].append(word)
    parser = argparse.ArgumentParser(prog="plot_memory.py chase")
    parser.add_argument("build")
    parser.add_argument("config")
    parser.add_argument("-s", action="append", default=[], metavar="SECTION.KEY=VALUE")
    parser.add_argument("--label")
    for n, words in enumerate(machines):
        chase(parser.parse_args(words), axes, f"C{n}")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(lambda kib, _: f"{kib:g} KiB" if kib < 1024
                                   else f"{kib / 1024:g} MiB")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("footprint")
    axes.set_ylabel("core cycles per load")
    axes.grid(True, which="both", linewidth=0.3)
    axes.legend(frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(out, dpi=110)


def draw_load(program, out):
    done = subprocess.run([program], capture_output=True, text=True)
    if done.returncode:
        fail(f"{program}: status {done.returncode}")
    curves = defaultdict(list)
    for row in csv.DictReader(done.stdout.splitlines(), delimiter="\t"):
        curve = row["standard"], row["pattern"], row["policy"], row["scheduler"]
        curves[curve].append((float(row["moved"]) / 1e9, float(row["latency_ns"])))
    figure, panels = plt.subplots(1, 3, figsize=(11, 3.8), sharey=True)
    titles = ("sequential reads", "random reads", "random reads, ddr4-2400")
    for curve, points in curves.items():
        standard, pattern, policy, scheduler = curve
        x, y = np.array(points).T
        plain = policy == "open" and scheduler == "frfcfs"
        if plain:
            axes = panels[int(pattern == "random")]
            axes.plot(x, y, "o-", markersize=2, linewidth=1, label=standard)
        if pattern == "random" and standard == "ddr4-2400":
            panels[2].plot(x, y, "o-", markersize=2, linewidth=1, label=f"{policy}, {scheduler}")
    for axes, title in zip(panels, titles):
        axes.set_title(title, fontsize=9)
        axes.set_ylim(0, 500)
        axes.set_xlim(left=0)
        axes.set_xlabel("GB/s")
        axes.grid(True, linewidth=0.3)
        axes.legend(frameon=False, fontsize=7)
    panels[0].set_ylabel("mean ns from a read to its data")
    figure.tight_layout()
    figure.savefig(out, dpi=110)


def main():
    words = sys.argv[1:]
    if len(words) < 4 or words[0] not in ("chase", "load") or words[-2] != "-o":
        fail(__doc__.strip().split("\n\n")[1])
    if words[0] == "chase":
        draw_chase(words[1:-2], words[-1])
    else:
        draw_load(words[1], words[-1])


main()
