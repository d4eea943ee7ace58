// The corner figure and the view of two parameters, from draws of equal weight.
(() => {
  const post = Report.data.posterior;
  if (!post) return;
  const KERNELS = 1200;
  const CELLS = 44;
  const draws = post.draws.map(Report.floats);
  const label = (i) => Report.safe(post.names[i]) + (post.units[i] ? ` (${post.units[i]})` : "");
  const short = (i) => {
    const parts = Report.safe(post.names[i]).split(".");
    const owner = parts.slice(0, -1).join(".");
    return (owner ? `${owner}<br>` : "") + parts[parts.length - 1] + (post.units[i] ? ` (${post.units[i]})` : "");
  };
  const moments = draws.map((values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    return { mean, sd: Math.sqrt(variance) || Math.abs(mean) * 1e-4 || 1e-6 };
  });
  const sorts = draws.map((values) => Float32Array.from(values).sort());
  const spans = draws.map((values, i) => {
    const sorted = sorts[i];
    const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
    const pad = 0.6 * moments[i].sd;
    return [at(0.002) - pad, at(0.998) + pad];
  });
  const correlation = (i, j) => {
    let sum = 0;
    for (let k = 0; k < draws[i].length; k += 1) sum += (draws[i][k] - moments[i].mean) * (draws[j][k] - moments[j].mean);
    return Math.max(-0.9995, Math.min(0.9995, sum / draws[i].length / moments[i].sd / moments[j].sd));
  };
  // The shortest interval with half of the draws over that of a normal distribution: narrow peaks apart stay narrow.
  const narrowness = sorts.map((sorted, i) => {
    const half = Math.floor(sorted.length / 2);
    let shortest = Infinity;
    for (let k = 0; k + half < sorted.length; k += 1) shortest = Math.min(shortest, sorted[k + half] - sorted[k]);
    return Math.min(1, Math.max(shortest / 1.349 / moments[i].sd, 0.05) || 1);
  });
  // Density of two parameters: kernels with the shape of their covariance, so that a degeneracy stays thin.
  const surface = (i, j) => {
    const rho = correlation(i, j);
    const count = Math.min(KERNELS, draws[i].length);
    const stride = draws[i].length / count;
    const width = 0.4 * Math.min(narrowness[i], narrowness[j]);
    const shrink = 1 / Math.sqrt(1 + width * width); // smoothing then leaves the covariance as it was (West 1993)
    const scale = -0.5 / (width * width * (1 - rho * rho));
    const grid = (k) => Array.from({ length: CELLS }, (_, c) => spans[k][0] + ((c + 0.5) / CELLS) * (spans[k][1] - spans[k][0]));
    const [x, y] = [grid(i), grid(j)];
    const ux = x.map((v) => (v - moments[i].mean) / moments[i].sd);
    const uy = y.map((v) => (v - moments[j].mean) / moments[j].sd);
    const density = y.map(() => new Float64Array(CELLS));
    for (let k = 0; k < count; k += 1) {
      const at = Math.floor(k * stride);
      const a = (shrink * (draws[i][at] - moments[i].mean)) / moments[i].sd;
      const b = (shrink * (draws[j][at] - moments[j].mean)) / moments[j].sd;
      for (let r = 0; r < CELLS; r += 1) {
        const v = uy[r] - b;
        if (scale * v * v * (1 - rho * rho) < -12) continue;
        for (let c = 0; c < CELLS; c += 1) {
          const u = ux[c] - a;
          const e = scale * (u * u - 2 * rho * u * v + v * v);
          if (e > -12) density[r][c] += Math.exp(e);
        }
      }
    }
    const falling = Float64Array.from(density.flatMap((row) => Array.from(row))).sort().reverse();
    const total = falling.reduce((a, b) => a + b, 0) || 1;
    const level = (part) => {
      let sum = 0;
      for (const value of falling) { sum += value; if (sum >= part * total) return value; }
      return 0;
    };
    return { x, y, z: density.map((row) => Array.from(row)), levels: [level(0.9545), level(0.6827)] };
  };
  const cache = new Map();
  const cached = (i, j) => {
    const key = `${i},${j}`;
    if (!cache.has(key)) cache.set(key, surface(i, j));
    return cache.get(key);
  };
  const contours = (i, j, axes) => {
    const s = cached(i, j);
    return s.levels.map((value, n) => ({
      type: "contour", x: s.x, y: s.y, z: s.z, showscale: false, hoverinfo: "skip", showlegend: false, ...axes,
      contours: { type: "constraint", operation: "<", value }, fillcolor: Report.colour(n ? "fill2" : "fill"),
      line: { color: Report.colour("accent"), width: 1.1, smoothing: 0.6 },
    }));
  };
  const bins = (i, count) => {
    const [low, high] = spans[i];
    const counts = new Array(count).fill(0);
    draws[i].forEach((v) => { const k = Math.floor(((v - low) / (high - low)) * count); if (k >= 0 && k < count) counts[k] += 1; });
    return { x: counts.map((_, k) => low + ((k + 0.5) / count) * (high - low)), y: counts };
  };
  const bars = (i, axes, more) => {
    const b = bins(i, 30);
    return { type: "scatter", mode: "lines", x: b.x, y: b.y, line: { shape: "hvh", color: Report.colour("accent"), width: 1.2 }, fill: "tozeroy", fillcolor: Report.colour("fill"), hoverinfo: "skip", ...axes, ...more };
  };
  const cross = (i, j, axes) => ({
    type: "scatter", mode: "markers", x: [post.maxima[i]], y: [post.maxima[j]], marker: { symbol: "cross-thin", size: 9, line: { width: 1.6, color: Report.colour("second") } },
    hovertemplate: `most likely<br>${label(i)} %{x:.5g}<br>${label(j)} %{y:.5g}<extra></extra>`, ...axes,
  });

  // ---------------------------------------------------------------- corner
  let chosen = post.first.slice(0, window.innerWidth < 560 ? 4 : 6);
  const corner = () => {
    const k = chosen.length;
    const narrow = document.getElementById("corner").clientWidth < 560;
    const size = narrow ? 8 : 10;
    const [left, bottom] = narrow ? [0.17, 0.17] : [0.085, 0.075];
    const step = [(1 - left) / k, (0.98 - bottom) / k];
    const gap = 0.06;
    const box = (from, i, width) => [from + i * width, from + (i + 1 - gap) * width];
    const id = (letter, n) => `${letter}${n === 1 ? "" : n}`;
    const layout = Report.layout({ margin: { l: 4, r: 4, t: 22, b: 4 }, annotations: [], shapes: [] });
    const traces = [];
    chosen.forEach((column, c) => {
      const x = Report.axis({
        domain: box(left, c, step[0]), anchor: "free", position: bottom, range: [...spans[column]], showgrid: false, zeroline: false, nticks: narrow || k > 5 ? 4 : 5,
        tickfont: { size }, tickangle: narrow ? -60 : 0, exponentformat: "power", ticklabeloverflow: "hide past domain",
      });
      layout[id("xaxis", c + 1)] = x;
      layout[id("yaxis", c + 1)] = Report.axis({
        domain: box(bottom, k - 1 - c, step[1]), anchor: "free", position: left, range: [...spans[column]], showgrid: false, zeroline: false, nticks: 4,
        tickfont: { size }, showticklabels: c > 0, ticks: c > 0 ? "outside" : "", exponentformat: "power", ticklabeloverflow: "hide past domain", mirror: false, showline: false,
      });
      const diagonal = `yaxis${k + c + 1}`;
      layout[diagonal] = { domain: box(bottom, k - 1 - c, step[1]), anchor: id("x", c + 1), showticklabels: false, showgrid: false, zeroline: false, fixedrange: true, rangemode: "tozero" };
      traces.push(bars(column, { xaxis: id("x", c + 1), yaxis: `y${k + c + 1}` }));
      layout.shapes.push({ type: "line", xref: id("x", c + 1), yref: `y${k + c + 1} domain`, x0: post.maxima[column], x1: post.maxima[column], y0: 0, y1: 1, line: { color: Report.colour("second"), width: 1, dash: "dash" } });
      layout.annotations.push({ text: short(column), xref: "paper", yref: "paper", x: left + (c + 0.5 - 0.5 * gap) * step[0], xanchor: "center", y: bottom, yanchor: "top", yshift: narrow ? -30 : -22, showarrow: false, font: { size } });
      if (c > 0) layout.annotations.push({ text: short(column), xref: "paper", yref: "paper", x: left, xanchor: "right", xshift: narrow ? -30 : -44, y: bottom + (k - 1 - c + 0.5 - 0.5 * gap) * step[1], yanchor: "middle", textangle: -90, showarrow: false, font: { size } });
      if (k <= (narrow ? 3 : 6)) layout.annotations.push({ text: post.texts[column], xref: "paper", yref: "paper", x: left + (c + 0.5 - 0.5 * gap) * step[0], xanchor: "center", y: bottom + (k - c - gap) * step[1], yanchor: "bottom", showarrow: false, font: { size } });
      for (let r = c + 1; r < k; r += 1) {
        const axes = { xaxis: id("x", c + 1), yaxis: id("y", r + 1) };
        traces.push(...contours(column, chosen[r], axes), cross(column, chosen[r], axes));
        layout.shapes.push({ type: "rect", xref: "paper", yref: "paper", x0: left + c * step[0], x1: left + (c + 1 - gap) * step[0], y0: bottom + (k - 1 - r) * step[1], y1: bottom + (k - r - gap) * step[1], line: { color: Report.colour("line"), width: 1 } });
      }
    });
    return { traces, layout };
  };
  const choices = document.getElementById("choices");
  post.names.forEach((name, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.setAttribute("aria-pressed", String(chosen.includes(i)));
    button.addEventListener("click", () => {
      const next = chosen.includes(i) ? chosen.filter((c) => c !== i) : [...chosen, i];
      if (next.length < 1 || next.length > 8) return;
      chosen = next;
      button.setAttribute("aria-pressed", String(chosen.includes(i)));
      document.getElementById("corner").redraw();
    });
    choices.append(button);
  });

  // ---------------------------------------------------------------- two parameters
  const [selectX, selectY] = ["pair-x", "pair-y"].map((id) => document.getElementById(id));
  [selectX, selectY].forEach((select, n) => {
    post.names.forEach((name, i) => select.add(new Option(name, String(i))));
    select.value = String(post.first[n] ?? post.first[0]);
    select.addEventListener("change", () => document.getElementById("pair").redraw());
  });
  const pair = () => {
    const [i, j] = [Number(selectX.value), Number(selectY.value)];
    const some = (values) => values.subarray(0, 3000);
    document.getElementById("pair-says").textContent = i === j ? "" : `correlation ${correlation(i, j).toFixed(2).replace("-", "−")}`;
    const axes = { xaxis: "x", yaxis: "y" };
    const b = bins(j, 30);
    return {
      traces: [
        { type: "scatter", mode: "markers", x: some(draws[i]), y: some(draws[j]), marker: { size: 3, color: Report.colour("soft"), opacity: 0.35 }, hovertemplate: "%{x:.5g}, %{y:.5g}<extra></extra>", ...axes },
        ...(i === j ? [] : contours(i, j, axes)), cross(i, j, axes), bars(i, { xaxis: "x", yaxis: "y2" }),
        { type: "bar", orientation: "h", x: b.y, y: b.x, marker: { color: Report.colour("fill2") }, hoverinfo: "skip", xaxis: "x2", yaxis: "y" },
      ],
      layout: Report.layout({
        margin: { l: 74, r: 8, t: 8, b: 48 }, bargap: 0,
        xaxis: Report.axis({ domain: [0, 0.8], range: [...spans[i]], title: { text: label(i) }, zeroline: false }),
        yaxis: Report.axis({ domain: [0, 0.8], range: [...spans[j]], title: { text: label(j) }, zeroline: false }),
        xaxis2: { domain: [0.82, 1], showticklabels: false, showgrid: false, zeroline: false, fixedrange: true },
        yaxis2: { domain: [0.82, 1], showticklabels: false, showgrid: false, zeroline: false, fixedrange: true, rangemode: "tozero" },
      }),
    };
  };
  Report.drawPosterior = async () => {
    await Report.draw("corner", corner);
    await Report.draw("pair", pair);
  };
})();
