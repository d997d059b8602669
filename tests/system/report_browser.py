#!/usr/bin/env python3
"""What a reader sees of a page of `simstat report`: opens it from its file:// address in headless
Chromium, in light and dark, and asks the page itself what it has drawn. Keeps a screenshot of each.

    report_browser.py PAGE.html WORK_FOLDER SCREENSHOT_PREFIX

Prints what is wrong, nothing when all is well.
"""
import html
import json
import re
import subprocess
import sys
from pathlib import Path

# Runs in the page when its own script has. Colours are "rgb(r, g, b)".
PROBE = """
<pre id="probe"></pre><script>
window.probeErrors = window.probeErrors || [];
const seen = {errors: window.probeErrors, page: getComputedStyle(document.body).backgroundColor,
  text: getComputedStyle(document.body).color, wide: document.documentElement.scrollWidth,
  window: document.documentElement.clientWidth, links: [], cut: [], filled: 0, charts: [],
  outside: performance.getEntriesByType("resource").map(r => r.name)};
const card = document.querySelector("section");
if (card) seen.card = getComputedStyle(card).backgroundColor;
for (const link of document.querySelectorAll("nav a"))
  seen.links.push([link.textContent, !!document.querySelector(link.getAttribute("href"))]);
for (const svg of document.querySelectorAll("svg")) {
  const frame = svg.getBoundingClientRect();
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBoundingClientRect();
    if (box.left < frame.left - 1 || box.right > frame.right + 1) seen.cut.push(text.textContent);
  }
  const shapes = [...svg.querySelectorAll("path, rect, polygon")];
  if (svg.matches(".chart, .machine, .panels svg"))
    seen.charts.push(shapes.some(s => s.getBoundingClientRect().width > 0));
}
for (const line of document.querySelectorAll("path.line, path.series"))
  if (getComputedStyle(line).fill !== "none") seen.filled++;
const canvas = document.querySelector("canvas");
function colours() {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const count = {};
  for (let i = 0; i < pixels.length; i += 4) {
    const colour = "rgb(" + pixels[i] + ", " + pixels[i + 1] + ", " + pixels[i + 2] + ")";
    count[colour] = (count[colour] || 0) + 1;
  }
  return count;
}
function key(name) {
  canvas.focus();
  canvas.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true}));
  return document.querySelector("output").textContent;
}
if (canvas) {
  const style = getComputedStyle(document.documentElement);
  const box = document.createElement("i");
  document.body.append(box);
  seen.stages = ["--g2", "--g3", "--g0", "--g6"].map(name => {
    box.style.color = "var(" + name + ")";
    return getComputedStyle(box).color;
  });
  seen.drawn = colours();
  seen.keys = ["Home", "ArrowDown", "ArrowDown", "ArrowUp", "End", "PageUp"].map(key);
  const before = canvas.toDataURL();
  key("+");
  seen.zooms = canvas.toDataURL() !== before;
  key("0");
  key("Home");
}
document.getElementById("probe").textContent = JSON.stringify(seen);
</script>
"""
CATCH = "<script>window.probeErrors=[];onerror=m=>{probeErrors.push(String(m))}</script>"


def chromium(page, folder, dark, *options):
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
               f"--user-data-dir={folder}/chromium", "--window-size=1200,1000",
               f"--blink-settings=preferredColorScheme={0 if dark else 1}", *options,
               f"file://{page}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout


def look(page, folder, dark):
    source = Path(page).read_text(encoding="utf-8")
    probed = Path(folder) / "probed.html"
    probed.write_text(source.replace("<head>", "<head>" + CATCH, 1) + PROBE, encoding="utf-8")
    dom = chromium(probed.resolve(), folder, dark, "--dump-dom")
    found = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.S)
    return json.loads(html.unescape(found[1])) if found and found[1] else None


def luminance(colour):
    parts = [int(n) / 255 for n in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    """As WCAG 2.1 defines it; it asks for 4.5 between text and background."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def judge(seen, dark):
    if not seen:
        return ["the page did not come to its end"]
    wrong = [f"script: {e}" for e in seen["errors"]]
    wrong += [f"fetches {name}" for name in seen["outside"]]
    wrong += [f"the link {name} leads nowhere" for name, leads in seen["links"] if not leads]
    wrong += [f"text is cut off: {text}" for text in seen["cut"]]
    wrong += ["an empty figure"] * seen["charts"].count(False)
    if seen["filled"]:
        wrong.append(f"{seen['filled']} lines of charts are filled")
    if seen["wide"] > seen["window"]:
        wrong.append(f"{seen['wide']} pixels wide in a window of {seen['window']}")
    if (luminance(seen["page"]) < 0.5) != dark:
        wrong.append(f"background {seen['page']}")
    if contrast(seen["text"], seen["card"]) < 4.5:
        wrong.append(f"text {seen['text']} on {seen['card']}")
    return wrong + (judge_pipeline(seen) if "drawn" in seen else [])


def judge_pipeline(seen):
    wrong = [f"no pixel of stage {n} in the pipeline" for n, colour in enumerate(seen["stages"])
             if seen["drawn"].get(colour, 0) < 20]
    rows = [int(re.match(r"row (\d+)", text)[1]) for text in seen["keys"]]
    first, last = rows[0], rows[4]
    if rows[1:4] != [first + 1, first + 2, first + 1] or last <= rows[3] or rows[5] >= last:
        wrong.append(f"keys lead to rows {rows}")
    if not seen["zooms"]:
        wrong.append("the key + changes nothing")
    return wrong


def main():
    page, folder, prefix = sys.argv[1:]
    for dark, name in ((False, "light"), (True, "dark")):
        seen = look(page, folder, dark)
        for text in judge(seen, dark):
            print(f"{name}: {text}")
        shot = Path(f"{prefix}-{name}.png").resolve()
        chromium(Path(page).resolve(), folder, dark, f"--screenshot={shot}",
                 "--window-size=1200,7000")
        if not shot.is_file() or shot.stat().st_size < 10000:
            print(f"{name}: no screenshot")


if __name__ == "__main__":
    main()
