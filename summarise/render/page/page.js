/* Filters, sorts, jumps: nothing else. What is shown was rendered; no text becomes markup here, nothing is loaded. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  document.addEventListener("DOMContentLoaded", function () {
    const one = (id) => document.getElementById(id);
    const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
    const main = one("brief"), reader = one("articles"), narrow = matchMedia("(max-width: 61.99rem)");
    let from = null;  // the link that was followed to the evidence on show
    let trail = [];   // all links to evidence of the same item
    let shown = null; // the article on show

    /* ---- filters: an element says in data-a, data-i, data-o which actors, issues, outlets it concerns */
    const choices = all("select[data-k]"), clear = one("clear");
    const filterable = all(".f, .leaf"), positions = all(".pos");
    const holders = all(".holder").reverse(); // inner ones before those around them
    const sections = all("main > section");

    function filter() {
      const wanted = choices.filter((choice) => choice.value);
      for (const element of filterable) {
        element.hidden = wanted.some((choice) => {
          const listed = element.getAttribute("data-" + choice.dataset.k);
          return listed !== null && !listed.split(" ").includes(choice.value);
        });
      }
      for (const table of all("table.map")) { // a column is shown where its heading is
        const hidden = Array.from(table.tHead.rows[0].cells, (head) => head.hidden);
        for (const row of table.tBodies[0].rows) for (const cell of row.cells) cell.hidden = hidden[cell.cellIndex];
      }
      for (const holder of holders) {
        if (wanted.length && !holder.hidden) {
          holder.hidden = !all(".leaf", holder).some((leaf) => !leaf.closest("[hidden]"));
        }
      }
      for (const section of sections) {
        const none = section.querySelector(":scope > .none");
        if (none) none.hidden = !wanted.length || all(".leaf", section).some((leaf) => !leaf.closest("[hidden]"));
      }
      for (const choice of choices) choice.classList.toggle("set", choice.value !== "");
      clear.hidden = !wanted.length;
      const left = positions.filter((position) => !position.closest("[hidden]")).length;
      one("shown").textContent = wanted.length ? left + " of " + positions.length + " positions" : "";
    }

    function unfilter() {
      for (const choice of choices) choice.value = "";
      filter();
    }

    for (const choice of choices) choice.addEventListener("change", filter);
    clear.addEventListener("click", () => { unfilter(); choices[0].focus(); });

    /* ---- sorting: by what a cell says in data-s; a third click gives back the brief's own order */
    function sort(button) {
      const head = button.closest("th"), table = head.closest("table"), body = table.tBodies[0];
      const column = head.cellIndex, before = head.getAttribute("aria-sort");
      const next = { ascending: "descending", descending: "none" }[before] || "ascending";
      for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
      if (next !== "none") head.setAttribute("aria-sort", next);
      const sign = next === "descending" ? -1 : 1;
      const order = (a, b) => a.dataset.n - b.dataset.n;
      const empty = (row) => row.cells[column].dataset.s === undefined;
      const rows = Array.from(body.rows).sort((a, b) => {
        if (next === "none") return order(a, b);
        if (empty(a) !== empty(b)) return empty(a) ? 1 : -1; // who says nothing stays last, whichever way
        const x = a.cells[column].dataset.s, y = b.cells[column].dataset.s;
        return sign * (x < y ? -1 : x > y ? 1 : 0) || order(a, b);
      });
      body.append(...rows);
    }

    /* ---- the article beside the claim */
    function step(link) {
      all(".now").forEach((old) => old.classList.remove("now"));
      all(".here").forEach((old) => old.classList.remove("here"));
      const item = link && link.closest(".item");
      trail = item ? all(".refs a", item) : [];
      for (const other of trail) {
        const mark = one(other.hash.slice(1));
        if (mark) mark.classList.add("now");
      }
      const at = trail.indexOf(link);
      if (link) link.classList.add("now");
      one("place").textContent = trail.length ? at + 1 + " of " + trail.length : "";
      one("earlier").disabled = at < 1;
      one("later").disabled = at < 0 || at >= trail.length - 1;
      one("to-claim").disabled = !item;
      one("for-claim").replaceChildren(...(item ? told(item) : []));
      one("came").replaceChildren(...(item ? parts(item, ".way") : []));
      list(null);
    }

    /* ---- the way back: what rests on a sentence, or on any of an article */
    function list(ids) {
      const box = one("users"), rows = new Map();
      box.replaceChildren();
      box.hidden = !ids;
      one("taken").setAttribute("aria-pressed", "false");
      if (!ids) return;
      for (const link of all("main .refs a")) {
        const item = link.closest(".item");
        if (item && item.id && ids.has(link.hash.slice(1))) rows.set(item, (rows.get(item) || []).concat(link.hash));
      }
      for (const [item, hashes] of rows) {
        const row = document.createElement("li"), to = document.createElement("a");
        to.href = "#" + item.id;
        const text = told(item).map((part) => part.textContent || part).join("");
        to.textContent = section(item) + ": " + short(text.replace(/\s+/g, " ").trim());
        row.append(to);
        for (const hash of new Set(hashes)) {
          const mark = document.createElement("a");
          mark.href = hash;
          mark.className = "ev";
          mark.textContent = hash.slice(2);
          row.append(" ", mark);
        }
        box.append(row);
      }
    }

    const section = (item) => item.closest("main > section").querySelector("h2").textContent;
    const short = (text) => (text.length > 110 ? text.slice(0, 108).replace(/\s\S*$/, "") + "…" : text);

    function parts(item, selector) { // copies of what an item says, each with its own direction of writing
      const found = item.querySelector(selector);
      if (!found) return [];
      const copy = document.createElement("bdi");
      copy.append(...found.cloneNode(true).childNodes);
      all(".refs, .badge", copy).forEach((part) => part.remove());
      return [copy, " "];
    }

    function told(item) {
      const holder = item.closest(".issue .holder");
      return [...(holder ? parts(holder, "h4") : []), ...parts(item, ".claim")];
    }

    function still(change) { // what one reads stays where it is while the page changes its width
      const anchor = from && from.isConnected ? from : null;
      const before = anchor && anchor.getBoundingClientRect().top;
      change();
      if (anchor && !narrow.matches) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
    }

    function cover() { // where the article lies over the brief, nothing beneath it can be reached
      for (const part of all("body > :not(#articles)")) part.inert = narrow.matches && root.classList.contains("reading");
    }

    function open(source, target) {
      still(() => {
        if (shown !== source) {
          if (shown) shown.classList.remove("shown", "dim");
          source.classList.add("shown");
          shown = source;
        }
        root.classList.add("reading");
      });
      cover();
      one("in-article").replaceChildren(...parts(source, "h3"), "· ", ...parts(source, ".way"));
      one("dim").setAttribute("aria-pressed", String(source.classList.contains("dim")));
      for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      if (target === source) {
        reader.scrollTop = 0;
      } else {
        const top = target.getBoundingClientRect().top - reader.getBoundingClientRect().top;
        reader.scrollTop += top - Math.max(one("bar").offsetHeight + 60, reader.clientHeight / 3);
      }
      if (target.id.startsWith("e")) target.classList.add("here");
      focus(target);
    }

    function close() {
      if (!root.classList.contains("reading")) return;
      still(() => root.classList.remove("reading"));
      cover();
      if (shown) shown.classList.remove("shown", "dim");
      shown = null;
      step(null);
      if (from) from.focus({ preventScroll: !narrow.matches });
      from = null;
    }

    function focus(target) {
      if (target.tabIndex < 0) target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }

    function go() {
      const target = one(location.hash.slice(1));
      if (!target) return close();
      const source = reader && target.closest(".source, #articles > .orphans");
      if (source) {
        const hash = "#" + target.id;
        if (from && from.hash !== hash) from = trail.find((link) => link.hash === hash) || null;
        step(from);
        return open(source, target);
      }
      if (narrow.matches) { from = null; close(); }
      if (target.closest("[hidden]")) unfilter();
      for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      target.scrollIntoView({ block: target.matches("section") ? "start" : "center" });
      focus(target);
    }

    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']"), button = event.target.closest("button");
      if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        if (link.matches("sup a")) { // who rests on the sentence: one goes there at once, of several one chooses
          list(new Set(["e" + link.textContent]));
          if (one("users").children.length > 1) {
            event.preventDefault();
            return one("users").querySelector("a").focus();
          }
          list(null);
        }
        if (link.matches("main .refs a")) from = link;
        else if (link.matches("main a")) from = null;
        if (link.hash === location.hash) { event.preventDefault(); go(); } // no hashchange would come
      }
      if (!button) return;
      if (button.matches(".sort")) return sort(button);
      if (button.dataset.set) {
        const [key, value] = button.dataset.set.split(":");
        const choice = choices.find((other) => other.dataset.k === key);
        if (!choice) return;
        for (const other of choices) other.value = "";
        choice.value = value;
        filter();
        const to = one("map") || one("positions");
        to.scrollIntoView();
        return focus(to);
      }
      const at = trail.indexOf(from);
      const turn = (link) => { from = link; if (link.hash === location.hash) go(); else location.hash = link.hash; };
      if (button.id === "earlier" && at > 0) turn(trail[at - 1]);
      if (button.id === "later" && at < trail.length - 1) turn(trail[at + 1]);
      if (button.id === "taken" && shown) {
        const pressed = button.getAttribute("aria-pressed") === "true";
        list(pressed ? null : new Set(all("[id]", shown).map((mark) => mark.id)));
        button.setAttribute("aria-pressed", String(!pressed));
      }
      if (button.id === "close") close();
      if (button.id === "to-claim" && from) {
        const link = from;
        if (narrow.matches) close();
        link.scrollIntoView({ block: "center" });
        link.focus({ preventScroll: true });
      }
      if (button.id === "dim" && shown) button.setAttribute("aria-pressed", String(shown.classList.toggle("dim")));
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    for (const link of all(".refs a")) link.setAttribute("aria-label", "Evidence " + link.textContent);
    for (const link of all("sup a:first-child")) link.setAttribute("aria-label", "What rests on sentence " + link.textContent);
    narrow.addEventListener("change", cover);
    addEventListener("hashchange", go);
    if (location.hash) go();
  });
})();
