#!/usr/bin/env python3
"""The tables of models/cache/CACHES.md: misses of every replacement policy beside the least
possible, and what every prefetcher takes away, on the bundled workloads (`make cache-table`).

usage: table.py BUILD CONFIG"""
import csv
import io
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from math import exp, log
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "analysis"))
from simresult import Result  # noqa: E402

LIMIT = "10M"  # instructions of each run
# A second level small enough for the workloads to miss in it.
REPLACEMENT_MACHINE = {"l2.size": "128KiB", "l2.trace": "yes"}
SHOWN_FROM = 0.5  # misses per thousand instructions with LRU, or without prefetcher

build, config = Path(sys.argv[1]), sys.argv[2]
workloads = sorted(p.parent.name for p in (ROOT / "workloads").glob("*/expected.txt"))


def choices(key):
    """What `simrun explain` lists for a key: the words behind the colon."""
    text = subprocess.run([build / "simrun", "explain", key], capture_output=True, text=True,
                          check=True).stdout
    return text.split("one of:", 1)[1].split("\n", 1)[0].split()


def run(workload, settings):
    """Statistics, and misses by belady's rows when the accesses are recorded."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.h5"
        command = [build / "simrun", "-q", "-o", out, "-s", "system.max_instructions=" + LIMIT]
        for key, value in settings.items():
            command += ["-s", "%s=%s" % (key, value)]
        done = subprocess.run(command + [config, "--", build / "workloads" / workload],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 124):
            sys.exit("%s %s: status %d\n%s" % (workload, settings, done.returncode, done.stderr))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the run ended by its limit
            with Result(out) as r:
                stats = {name: int(r.stats[name]) for name in r.stats}
        rows = {}
        if settings.get("l2.trace") == "yes":
            text = subprocess.run([build / "simstat", "belady", "--csv", out], check=True,
                                  capture_output=True, text=True).stdout
            start = text.index("cache,policy")  # a line about the run's status may come first
            rows = {row["policy"]: int(row["demand_misses"])
                    for row in csv.DictReader(io.StringIO(text[start:]))}
        return stats, rows


def run_all(variants):
    """{(workload, variant): result} for named variants of settings."""
    jobs = [(w, name, s) for w in workloads for name, s in variants.items()]
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda job: run(job[0], job[2]), jobs)
        return {(w, name): result for (w, name, _), result in zip(jobs, results)}


def demand_misses(stats, cache):
    kinds = ("fetch", "load", "store", "write")
    return sum(stats["%s.%s_misses" % (cache, kind)] for kind in kinds)


def per_thousand(count, stats):
    return 1000 * count / stats["core.instructions"]


def print_table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" + "--:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def mean(values):
    return exp(sum(map(log, values)) / len(values))


def replacement():
    policies = choices("l2.replacement")
    results = run_all({p: {**REPLACEMENT_MACHINE, "l2.replacement": p} for p in policies})
    rows, ratios = [], {p: [] for p in policies + ["least"]}
    for w in workloads:
        stats, bound = results[w, "lru"]
        misses = {p: demand_misses(results[w, p][0], "l2") for p in policies}
        misses["least"] = bound["least (lines may pass by)"]
        if per_thousand(misses["lru"], stats) < SHOWN_FROM:
            continue
        for p in ratios:
            ratios[p].append(misses[p] / misses["lru"])
        rows.append([w] + ["%.2f" % per_thousand(misses[p], stats) for p in ratios])
    rows.append(["mean, of LRU"] + ["%.3f" % mean(ratios[p]) for p in ratios])
    shown = ["%s=%s" % i for i in REPLACEMENT_MACHINE.items() if i[0] != "l2.trace"]
    print("Demand misses of the second level per thousand instructions, `%s`, %s instructions;\n"
          "the least is that of simstat belady, lines passing by:\n" % (" ".join(shown), LIMIT))
    print_table(["workload"] + list(ratios), rows)


def prefetch():
    names = choices("l1d.prefetcher")
    results = run_all({p: {"l1d.prefetcher": p} for p in names})
    rows, speed = [], {p: [] for p in names[1:]}
    sums = {p: {k: 0 for k in ("useful", "useless", "issued", "misses")} for p in names[1:]}
    for w in workloads:
        plain = results[w, "none"][0]
        if per_thousand(demand_misses(plain, "l1d"), plain) < SHOWN_FROM:
            continue
        row = [w, "%.2f" % per_thousand(demand_misses(plain, "l1d"), plain)]
        for p in names[1:]:
            stats = results[w, p][0]
            speed[p].append(plain["core.cycles"] / stats["core.cycles"])
            row.append("%.2f, %+.1f %%" % (per_thousand(demand_misses(stats, "l1d"), stats),
                                           100 * (speed[p][-1] - 1)))
            for k in ("useful", "useless", "issued"):
                sums[p][k] += stats["l1d.prefetch_" + k]
            sums[p]["misses"] += demand_misses(stats, "l1d")
        rows.append(row)
    rows.append(["mean speed-up", ""] + ["%+.1f %%" % (100 * (mean(speed[p]) - 1)) for p in speed])
    rows.append(["accuracy", ""] + ["%.0f %%" % (100 * s["useful"] / (s["useful"] + s["useless"]))
                                    for s in sums.values()])
    rows.append(["coverage", ""] + ["%.0f %%" % (100 * s["useful"] / (s["useful"] + s["misses"]))
                                    for s in sums.values()])
    print("Misses of the first level data cache per thousand instructions and change of speed with "
          "a prefetcher there,\n%s instructions. Misses are those that no prefetch had foreseen; "
          "accuracy and coverage are of all workloads together:\n" % LIMIT)
    print_table(["workload"] + names, rows)


replacement()
prefetch()
