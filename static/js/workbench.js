/* Keyboard and viewer of the verifikator's desk. Every key has a button or link that does the same. */
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const visible = (node) => node && node.getClientRects().length > 0;

  /* Shortcuts rest when switched off, in fields, with modifiers, and while a dialog is open */
  const stored = (value) => {
    try {
      if (value) localStorage.setItem("pintasan", value);
      return localStorage.getItem("pintasan");
    } catch {
      return null;
    }
  };
  const off = () => document.body.dataset.shortcuts === "off" || stored() === "mati";
  const help = () => find("[data-shortcut-help]");
  const typing = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);

  function press(key) {
    const target = find(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
    if (!visible(target)) return false;
    target.click();
    if (target.tagName === "SUMMARY" && target.parentElement.open) {
      target.parentElement.querySelector("select, textarea, input:not([type=hidden])")?.focus();
    }
    return true;
  }
  function move(step) {
    const rows = [...document.querySelectorAll("[data-rows] a[href]")].filter(visible);
    if (!rows.length) return false;
    const here = rows.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
    const focused = rows.indexOf(document.activeElement);
    const next = rows[Math.min(rows.length - 1, Math.max(0, (focused >= 0 ? focused : here) + step))];
    next.focus();
    return true;
  }
  const acts = {
    "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), "0": () => zoom(0),
    r: () => turn(), arrowleft: () => page(-1), arrowright: () => page(1),
    j: () => move(1), k: () => move(-1),
    "?": () => { help()?.showModal(); return Boolean(help()); },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (off() || typing(event.target) || find("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const arrow = key.startsWith("arrow");
    if (arrow && event.target !== document.body && !event.target.closest("[data-viewer]")) return;
    if (press(key) || acts[key]?.()) event.preventDefault();
  });
  addEventListener("click", (event) => {
    const act = event.target.closest?.("[data-act]")?.dataset.act;
    if (act === "help") help()?.showModal();
    else if (act) ({
      "zoom-in": () => zoom(1.25), "zoom-out": () => zoom(0.8), "zoom-reset": () => zoom(0),
      rotate: () => turn(), prev: () => page(-1), next: () => page(1),
    })[act]?.();
  });
  addEventListener("change", (event) => {
    if (event.target.matches?.("[data-shortcut-switch]")) stored(event.target.checked ? "hidup" : "mati");
  });

  /* Viewer: <figure data-page> each with one image */
  let scale = 1;
  let angle = 0;
  const pages = () => [...document.querySelectorAll("[data-viewer] [data-page]")];
  function draw() {
    for (const figure of pages()) {
      const image = figure.querySelector("img");
      if (!image) continue;
      const sideways = angle % 180 !== 0;
      figure.style.width = `${scale * 100}%`;
      image.style.transform = angle ? `rotate(${angle}deg)` : "";
      const ratio = image.width / image.height || 1;
      image.style.marginBlock = sideways ? `${((ratio - 1) / 2) * image.height}px` : "";
    }
    const label = find("[data-zoom]");
    if (label) label.textContent = `${Math.round(scale * 100)} %`;
  }
  function zoom(factor) {
    if (!pages().length) return false;
    scale = factor ? Math.min(5, Math.max(0.25, scale * factor)) : 1;
    if (!factor) angle = 0;
    draw();
    return true;
  }
  function turn() {
    if (!pages().length) return false;
    angle = (angle + 90) % 360;
    draw();
    return true;
  }
  function current() {
    const top = find("[data-viewer]").getBoundingClientRect().top;
    const below = pages().findIndex((figure) => figure.getBoundingClientRect().bottom - top > 120);
    return Math.max(0, below);
  }
  function page(step) {
    const target = pages()[current() + step];
    target?.scrollIntoView({ block: "start" });
    return Boolean(target);
  }

  /* Presence: while somebody works here the item stays held; a page that is left lets go of it */
  const desk = () => find("[data-presence]");
  let touched = Date.now();
  for (const name of ["pointermove", "pointerdown", "keydown", "wheel", "scroll"]) {
    addEventListener(name, () => { touched = Date.now(); }, { capture: true, passive: true });
  }
  const tell = () => desk()?.dispatchEvent(new CustomEvent("hadir"));
  setInterval(() => {
    if (!document.hidden && Date.now() - touched < 300000) tell();
  }, 60000);
  addEventListener("pageshow", (event) => event.persisted && tell());
  addEventListener("load", () => setTimeout(tell, 3000));
  addEventListener("pagehide", () => {
    const place = desk()?.dataset;
    if (!place) return;
    const form = new FormData();
    form.append("csrf_token", place.token);
    navigator.sendBeacon(place.leave, form);
  });

  function ready() {
    const toggle = find("[data-shortcut-switch]");
    if (toggle) toggle.checked = !off();
    for (const node of document.querySelectorAll("[data-needs-script]")) node.hidden = false;
    scale = 1;
    angle = 0;
    draw();
  }
  ready();
  addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.querySelector?.("[data-viewer], [data-page]")) ready();
  });
})();
