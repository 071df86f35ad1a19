/* Small helps on top of pages that work without them. No dependency; htmx is fetched from here. */
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const OFFLINE = "Sambungan terputus. Isian Anda masih ada; coba lagi.";
  const all = (selector, root = document) => root.querySelectorAll(selector);

  /* Messages */
  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }
  function say(text, ...more) {
    const box = document.getElementById("pesan");
    if (!box) return;
    const body = make("div", {}, text, ...more);
    box.replaceChildren(make("div", { class: "notice bad", role: "alert" }, body));
    box.scrollIntoView({ block: "center" });
  }
  function clear() {
    document.getElementById("pesan")?.querySelector(".notice[role=alert]")?.remove();
  }

  /* htmx: from the CDN once the page has loaded, from the own copy when that is silent for 2 s.
     A script that was given up is moved to a dead document, where it can no longer run. */
  function script(src, integrity) {
    const node = document.createElement("script");
    if (integrity) {
      node.integrity = integrity;
      node.crossOrigin = "anonymous";
    }
    node.src = src;
    return node;
  }
  function remember(value) {
    try {
      if (value) sessionStorage.setItem("htmx", value);
      return sessionStorage.getItem("htmx");
    } catch {
      return null;
    }
  }
  function loadHtmx() {
    if (!own.own) return;
    if (!own.htmx || remember() === "own") {
      document.head.append(script(own.own));
      return;
    }
    const remote = script(own.htmx, own.integrity);
    let settled = false;
    const fall = () => {
      if (settled) return;
      settled = true;
      document.implementation.createHTMLDocument("").adoptNode(remote);
      remember("own");
      document.head.append(script(own.own));
    };
    const timer = setTimeout(fall, 2000);
    remote.onerror = () => { clearTimeout(timer); fall(); };
    remote.onload = () => { clearTimeout(timer); settled = true; };
    document.head.append(remote);
  }
  if (document.readyState === "complete") loadHtmx();
  else addEventListener("load", () => setTimeout(loadHtmx));

  /* Passwords can be looked at, but are sent hidden: no browser shall keep them as text. Before all
     that sends a form by itself. */
  const boxes = (form) => all(".reveal input", form);
  function reveal(form, on) {
    for (const field of all("[autocomplete$=password]", form)) field.type = on ? "text" : "password";
    for (const box of boxes(form)) box.checked = on;
  }
  addEventListener("change", ({ target }) => { if (target.closest?.(".reveal")) reveal(target.form, target.checked); });
  addEventListener("submit", ({ target }) => { if (boxes(target).length) reveal(target, false); }, true);

  /* Capturing with the phone: where the browser can, the cards lead there, what waits there is told,
     and whoever comes or goes takes the key of the drafts along (static/js/capture). */
  const CAPTURE = "/dokumen/foto";
  const can = isSecureContext && window.indexedDB && navigator.locks && window.BroadcastChannel && window.createImageBitmap;
  const waiting = () => can && localStorage.draf;
  if (can) all("[data-foto]").forEach((link) => { link.hidden = false; });
  addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="/dokumen/baru?jenis="]');
    if (can && link && location.hash !== "#biasa") link.pathname = CAPTURE;
  }, true);
  if (/^\/(dokumen)?$/.test(location.pathname) && waiting()) {
    const card = make("a", { class: "card waiting", href: CAPTURE }, make("b", { dir: "auto" }, "Dokumen di ponsel ini"), make("span", { class: "pill" }, "Buka"));
    document.querySelector(".messages")?.after(card);
    import(own.waiting).then(({ watch }) => watch(card));
  }
  addEventListener("submit", (event) => {
    const form = event.target, out = form.action.endsWith("/keluar");
    if (!can || "sent" in form.dataset || navigator.onLine === false || !(out || ("draf" in localStorage && /\/(masuk|kode)$/.test(form.action)))) return;
    stop(event);
    import(own.waiting).then(({ leave }) => leave(out)).catch(() => true).then((go) => {
      if (!go) return;
      lock(form);
      form.submit(); // Safari 15 has no requestSubmit
    });
  }, true);

  /* Double taps: a POST form is sent once, until an answer or the way back opens it again. */
  function lock(form, submitter) {
    form.dataset.sent = "";
    setTimeout(() => {
      for (const button of all("button:not([type=button])", form)) button.disabled = true;
      if (submitter) submitter.disabled = true;
      submitter?.setAttribute("aria-busy", "true");
    });
  }
  function unlock(form) {
    delete form.dataset.sent;
    const outside = form.id ? [...all(`button[form="${CSS.escape(form.id)}"]`)] : [];
    for (const button of [...all("button", form), ...outside]) {
      if (button.hasAttribute("data-stay-disabled")) continue;
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.guard === "off") return;
    if ("sent" in form.dataset) return stop(event);
    const heavy = form.querySelector("input[type=file][data-refused]");
    if (heavy) {
      heavy.focus();
      return stop(event);
    }
    if (navigator.onLine === false) {
      say(OFFLINE);
      return stop(event);
    }
    clear();
    lock(form, event.submitter);
  }, true);
  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sent]").forEach(unlock);
  });

  /* Unsaved input */
  addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "unsaved" in form.dataset) form.dataset.unsaved = "changed";
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector('form[data-unsaved="changed"]:not([data-sent])')) event.preventDefault();
  });

  /* Answers that htmx cannot show */
  const formOf = (event) => event.detail.elt?.closest?.("form");
  addEventListener("htmx:afterRequest", (event) => formOf(event) && unlock(formOf(event)));
  for (const name of ["htmx:sendError", "htmx:timeout"]) addEventListener(name, () => say(OFFLINE));
  addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401 || !document.querySelector('form[data-unsaved="changed"]')) return;
    event.preventDefault();
    const link = make("a", { href: "/masuk", target: "_blank", rel: "noopener" }, "Masuk di tab baru");
    say("Sesi Anda berakhir. Isian Anda masih ada. ", link, ", lalu coba lagi di halaman ini.");
  });
  addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail;
    if (!answer.isError || /class="notice/.test(answer.xhr.responseText)) return;
    answer.shouldSwap = false;
    say("Permintaan tidak berhasil. Isian Anda masih ada; coba lagi.");
  });

  /* Files: names, sizes, a small picture; too large is said before anything is sent. */
  const size = (bytes) => bytes >= 1048576
    ? `${(bytes / 1048576).toLocaleString("id", { maximumFractionDigits: 1 })} MB`
    : `${Math.max(1, Math.round(bytes / 1024))} KB`;
  async function picture(file, place) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return;
    try {
      const bitmap = await createImageBitmap(file, { resizeWidth: 88, resizeQuality: "low" });
      const canvas = make("canvas", { width: bitmap.width, height: bitmap.height, "aria-hidden": "true" });
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
      place.replaceChildren(canvas);
    } catch { /* a picture that this browser cannot read is still sent */ }
  }
  addEventListener("change", (event) => {
    const input = event.target;
    const field = input.closest?.("[data-file]");
    if (!field || input.type !== "file") return;
    for (const old of all(".chosen, .error", field)) old.remove();
    const limit = Number(input.dataset.max || 10485760);
    const list = make("ul", { class: "chosen", "aria-live": "polite" });
    let heavy = null;
    for (const file of input.files) {
      const place = make("span", { class: "thumb" });
      list.append(make("li", {}, place, make("span", {}, make("b", { dir: "auto" }, file.name), ` ${size(file.size)}`)));
      picture(file, place);
      if (file.size > limit) heavy = file;
    }
    if (input.files.length) field.append(list);
    input.toggleAttribute("data-refused", Boolean(heavy));
    if (!heavy) return input.removeAttribute("aria-invalid");
    input.setAttribute("aria-invalid", "true");
    field.append(make("span", { class: "error", role: "alert" },
      `Berkas “${heavy.name}” ${size(heavy.size)}. Paling besar ${size(limit)}. ${input.dataset.remedy || "Foto ulang dengan resolusi lebih kecil atau pilih PDF."}`));
  });

  /* Focus on the summary of errors; menus close with Escape or a tap beside them */
  const open = () => all("details.more[open]");
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") open().forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
  });
  addEventListener("click", (event) => {
    open().forEach((menu) => { if (!menu.contains(event.target) || event.target === menu) menu.open = false; });
  });
  const focus = (root) => root.querySelector("[data-focus]")?.focus();
  focus(document);
  addEventListener("htmx:afterSettle", (event) => focus(event.detail.elt));
})();
