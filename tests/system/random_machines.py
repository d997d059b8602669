#!/usr/bin/env python3
"""Random machines: each is valid by construction, runs a short piece of a program, and must
end as the functional run does, with the same output and every law holding (status 70 says that one
does not).

usage: random_machines.py SIMRUN CONFIG MODEL PROGRAM COUNT [FIRST-SEED [CORES]]

MODEL is CONFIG's core.model: inorder or ooo. PROGRAM may have arguments behind it."""
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import random_keys

SECONDS = 120
LIMIT = "200K"  # instructions
# Of runs that are timed in part: begins of points and their length, all before the limit.
POINTS, POINT = range(5000, 180000, 20000), 3000


def draw(seed, model):
    """Overrides of one machine; half of them keep the core of the configuration."""
    rng = random.Random(seed)
    made, fetch_line = random_keys.draw_caches(rng)
    made.update(random_keys.draw_memory(rng))
    made.update(random_keys.draw_tlbs(rng))
    made["system.skip_idle"] = rng.choice(["yes", "yes", "no"])
    if rng.random() < 0.5:
        made.update(random_keys.draw_predictors(rng))
        made.update(random_keys.DRAW_CORE[model](rng, fetch_line))
    elif fetch_line < 64:
        made["core.fetch_bytes"] = fetch_line
    return made


def share(made, seed, cores):
    """Makes the machine one of several cores: what its caches cannot be then is put right."""
    rng, levels = random.Random(-seed), random_keys.LEVELS
    there = [level for level in levels if made.get(level + ".present") != "no"]
    own = rng.random() < 0.5
    for level in there:
        key = {name: level + "." + name for name in ("line", "size", "inclusion", "write",
                                                     "write_allocate", "shared")}
        made[key["size"]] = made[key["size"]] // made[key["line"]] * 64
        made[key["line"]] = 64
        if made[key["inclusion"]] == "exclusive":
            made[key["inclusion"]] = "mostly"
        if made[key["write"]] == "back" or (own and level == "l2"):
            made[key["write"]], made[key["write_allocate"]] = "back", "yes"
        if level == "l2":
            made[key["shared"]] = "no" if own else "yes"
    made["system.cores"] = cores
    for name in ("upgrade", "snoop", "intervention"):
        if "l1d" in there or (own and "l2" in there):
            made["directory.%s_latency" % name] = rng.choice([0, 1, 10, 100])
    if "core.fetch_bytes" in made:
        made["core.fetch_bytes"] = min(made["core.fetch_bytes"], 64)
    return made


def sample(made, seed, points):
    """Times a part of the run only; what is passed by warms caches and predictors."""
    rng = random.Random(seed + 1000000)
    made.update({"sample.points": points, "sample.warming": "functional",
                 "sample.warmup": rng.choice([0, 0, 1000])})
    return made


def write_points(folder):
    path = os.path.join(folder, "points")
    with open(path, "w") as out:
        out.writelines("%d %d 1\n" % (first, POINT) for first in POINTS)
    return path


def without_memory(config, folder):
    """A copy of CONFIG without the sections that are drawn whole: what it says there may mean
    nothing beside what is drawn."""
    copy, keep = os.path.join(folder, os.path.basename(config)), True
    with open(config) as source, open(copy, "w") as out:
        for line in source:
            if line.startswith("["):
                keep = line.strip(" []\n") not in ("dram", "itlb", "dtlb", "tlb", "walker")
            out.write(line if keep else "")
    return copy


def run(simrun, config, program, overrides):
    has_limit = not {"system.cores", "sample.points"} & set(overrides)  # whose are the last ones?
    limit = LIMIT if has_limit else "0"
    command = [simrun, "-q", "-o", "none", "-s", "system.max_instructions=" + limit]
    for key, value in overrides.items():
        command += ["-s", "%s=%s" % (key, value)]
    try:
        done = subprocess.run(command + [config, "--"] + program.split(), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=SECONDS)
        return done.returncode, done.stdout, done.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return None, b"", "still running after %d s" % SECONDS


def is_as_expected(machine, result, expected):
    """With points the run may end before the program has written all that it would."""
    if "sample.points" not in machine:
        return result[:2] == expected
    return result[0] in (124, expected[0]) and expected[1].startswith(result[1])


def run_all(simrun, config, program, machines, expected):
    failures = 0
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda m: run(simrun, config, program, m[1]), machines)
        for (seed, machine), result in zip(machines, results):
            if is_as_expected(machine, result, expected):
                continue
            failures += 1
            message = re.sub(r"\s+", " ", result[2])[-300:]
            if result[0] == expected[0]:
                message = "another output"
            print("FAILED machine %d: status %s instead of %s: %s\n  %s" % (
                seed, result[0], expected[0], message,
                " ".join("-s %s=%s" % item for item in machine.items())))
    return failures


def main():
    simrun, config, model, program, count = sys.argv[1:5] + [int(sys.argv[5])]
    first = int(sys.argv[6]) if len(sys.argv) > 6 else 0
    cores = int(sys.argv[7]) if len(sys.argv) > 7 else 1
    plain = {"system.mode": "functional"}
    status, output, _ = run(simrun, config, program,
                            dict(plain, **{"system.cores": cores}) if cores > 1 else plain)
    if status not in (0, 124):
        sys.exit("the functional run ends with status %s" % status)
    with tempfile.TemporaryDirectory() as folder:
        points, machines = write_points(folder), []
        for seed in range(first, first + count):
            made = draw(seed, model)
            if cores > 1:
                made = share(made, seed, cores)
            elif seed % 4 == 0:
                made = sample(made, seed, points)
            machines.append((seed, made))
        failures = run_all(simrun, without_memory(config, folder), program, machines,
                           (status, output))
    print("%d machines, %d failed" % (count, failures))
    sys.exit(failures > 0)


main()
