#!/usr/bin/python3
"""Miss curves of a cache over a sweep of its size (or ways, or line): misses per access and per
1000 instructions, a line a workload, other parameters averaged.

    plot_misses.py sweep.h5 [--cache l2] [--x l2.size] [-o misses.png]
"""
import argparse
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from simsweep import Sweep, readable

USER_ERROR = 125  # as simrun
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#999999"]
MARKS = "osD^v<>p"


def curve(sweep, y, case, x, places):
    """The mean at each place of the axis; NaN where no point is done."""
    means = []
    for place in places:
        chosen = y[(sweep.cases == case) & (sweep.parameters[x] == place) & ~np.isnan(y)]
        means.append(chosen.mean() if len(chosen) else np.nan)
    return means


def draw(sweep, cache, x):
    places = sorted(set(sweep.parameters[x]))
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.3), layout="constrained")
    for axis, metric, label in (
            (axes[0], f"{cache}.misses/{cache}.accesses", f"misses per access to {cache}"),
            (axes[1], f"1000*{cache}.misses/core.instructions", "misses per 1000 instructions")):
        y = sweep.figure(metric)
        for n, case in enumerate(dict.fromkeys(sweep.cases)):
            axis.plot(range(len(places)), curve(sweep, y, case, x, places), label=case,
                      marker=MARKS[n % len(MARKS)], color=COLOURS[n % len(COLOURS)], markersize=4)
        axis.set_xticks(range(len(places)), [readable(p, sweep.units[x]) for p in places])
        axis.set_xlabel(x)
        axis.set_ylabel(label)
        axis.set_ylim(bottom=0)
        axis.spines[["top", "right"]].set_visible(False)
    axes[1].legend(frameon=False, fontsize=8)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweep")
    parser.add_argument("--cache", default="l2")
    parser.add_argument("--x", help="parameter along the axis; default: the size of the cache")
    parser.add_argument("-o", "--output", default="misses.png")
    arguments = parser.parse_args()
    plt.rcParams.update({"font.size": 9, "svg.hashsalt": "simrun", "svg.fonttype": "none"})
    try:
        sweep = Sweep(arguments.sweep)
        x = arguments.x or f"{arguments.cache}.size"
        sweep.check_parameter(x)
        draw(sweep, arguments.cache, x).savefig(arguments.output, dpi=150)
    except (OSError, ValueError, KeyError) as error:
        print(f"plot_misses.py: {error}", file=sys.stderr)
        return USER_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
