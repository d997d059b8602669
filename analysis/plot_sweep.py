#!/usr/bin/python3
"""Draws a sweep: one line per value of --by (or one in all) against the values of --x, a panel a
workload; or, without --x, the geometric mean over the workloads of each combination as bars.

    plot_sweep.py sweep.h5 --x L2 [--by ways] [--metric cpi] [-o sweep.png]

Figures: ipc, cpi, mpki (mispredicts per 1000 instructions), a statistic ("l2.misses"), or a ratio
A/B of two. Points that are not done are left out, and their number is said.
"""
import argparse
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from simsweep import LABELS, Sweep, readable


def lines(sweep, y, x, by, metric, axes):
    places = sorted(set(sweep.parameters[x]))
    labels = [readable(v, sweep.units[x]) for v in places]
    groups = sorted(set(sweep.parameters[by])) if by else [None]
    for axis, case in zip(axes, sorted(set(sweep.cases))):
        for group in groups:
            wanted = (sweep.cases == case) & ~np.isnan(y)
            if by:
                wanted &= sweep.parameters[by] == group
            means = [y[wanted & (sweep.parameters[x] == v)] for v in places]
            means = [m.mean() if len(m) else np.nan for m in means]
            label = f"{by} = {readable(group, sweep.units[by])}" if by else None
            axis.plot(range(len(places)), means, marker="o", label=label)
        axis.set_xticks(range(len(places)), labels, rotation=30)
        axis.set_title(case or "all")
        axis.set_xlabel(x)
        axis.set_ylabel(LABELS.get(metric, metric))
        if by:
            axis.legend(fontsize="small")


def bars(sweep, y, metric, axis):
    names = sweep.varying()
    keys = list(zip(*(sweep.parameters[n] for n in names))) or [()] * len(y)
    order = list(dict.fromkeys(keys))
    means = []
    for key in order:
        chosen = np.array([k == key for k in keys]) & (y > 0)
        means.append(np.exp(np.log(y[chosen]).mean()) if chosen.any() else np.nan)
    labels = ["\n".join(readable(v, sweep.units[n]) for n, v in zip(names, k)) for k in order]
    axis.bar(range(len(order)), means)
    axis.set_xticks(range(len(order)), labels, fontsize="small")
    axis.set_ylabel(f"{LABELS.get(metric, metric)}, geometric mean")
    axis.set_title(", ".join(names))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweep")
    parser.add_argument("--x", help="parameter along the axis")
    parser.add_argument("--by", help="parameter with a line for each value")
    parser.add_argument("--metric", default="cpi")
    parser.add_argument("-o", "--output", default="sweep.png")
    arguments = parser.parse_args()
    try:
        sweep = Sweep(arguments.sweep)
        for name in filter(None, (arguments.x, arguments.by)):
            sweep.check_parameter(name)
        y = sweep.figure(arguments.metric)
    except (OSError, ValueError) as error:
        sys.exit(f"plot_sweep: {error}")
    if not sweep.done.all():
        print(f"plot_sweep: {np.count_nonzero(~sweep.done)} points are not done", file=sys.stderr)
    panels = len(set(sweep.cases)) if arguments.x else 1
    figure, axes = plt.subplots(1, panels, figsize=(max(6, 3.6 * panels), 3.6), squeeze=False,
                                layout="constrained")
    if arguments.x:
        lines(sweep, y, arguments.x, arguments.by, arguments.metric, axes[0])
    else:
        bars(sweep, y, arguments.metric, axes[0][0])
    figure.savefig(arguments.output, dpi=120)


if __name__ == "__main__":
    main()
