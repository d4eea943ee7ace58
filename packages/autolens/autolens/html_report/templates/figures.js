// Pictures and charts of a fit. Pictures of one plane share their zoom.
Report.data = JSON.parse(document.getElementById("figures").textContent);
Report.safe = (words) => String(words).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
Report.floats = (coded) => {
  const bytes = Uint8Array.from(atob(coded.bdata), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
};
Report.rows = (coded) => {
  const flat = Report.floats(coded);
  const width = Number(coded.shape.split(", ")[1]);
  return Array.from({ length: flat.length / width }, (_, i) => flat.subarray(i * width, (i + 1) * width));
};
Report.coarse = window.matchMedia("(pointer: coarse)").matches;
Report.config = {
  responsive: true, displaylogo: false, displayModeBar: Report.coarse ? true : "hover", scrollZoom: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
};
Report.font = () => ({ family: "system-ui, -apple-system, Segoe UI, Roboto, sans-serif", size: 11, color: Report.colour("ink") });
Report.axis = (more) => ({
  gridcolor: Report.colour("line"), zerolinecolor: Report.colour("line"), linecolor: Report.colour("line"),
  ticks: "outside", ticklen: 4, tickcolor: Report.colour("line"), showline: true, mirror: true, ...more,
});
Report.layout = (more) => ({
  paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: Report.font(), autosize: true,
  dragmode: Report.coarse ? false : "zoom", showlegend: false,
  modebar: { bgcolor: "rgba(0,0,0,0)", color: Report.colour("soft"), activecolor: Report.colour("accent") },
  hoverlabel: { font: { family: "system-ui, sans-serif", size: 12 } }, ...more,
});
Report.draw = (id, make) => {
  const box = document.getElementById(id);
  if (!box) return Promise.resolve();
  const redraw = () => {
    const { traces, layout } = make();
    return Plotly.react(box, traces, layout, Report.config);
  };
  Report.redraws.push(redraw);
  box.redraw = redraw;
  return redraw().then(() => box.classList.add("drawn"));
};

// ---------------------------------------------------------------- pictures
Report.stretches = {
  linear: () => (z) => z,
  asinh: (s) => (z) => Math.asinh(z / s),
  log: (s) => (z) => Math.log10(Math.max(z, 0.25 * s)),
};
Report.ticks = (limits, stretch, softening, turn) => {
  if (stretch === "linear") return {};
  const [low, high] = limits;
  const values = stretch === "asinh" ? [0] : [];
  const smallest = Math.floor(Math.log10(stretch === "asinh" ? softening : 0.25 * softening));
  for (let e = smallest; e <= Math.log10(high) + 1e-9; e += 1) values.push(10 ** e, 3 * 10 ** e);
  if (stretch === "asinh") for (let e = smallest; e <= Math.log10(Math.max(-low, 1e-99)); e += 1) values.push(-(10 ** e));
  const kept = values.filter((v) => v >= (stretch === "log" ? 0.25 * softening : low) && v <= high).sort((a, b) => a - b);
  const step = (turn(high) - turn(low)) / 9;
  const shown = kept.filter((v, i) => v === 0 || (Math.abs(turn(v) - turn(0)) > step * (stretch === "asinh")));
  const apart = [];
  shown.forEach((v) => { if (!apart.length || turn(v) - turn(apart[apart.length - 1]) > step) apart.push(v); });
  return { tickvals: apart.map(turn), ticktext: apart.map((v) => String(Number(v.toPrecision(1))).replace("-", "−")) };
};
Report.picture = (p) => {
  const state = Report.states[p.prefix];
  const stretch = p.softening > 0 ? state.stretch : "linear";
  const turn = Report.stretches[stretch](p.softening);
  const z = p.original.map((row) => Array.from(row, (v) => (Number.isNaN(v) ? null : turn(v))));
  const shown = p.original.map((row) => Array.from(row));
  const from = stretch === "log" ? 0.25 * p.softening : p.limits[0];
  const heat = {
    type: "heatmap", z, customdata: shown, x0: p.frame[0], dx: p.frame[1], y0: p.frame[2], dy: p.frame[3],
    zmin: turn(from), zmax: turn(p.limits[1]), colorscale: Report.data.colours[p.kind], zsmooth: false, hoverongaps: false,
    hovertemplate: `x %{x:.3f}″  y %{y:.3f}″<br><b>%{customdata:.4g}</b> ${Report.safe(p.unit)}<extra></extra>`,
    colorbar: { thickness: 9, outlinewidth: 0, len: 1, y: 0.5, xpad: 6, nticks: 6, tickfont: { size: 10 }, ...Report.ticks(p.limits, stretch, p.softening, turn) },
  };
  const lines = state.lines ? p.lines.map((line) => ({
    type: "scatter", mode: "lines", x: line.px, y: line.py, hoverinfo: "skip", line: { color: line.colour, width: 1.4 },
  })) : [];
  const ranges = Report.zooms[p.plane] || { x: [p.extent[0], p.extent[1]], y: [p.extent[2], p.extent[3]] };
  const layout = Report.layout({
    margin: { l: 38, r: 62, t: 28, b: 26, autoexpand: false }, plot_bgcolor: Report.colour("masked"),
    xaxis: Report.axis({ range: ranges.x, constrain: "domain", showgrid: false, zeroline: false, nticks: 7 }),
    yaxis: Report.axis({ range: ranges.y, constrain: "domain", showgrid: false, zeroline: false, scaleanchor: "x", nticks: 7 }),
  });
  return { traces: [heat, ...lines], layout };
};
Report.zooms = {};
Report.states = {};
Report.follow = (p, change) => {
  const x = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
  const y = [change["yaxis.range[0]"], change["yaxis.range[1]"]];
  if (change["xaxis.autorange"] || change["yaxis.autorange"]) delete Report.zooms[p.plane];
  else if (x.concat(y).every(Number.isFinite)) Report.zooms[p.plane] = { x, y };
  else return;
  Report.apply(p.plane);
};
Report.apply = (plane) => {
  Report.moving = true;
  const moved = Report.pictures.filter((p) => p.plane === plane).map((p) => {
    const to = Report.zooms[plane] || { x: [p.extent[0], p.extent[1]], y: [p.extent[2], p.extent[3]] };
    return Plotly.relayout(p.id, { "xaxis.range": [...to.x], "yaxis.range": [...to.y] });
  });
  return Promise.all(moved).then(() => { Report.moving = false; });
};

// ---------------------------------------------------------------- charts
Report.rings = (r) => {
  const [radius, data, model, error] = [r.radius, r.data, r.model, r.error].map(Report.floats);
  return () => ({
    traces: [
      { x: radius, y: data, type: "scatter", mode: "markers", name: "data", error_y: { type: "data", array: error, width: 0, thickness: 1, color: Report.colour("accent") }, marker: { size: 5, color: Report.colour("accent") }, hovertemplate: "%{x:.2f}″: %{y:.4g}" },
      { x: radius, y: model, type: "scatter", mode: "lines", name: "model", line: { width: 1.6, color: Report.colour("second") }, hovertemplate: "%{y:.4g}" },
    ],
    layout: Report.layout({
      margin: { l: 56, r: 10, t: 28, b: 40 }, showlegend: true, legend: { x: 1, xanchor: "right", y: 1, bgcolor: "rgba(0,0,0,0)" },
      xaxis: Report.axis({ title: { text: "radius (″)" }, zeroline: false }),
      yaxis: Report.axis({ title: { text: Report.safe(r.unit) }, type: Math.min(...model) > 0 ? "log" : "linear", zeroline: false, range: Report.logRange(data, model), ...(Math.min(...model) > 0 ? Report.decades(data) : {}) }),
    }),
  });
};
Report.decades = (values) => {
  const tickvals = [];
  for (let e = -8; e <= 8; e += 1) tickvals.push(10 ** e, 3 * 10 ** e);
  const known = values.filter((v) => v > 0);
  const wide = Math.max(...known) / Math.min(...known) > 3000;
  const kept = tickvals.filter((v, i) => !wide || i % 2 === 0).map((v) => Number(v.toPrecision(1)));
  return { tickvals: kept, ticktext: kept.map(String) };
};
Report.logRange = (data, model) => {
  if (!(Math.min(...model) > 0)) return undefined;
  const all = [...data, ...model].filter((v) => v > 0);
  return [Math.log10(Math.max(Math.min(...all), 0.3 * Math.min(...model))) - 0.1, Math.log10(Math.max(...all)) + 0.1];
};
Report.histogram = (h) => {
  const [middle, pixels, noise] = [h.middle, h.pixels, h.noise].map(Report.floats);
  return () => ({
    traces: [
      { x: middle, y: pixels, type: "bar", name: "pixels", marker: { color: Report.colour("fill2") }, hovertemplate: "%{x:.2f} σ: %{y} pixels<extra></extra>" },
      { x: middle, y: noise, type: "scatter", mode: "lines", name: "noise alone", line: { width: 1.6, color: Report.colour("second"), shape: "spline" }, hovertemplate: "%{y:.1f}" },
    ],
    layout: Report.layout({
      margin: { l: 56, r: 10, t: 28, b: 40 }, bargap: 0, showlegend: true, legend: { x: 1, xanchor: "right", y: 1, bgcolor: "rgba(0,0,0,0)" },
      xaxis: Report.axis({ title: { text: "normalized residual (σ)" }, zeroline: false, range: [-5.2, 5.2] }), yaxis: Report.axis({ title: { text: "pixels" }, rangemode: "tozero" }),
    }),
  });
};
Report.mass = (m) => {
  const [radius, on, inside] = [m.radius, m.on, m.inside].map(Report.floats);
  return () => ({
    traces: [
      { x: radius, y: inside, type: "scatter", mode: "lines", name: "inside", line: { width: 1.8, color: Report.colour("accent") }, hovertemplate: "inside %{x:.2f}″: %{y:.4f}<extra></extra>" },
      { x: radius, y: on, type: "scatter", mode: "lines", name: "on the circle", line: { width: 1.4, dash: "dot", color: Report.colour("second") }, hovertemplate: "on it: %{y:.4f}<extra></extra>" },
    ],
    layout: Report.layout({
      margin: { l: 56, r: 10, t: 28, b: 40 }, showlegend: true, legend: { x: 1, xanchor: "right", y: 1, bgcolor: "rgba(0,0,0,0)" }, hovermode: "x",
      xaxis: Report.axis({ title: { text: "radius (″)" }, type: "log", ...Report.decades(radius) }), yaxis: Report.axis({ title: { text: "mean convergence" }, type: "log", ...Report.decades(inside) }),
      shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: 1, y1: 1, line: { width: 1, color: Report.colour("soft"), dash: "dash" } }],
    }),
  });
};

// ---------------------------------------------------------------- all of them
Report.pictures = [];
Report.drawFits = async () => {
  for (const fit of Report.data.fits || []) {
    Report.states[fit.prefix] = { stretch: "asinh", lines: true };
    for (const p of fit.pictures) {
      p.prefix = fit.prefix;
      p.original = Report.rows(p.z);
      p.lines.forEach((line) => { line.px = Report.floats(line.x); line.py = Report.floats(line.y); });
      Report.pictures.push(p);
      await Report.draw(p.id, () => Report.picture(p));
      document.getElementById(p.id).on("plotly_relayout", (change) => { if (!Report.moving) Report.follow(p, change); });
    }
    await Report.draw(`${fit.prefix}-rings`, Report.rings(fit.rings));
    await Report.draw(`${fit.prefix}-histogram`, Report.histogram(fit.histogram));
    if (fit.mass) await Report.draw(`${fit.prefix}-mass`, Report.mass(fit.mass));
  }
};
document.querySelectorAll(".tools[data-fit]").forEach((tools) => {
  const prefix = tools.dataset.fit;
  const again = () => Report.pictures.filter((p) => p.prefix === prefix).forEach((p) => document.getElementById(p.id).redraw());
  const stretches = [...tools.querySelectorAll("[data-stretch]")];
  stretches.forEach((button) => button.addEventListener("click", () => {
    Report.states[prefix].stretch = button.dataset.stretch;
    stretches.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    again();
  }));
  tools.querySelector("[data-lines]").addEventListener("click", (event) => {
    const state = Report.states[prefix];
    state.lines = !state.lines;
    event.currentTarget.setAttribute("aria-pressed", String(state.lines));
    again();
  });
  tools.querySelector("[data-reset]").addEventListener("click", () => {
    const planes = new Set(Report.pictures.filter((p) => p.prefix === prefix).map((p) => p.plane));
    planes.forEach((plane) => { delete Report.zooms[plane]; Report.apply(plane); });
  });
});
