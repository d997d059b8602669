"use strict";
// The list of sections.
for (const section of document.querySelectorAll("main > section")) {
  const link = document.createElement("a");
  link.href = "#" + section.id;
  link.textContent = section.querySelector("h2").textContent;
  document.querySelector("nav").append(link);
}

// The pipeline view: one canvas, of which only the visible rows are drawn.
function pipeline(place, trace) {
  const stages = ["front end", "decoded, waits", "executes", "waits to retire"];
  const colours = ["--g2", "--g3", "--g0", "--g6"];
  const flagNames = [[1, "taken"], [2, "load"], [4, "store"], [64, "branch"], [256, "squashed"]];
  const LABELS = 300;
  const rows = trace.rows.map((r, n) => {
    const at = [r[1]];
    for (let i = 2; i <= 5; i++) at.push(at[at.length - 1] + r[i]);
    return {row: trace.first + n, code: trace.code[r[0]], at, flags: r[6], bytes: r[7], ea: r[8]};
  });
  const view = {row: 0, cycle: rows[0].at[0], wide: 10, high: 18, chosen: 0};
  const canvas = document.createElement("canvas");
  const words = document.createElement("output");
  const keys = document.createElement("p");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", "pipeline view, " + rows.length + " instructions");
  words.setAttribute("aria-live", "polite");
  keys.className = "keys";
  keys.textContent = "Up, Down, Page Up, Page Down, Home, End: choose an instruction. Left, Right: " +
    "cycles. + and -: zoom; 0: as at first. After a click the wheel scrolls along the pipeline, " +
    "with Ctrl it zooms; drag moves.";

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);
  const visible = () => Math.max(1, Math.floor((canvas.clientHeight - 20) / view.high));
  const clamp = (v, low, high) => Math.min(Math.max(v, low), Math.max(low, high));

  function follow() {
    const r = rows[clamp(Math.round(view.row), 0, rows.length - 1)];
    // After a long wait for its fetch, where it is decoded.
    const shown = (canvas.clientWidth - LABELS) / view.wide;
    view.cycle = Math.max(r.at[0] - 2, r.at[1] - shown / 3);
  }
  function drawRow(pen, n, y, left) {
    const r = rows[n];
    if (n === view.chosen) {
      pen.fillStyle = colour("--line");
      pen.fillRect(0, y, canvas.clientWidth, view.high);
    }
    pen.globalAlpha = r.flags & 256 ? 0.35 : 1; // squashed
    for (let i = 0; i < 4; i++) {
      const x = left + (r.at[i] - view.cycle) * view.wide;
      const width = (r.at[i + 1] - r.at[i]) * view.wide;
      const from = Math.max(x, left), to = Math.min(x + width, canvas.clientWidth);
      pen.fillStyle = colour(colours[i]);
      if (to > from) pen.fillRect(from, y + 2, to - from, Math.max(1, view.high - 4));
    }
    pen.globalAlpha = 1;
    const end = left + (r.at[4] - view.cycle) * view.wide;
    pen.fillStyle = colour("--text");
    if (end >= left) pen.fillRect(end, y + 2, 2, Math.max(1, view.high - 4));
    if (view.high >= 11)
      pen.fillText(r.code[0] + "  " + r.code[1], 6, y + view.high / 2 + 4, LABELS - 12);
  }
  function drawAxis(pen, left) {
    let step = 1;
    while (step * view.wide < 70) step *= String(step)[0] === "2" ? 2.5 : 2;
    for (let c = Math.ceil(view.cycle / step) * step; ; c += step) {
      const x = left + (c - view.cycle) * view.wide;
      if (x > canvas.clientWidth) break;
      pen.fillStyle = colour("--line");
      pen.fillRect(x, 16, 1, canvas.clientHeight);
      pen.fillStyle = colour("--soft");
      pen.fillText(String(trace.base + c), x + 3, 12);
    }
  }
  function draw() {
    const scale = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    const pen = canvas.getContext("2d");
    const left = Math.min(LABELS, canvas.clientWidth / 2);
    pen.scale(scale, scale);
    pen.font = "12px ui-monospace, monospace";
    pen.fillStyle = colour("--card");
    pen.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    drawAxis(pen, left);
    const first = Math.floor(view.row);
    for (let n = first; n < rows.length && n <= first + visible(); n++)
      drawRow(pen, n, 20 + (n - view.row) * view.high, left);
    const r = rows[view.chosen];
    words.textContent = "row " + r.row + ": " + r.code[0] + " " + r.code[1] + " (" + r.code[2] + ")" +
      flagNames.filter(f => r.flags & f[0]).map(f => ", " + f[1]).join("") +
      (r.bytes ? ", " + r.bytes + " bytes at " + r.ea : "") + "; cycle " + (trace.base + r.at[0]) +
      ": " + stages.map((s, i) => s + " " + (r.at[i + 1] - r.at[i])).join(", ") +
      (r.flags & 256 ? ", squashed in " : ", retires in ") + (trace.base + r.at[4]);
  }
  function choose(n) {
    view.chosen = clamp(n, 0, rows.length - 1);
    if (view.chosen < view.row || view.chosen >= Math.floor(view.row) + visible()) {
      view.row = clamp(view.chosen - Math.floor(visible() / 2), 0, rows.length - visible());
      follow();
    }
    draw();
  }
  function zoom(factor) {
    view.wide = clamp(view.wide * factor, 0.05, 60);
    view.high = clamp(view.high * Math.sqrt(factor), 2, 30);
    view.row = clamp(view.row, 0, rows.length - 1);
    draw();
  }
  function reset() {
    view.wide = 10;
    view.high = 18;
    follow();
    draw();
  }
  const actions = {
    ArrowDown: () => choose(view.chosen + 1), ArrowUp: () => choose(view.chosen - 1),
    PageDown: () => choose(view.chosen + visible()), PageUp: () => choose(view.chosen - visible()),
    Home: () => choose(0), End: () => choose(rows.length - 1),
    ArrowLeft: () => { view.cycle -= 40 / view.wide; draw(); },
    ArrowRight: () => { view.cycle += 40 / view.wide; draw(); },
    "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), "0": reset,
  };
  canvas.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });
  canvas.addEventListener("wheel", event => {
    if (document.activeElement !== canvas) return; // who scrolls the page is not to be caught here
    event.preventDefault();
    if (event.ctrlKey) { zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15); return; }
    view.row = clamp(view.row + event.deltaY / view.high, 0, rows.length - 1);
    if (event.deltaY) follow();
    view.cycle += event.deltaX / view.wide;
    draw();
  }, {passive: false});
  let drag = null;
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    choose(Math.floor(view.row + (event.offsetY - 20) / view.high));
    drag = {x: event.offsetX, y: event.offsetY, row: view.row, cycle: view.cycle};
  });
  canvas.addEventListener("pointermove", event => {
    if (!drag) return;
    view.row = clamp(drag.row - (event.offsetY - drag.y) / view.high, 0, rows.length - 1);
    view.cycle = drag.cycle - (event.offsetX - drag.x) / view.wide;
    draw();
  });
  canvas.addEventListener("pointerup", () => { drag = null; });
  canvas.addEventListener("pointercancel", () => { drag = null; });
  window.addEventListener("resize", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  const legend = document.createElement("ul");
  legend.className = "legend";
  stages.forEach((stage, i) => {
    const item = document.createElement("li"), box = document.createElement("i");
    box.style.background = "var(" + colours[i] + ")";
    item.append(box, stage);
    legend.append(item);
  });
  const buttons = document.createElement("div");
  for (const [text, action] of [["Zoom in", () => zoom(1.4)], ["Zoom out", () => zoom(1 / 1.4)],
                                ["Reset", reset]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", action);
    buttons.append(button);
  }
  place.append(buttons, legend, canvas, words, keys);
  reset();
}
const recorded = document.getElementById("recorded");
if (recorded) pipeline(document.getElementById("pipeline"), JSON.parse(recorded.textContent));
