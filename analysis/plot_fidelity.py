#!/usr/bin/python3
"""Draws the table of `make fidelity`: ours against the reference, row by row, and how many rows of
each preset are within an error.

    plot_fidelity.py build/fidelity.h5 [-o fidelity.png]
"""
import argparse

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def read(path):
    """{preset: (unit of the error, reference, ours, error)} of the rows that count."""
    with h5py.File(path, "r") as f:
        names, units = f["/presets/name"].asstr()[:], f["/presets/unit"].asstr()[:]
        table = {}
        for name, unit in zip(names, units):
            group = f[name]
            counts = group["counts"][:].astype(bool)
            columns = (group[c][:][counts] for c in ("reference", "ours", "error"))
            table[name] = (unit, *columns)
    return table


def draw_scatter(axes, table):
    """Figures of 0, places at the beginning of an example, have none on these axes."""
    for number, (name, (_, reference, ours, _)) in enumerate(table.items()):
        shown = (reference > 0) & (ours > 0)
        axes.loglog(reference[shown], ours[shown], "ox+sv^D*"[number % 8], label=name,
                    fillstyle="none", markersize=4, linewidth=0)
    low, high = axes.get_xlim()
    axes.plot((low, high), (low, high), color="0.7", linewidth=0.8, zorder=0)
    axes.set_xlabel("reference, cycles")
    axes.set_ylabel("ours, cycles")
    axes.legend(frameon=False)


def draw_shares(axes, table, unit):
    """Share of the rows whose error is at most x."""
    largest = 1.0
    for name, (own_unit, _, _, error) in table.items():
        if own_unit == unit:
            x = np.sort(np.abs(error))
            largest = max(largest, x[-1])
            y = 100 * np.arange(1, len(x) + 1) / len(x)
            axes.step(np.r_[0, x, 1e9], np.r_[0, y, 100], where="post", label=name)
    axes.set_xlim(-0.02 * largest, 1.05 * largest)
    axes.set_ylim(0, 103)
    axes.set_xlabel(f"absolute error, {unit}")
    axes.set_ylabel("rows within it, %")
    axes.legend(frameon=False, loc="lower right")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table")
    parser.add_argument("-o", "--output", default="fidelity.png")
    options = parser.parse_args()
    table = read(options.table)
    units = list(dict.fromkeys(unit for unit, *_ in table.values()))
    figure, axes = plt.subplots(1, 1 + len(units), figsize=(4.2 * (1 + len(units)), 3.8))
    draw_scatter(axes[0], table)
    for place, unit in zip(axes[1:], units):
        draw_shares(place, table, unit)
    figure.tight_layout()
    figure.savefig(options.output, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
