"use strict";
// Optional: marks the section being read, sorts and searches the list of reports, searches an atlas and
// copies study files.
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

// The search of an atlas. Its data are scripts, because browsers refuse `fetch` to pages that are files.
(() => {
  const place = document.querySelector("[data-search]");
  if (!place) return;
  const make = (tag, values, ...children) => {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  };
  const folder = place.dataset.search;
  const loaded = new Map();
  const arrived = new Map();
  // Every data file calls this with its name and its value.
  window.atlasShard = (name, value) => arrived.set(name, value);
  const shard = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        const script = make("script", { src: `${folder}${name}.js` });
        script.addEventListener("load", () => resolve(arrived.get(name)));
        script.addEventListener("error", () => reject(new Error(name)));
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  };
  const input = make("input", { type: "search", autocomplete: "off", spellcheck: false });
  const status = make("p", { role: "status" });
  const list = make("ul");
  const name = (index, number) => `L${Math.floor(number / index.width)}N${number % index.width}`;
  const link = (index, number) => {
    const words = name(index, number);
    return index.pages.has(number)
      ? make("a", { href: `${folder}${index.folder}${words}.html` }, words) : make("span", {}, words);
  };
  const mostShown = 40;

  const byAddress = async (index, layer, neuron) => {
    if (layer >= index.layers) return [];
    const { best, auc, grade } = await shard(`layer-${layer}`);
    const items = [make("li", {}, make("a", {
      href: `${folder}../layers/L${layer}.html` }, `Layer ${layer}`))];
    if (neuron === undefined || neuron >= index.width) return items;
    const number = layer * index.width + neuron;
    const words = best[neuron] < 0 ? " never varies" : ` ${index.grades[grade[neuron]]}, most for `
      + `${index.labels[best[neuron]].name}: AUC ${(auc[neuron] / 1000).toFixed(3)}`
      + (index.pages.has(number) ? "" : "; it has no page of its own, its numbers are in the label's CSV");
    items.unshift(make("li", {}, link(index, number), words));
    return items;
  };
  const byLabel = (index, words) => index.labels.filter((label) => label.name.toLowerCase().includes(words))
    .map((label) => make("li", {}, "Label ",
      make("a", { href: `${folder}../labels/${label.file}.html` }, label.name), ` ${label.words}`));
  const byToken = async (index, words) => {
    if (!words || !index.shards) return [];
    const tokens = await shard(`tokens-${words.charCodeAt(0) % index.shards}`);
    const found = tokens.filter(([token]) => token.trim().toLowerCase().startsWith(words));
    const isEqual = ([token]) => token.trim().toLowerCase() === words;
    found.sort((a, b) => isEqual(b) - isEqual(a) || a[0].length - b[0].length);
    return found.map(([token, promoting, firing]) => {
      const item = make("li", {}, make("code", {}, token.replaceAll(" ", "␣")));
      for (const [title, numbers] of [[" – promoted by ", promoting], [" – fired on by ", firing]]) {
        if (!numbers.length) continue;
        item.append(title);
        numbers.slice(0, 12).forEach((number, place) => item.append(place ? ", " : "", link(index, number)));
        if (numbers.length > 12) item.append(` and ${numbers.length - 12} more`);
      }
      return item;
    });
  };

  let latest = 0;
  const show = async () => {
    const own = ++latest;
    const words = input.value.trim().toLowerCase();
    let items = [];
    let problem = "";
    if (words) {
      try {
        const index = await shard("index");
        if (!(index.pages instanceof Set)) index.pages = new Set(index.pages);
        const address = /^l?(\d{1,6})(?:\s*[n.,\s]\s*(\d{1,9}))?$/.exec(words);
        if (address) {
          items = await byAddress(index, Number(address[1]), address[2] && Number(address[2]));
        }
        items.push(...byLabel(index, words), ...await byToken(index, words));
      } catch (error) {
        problem = `The data of the search could not be loaded (${error.message}.js).`;
      }
    }
    if (own !== latest) return;
    list.replaceChildren(...items.slice(0, mostShown));
    status.textContent = problem || (!words ? "" : !items.length ? "Nothing found." :
      items.length > mostShown ? `The first ${mostShown} of ${items.length} found.` : `${items.length} found.`);
  };
  input.addEventListener("input", show);
  place.append(make("label", {}, "Search by neuron (L3N436), label or token", input), status, list);
})();

// A button that copies a study file.
(() => {
  for (const block of document.querySelectorAll("pre.study")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.textContent);
        button.textContent = "Copied";
      } catch {
        // Without leave to write the clipboard the text is selected, to be copied by hand.
        getSelection().selectAllChildren(block);
        button.textContent = "Selected: press Ctrl+C";
      }
    });
    block.before(button);
  }
})();
