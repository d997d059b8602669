"""Draws of valid keys for random_machines.py: what each section may say, by construction."""
POLICIES = "lru plru fifo random srrip brrip drrip ship".split()
PREFETCHERS = "next_line stride stream best_offset spp".split()
LEVELS = ["l3", "l2", "l1d", "l1i"]  # from the memory upwards


def named(section, keys):
    return {"%s.%s" % (section, key): value for key, value in keys.items()}


# Keys of their own, of which a cache with that policy or prefetcher gets some.
OWN = {
    "srrip": {"rrip_bits": [1, 3, 8]}, "brrip": {"brrip_one_in": [1, 1000]},
    "drrip": {"drrip_leaders": [1, 4096], "drrip_counter_bits": [1, 16]},
    "ship": {"ship_table_bits": [1, 20], "ship_counter_bits": [1, 8]},
    "next_line": {"next_line_degree": [1, 16]},
    "stride": {"stride_table_bits": [1, 16], "stride_distance": [1, 64], "stride_degree": [1, 16]},
    "stream": {"stream_count": [1, 64], "stream_window": [1, 64], "stream_distance": [1, 64],
               "stream_degree": [1, 16]},
    "best_offset": {"best_offset_table_bits": [1, 16], "best_offset_score_max": [1, 255],
                    "best_offset_round_max": [1, 1000], "best_offset_bad_score": [0, 255]},
    "spp": {"spp_threshold": [1, 100], "spp_depth": [1, 16]},
}


def own_keys(rng, name):
    return {key: rng.choice(values) for key, values in OWN.get(name, {}).items()
            if rng.random() < 0.5}


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
    k.update(own_keys(rng, k["replacement"]))
    if k["mshrs"] > 1 and rng.random() < 0.6:
        k["prefetcher"] = rng.choice(PREFETCHERS)
        k["prefetch_queue"] = rng.choice([1, 4, 32])
        k["prefetch_reserve"] = rng.choice([0, 1])
        k["prefetch_cross_page"] = rng.choice(["yes", "no"])
        k["prefetch_window"] = rng.choice([0, 16, 256])
        k.update(own_keys(rng, k["prefetcher"]))
        k["prefetch_low"], k["prefetch_high"] = rng.choice([(0, 0), (40, 75), (90, 100)])
    return k


def draw_caches(rng):
    """Keys of all levels, and the line of the instruction cache, or of what stands for it."""
    line, below_exclusive, made = rng.choice([32, 64, 128]), False, {}
    fetch_line = 4096
    for level in LEVELS:
        if rng.random() < 0.2:
            made[level + ".present"] = "no"
            continue
        if not below_exclusive and rng.random() < 0.3:
            line = max(line // 2, 32)
        k = draw_cache(rng, level, line, below_exclusive)
        made.update(named(level, k))
        if level != "l1d":
            fetch_line = line
        if not level.startswith("l1"):  # [l1d] and [l1i] stand side by side
            below_exclusive = k["inclusion"] == "exclusive"
    return made, fetch_line


def draw_memory(rng):
    if rng.random() < 0.5:
        return {"dram.model": "fixed", "dram.latency": rng.choice(["1ns", "80ns", "1us"]),
                "dram.bandwidth": rng.choice([0, "1GiB", "20GiB"])}
    writes = rng.choice([1, 8, 64])
    high = rng.choice([1, writes])
    return named("dram", {
        "model": "ddr", "channels": rng.choice([1, 2, 4]), "ranks": rng.choice([1, 2]),
        "standard": rng.choice("ddr4-2400 ddr4-3200 ddr5-4800 lpddr4-3200 lpddr5-6400".split()),
        "mapping": rng.choice(["RoRaBaCoBgCh", "RoCoRaBaBgCh", "ChRaBgBaRoCo"]),
        "bank_hash": rng.choice(["yes", "no"]), "refresh": rng.choice(["yes", "yes", "no"]),
        "page_policy": rng.choice(["open", "closed", "timeout"]),
        "row_timeout": rng.choice([1, 200]),
        "scheduler": rng.choice("frfcfs fcfs_banks fcfs".split()),
        "starvation_limit": rng.choice([0, 10, 2000]), "read_queue": rng.choice([1, 4, 64]),
        "write_queue": writes, "write_high": high, "write_low": rng.choice([0, high - 1]),
        "controller_latency": rng.choice(["0ps", "10ns"])})


def draw_tlb(rng, entries):
    ways = rng.choice([1, 2, 4] if entries > 64 else [0, 1, 4])
    return {"present": "yes", "entries": entries, "ways": ways,
            "latency": rng.choice([0, 1, 8]),
            "replacement": rng.choice("lru plru fifo random".split())}


def draw_tlbs(rng):
    if rng.random() < 0.3:
        return {level + ".present": "no" for level in ("itlb", "dtlb", "tlb")}
    made = {}
    for level in ("itlb", "dtlb", "tlb"):
        if rng.random() < 0.2:
            made[level + ".present"] = "no"
            continue
        entries = rng.choice([4, 64, 1024] if level == "tlb" else [4, 32])
        made.update(named(level, draw_tlb(rng, entries)))
    if all(made.get(level + ".present") == "no" for level in ("itlb", "dtlb", "tlb")):
        return made
    made.update(named("walker", {
        "walkers": rng.choice([1, 2, 4]), "walk_level": rng.choice("l1d l2 l3 dram".split()),
        "step_latency": rng.choice([0, 1, 10]), "walk_cache": rng.choice([0, 1, 32])}))
    if rng.random() < 0.3:
        made["workload.large_pages"] = "2MiB"
    return made


def draw_direction(rng):
    k = {"direction": rng.choice("static bimodal gshare tournament perceptron hashed_perceptron "
                                 "tage tage_sc_l".split())}
    size = rng.choice([16, 512, 8192])
    k.update({
        "static": {},
        "bimodal": {"bimodal_entries": size},
        "gshare": {"gshare_entries": size, "gshare_history": rng.choice([0, 4, 24])},
        "tournament": {"tournament_local_entries": size, "tournament_local_histories":
                       rng.choice([0, 1, 256]), "tournament_by_address": rng.choice(["yes", "no"])},
        "perceptron": {"perceptron_entries": size, "perceptron_history": rng.choice([1, 20, 47]),
                       "perceptron_local_history": rng.choice([0, 16])},
        "hashed_perceptron": {"hashed_entries": size, "hashed_tables": rng.choice([2, 10]),
                              "hashed_bits": rng.choice([2, 6, 8]),
                              "hashed_local_tables": rng.choice([0, 1, 2])},
        "tage": {"tage_entries": size, "tage_tables": rng.choice([1, 4, 16]),
                 "tage_max_history": rng.choice([40, 640])},
        "tage_sc_l": {"tage_entries": size, "corrector_entries": rng.choice([2, 128]),
                      "tage_loop_entries": rng.choice([0, 32])},
    }[k["direction"]])
    return k


def draw_predictors(rng):
    k = draw_direction(rng)
    entries = rng.choice([0, 4, 64, 1024])
    k.update({
        "btb_entries": entries, "btb_ways": rng.choice([1, 4]),
        "btb_registers": rng.choice(["yes", "no"]), "ras_entries": rng.choice([0, 1, 16]),
        "ras_repair": rng.choice(["none", "top", "full"]), "use_hints": rng.choice(["yes", "no"]),
        "loop_entries": rng.choice([0, 0, 32]),
        "indirect": rng.choice(["btb", "history", "ittage"])})
    if k["use_hints"] == "yes":
        k["hints_override"] = rng.choice(["yes", "no"])
    if k["indirect"] == "history":
        k["count_cache_entries"] = rng.choice([1, 512])
        k["count_cache_path"] = rng.choice(["directions", "targets"])
        k["count_cache_tag"] = rng.choice([0, 8])
    if k["indirect"] == "ittage":
        k["ittage_entries"] = rng.choice([2, 128])
        k["ittage_tables"] = rng.choice([1, 6])
    return named("core.bpred", k)


def pipes(rng):
    return "alu*%d mul fpu*%d vec lsu*%d bru" % (rng.choice([1, 2, 4]), rng.choice([1, 2]),
                                                 rng.choice([1, 2]))


def draw_common(rng, fetch_line):
    """Keys that the in-order and the out-of-order pipeline share."""
    return {
        "fetch_width": rng.choice([1, 2, 4, 8]),
        "fetch_bytes": min(rng.choice([4, 16, 64, 256]), fetch_line),
        "decode_cycles": rng.choice([0, 1, 3, 12]), "writeback_cycles": rng.choice([0, 1, 3]),
        "redirect_cycles": rng.choice([1, 2, 9]), "decode_redirect_cycles": rng.choice([1, 4]),
        "taken_bubble_cycles": rng.choice([0, 0, 1, 3]), "exception_cycles": rng.choice([0, 10]),
        "agen_cycles": rng.choice([1, 2, 4]), "data_accesses": rng.choice([1, 2, 4]),
        "forward_cycles": rng.choice([1, 2, 6]), "touch_busy": rng.choice(["drop", "wait"]),
    }


def draw_inorder(rng, fetch_line):
    k = draw_common(rng, fetch_line)
    k.update({
        "fetch_queue": rng.choice([1, 4, 16]), "issue_width": rng.choice([1, 2, 4]),
        "retire_width": rng.choice([1, 2, 8]), "window": rng.choice([1, 4, 32]),
        "bypass": rng.choice(["yes", "no"]), "access_bytes": rng.choice([0, 0, 4, 8]),
        "load_queue": rng.choice([1, 8]), "store_buffer": rng.choice([1, 8])})
    if k["decode_cycles"] and rng.random() < 0.3:
        k["early_branches"] = k["issue_width"]
    made = named("core", k)
    made["core.units.pipes"] = pipes(rng)
    return made


def draw_groups(rng):
    slots = rng.choice([2, 3, 5])
    return {"group_slots": slots, "commit_width": max(slots, 4), "group_count": rng.choice([1, 20]),
            "group_branch": rng.choice(["yes", "no"]), "group_alone": rng.choice(["", "sync muld"]),
            "group_first": rng.choice(["", "branch"])}


def draw_rules(rng):
    """What may be dispatched and committed together, beside groups."""
    k = {
        "branch_ends_dispatch": rng.choice(["yes", "no"]), "commit_gprs": rng.choice([0, 1, 2]),
        "commit_taken_ends": rng.choice(["yes", "no"]),
        "dispatch_limits": rng.choice(["", "lsu:1 alu+mul:2"]),
        "oldest_first": rng.choice(["", "larx stcx muld"]),
        "completes_alone": rng.choice(["", "sync loadm count"]),
        "commit_early": rng.choice(["", "muli mulw fadd"])}
    k = {key: value for key, value in k.items() if rng.random() < 0.3}
    if rng.random() < 0.2:
        k.update(multiple_registers=0, oldest_first="loadm storem", completes_alone="loadm storem")
    return k


def draw_folding(rng):
    return {"fold_branches": "yes", "branches": 0, "target_instructions": rng.choice([0, 4]),
            "unresolved_branches": rng.choice([0, 1, 2]),
            "unresolved_dispatch": rng.choice([0, 1]), "fetch_vacancies": rng.choice(["yes", "no"])}


def draw_ooo(rng, fetch_line):
    k = draw_common(rng, fetch_line)
    small = rng.random() < 0.3  # a machine of which everything is short
    size = lambda few, many: few if small else rng.choice([few, many, 4 * many])
    k.update({
        "fetch_beat": rng.choice([0, 0, 4]), "fetch_blocks": rng.choice([1, 2]),
        "fetch_taken": rng.choice([1, 2]), "fetch_ahead": rng.choice([1, 4]),
        "fetch_queue": size(1, 16), "dispatch_width": rng.choice([1, 2, 4, 8]),
        "dispatch_cycles": rng.choice([1, 3]), "crack_update": rng.choice(["yes", "no"]),
        "crack_record": rng.choice(["yes", "no", "rotate int"]),
        "multiple_registers": rng.choice([1, 2, 4]),
        "rob": size(8, 64), "rob_reuse_cycles": rng.choice([0, 1]),
        "branches": rng.choice([0, 1, 8]),
        "rename_gpr": size(2, 32), "rename_fpr": size(2, 32), "rename_vr": rng.choice([0, 2, 32]),
        "rename_cr": size(1, 8), "rename_xer": size(1, 8), "rename_lr_ctr": size(1, 8),
        "rename_fpscr": size(1, 60), "issue_width": rng.choice([0, 0, 1, 4]),
        "select": rng.choice(["age", "position"]), "load_hit_cycles": rng.choice([1, 2, 5]),
        "replay_cycles": rng.choice([0, 2, 7]), "load_queue": size(1, 16),
        "store_queue": size(1, 16), "store_buffer": size(1, 16),
        "memory_dependence": rng.choice("none wait sets".split()),
        "store_sets": rng.choice([1, 64, 1024]), "store_set_clear": rng.choice([1, 100, "100K"]),
        "commit_width": rng.choice([1, 4, 8]), "flush_cycles": rng.choice([1, 8]),
        "wrong_path": rng.choice(["yes", "yes", "no"])})
    style = rng.choice(["", "", "fuse", "groups", "fold"])
    k.update(draw_rules(rng))
    if style == "groups":
        k.update(draw_groups(rng))
    if style == "fold":
        k.update(draw_folding(rng))
    k["fuse_compare"] = "yes" if style == "fuse" else "no"
    made = named("core", k)
    if rng.random() < 0.3:
        made["core.units.issue_limits"] = rng.choice(["alu+lsu:2", "alu*2+mul:3 lsu+bru:1"])
    made["core.units.pipes"] = pipes(rng)
    made["core.units.queues"] = rng.choice(
        ["*:2", "*:40", "alu+mul+bru:20 lsu:8 fpu+vec:9", "alu+mul:4 bru:2! lsu:3! fpu+vec:4"])
    return made


DRAW_CORE = {"inorder": draw_inorder, "ooo": draw_ooo}
