"use strict";
// Light or dark: what the system prefers, until the button says otherwise; figures ask for colours again when told.
const Report = { redraws: [] };
(() => {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  Report.colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
})();
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try { chosen = window.localStorage.getItem("autolens-theme"); } catch (error) { /* no storage for this page */ }
  const apply = () => {
    root.dataset.theme = chosen || (dark.matches ? "dark" : "light");
    Report.redraws.forEach((redraw) => redraw());
  };
  dark.addEventListener("change", apply);
  document.getElementById("theme").addEventListener("click", () => {
    chosen = root.dataset.theme === "dark" ? "light" : "dark";
    try { window.localStorage.setItem("autolens-theme", chosen); } catch (error) { /* forgotten with the page */ }
    apply();
  });
  window.addEventListener("beforeprint", () => { root.dataset.theme = "light"; Report.redraws.forEach((redraw) => redraw()); });
  window.addEventListener("afterprint", apply);
  apply();
  document.querySelectorAll(".copy").forEach((button) => button.addEventListener("click", () => {
    const text = button.parentElement.querySelector("code").textContent;
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => { button.textContent = "copied"; }, () => {});
  }));
})();
