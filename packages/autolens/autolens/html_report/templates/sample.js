// The page of many fits: filter, distributions, two quantities. Then everything of any page is drawn.
(() => {
  const sample = Report.data.sample;
  if (!sample) return;
  const rows = [...document.getElementById("fits").tBodies[0].rows];
  const filter = document.getElementById("filter");
  const grades = [...document.querySelectorAll("button[data-grade]")];
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(grades.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.grade));
    let count = 0;
    rows.forEach((row) => {
      const text = `${row.cells[0].textContent} ${row.cells[1].title} ${row.cells[2].textContent}`.toLowerCase();
      row.hidden = !(wanted.has(row.dataset.grade) && words.every((word) => text.includes(word)));
      count += !row.hidden;
    });
    document.getElementById("shown").textContent = count < rows.length ? `${count} of ${rows.length} shown` : "";
  };
  filter.addEventListener("input", show);
  grades.forEach((button) => button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    show();
  }));
  const colour = { good: "good", check: "check", failed: "failed" };
  const names = Object.keys(sample.columns);
  const selects = ["sample-x", "sample-y"].map((id, n) => {
    const select = document.getElementById(id);
    names.forEach((name) => select.add(new Option(name, name)));
    if (names.length) select.value = sample.charts[n] ?? names[Math.min(n, names.length - 1)];
    select.addEventListener("change", () => document.getElementById("scatter").redraw());
    return select;
  });
  const title = (name) => Report.safe(name + (sample.units[name] ? ` (${sample.units[name]})` : ""));
  const scatter = () => ({
    traces: ["good", "check", "failed", ""].map((grade) => {
      const held = sample.grades.map((g, i) => (g === grade ? i : -1)).filter((i) => i >= 0);
      const pick = (name) => held.map((i) => (sample.columns[name] || [])[i] ?? null);
      return {
        type: "scatter", mode: "markers", name: grade || "not judged", x: pick(selects[0].value), y: pick(selects[1].value),
        text: held.map((i) => Report.safe(sample.names[i])), marker: { size: 7, color: Report.colour(colour[grade] || "soft"), opacity: 0.85 },
        hovertemplate: "%{text}<br>%{x:.5g}, %{y:.5g}<extra></extra>",
      };
    }).filter((trace) => trace.x.length),
    layout: Report.layout({
      margin: { l: 74, r: 8, t: 8, b: 48 }, showlegend: true, legend: { bgcolor: "rgba(0,0,0,0)", orientation: "h", y: 1.08 },
      xaxis: Report.axis({ title: { text: title(selects[0].value) }, zeroline: false, exponentformat: "power" }),
      yaxis: Report.axis({ title: { text: title(selects[1].value) }, zeroline: false, exponentformat: "power" }),
    }),
  });
  Report.drawSample = async () => {
    const charts = document.getElementById("charts");
    sample.charts.forEach((label, i) => {
      const figure = document.createElement("figure");
      const caption = document.createElement("figcaption");
      const box = document.createElement("div");
      caption.textContent = label + (sample.units[label] ? ` (${sample.units[label]})` : "");
      box.id = `chart-${i}`;
      box.className = "canvas chart";
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", `Distribution of ${label}`);
      figure.append(caption, box);
      charts.append(figure);
    });
    for (const [i, label] of sample.charts.entries()) {
      await Report.draw(`chart-${i}`, () => ({
        traces: [{ type: "histogram", x: sample.columns[label].filter((v) => v !== null), marker: { color: Report.colour("fill2"), line: { color: Report.colour("accent"), width: 1 } }, nbinsx: 24, hovertemplate: "%{x}: %{y}<extra></extra>" }],
        layout: Report.layout({ margin: { l: 40, r: 8, t: 26, b: 30 }, xaxis: Report.axis({ showgrid: false, zeroline: false, exponentformat: "power" }), yaxis: Report.axis({ zeroline: false }) }),
      }));
    }
    if (names.length) await Report.draw("scatter", scatter);
  };
})();
(async () => {
  await Report.drawFits();
  if (Report.drawPosterior) await Report.drawPosterior();
  if (Report.drawSample) await Report.drawSample();
  document.documentElement.dataset.ready = "true";
})();
