"use strict";
// Optional: searches an atlas, and copies the study files of neurons.

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
