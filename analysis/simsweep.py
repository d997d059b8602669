"""Opens the table of a sweep (sweep.h5) as numpy arrays.

    from simsweep import Sweep
    sweep = Sweep("study/sweep.h5")
    sweep.cases, sweep.parameters["l2.size"], sweep.figure("ipc")
"""
import re

import h5py
import numpy as np

# Short names of figures; a number in front multiplies.
FORMULAS = {"ipc": "core.instructions/core.cycles", "cpi": "core.cycles/core.instructions",
            "mpki": "1000*bpred.mispredicts/core.instructions"}


# What an axis of a figure says of them.
LABELS = {"ipc": "instructions per cycle", "cpi": "cycles per instruction",
          "mpki": "mispredicts per 1000 instructions"}


def compute(metric, stat):
    """A figure by name, a statistic, A/B, or N*A/B; stat(name) gives a statistic's value."""
    text = FORMULAS.get(metric, metric)
    factor, text = text.split("*") if "*" in text else ("1", text)
    parts = [stat(name) for name in text.split("/")]
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(factor) * (parts[0] / parts[1] if len(parts) > 1 else parts[0])


class Sweep:
    """The table of a sweep in memory."""

    def __init__(self, path):
        with open(path, "rb"):  # whose error says more than HDF5's
            pass
        if not h5py.is_hdf5(path):
            raise ValueError(f"{path}: not the table of a sweep: not an HDF5 file")
        with h5py.File(path, "r") as f:
            if f.attrs.get("format") != "simrun-sweep":
                raise ValueError(f"{path}: not the table of a sweep (sweep.h5 of `simrun sweep`)")
            self.cases = f["/points/case"].asstr()[:]
            self.done = f["/points/is_done"][:].astype(bool)
            self.parameters = {n: self._column(f["/parameters"][n]) for n in f["/parameters"]}
            self.units = {n: f["/parameters"][n].attrs["units"] for n in f["/parameters"]}
            self.stats = {n: i for i, n in enumerate(f["/stats/names"].asstr()[:])}
            self.values = f["/stats/values"][:]

    @staticmethod
    def _column(dataset):
        return dataset.asstr()[:] if h5py.check_string_dtype(dataset.dtype) else dataset[:]

    def figure(self, metric):
        """One number per point; NaN where the point is not done."""
        y = compute(metric, self._statistic)
        y[~self.done] = np.nan
        return y

    def _statistic(self, name):
        """Points of several cores have core.0.cycles, core.1.cycles ... in place of core.cycles:
        counters add up, cycles pass side by side."""
        component, _, rest = name.partition(".")
        own = [self.stats[n] for n in (name,) if n in self.stats]
        cores = [i for n, i in self.stats.items()
                 if re.fullmatch(re.escape(component) + r"\.\d+\." + re.escape(rest), n)]
        if not own and not cores:
            raise ValueError(f"{name}: no such statistic")
        columns = self.values[:, own + cores].astype(float)
        return columns.max(axis=1) if name == "core.cycles" else columns.sum(axis=1)

    def check_parameter(self, name):
        if name not in self.parameters:
            raise ValueError(f"{name}: no such parameter; there are "
                             + ", ".join(self.parameters))

    def varying(self):
        return [n for n, v in self.parameters.items() if len(set(v)) > 1]


def readable(value, unit):
    """524288 bytes as 512KiB."""
    if unit == "bytes":
        value = int(value)
        for name, scale in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
            if value and value % scale == 0:
                return f"{value // scale}{name}"
    return str(value)
