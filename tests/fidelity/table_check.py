#!/usr/bin/env python3
"""Checks that table.held complains of what it should: every test is a function."""
import contextlib
import io
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import table  # noqa: E402
from table import Row  # noqa: E402


def complaints(rows, accepted=(), presets=("power9",)):
    """The first words of what held() prints, with these rows accepted."""
    with tempfile.TemporaryDirectory() as folder, io.StringIO() as out:
        table.ACCEPTED = Path(folder) / "accepted.csv"
        table.record(accepted)
        with contextlib.redirect_stdout(out):
            count = table.held(rows, set(presets))
        words = [line.split(":")[0] for line in out.getvalue().splitlines() if line]
    assert count == len(words)
    return words


def row(ours, **other):
    return Row("power9", "block", "llvm-mca", 4.0, ours, **other)


def test_an_exact_row_needs_no_record():
    assert complaints([row(4.0)]) == []


def test_an_error_that_is_not_recorded_is_worse():
    assert complaints([row(4.5)]) == ["worse"]


def test_a_recorded_error_is_accepted_and_so_is_its_mirror_image():
    assert complaints([row(4.5)], [row(4.5)]) == []
    assert complaints([row(3.5)], [row(4.5)]) == []


def test_an_error_may_neither_grow_nor_shrink_unrecorded():
    assert complaints([row(4.502)], [row(4.5)]) == ["worse"]
    assert complaints([row(4.25)], [row(4.5)]) == ["better"]
    assert complaints([row(4.0)], [row(4.5)]) == ["better"]


def test_a_row_that_is_not_counted_is_held_all_the_same():
    assert complaints([row(4.6, counts=False)], [row(4.5)]) == ["worse"]


def test_a_recorded_row_that_is_gone_is_missed_if_its_preset_was_measured():
    assert complaints([], [row(4.5)]) == ["gone"]
    assert complaints([], [row(4.5)], presets=()) == []


def test_a_wrong_result_is_never_accepted():
    assert complaints([row(4.0, wrong="result 0x1")], [row(4.0)]) == ["wrong"]


def test_means_leave_out_what_does_not_count():
    s = table.summary("power9", [row(3.0), row(4.0), row(8.0, counts=False)])
    assert (s.rows, s.exact, s.mean, s.largest) == (2, 1, 12.5, 25.0)


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
