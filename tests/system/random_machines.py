#!/usr/bin/env python3
"""Random memory systems: each is valid by construction, runs a short piece of a program, and must
end as the functional run does, with the same output and every law holding (status 70 says that one
does not).

usage: random_machines.py SIMRUN CONFIG PROGRAM COUNT [FIRST-SEED]"""
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

SECONDS = 120
LIMIT = "200K"  # instructions
POLICIES = "lru plru fifo random srrip brrip drrip ship".split()
PREFETCHERS = "next_line stride stream best_offset spp".split()
LEVELS = ["l3", "l2", "l1d", "l1i"]  # from the memory upwards


def draw_cache(rng, level, line, below_exclusive):
    first = level.startswith("l1")
    ways = rng.choice([1, 2, 3, 4, 8, 16])
    sets = rng.choice([1, 4, 16, 64] if first else [1, 16, 64, 256])
    k = {
        "line": line, "ways": ways, "size": sets * ways * line,
        "latency": rng.choice([1, 2, 5, 20]), "miss_latency": rng.choice([0, 1, 3]),
        "fill_latency": rng.choice([0, 1, 4]), "bus": rng.choice([4, 16, 64]),
        "fill_order": rng.choice(["critical", "line"]), "mshrs": rng.choice([1, 2, 8, 32]),
        "targets": rng.choice([1, 2, 8]), "write_buffer": rng.choice([1, 2, 8]),
        "write": "back" if below_exclusive else rng.choice(["back", "back", "through"]),
        "write_allocate": rng.choice(["yes", "yes", "no"]),
        "banks": rng.choice([1, 2, 4]), "bank_bytes": rng.choice([8, 64]),
        "ports": rng.choice([1, 2]), "clock_divider": 1 if first else rng.choice([1, 1, 2, 3]),
        "replacement": rng.choice(POLICIES),
    }
    inclusions = ["mostly", "inclusive"]
    if k["write"] == "back" and k["write_allocate"] == "yes":
        inclusions.append("exclusive")
    k["inclusion"] = rng.choice(inclusions)
    if k["mshrs"] > 1 and rng.random() < 0.6:
        k["prefetcher"] = rng.choice(PREFETCHERS)
        k["prefetch_queue"] = rng.choice([1, 4, 32])
        k["prefetch_reserve"] = rng.choice([0, 1])
        k["prefetch_cross_page"] = rng.choice(["yes", "no"])
        k["prefetch_window"] = rng.choice([0, 16, 256])
    return k


def draw(seed):
    """Overrides of one machine."""
    rng = random.Random(seed)
    line, below_exclusive, made = rng.choice([32, 64, 128]), False, {}
    for level in LEVELS:
        if rng.random() < 0.2:
            made[level + ".present"] = "no"
            continue
        if not below_exclusive and rng.random() < 0.3:
            line = max(line // 2, 32)
        k = draw_cache(rng, level, line, below_exclusive)
        made.update({"%s.%s" % (level, key): value for key, value in k.items()})
        if not level.startswith("l1"):  # [l1d] and [l1i] stand side by side
            below_exclusive = k["inclusion"] == "exclusive"
    if rng.random() < 0.4:  # else as the configuration has it
        made["dram.model"] = "ddr"
    if rng.random() < 0.4:
        made["dtlb.entries"] = rng.choice([1, 4, 32])
        made["itlb.entries"] = rng.choice([1, 4, 32])
    made["system.skip_idle"] = rng.choice(["yes", "yes", "no"])
    return made


def run(simrun, config, program, overrides):
    command = [simrun, "-q", "-o", "none", "-s", "system.max_instructions=" + LIMIT]
    for key, value in overrides.items():
        command += ["-s", "%s=%s" % (key, value)]
    try:
        done = subprocess.run(command + [config, "--", program], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=SECONDS)
        return done.returncode, done.stdout, done.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return None, b"", "still running after %d s" % SECONDS


def main():
    simrun, config, program, count = sys.argv[1:4] + [int(sys.argv[4])]
    first = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    status, output, _ = run(simrun, config, program, {"system.mode": "functional"})
    if status not in (0, 124):
        sys.exit("the functional run ends with status %s" % status)
    failures = 0
    machines = [draw(seed) for seed in range(first, first + count)]
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda m: run(simrun, config, program, m), machines)
        for seed, (machine, result) in enumerate(zip(machines, results), first):
            if result[:2] == (status, output):
                continue
            failures += 1
            message = re.sub(r"\s+", " ", result[2])[-300:]
            print("FAILED machine %d: status %s instead of %s: %s\n  %s" % (
                seed, result[0], status, message if result[0] != status else "another output",
                " ".join("-s %s=%s" % item for item in machine.items())))
    print("%d machines, %d failed" % (count, failures))
    sys.exit(failures > 0)


main()
