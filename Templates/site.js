"use strict";
// Optional: marks the section being read, and sorts and searches the list of reports.
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

  const body = document.querySelector(".reports tbody");
  if (!body || body.rows.length < 2) return;
  const make = (tag, values, ...children) => {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  };
  const reports = [...body.rows].map((row) => {
    const text = (selector) => row.querySelector(selector).textContent;
    const number = (key) => (row.dataset[key] ? Number(row.dataset[key]) : -1e99);
    return {
      row, words: row.textContent.toLowerCase(), title: text("th"), model: text(".model"),
      date: text(".date"), verdict: number("verdict"), mcc: number("mcc"), loss: number("loss"),
    };
  });
  const orders = new Map([
    ["As published", () => 0],
    ["Verdict, strongest first", (a, b) => a.verdict - b.verdict],
    ["MCC, highest first", (a, b) => b.mcc - a.mcc],
    ["Change of loss, highest first", (a, b) => b.loss - a.loss],
    ["Newest first", (a, b) => b.date.localeCompare(a.date)],
    ["Title", (a, b) => a.title.localeCompare(b.title)],
    ["Model", (a, b) => a.model.localeCompare(b.model)],
  ]);
  const filter = make("input", { type: "search", autocomplete: "off" });
  const sort = make("select", {}, ...[...orders.keys()].map((name) => make("option", {}, name)));
  const status = make("p", { role: "status" });
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const { row, words: text } of [...reports].sort(orders.get(sort.value))) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
      body.append(row);
    }
    status.textContent = `${shown} of ${reports.length} reports`;
  };
  filter.addEventListener("input", show);
  sort.addEventListener("change", show);
  const labels = [make("label", {}, "Search", filter), make("label", {}, "Sort by", sort)];
  document.querySelector(".index .scroll").before(make("div", { className: "controls" }, ...labels, status));
  show();
})();
