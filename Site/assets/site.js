"use strict";
// Optional: marks the section being read, and sorts and filters the list of reports.
(() => {
  const links = new Map();
  for (const link of document.querySelectorAll(".side a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const mark = () => {
    let current;
    for (const [heading, link] of links) {
      link.removeAttribute("aria-current");
      if (heading.getBoundingClientRect().top < innerHeight / 3) current = link;
    }
    current?.setAttribute("aria-current", "true");
  };
  if (links.size && !CSS.supports("selector(:target-current)")) {
    addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
    mark();
  }

  const list = document.querySelector(".reports");
  if (!list || list.children.length < 2) return;
  const make = (tag, values, ...children) => {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  };
  const reports = [...list.children].map((item) => {
    const text = (selector) => item.querySelector(selector)?.textContent ?? "";
    const figures = new Map();
    for (const figure of item.querySelectorAll(".key-figures > div")) {
      const value = figure.querySelector(".value").textContent;
      const number = parseFloat(value.replace("−", "-").replaceAll(",", ""));
      if (!isNaN(number)) figures.set(figure.querySelector("dt").textContent, number);
    }
    const words = item.textContent.toLowerCase();
    return { item, words, figures, title: text("h2"), model: text(".model"), date: text(".date") };
  });
  const orders = new Map([
    ["As published", () => 0],
    ["Newest first", (a, b) => b.date.localeCompare(a.date)],
    ["Title", (a, b) => a.title.localeCompare(b.title)],
    ["Model", (a, b) => a.model.localeCompare(b.model)],
  ]);
  for (const label of new Set(reports.flatMap((report) => [...report.figures.keys()]))) {
    const value = (report) => report.figures.get(label) ?? -1e99;
    orders.set(label + ", highest first", (a, b) => value(b) - value(a));
  }

  const filter = make("input", { type: "search", autocomplete: "off" });
  const sort = make("select", {}, ...[...orders.keys()].map((name) => make("option", {}, name)));
  const status = make("p", { role: "status" });
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const { item, words: text } of [...reports].sort(orders.get(sort.value))) {
      item.hidden = !words.every((word) => text.includes(word));
      shown += !item.hidden;
      list.append(item);
    }
    status.textContent = `${shown} of ${reports.length} reports`;
  };
  filter.addEventListener("input", show);
  sort.addEventListener("change", show);
  const labels = [make("label", {}, "Filter", filter), make("label", {}, "Sort by", sort)];
  list.before(make("div", { className: "controls" }, ...labels, status));
  show();
})();
