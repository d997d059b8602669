#!/usr/bin/env python3
"""Checks analysis/simresult.py and plot_intervals.py on the files simresult_test.c makes and in
whose folder it runs this: simresult_check.py ANALYSIS_FOLDER. Every test is a function."""

import math
import os
import subprocess
import sys
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
PLOT = os.path.join(sys.argv[1], "plot_intervals.py")

import numpy as np

from simresult import Result, evaluate


def raises(kind, function):
    try:
        function()
    except kind:
        return True
    return False


def test_counters_add_up_over_phases_or_are_of_one():
    with Result("a.h5") as r:
        assert r.phases == ["warmup", "roi"]
        assert r.stats["core.instructions"] == 3000000
        assert r.stats.phase("roi")["core.instructions"] == 2000000
        assert r.stats.unit("core.cycles") == "cycles"
        assert r.stats.description("l2.misses") == "demand accesses that miss"
        assert "l9.misses" not in r.stats and len(r.stats) == 13
        assert raises(KeyError, lambda: r.stats.phase("boot"))


def test_formulas_agree_with_those_the_simulator_computed():
    with Result("a.h5") as r:
        names = list(r.formulas)
        for row, phase in enumerate(r.phases):
            for column, name in enumerate(names):
                assert r.formulas.phase(phase)[name] == r.file["stats/formulas"][row, column], name
        assert math.isclose(r.formulas["core.ipc"], 3000000 / 2204970)


def test_equations_are_exact_and_know_nan():
    counters = {"a.b": 2**53 + 1, "core.0.c": 2**53, "z.z": 0}
    assert evaluate("a.b - core.0.c", counters) == 1
    assert evaluate("-(a.b - core.0.c) * 3 + 1.5", counters) == -1.5
    assert math.isnan(evaluate("a.b / z.z", counters))
    assert raises((ValueError, KeyError), lambda: evaluate("__import__('os')", counters))
    assert raises((ValueError, KeyError), lambda: evaluate("a.b ** 9", counters))


def test_configuration_has_value_number_unit_and_origin():
    with Result("a.h5") as r:
        assert r.config["l2.size"] == ("1MiB", 1 << 20, "bytes", "command line")
        assert r.config["l2.replacement"].origin == "default"
        assert r.meta["program"] == "matmul" and r.meta["seed"] == 42


def test_intervals_add_up_to_the_counters():
    with Result("two.h5") as r:
        columns = r.intervals()
        assert columns["cycles"].shape == (3000, 2) and columns["cycles"].dtype == np.uint64
        assert columns["l2.misses"].shape == (3000,)
        assert columns["cycles"][:, 1].sum() == r.stats["core.1.cycles"]
        assert columns["l2.misses"].sum() == r.stats["l2.misses"]
        try:
            import pandas
        except ImportError:
            return
        assert isinstance(r.intervals(pandas=True), pandas.DataFrame)


def test_the_cpi_parts_add_up_to_the_cpi():
    with Result("a.h5") as r:
        assert math.isclose(sum(r.cpi().values()), 2204970 / 3000000)
    with Result("two.h5") as r:
        assert math.isclose(sum(r.cpi().values()), 2264970 / 6000000)
        assert math.isclose(r.cpi(core=1)["dcache"], 0.19)
        assert math.isclose(r.cpi(phase="roi", core=0)["base"], 0.5)


def test_every_dataset_can_be_laid_along_its_scales():
    with Result("two.h5") as r:
        values = r.file["stats/values"]
        assert [d.keys()[0] for d in values.dims] == ["phase", "stat"]
        assert values.dims[1]["stat"].asstr()[0] == "core.0.instructions"


def test_an_incomplete_result_warns_and_is_readable():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with Result("limit.h5") as r:
            assert r.status == "limit" and r.stats["core.instructions"] == 3000000
        with Result("empty.h5") as r:
            assert len(r.stats) == 0 and not r.cpi() and not r.intervals() and not r.config
    assert "status limit" in str(seen[0].message)


def test_other_files_are_refused():
    with open("text.h5", "w") as f:
        f.write("text")
    assert raises(OSError, lambda: Result("text.h5"))
    assert raises(OSError, lambda: Result("missing.h5"))


def plot(*arguments):
    return subprocess.run([sys.executable, PLOT, *arguments], capture_output=True, text=True)


def test_the_plot_is_written_in_the_format_of_its_suffix():
    for out, magic in (("a.png", b"\x89PNG"), ("a.pdf", b"%PDF"), ("a.svg", b"<?xml")):
        assert plot("two.h5", "-o", out).returncode == 0
        with open(out, "rb") as f:
            assert f.read(5).startswith(magic), out
    assert plot("a.h5", "--points", "1").returncode == 0


def test_mistakes_with_the_plot_end_with_125():
    for arguments in (["missing.h5"], ["two.h5", "--core", "2"], ["two.h5", "--points", "0"], [],
                      ["two.h5", "-o", "a.nonsense"], ["empty.h5"]):
        done = plot(*arguments)
        assert done.returncode == 125, (arguments, done)
        assert "Traceback" not in done.stderr, done.stderr


if __name__ == "__main__":
    failed = 0
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            try:
                test()
                print("ok  ", name)
            except Exception as error:
                failed += 1
                print("FAIL", name, repr(error))
    sys.exit(1 if failed else 0)
