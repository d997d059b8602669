#!/usr/bin/env bash
# What researchers read result files with: h5dump, h5py, pandas, xarray with h5netcdf. Each opens
# the file as it is and finds the simulator's own figures in it.
. "$(dirname "$0")/lib.sh"

cat >"$work/check.py" <<'END'
"""One function a reader, its name is the first argument."""
import sys
import warnings

RESULT, SWEEP = sys.argv[2:]


def counters():
    """Of the file's last phase, as simstat prints them."""
    import h5py
    with h5py.File(RESULT, "r") as f:
        names = f["stats/names"].asstr()[()].tolist()
        return dict(zip(names, f["stats/values"][-1].tolist()))


def groups(path):
    import h5py
    found = ["/"]
    with h5py.File(path, "r") as f:
        f.visititems(lambda name, o: found.append("/" + name) if hasattr(o, "items") else None)
    return found


def h5py():
    """Every dataset can be read, and has along every axis a scale of its length, a unit, words."""
    import h5py

    def visit(name, dataset):
        if not isinstance(dataset, h5py.Dataset):
            return
        dataset[()]
        assert "units" in dataset.attrs and dataset.attrs["long_name"], name
        for axis, length in enumerate(dataset.shape):
            scales = dataset.dims[axis].values()
            fits = len(scales) == 1 and scales[0].size == length
            assert fits or h5py.h5ds.is_scale(dataset.id), name
    for path in RESULT, SWEEP:
        with h5py.File(path, "r") as f:
            f.visititems(visit)


def xarray():
    """Every group opens without a word, and every dimension has its own name."""
    import xarray as xr
    warnings.simplefilter("error")
    for path in RESULT, SWEEP:
        for group in groups(path):
            with xr.open_dataset(path, group=group, engine="h5netcdf") as d:
                d.load()
                for name, v in d.variables.items():
                    assert not any(str(dim).startswith("phony") for dim in v.dims), (group, name)
                    assert len(set(v.dims)) == v.ndim, (group, name, v.dims)
    stats = xr.open_dataset(RESULT, group="/stats", engine="h5netcdf")
    assert stats["values"].dims == ("phase", "names")
    value = stats["values"].sel(phase="roi", names="core.cycles").item()
    assert value == counters()["core.cycles"] > 0
    cpi = xr.open_dataset(RESULT, group="/cpi", engine="h5netcdf")
    assert cpi.slots.dims == ("phase", "core", "part")
    assert cpi.slots.sel(phase="roi").sum() == value * cpi.slots.attrs["width"]
    rows = xr.open_dataset(RESULT, group="/intervals", engine="h5netcdf")
    assert set(rows["l1d.misses"].dims) == {"interval", "core"}
    loads = xr.open_dataset(RESULT, group="/loads", engine="h5netcdf")
    assert loads.served.dims == ("phase", "load", "level")
    trace = xr.open_dataset(RESULT, group="/trace/inst", engine="h5netcdf")
    assert trace.pc.dims == ("row",) and trace.sizes["row"] == 100000
    sweep = xr.open_dataset(SWEEP, group="/stats", engine="h5netcdf")
    assert sweep["values"].dims == ("point", "names") and sweep.sizes["point"] == 2


def pandas():
    """Frames by way of simresult, and straight from h5py's arrays."""
    import numpy as np
    from simresult import Result
    warnings.simplefilter("ignore")
    with Result(RESULT) as r:
        rows = r.intervals(pandas=True)
        assert rows["instructions"].sum() == r.stats["core.instructions"]
        trace = r.trace(pandas=True)
        assert len(trace) == 100000 and (trace.retire.diff().dropna() >= 0).all()
        requests = r.trace_mem(pandas=True)
        by = requests.groupby(["level", "outcome"], observed=True).size()
        assert by["l1d", "miss"] == r.stats["l1d.misses"], by
        assert isinstance(np.asarray(requests.address)[0], np.uint64)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
END
cat >"$work/sweep.ini" <<END
[sweep]
config = $root/configs/base.ini
l2.size = 128KiB, 256KiB
core.bpred.direction = gshare
system.max_instructions = 20K
[workload.calls]
program = $build/workloads/calls
END
cd "$work"
"$simrun" -q -o full.h5 -s trace.instructions=yes -s trace.memory=yes -s l2.trace=yes \
    -s output.functions=yes -s output.sites=yes -s sample.warmup=20K -s output.interval=10K \
    -s system.max_instructions=100K "$root/configs/ooo4.ini" -- "$build/workloads/calls" \
    >/dev/null </dev/null || [ $? -eq 124 ]
capture sweep "$simrun" sweep sweep.ini

for file in full.h5 sweep/sweep.h5; do
    capture h5dump h5dump "$file"
    check "h5dump: $file" "$(tail -n 3 h5dump.err)" [ "$(status_of h5dump)" = 0 -a ! -s h5dump.err ]
done
cycles=$("$build/simstat" summary --phase roi full.h5 | awk '$1 == "cycles" { print $2 }')
number=$(h5dump -d /stats/names full.h5 | sed -n '/DATA {/,/}/p' | grep -o '"[^"]*"' |
    grep -n '^"core.cycles"$' | cut -d: -f1)
read_back=$(h5dump -d /stats/values -s "1,$((number - 1))" -c 1,1 full.h5 |
    sed -n 's/^ *(1,[0-9]*): //p')
check "h5dump: core.cycles" "$read_back, not $cycles" [ "$read_back" = "$cycles" ]
capture h5diff h5diff full.h5 full.h5
check "h5diff: every object can be compared" "$(cat h5diff.out)" \
    [ "$(status_of h5diff)" = 0 -a ! -s h5diff.out ]
for reader in h5py xarray pandas; do
    capture $reader env PYTHONPATH="$root/analysis" PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 check.py $reader full.h5 sweep/sweep.h5
    check "$reader" "$(tail -n 4 $reader.err)" [ "$(status_of $reader)" = 0 ]
done
finish
