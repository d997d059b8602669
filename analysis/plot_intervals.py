#!/usr/bin/env python3
"""Plots IPC and the CPI stack over the instructions of a run.

usage: plot_intervals.py RESULT.h5 [-o OUT.png] [--core N] [--points N]

The suffix of OUT chooses the format: png, pdf, svg. Neighbouring intervals are added up until at
most --points remain, so that a long run stays legible; sums, not samples, so nothing is lost.
"""

import argparse
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from simresult import Result

USER_ERROR = 125  # as simrun

# Okabe and Ito's palette, distinguishable with any colour vision; hatched when it repeats.
COLOURS = ["#bbbbbb", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"]
HATCHES = ["", "///", "...", "xxx"]
SMALL = 0.005  # of all cycles: smaller parts of the stack are drawn as one


def merge(column, points):
    """Adds neighbours up until at most `points` rows remain."""
    step = -(-len(column) // points)
    return np.add.reduceat(column.astype(float), np.arange(0, len(column), step), axis=0)


def parts_of(columns):
    return [name for name in columns if name.startswith("cpi.")]


def steps(axis_edges, values):
    """Values as a staircase: each holds from one edge to the next."""
    return np.repeat(axis_edges, 2)[1:-1], np.repeat(values, 2)


def plot_ipc(axes, columns, core):
    cores = range(columns["cycles"].shape[1]) if core is None else [core]
    for c in cores:
        done, cycles = columns["instructions"][:, c], columns["cycles"][:, c]
        edges = np.concatenate(([0], np.cumsum(done))) / 1e6
        ipc = np.divide(done, cycles, out=np.full_like(done, np.nan), where=cycles > 0)
        axes.plot(*steps(edges, ipc), linewidth=0.9, label=f"core {c}", color=f"C{c % 10}")
    if len(cores) > 1:
        axes.legend(frameon=False, ncol=4, fontsize=8)
    axes.set_ylabel("IPC")
    axes.set_ylim(bottom=0)


def fold_small(names, share, done):
    """(name, CPI over time) of each part from the largest up, the useful work first; what makes up
    less than SMALL of all cycles together is one layer, `other`."""
    weight = share @ done
    order = sorted(range(len(names)), key=lambda i: (names[i] != "base", -weight[i]))
    large = [i for i in order if weight[i] >= SMALL * weight.sum()]
    layers = [(names[i], share[i]) for i in large]
    other = share.sum(axis=0) - sum((layer for _, layer in layers), np.zeros(share.shape[1]))
    return layers + ([("other", np.maximum(other, 0))] if len(large) < np.count_nonzero(weight)
                     else [])


def plot_stack(axes, columns, core):
    done, cycles = columns["instructions"][:, core], columns["cycles"][:, core]
    names = parts_of(columns)
    slots = np.array([columns[name][:, core] for name in names])
    total = slots.sum(axis=0)
    cpi = np.divide(cycles, done, out=np.zeros_like(done), where=done > 0)
    share = np.divide(slots, total, out=np.zeros_like(slots), where=total > 0) * cpi
    layers = fold_small([name[4:] for name in names], share, done)
    edges = np.concatenate(([0], np.cumsum(done))) / 1e6
    x = steps(edges, cpi)[0]
    areas = axes.stackplot(x, [np.repeat(layer, 2) for _, layer in layers], linewidth=0,
                           labels=[name for name, _ in layers],
                           colors=[COLOURS[k % len(COLOURS)] for k in range(len(layers))])
    for k, area in enumerate(areas):
        area.set_hatch(HATCHES[k // len(COLOURS) % len(HATCHES)])
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], frameon=False, fontsize=8, loc="center left",
                bbox_to_anchor=(1.0, 0.5))
    axes.set_ylim(bottom=0)
    several = columns["cycles"].shape[1] > 1
    axes.set_ylabel("cycles per instruction" + (f", core {core}" if several else ""))


def figure_of(result, core, points):
    columns = {name: merge(a, points) for name, a in result.intervals().items()}
    if "cycles" not in columns or "instructions" not in columns or not len(columns["cycles"]):
        raise ValueError(f"{result.path}: recorded no intervals of instructions and cycles")
    cores = columns["cycles"].shape[1]
    if core is not None and not 0 <= core < cores:
        raise ValueError(f"{result.path}: has no core {core}; its cores are 0 to {cores - 1}")
    rows = 2 if parts_of(columns) else 1
    figure, axes = plt.subplots(rows, 1, sharex=True, squeeze=False, figsize=(7, 2.3 * rows + 0.4),
                                constrained_layout=True)
    plot_ipc(axes[0, 0], columns, core)
    if rows == 2:
        plot_stack(axes[1, 0], columns, core or 0)
    for a in axes[:, 0]:
        a.spines[["top", "right"]].set_visible(False)
        a.margins(x=0)
    axes[-1, 0].set_xlabel("instructions completed (millions)")
    title = str(result.meta.get("program", ""))
    axes[0, 0].set_title(title if result.status == "complete" else f"{title} ({result.status})",
                         fontsize=10)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", metavar="RESULT.h5")
    parser.add_argument("-o", metavar="OUT", default=None, help="default: RESULT.png")
    parser.add_argument("--core", type=int,
                        help="one core; default: the IPC of all, the stack of core 0")
    parser.add_argument("--points", type=int, default=400,
                        help="most points along the axis (%(default)s)")
    try:
        arguments = parser.parse_args()
        if arguments.points < 1:
            raise ValueError(f"--points {arguments.points}: not a positive number")
        out = arguments.o or arguments.result.removesuffix(".part").removesuffix(".h5") + ".png"
        plt.rcParams.update({"font.size": 9, "svg.hashsalt": "simrun", "savefig.dpi": 300})
        with Result(arguments.result) as result:
            figure_of(result, arguments.core, arguments.points).savefig(out)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"plot_intervals.py: {error}\n")
        return USER_ERROR
    except SystemExit as leaving:  # argparse ends with 2
        return USER_ERROR if leaving.code else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
