"""Opens a result file of simrun as numpy (or pandas) objects.

    from simresult import Result
    with Result("out.h5") as r:
        print(r.status, r.config["l2.size"].value)
        print(r.stats["l1d.misses"], r.stats.phase("roi")["l1d.misses"])
        print(r.formulas["core.ipc"], r.cpi())
        ipc = r.intervals()["instructions"] / r.intervals()["cycles"]

Without a phase, counters are those of all phases added up; formulas are computed from the sums.
"""

import ast
import math
import operator
import os
import re
import struct
import warnings
import zlib
from collections import namedtuple
from collections.abc import Mapping

import h5py
import numpy as np

FORMAT = "simrun-result"
FORMAT_VERSION = 1

Setting = namedtuple("Setting", "value number unit origin")

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


def _texts(dataset):
    return [str(t) for t in dataset.asstr()[()]]


def _compute(node, values):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_compute(node.operand, values)
    if not isinstance(node, ast.BinOp):
        raise ValueError("not an equation of simrun")
    left, right = _compute(node.left, values), _compute(node.right, values)
    if isinstance(node.op, ast.Div):
        return left / right if right else math.nan
    return _OPERATORS[type(node.op)](left, right)


def evaluate(equation, counters):
    """The value of an equation such as "l1d.misses / l1d.accesses" over a mapping of counters."""
    values = {}

    def place(match):  # "core.0.cycles" is no name in Python
        values[f"v{len(values)}"] = counters[match.group()]
        return f"v{len(values) - 1}"

    text = _NAME.sub(place, equation).strip()
    return float(_compute(ast.parse(text, mode="eval").body, values))


class Stats(Mapping):
    """Counters by full name, as exact Python integers."""

    def __init__(self, names, values, phases, units, descriptions, chosen=None):
        self._names, self._values, self._phases = names, values, phases
        self._units, self._descriptions = units, descriptions
        self._index = {name: i for i, name in enumerate(names)}
        self._rows = range(len(phases)) if chosen is None else [_position(phases, chosen)]

    def phase(self, name):
        """The counters of one phase."""
        return Stats(self._names, self._values, self._phases, self._units, self._descriptions, name)

    def unit(self, name):
        return self._units[self._index[name]]

    def description(self, name):
        return self._descriptions[self._index[name]]

    def __getitem__(self, name):
        column = self._index[name]
        return sum(int(self._values[row, column]) for row in self._rows)

    def __iter__(self):
        return iter(self._names)

    def __len__(self):
        return len(self._names)


class Formulas(Mapping):
    """Derived figures by full name, computed from counters; NaN for a division by zero."""

    def __init__(self, equations, stats):
        self._equations, self._stats = equations, stats

    def phase(self, name):
        """The figures of one phase."""
        return Formulas(self._equations, self._stats.phase(name))

    def equation(self, name):
        return self._equations[name]

    def __getitem__(self, name):
        return evaluate(self._equations[name], self._stats)

    def __iter__(self):
        return iter(self._equations)

    def __len__(self):
        return len(self._equations)


def _position(phases, name):
    if name not in phases:
        raise KeyError(f"no phase {name!r}; the phases are {', '.join(phases)}")
    return phases.index(name)


def is_intact(path):
    """False when the checksum at the end of a file is not that of its bytes; see
    sim/out/seal.h. Files without one, such as those of runs under way, are not judged."""
    with open(path, "rb") as f:
        length = f.seek(0, os.SEEK_END) - 24
        f.seek(max(length, 0))
        magic, sealed, crc = struct.unpack("<8sQQ", f.read(24).ljust(24, b"\0"))
        if magic != b"simrunCK":
            return True
        f.seek(0)
        actual, left = 0, length
        while left > 0:
            block = f.read(min(left, 1 << 20))
            actual, left = zlib.crc32(block, actual), left - len(block)
        return (sealed, crc) == (length, actual)


class Result:
    """One result file. Warns when the run did not complete; what such a file lacks is empty.
    Raises OSError for a damaged one, unless check=False, which spares reading all of it."""

    def __init__(self, path, check=True):
        if check and not is_intact(path):
            raise OSError(f"{path}: damaged: its bytes are not those that were written (checksum)")
        if os.path.exists(path) and not h5py.is_hdf5(path):
            raise OSError(f"{path}: not a result file of simrun: not an HDF5 file")
        self.file = h5py.File(path, "r", locking=False)  # a .part is locked by the run writing it
        attrs = self.file.attrs
        if attrs.get("format") != FORMAT:
            raise ValueError(f"{path}: not a result file of simrun")
        if attrs["format_version"] != FORMAT_VERSION:
            raise ValueError(f"{path}: format version {attrs['format_version']}; "
                             f"this module reads version {FORMAT_VERSION}")
        self.path = path
        self.status = attrs["status"]
        if self.status != "complete":
            warnings.warn(f"{path}: status {self.status}: the run did not end by itself",
                          stacklevel=2)
        self.phases = self._list("phases/name")
        self.stats = self._stats()
        self.formulas = Formulas(dict(zip(self._list("stats/formula_names"),
                                          self._list("stats/equations"))), self.stats)
        self.config = self._config()
        self.meta = {name: self._scalar(d) for name, d in self.file.get("meta", {}).items()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()

    def _list(self, name):
        return _texts(self.file[name]) if name in self.file else []

    @staticmethod
    def _scalar(dataset):
        text = h5py.check_string_dtype(dataset.dtype)
        return dataset.asstr()[()] if text else dataset[()].item()

    def _stats(self):
        names = self._list("stats/names")
        values = self.file["stats/values"][()] if names else np.zeros((0, 0), np.uint64)
        return Stats(names, values, self.phases, self._list("stats/units"),
                     self._list("stats/descriptions"))

    def _config(self):
        if "config/table" not in self.file:
            return {}
        rows = self.file["config/table"][()]
        text = {k: [t.decode() for t in rows[k]] for k in rows.dtype.names if k != "number"}
        return {f"{s}.{k}": Setting(v, int(n), u, o)
                for s, k, v, n, u, o in zip(text["section"], text["key"], text["value"],
                                            rows["number"], text["unit"], text["origin"])}

    @property
    def cores(self):
        return self.file["intervals/core" if "intervals" in self.file else "cpi/core"].size

    def intervals(self, pandas=False):
        """What was counted in each interval: name -> u64 array [interval, core], or [interval] for
        a unit that the cores share. With pandas=True a DataFrame of "cycles.0" and the like."""
        group = self.file.get("intervals", {})
        arrays = {name: d[()] for name, d in group.items() if name not in ("interval", "core")}
        if not pandas:
            return arrays
        import pandas as pd  # only here: not everybody has it
        flat = {}
        for name, a in arrays.items():
            if a.ndim == 1 or a.shape[1] == 1:
                flat[name] = a.reshape(-1)
            else:
                flat.update({f"{name}.{core}": a[:, core] for core in range(a.shape[1])})
        return pd.DataFrame(flat)

    def branches(self, phase=None, pandas=False):
        """Each branch of a run with output.sites = yes: arrays of address, object, function, file,
        line, count (times executed), taken, mispredicts; of one phase, or of all added up. Empty
        without. With pandas=True a DataFrame."""
        return self._table("branches", ("count", "taken", "mispredicts"), phase, pandas)

    def loads(self, phase=None, pandas=False):
        """Each load, as branches(): count, latency (cycles from issue to result, summed) and
        served1 ...: times that a level had the data, 1 the first cache or the store buffer, the
        machine's last one memory."""
        return self._table("loads", ("count", "latency", "served"), phase, pandas)

    def functions(self, phase=None, pandas=False):
        """Each function of a run with output.functions = yes: arrays of name, object, instructions
        and, for each part of the CPI stack, its slots: file["cpi/slots"].attrs["width"] a cycle."""
        return self._table("cpi/functions", ("instructions", "slots"), phase, pandas)

    def lines(self, phase=None, pandas=False):
        """Each source line, as functions(), with file and line."""
        return self._table("cpi/lines", ("instructions", "slots"), phase, pandas)

    def _table(self, path, counted, phase, pandas):
        """Columns of a group in which each row is a place in the program."""
        group = self.file.get(path, {})
        rows = slice(None) if phase is None else [_position(self.phases, phase)]
        table = {}
        for name in ("address", "name", "object", "function", "file", "line", *counted):
            if name not in group:
                continue
            if name not in counted:
                text = h5py.check_string_dtype(group[name].dtype)
                table[name] = np.array(_texts(group[name])) if text else group[name][()]
                continue
            values = group[name][()][rows].sum(axis=0, dtype=np.uint64)
            if values.ndim == 1:
                table[name] = values
            elif name == "slots":
                table.update(zip(self._list("cpi/part"), values.T))
            else:
                table.update((f"{name}{level}", values[:, level])
                             for level in range(1, values.shape[1]))
        if not pandas:
            return table
        import pandas as pd  # only here: not everybody has it
        return pd.DataFrame(table)

    @property
    def hists(self):
        """Names of the histograms; empty in old files."""
        return list(self.file.get("hist", ()))

    def hist(self, name, phase=None):
        """A histogram as (edges, counts, sum): counts[n] values lay in edges[n] <= v < edges[n+1],
        all u64 and exact; sum is that of the values. Of one phase, or of all added up."""
        if name not in self.hists:
            raise KeyError(f"no histogram {name!r}; there are {', '.join(self.hists)}")
        group = self.file["hist"][name]
        rows = slice(None) if phase is None else [_position(self.phases, phase)]
        return (group["edges"][()], group["counts"][()][rows].sum(axis=0, dtype=np.uint64),
                int(group["sum"][()][rows].sum(dtype=np.uint64)))

    def trace(self, first=0, count=None, pandas=False):
        """Recorded instructions `first` ... as absolute values: name -> array of pc, word, ea (0:
        no access), bytes, flags, and the cycles fetch, decode, issue, done, retire. Rows with the
        flag 256 were squashed in `retire`, as were stages without their flags 512, 1024, 2048.
        Reads only the chunks it needs."""
        inst, index = self.file["trace/inst"], self.file["trace/index"]
        total = inst["pc"].size
        last = total if count is None else min(total, first + count)
        starts = index["first_row"][()].tolist() + [total]
        chunks = [k for k in range(len(starts) - 1) if starts[k] < last and starts[k + 1] > first]
        parts = [self._trace_chunk(inst, index, k, starts[k], starts[k + 1]) for k in chunks]
        offset = starts[chunks[0]] if chunks else 0
        whole = {name: np.concatenate([p[name] for p in parts])[first - offset:last - offset]
                 for name in (parts[0] if parts else ())}
        if not pandas:
            return whole
        import pandas as pd  # only here: not everybody has it
        return pd.DataFrame(whole)

    @staticmethod
    def _trace_chunk(inst, index, k, start, end):
        rows = slice(start, end)
        out = {name: inst[name][rows] for name in ("word", "bytes", "flags")}
        access = out["bytes"] > 0
        for name in ("pc", "ea", "fetch"):
            steps = inst[name][rows].astype(np.uint64)
            values = index[name][k] + np.cumsum(steps)  # wraps as the writer's differences do
            out[name] = np.where(access, values, 0).astype(np.uint64) if name == "ea" else values
        before = out["fetch"]
        for name in ("decode", "issue", "done", "retire"):
            before = out[name] = before + inst[name][rows]
        return out

    def trace_mem(self, first=0, count=None, cycles=None, pandas=False):
        """Recorded requests to caches and memory as absolute values: name -> array of cycle (of
        acceptance), answered (cycle; 2^64 - 1: never), pc (0: none), address, bytes, core, kind,
        level, answered_by (255: nobody), outcome. Rows `first` ..., or those accepted in
        cycles[0] <= cycle < cycles[1]. With pandas=True a DataFrame in which kinds, levels and
        outcomes have their names; see trace_mem_names()."""
        mem, index = self.file["trace/mem"], self.file["trace/mem_index"]
        total = mem["cycle"].size
        last = total if count is None else min(total, first + count)
        starts = index["first_row"][()].tolist() + [total]
        chunks = [k for k in range(len(starts) - 1) if starts[k] < last and starts[k + 1] > first]
        if cycles:
            begins = index["cycle"][()].tolist() + [2**64]
            chunks = [k for k in chunks if begins[k] < cycles[1] and begins[k + 1] >= cycles[0]]
        parts = [self._mem_chunk(mem, index, k, starts[k], starts[k + 1]) for k in chunks or [0]
                 if total]
        offset = starts[chunks[0]] if chunks else 0
        piece = slice(max(first - offset, 0), last - offset)
        whole = {name: np.concatenate([p[name] for p in parts])[piece]
                 for name in (parts[0] if parts else ())}
        if cycles and whole:
            chosen = (whole["cycle"] >= cycles[0]) & (whole["cycle"] < cycles[1])
            whole = {name: column[chosen] for name, column in whole.items()}
        return self._mem_frame(whole) if pandas else whole

    def trace_mem_names(self):
        """What the codes of trace_mem mean: column -> {code: name}."""
        names = {column: dict(enumerate(self._list(f"trace/mem_names/{column}")))
                 for column in ("level", "kind", "outcome")}
        return {**names, "answered_by": {**names["level"], 255: "none"}}

    def _mem_frame(self, columns):
        import pandas as pd  # only here: not everybody has it
        frame = pd.DataFrame(columns)
        for column, names in self.trace_mem_names().items():
            frame[column] = pd.Categorical(frame[column].map(names), list(names.values()))
        return frame

    @staticmethod
    def _mem_chunk(mem, index, k, start, end):
        rows = slice(start, end)
        out = {name: mem[name][rows] for name in ("bytes", "core", "kind", "level", "answered_by",
                                                  "outcome")}
        steps = {name: mem[name][rows].astype(np.uint64) for name in ("cycle", "pc", "address")}
        latency, has_pc = mem["latency"][rows], mem["flags"][rows] & 1 == 1
        cycle = index["cycle"][k] + np.cumsum(steps["cycle"])
        answered = np.where(latency == 2**32 - 1, np.uint64(2**64 - 1), cycle + latency)
        pc, address = np.zeros_like(cycle), np.zeros_like(cycle)
        for level in np.unique(out["level"]):
            here = out["level"] == level
            address[here] = np.cumsum(steps["address"][here])
            pc[here & has_pc] = np.cumsum(steps["pc"][here & has_pc])
        return {"cycle": cycle, "answered": answered, "pc": pc, "address": address, **out}

    def cpi(self, phase=None, core=None):
        """Cycles per instruction of each part of the CPI stack: of one core, or of all together,
        whose cycles pass side by side, as in simrun's summary. Empty when nothing was timed."""
        if "cpi" not in self.file:
            return {}
        slots = self.file["cpi/slots"]
        table = slots[()] if phase is None else slots[()][[_position(self.phases, phase)]]
        stats = self.stats if phase is None else self.stats.phase(phase)
        cores = range(slots.shape[1]) if core is None else [core]
        instructions = sum(self._of_core(stats, "instructions", c) for c in cores)
        cycles = max(self._of_core(stats, "cycles", c) for c in cores)
        parts = [int(table[:, list(cores), i].sum()) for i in range(table.shape[2])]
        whole = sum(parts) * instructions
        return {part: slots * cycles / whole if whole else math.nan
                for part, slots in zip(self._list("cpi/part"), parts)}

    @staticmethod
    def _of_core(stats, name, core):
        full = f"core.{core}.{name}"
        return stats[full] if full in stats else stats[f"core.{name}"]
