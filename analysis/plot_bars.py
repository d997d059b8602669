#!/usr/bin/python3
"""Bars of one figure by workload, a colour a machine, and their mean at the end: of results, or of
a sweep by one of its parameters.

    plot_bars.py base=a.h5 base=b.h5 ooo4=c.h5 ooo4=d.h5 [--metric ipc] [-o bars.png]
    plot_bars.py sweep.h5 --by core.bpred.direction --metric mpki -o mispredicts.png

Figures: ipc, cpi, mpki (mispredicts per 1000 instructions), a statistic ("l2.misses"), A/B of two.
The mean of ipc and cpi is the geometric one, of all others the arithmetic one, since they may be 0.
"""
import argparse
import os
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from simresult import Result
from simsweep import LABELS, Sweep, compute, readable

USER_ERROR = 125  # as simrun
# Okabe and Ito's palette, distinguishable with any colour vision.
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#999999"]


def is_sweep(path):
    with h5py.File(path, "r") as f:
        return "sweep" in f.attrs


def of_results(arguments, metric):
    """{(series, case): value} of LABEL=RESULT.h5 or RESULT.h5; the last phase counts."""
    values = {}
    for argument in arguments:
        label, _, path = argument.rpartition("=")
        with Result(path) as r:
            stats = r.stats.phase(r.phases[-1])
            try:
                value = compute(metric, lambda name: np.float64(stats[name]))
            except KeyError as missing:
                raise ValueError(f"{path}: no statistic {missing}") from None
            case = os.path.basename(r.meta["program"])
        if (label, case) in values:
            raise ValueError(f"{argument}: a second result of {case}; label them: LABEL=FILE")
        values[label, case] = value
    return values


def of_sweep(path, by, metric):
    """The same of a sweep: a series a value of `by`, other parameters averaged."""
    sweep = Sweep(path)
    y = sweep.figure(metric)
    series = np.zeros(len(y), int)
    if by:
        sweep.check_parameter(by)
        series = sweep.parameters[by]
    if np.isnan(y).any():
        print(f"plot_bars.py: {np.count_nonzero(np.isnan(y))} points are not done",
              file=sys.stderr)
    values = {}
    for label in dict.fromkeys(series):
        for case in dict.fromkeys(sweep.cases):
            chosen = y[(series == label) & (sweep.cases == case) & ~np.isnan(y)]
            if len(chosen):
                values[readable(label, sweep.units[by]) if by else "", case] = chosen.mean()
    return values


def mean(values, metric):
    """(its name, its value); None without values."""
    present = np.array([v for v in values if not np.isnan(v)])
    if metric in ("ipc", "cpi"):
        return "geometric mean", np.exp(np.log(present).mean()) if len(present) else np.nan
    return "mean", present.mean() if len(present) else np.nan


def draw(values, metric, title):
    series = list(dict.fromkeys(label for label, _ in values))
    cases = list(dict.fromkeys(case for _, case in values))
    figure, axis = plt.subplots(figsize=(1.6 + 0.9 * (len(cases) + 1), 3.4), layout="constrained")
    width = 0.8 / len(series)
    places = np.arange(len(cases) + 1.0)
    places[-1] += 0.4  # the mean stands apart
    for n, label in enumerate(series):
        heights = [values.get((label, case), np.nan) for case in cases]
        name, average = mean(heights, metric)
        bars = axis.bar(places + (n - (len(series) - 1) / 2) * width, heights + [average], width,
                        label=label, color=COLOURS[n % len(COLOURS)])
        few = len(series) <= 3  # else only the means have room for their figures
        texts = [f"{h:.2f}" if few else "" for h in heights] + [f"{average:.2f}"]
        axis.bar_label(bars, texts, fontsize=6, padding=1, rotation=0 if few else 90)
    axis.set_xticks(places, cases + [name], rotation=30, ha="right")
    axis.set_ylabel(LABELS.get(metric, metric))
    axis.spines[["top", "right"]].set_visible(False)
    axis.margins(y=0.12)
    if len(series) > 1:
        axis.legend(frameon=False, fontsize=8, title=title, loc="center left",
                    bbox_to_anchor=(1, 0.5))
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--metric", default="ipc")
    parser.add_argument("--by", help="of a sweep: parameter with a colour for each value")
    parser.add_argument("-o", "--output", default="bars.png")
    arguments = parser.parse_args()
    plt.rcParams.update({"font.size": 9, "svg.hashsalt": "simrun", "svg.fonttype": "none"})
    try:
        if len(arguments.files) == 1 and "=" not in arguments.files[0] and \
                is_sweep(arguments.files[0]):
            values = of_sweep(arguments.files[0], arguments.by, arguments.metric)
        else:
            values = of_results(arguments.files, arguments.metric)
        if not values:
            raise ValueError("no point is done")
        draw(values, arguments.metric, arguments.by).savefig(arguments.output, dpi=150)
    except (OSError, ValueError) as error:
        print(f"plot_bars.py: {error}", file=sys.stderr)
        return USER_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
