"use strict";
(function () {
  const root = document.documentElement;
  root.classList.replace("still", "lively");

  // Colours: as the system, light, dark.
  const theme = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  let chosen = 0;
  theme.addEventListener("click", function () {
    chosen = (chosen + 1) % themes.length;
    const name = themes[chosen];
    if (name === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", name);
    theme.textContent = theme.dataset[name];
  });

  // On paper everything is open.
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
    opened = [];
  });

  // A table that scrolls must be reached by the keyboard; one that fits need not.
  function reach() {
    document.querySelectorAll(".scroll").forEach(function (part) {
      if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    });
  }
  window.addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();

  const form = document.getElementById("filters");
  const text = document.getElementById("text");
  if (!form || !text) return;
  const evidence = document.getElementById("evidence");
  const count = document.getElementById("count");
  const rows = Array.from(evidence.querySelectorAll("tbody tr"));
  const hits = rows.map(function (row) {
    return { row: row, frame: row.dataset.f, voice: row.dataset.v, entry: row.dataset.e, state: row.dataset.s, shown: true };
  });
  const links = Array.from(text.querySelectorAll("a.h")).map(function (link) {
    return { link: link, hits: link.dataset.h.split(" ").map(Number) };
  });

  function checked(name) {
    return new Set(Array.from(form.elements[name] ? form.querySelectorAll('[name="' + name + '"]:checked') : [], function (box) { return box.value; }));
  }

  // Which hits are marked: those of a chosen frame and voice, of the chosen entry; those that do not count on demand.
  function update() {
    const frames = checked("frame"), voices = checked("voice"), states = checked("state").add("counted");
    const entry = form.elements.entry.value;
    let shown = 0;
    hits.forEach(function (hit) {
      hit.shown = frames.has(hit.frame) && voices.has(hit.voice) && states.has(hit.state) && (!entry || entry === hit.entry);
      hit.row.hidden = !hit.shown;
      if (hit.shown) shown += 1;
    });
    links.forEach(function (item) {
      const mine = item.hits.filter(function (number) { return hits[number].shown; });
      const link = item.link;
      if (!mine.length) {
        link.className = "h off";
        link.tabIndex = -1;
        return;
      }
      const kinds = Array.from(new Set(mine.map(function (number) { return Number(hits[number].frame); })));
      const classes = ["h", "a" + kinds[0] % 6, "l" + (kinds[0] + Math.floor(kinds[0] / 6)) % 6];
      if (kinds.length > 1) classes.push("two", "b" + kinds[1] % 6);
      const states = mine.map(function (number) { return hits[number].state; });
      if (states.every(function (state) { return state === "cancelled"; })) classes.push("can");
      else if (states.every(function (state) { return state !== "counted"; })) classes.push("neg");
      link.className = classes.join(" ");
      link.removeAttribute("tabindex");
      link.setAttribute("href", "#h" + mine[0]);
      link.setAttribute("aria-describedby", mine.map(function (number) { return "h" + number; }).join(" "));
    });
    count.textContent = count.dataset.text.replace("#", shown).replace("@", hits.length);
  }
  form.addEventListener("change", update);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { window.setTimeout(update, 0); });
  update();

  // What a marked word is: its rows of the list, beside it.
  const tip = document.getElementById("tip");
  const names = Array.from(evidence.querySelectorAll("thead th"), function (cell) { return cell.textContent; });
  let current = null, timer = 0;
  function fill(link) {
    tip.replaceChildren();
    link.dataset.h.split(" ").map(Number).forEach(function (number) {
      if (!hits[number].shown) return;
      const list = document.createElement("dl");
      Array.from(hits[number].row.cells).slice(1, 5).forEach(function (cell, column) {
        const name = document.createElement("dt"), value = document.createElement("dd");
        name.textContent = names[column + 1];
        value.append(...Array.from(cell.childNodes, function (node) { return node.cloneNode(true); }));
        list.append(name, value);
      });
      tip.append(list);
    });
  }
  function place(link) {
    const box = link.getClientRects()[0] || link.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const width = root.clientWidth, height = root.clientHeight;
    const left = Math.min(Math.max(8, box.left + box.width / 2 - size.width / 2), Math.max(8, width - size.width - 8));
    const below = box.bottom + 8;
    tip.style.left = left + "px";
    tip.style.top = (below + size.height < height || box.top < size.height + 16 ? below : box.top - size.height - 8) + "px";
  }
  function show(link) {
    window.clearTimeout(timer);
    if (link === current) return;
    hide();
    current = link;
    fill(link);
    if (!tip.childNodes.length) return;
    tip.hidden = false;
    link.classList.add("lit");
    place(link);
  }
  function hide() {
    window.clearTimeout(timer);
    if (current) current.classList.remove("lit");
    current = null;
    tip.hidden = true;
  }
  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(function () { if (!tip.matches(":hover")) hide(); }, 200);
  }
  function marked(event) {
    return event.target.closest ? event.target.closest("a.h:not(.off)") : null;
  }
  text.addEventListener("mouseover", function (event) { const link = marked(event); if (link) show(link); });
  text.addEventListener("mouseout", function (event) { if (marked(event)) later(); });
  text.addEventListener("focusin", function (event) { const link = marked(event); if (link) show(link); });
  text.addEventListener("focusout", hide);
  tip.addEventListener("mouseleave", later);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", function () { if (current) place(current); }, { passive: true });
  window.addEventListener("resize", hide);
  text.addEventListener("click", function (event) {
    const link = marked(event);
    if (!link) return;
    if (window.matchMedia("(hover: none)").matches) { // a finger cannot hover: the first touch explains
      event.preventDefault();
      show(link);
      return;
    }
    evidence.open = true;
    const row = document.getElementById(link.getAttribute("href").slice(1));
    row.tabIndex = -1;
    window.setTimeout(function () { row.focus(); }, 0);
  });
})();
