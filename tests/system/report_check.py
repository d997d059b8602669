#!/usr/bin/env python3
"""What `simstat report` wrote, held against the result file that it was made from.

    report_check.py RESULT.h5 PAGE.html          one line of text for each thing that is wrong
"""
import json
import re
import sys
from html.parser import HTMLParser

import h5py

VOID = {"meta", "br", "link", "img", "input"}
SELF_CLOSED = {"rect", "line", "path"}


class Page(HTMLParser):
    """Tables by caption, text of elements, and whatever is not nested or not of the page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.wrong, self.open, self.ids = [], [], []
        self.tables, self.table, self.row, self.cell, self.caption = {}, None, None, None, None
        self.scripts, self.definitions, self.tiles, self.text = {}, {}, {}, []
        self.last = ""

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        for name in ("src", "href", "xlink:href", "action", "data"):
            if name in named and not named[name].startswith("#"):
                self.wrong.append(f"<{tag} {name}={named[name]}> points out of the page")
        if "id" in named:
            self.ids.append(named["id"])
        if tag in VOID:
            return
        self.open.append((tag, named))
        if tag == "tr":
            self.row = []
        self.text = []

    def handle_startendtag(self, tag, attributes):
        if tag not in SELF_CLOSED:
            self.wrong.append(f"<{tag}/> is not closed by that in HTML")

    def handle_data(self, data):
        self.text.append(data)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]} in line {self.getpos()[0]}")
            return
        _, named = self.open.pop()
        text = "".join(self.text)
        if tag == "caption":
            self.table = self.tables[text] = []
        elif tag in ("td", "th") and self.row is not None:
            self.row.append(text)
        elif tag == "tr":
            self.table.append(self.row)
        elif tag == "script":
            self.scripts[named.get("id", "")] = text
        elif tag == "span" or tag == "dt":
            self.last = text
        elif tag == "b":
            self.tiles[self.last] = text
        elif tag == "dd":
            self.definitions[self.last] = text
        if tag not in ("code", "b", "title"):
            self.text = []


def names(dataset):
    return [name.decode() for name in dataset[:]]


def check_cpi(page, result, wrong):
    slots = result["cpi/slots"][:].sum(axis=(0, 1))
    expected = {part: int(n) for part, n in zip(names(result["cpi/part"]), slots) if n}
    rows = page.tables["Parts of the CPI stack"][1:]
    shown = {row[0]: int(row[2]) for row in rows[:-1]}
    if shown != expected:
        wrong.append(f"CPI parts {shown}, not {expected}")
    if int(rows[-1][2]) != slots.sum():
        wrong.append(f"CPI total {rows[-1][2]}, not {slots.sum()}")
    if abs(sum(float(row[4]) for row in rows[:-1]) - 100) > 0.05 * len(rows):
        wrong.append("CPI shares do not sum to 100")
    phases = [row[0] for row in page.tables["CPI of each phase"][1:]]
    if phases != names(result["phases/name"]):
        wrong.append(f"phases {phases}")


def check_summary(page, result, wrong):
    stats = dict(zip(names(result["stats/names"]), result["stats/values"][:].sum(axis=0)))
    for label, stat in (("instructions", "core.instructions"), ("cycles", "core.cycles"),
                        ("mispredicts", "bpred.mispredicts"), ("memory reads", "mem.reads")):
        if int(page.tiles.get(label, "-1")) != stats[stat]:
            wrong.append(f"{label}: {page.tiles.get(label)}, not {stats[stat]}")
    caches = {row[0]: int(row[2]) for row in page.tables["Caches and TLBs"][1:]}
    for label, misses in caches.items():
        if misses != stats[label.lower() + ".misses"]:
            wrong.append(f"{label}: {misses} misses")
    if page.definitions["status"] != result.attrs["status"]:
        wrong.append(f"status {page.definitions['status']}")


def check_intervals(page, result, wrong):
    rows = page.tables["IPC, and misses per 1000 instructions"]
    counts = result["intervals/instructions"][:].sum(axis=1)
    if int(rows[-1][0]) != counts.sum():
        wrong.append(f"the last interval ends at {rows[-1][0]}, not {counts.sum()}")
    column = next(n for n, name in enumerate(rows[0]) if name.endswith(".misses"))
    misses = result["intervals/" + rows[0][column]][:].reshape(len(counts), -1)
    shown, before = 0, 0
    for row in rows[1:]:
        shown += float(row[column]) * (int(row[0]) - before) / 1000
        before = int(row[0])
    if abs(shown - misses.sum()) > 1 + 1e-7 * counts.sum():
        wrong.append(f"{rows[0][column]} over time come to {shown}, not {misses.sum()}")


def check_histograms(page, result, wrong):
    """Count and mean of each that is not empty, and what its bars add up to."""
    used = {name: g for name, g in result["hist"].items() if g["counts"][:].any()}
    rows = page.tables.get("Histograms", [[]])[1:]
    if [row[0] for row in rows] != sorted(used):
        wrong.append(f"histograms of {[row[0] for row in rows]}")
        return
    for row in rows:
        count, total = used[row[0]]["counts"][:].sum(), used[row[0]]["sum"][:].sum()
        scale = {"ns": 1000, "1": 1}.get(row[7], 1)
        shown, *unit = row[1].split()
        shown = float(shown) * {"ps": 1, "ns": 1e3, "us": 1e6, "ms": 1e9}[unit[0] if unit else "ps"]
        if abs(shown - count) > 1e-5 * count * len(unit) or \
                abs(float(row[2]) * scale - total / count) > 0.0051 * scale:
            wrong.append(f"{row[0]}: {row[1]} with mean {row[2]}, not {count}, {total / count}")


def check_places(page, result, wrong):
    group = result["cpi/functions"]
    rows, slots = page.tables["Functions"][1:], group["slots"][:].sum(axis=0).sum(axis=1)
    width = result["cpi/slots"].attrs["width"]
    best = slots.argmax()
    if rows[0][4] != group["name"][best].decode() or \
            abs(float(rows[0][1]) - slots[best] / width) > 0.06:
        wrong.append(f"hottest function {rows[0]}")
    shown = sum(float(row[1]) for row in rows[:-1])
    if abs(shown - slots.sum() / width) > 0.06 * len(rows) or \
            abs(float(rows[-1][1]) - slots.sum() / width) > 0.06:
        wrong.append(f"functions sum to {shown}, not {slots.sum() / width}")


def check_sites(page, result, wrong):
    for table, group, cost, column in (("Branches by mispredicts", "branches", "mispredicts", 5),
                                       ("Loads by latency", "loads", "latency", 4)):
        costs = sorted((int(n) for n in result[group][cost][:].sum(axis=0) if n), reverse=True)
        shown = [int(row[column]) for row in page.tables[table][1:]]
        if shown != costs[:25]:
            wrong.append(f"{table}: {shown[:5]}, not {costs[:5]}")
        address = int(page.tables[table][1][0], 16)
        at = result[group]["address"][:].tolist().index(address)
        if result[group][cost][:, at].sum() != costs[0]:
            wrong.append(f"{table}: the first is not at {address:#x}")


def check_trace(page, result, wrong):
    trace = json.loads(page.scripts["recorded"])
    rows, total = trace["rows"], len(result["trace/inst/pc"])
    if len(rows) != min(2000, total):
        wrong.append(f"{len(rows)} instructions in the pipeline view")
    words = result["trace/inst"]
    pc, fetch = result["trace/index/pc"][0], result["trace/index/fetch"][0]
    for n, row in enumerate(rows):
        pc, fetch = int(pc + words["pc"][n]), int(fetch + words["fetch"][n])
        stages = [int(words[name][n]) for name in ("decode", "issue", "done", "retire")]
        if int(trace["code"][row[0]][0], 16) != pc or trace["base"] + row[1] != fetch or \
                row[2:6] != stages:
            wrong.append(f"row {n} of the pipeline view is {row}")
            return


def check_tables(page, result, wrong):
    laws = page.tables["Laws"][1:]
    if [row[1] for row in laws] != names(result["checks/law"]) or \
            [int(row[2]) for row in laws] != result["checks/left"][:].tolist() or \
            [row[0] == "held" for row in laws] != [bool(n) for n in result["checks/held"][:]]:
        wrong.append("laws are not those of /checks")
    keys = [(row[0], row[1], row[3]) for row in page.tables["Configuration"][1:]]
    expected = [(f"{row['section'].decode()}.{row['key'].decode()}", row["value"].decode(),
                 row["origin"].decode()) for row in result["config/table"][:]]
    if keys != expected:
        wrong.append("configuration is not that of /config")


def main():
    result, source = h5py.File(sys.argv[1]), open(sys.argv[2], encoding="utf-8").read()
    page = Page()
    page.feed(source)
    page.close()
    wrong = page.wrong
    wrong += [f"<{tag}> is not closed" for tag, _ in page.open]
    wrong += [f"two elements are called {name}" for name in set(page.ids)
              if page.ids.count(name) > 1]
    wrong += [f"names another place: {found}" for found in
              re.findall(r"https?://\S*|@import.*|url\(.*", source)]
    wrong += [f"{word} in a figure" for word in re.findall(r'"[^"<>]*\b(?:nan|inf)\b[^"<>]*"',
                                                           source)]
    check_tables(page, result, wrong)
    if result["cpi/slots"][:].sum():  # the run was timed
        for check in (check_summary, check_cpi, check_intervals, check_histograms):
            check(page, result, wrong)
    for group, check in (("cpi/functions", check_places), ("branches", check_sites),
                         ("trace/inst", check_trace)):
        if group in result:
            check(page, result, wrong)
    print("\n".join(wrong), end="")


main()
