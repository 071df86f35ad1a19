/* The verifikator's desk: keys, paper, presence, and the next item fetched ahead. Every key has a
   button or link that does the same. */
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
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
  const off = () => find('[data-shortcuts="off"]') || stored() === "mati";
  const help = () => find("[data-shortcut-help]");
  const typing = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(checkbox|radio)$/.test(node.type);

  /* A second press that follows by accident must not decide the item that has just come */
  const BOUNCE = 250;
  let arrived = -BOUNCE;

  function press(key) {
    const target = find(`[data-key~="${CSS.escape(key)}"]:not([disabled])`);
    if (!visible(target)) return false;
    if (performance.now() - arrived < BOUNCE) return true;
    target.click();
    if (target.tagName === "SUMMARY" && target.parentElement.open) {
      find("select, textarea, input:not([type=hidden])", target.parentElement)?.focus();
    }
    return true;
  }
  function move(step) {
    const rows = all("[data-rows] :is(tr, li)").map((line) => find("a[href]", line)).filter(visible);
    if (!rows.length) return false;
    const focused = rows.findIndex((row) => row.closest("tr, li").contains(document.activeElement));
    const here = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, here + step))];
    next.focus();
    return true;
  }
  function choose() {
    const line = document.activeElement.closest("[data-rows] :is(tr, li)");
    const box = line && find("input[type=checkbox]:not([disabled])", line);
    box?.click();
    return Boolean(box);
  }
  const acts = {
    "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), "0": () => zoom(0),
    r: () => turn(), arrowleft: () => page(-1), arrowright: () => page(1),
    j: () => move(1), k: () => move(-1), "shift+j": () => move(-1), x: choose,
    "shift+arrowleft": () => pan(-80, 0), "shift+arrowright": () => pan(80, 0),
    "shift+arrowup": () => pan(0, -80), "shift+arrowdown": () => pan(0, 80),
    "?": () => { help()?.showModal(); return Boolean(help()); },
    "zoom-in": () => zoom(1.25), "zoom-out": () => zoom(0.8), "zoom-reset": () => zoom(0), again,
    rotate: () => turn(), prev: () => page(-1), next: () => page(1), close: () => drop(),
  };
  acts.help = acts["?"];
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest?.(".confirm-body form");
      if (form) all("button[type=submit]", form).at(-1)?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const begun = event.key === "Escape" && !find("dialog[open]") && find(".decide .confirm[open]");
    if (begun) {
      begun.open = false;
      find("summary", begun).focus();
      return;
    }
    if (off() || typing(event.target) || find("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const shifted = event.shiftKey && acts[`shift+${key}`];
    if (shifted ? shifted() : press(key) || acts[key]?.()) event.preventDefault();
  });
  document.addEventListener("toggle", ({ target }) => {
    const form = !target.open && target.matches(".decide .confirm") && find("form[data-unsaved]", target);
    if (form && !find("textarea", form).value) form.dataset.unsaved = ""; // nothing to lose
  }, true);
  addEventListener("click", (event) => {
    const act = event.target.closest?.("[data-act]")?.dataset.act;
    if (act) acts[act]?.();
  });
  addEventListener("change", (event) => {
    if (event.target.matches?.("[data-shortcut-switch]")) stored(event.target.checked ? "hidup" : "mati");
  });

  /* Paper: <figure data-page> each with one picture; zoom is of all, a turn of the one in view */
  let scale = 1;
  const viewer = () => find("[data-viewer]");
  const pages = () => all("[data-page]", viewer() || document.createElement("i"));
  function draw() {
    for (const figure of pages()) {
      const image = find("img", figure);
      const angle = Number(figure.dataset.turn || 0);
      const ratio = image.getAttribute("width") / image.getAttribute("height") || 1;
      if (scale === 1) figure.removeAttribute("style");
      else figure.style.width = `${scale * 100}%`;
      image.removeAttribute("style");
      if (angle) image.style.transform = `rotate(${angle}deg)`;
      if (angle % 180) {
        // Lying, the picture is as high as the sheet is wide; its box keeps the old sides.
        image.style.width = `${ratio * 100}%`;
        image.style.margin = `${(ratio - 1) * 50}% ${(1 - ratio) * 50}%`;
      }
    }
    const size = find("[data-zoom]");
    if (size) size.textContent = `${Math.round(scale * 100)} %`;
    tell();
  }
  function tell() {
    const label = find("[data-place]");
    const number = pages().length;
    if (!label || !number) return;
    label.textContent = `Halaman ${current() + 1} dari ${number}`;
  }
  function zoom(factor, x, y) {
    const box = viewer();
    if (!pages().length) return false;
    const before = scale;
    scale = factor ? Math.min(6, Math.max(0.25, scale * factor)) : 1;
    if (!factor) for (const figure of pages()) delete figure.dataset.turn;
    draw();
    // What lies under the finger, the pointer or the middle stays there.
    const sides = box.getBoundingClientRect();
    const [left, top] = [(x ?? sides.left + sides.width / 2) - sides.left, (y ?? sides.top + sides.height / 2) - sides.top];
    const grown = scale / before;
    box.scrollTo((box.scrollLeft + left) * grown - left, (box.scrollTop + top) * grown - top);
    return true;
  }
  function turn() {
    const figure = pages()[current()];
    if (!figure) return false;
    figure.dataset.turn = (Number(figure.dataset.turn || 0) + 90) % 360;
    draw();
    return true;
  }
  function current() {
    const top = viewer().getBoundingClientRect().top;
    return Math.max(0, pages().findIndex((figure) => figure.getBoundingClientRect().bottom - top > 120));
  }
  function page(step) {
    const target = viewer() && pages()[current() + step];
    target?.scrollIntoView({ block: "start" });
    return Boolean(target);
  }
  function pan(x, y) {
    viewer()?.scrollBy(x, y);
    return Boolean(viewer());
  }
  function grasp(box) {
    let from = null, apart = 0;
    const between = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    box.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button || event.target.closest(".viewer-bar")) return;
      if (event.offsetX > box.clientWidth || event.offsetY > box.clientHeight) return;
      from = [event.clientX + box.scrollLeft, event.clientY + box.scrollTop];
      box.classList.add("held");
    });
    box.addEventListener("pointermove", (event) => {
      if (from && event.buttons) box.scrollTo(from[0] - event.clientX, from[1] - event.clientY);
    });
    for (const name of ["pointerup", "pointerleave"]) box.addEventListener(name, () => { from = null; box.classList.remove("held"); });
    box.addEventListener("dragstart", (event) => event.preventDefault());
    box.addEventListener("dblclick", (event) => {
      if (event.target.closest("figure")) zoom(scale > 1 ? 1 / scale : 2, event.clientX, event.clientY);
    });
    box.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
    }, { passive: false });
    box.addEventListener("touchstart", (event) => { apart = event.touches.length === 2 ? between(event.touches) : 0; }, { passive: true });
    box.addEventListener("touchmove", (event) => {
      if (event.touches.length !== 2 || !apart) return;
      event.preventDefault();
      const now = between(event.touches), [one, other] = event.touches;
      zoom(now / apart, (one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2);
      apart = now;
    }, { passive: false });
    box.addEventListener("scroll", () => requestAnimationFrame(tell), { passive: true });
  }

  /* A page that does not come is told where it should stand, with a way to ask again */
  function missed(image) {
    const figure = image.closest("[data-page]");
    if (!figure || figure.classList.contains("failed")) return;
    const told = document.createElement("p");
    if (!find(".failed")) told.setAttribute("role", "alert"); // of twenty pages one is read aloud
    told.textContent = `${image.alt}: belum dapat ditampilkan. Jangan putuskan sebelum terlihat; coba lagi, atau lewati dahulu.`;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn ghost small", textContent: "Coba lagi" });
    button.dataset.act = "again";
    told.append(button);
    figure.append(told);
    figure.classList.add("failed");
  }
  function again() {
    for (const image of all(".failed > img")) image.src = image.src;
  }
  document.addEventListener("error", (event) => event.target.tagName === "IMG" && missed(event.target), true);
  document.addEventListener("load", (event) => {
    const figure = event.target.closest?.(".failed");
    if (!figure) return;
    figure.classList.remove("failed");
    find("p", figure)?.remove();
  }, true);

  /* The next item's pictures, fetched under seal: the key comes with the page once the item is held */
  const sealed = new Map();
  async function fetchAhead(address) {
    const get = async (path) => {
      const answer = await fetch(path, { priority: "low" });
      if (!answer.ok || answer.redirected) throw new Error(path);
      return answer;
    };
    sealed.clear();
    for (const path of await (await get(address)).json()) {
      sealed.set(path.replace(/\/tersegel$/, ""), await (await get(path)).arrayBuffer());
    }
  }
  async function unseal(bytes, key) {
    const secret = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0));
    const start = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-512", salt: new TextEncoder().encode("portal"), iterations: 1 };
    const stream = new Uint8Array(await crypto.subtle.deriveBits(how, start, bytes.byteLength * 8));
    return new Uint8Array(bytes).map((sign, place) => sign ^ stream[place]);
  }
  async function showPicture(image) {
    const { src, seal } = image.dataset;
    const bytes = sealed.get(src);
    const plain = () => { image.onerror = null; image.src = src; };
    if (!bytes?.byteLength || !window.crypto?.subtle) return plain();
    try {
      const picture = URL.createObjectURL(new Blob([await unseal(bytes, seal)], { type: "image/webp" }));
      image.onload = () => URL.revokeObjectURL(picture);
      image.onerror = plain;
      image.src = picture;
    } catch {
      plain();
    }
  }
  async function openPictures() {
    await Promise.all(all("img[data-src]").map(showPicture));
    await Promise.all(all("[data-page] img").map((image) => image.decode().catch(() => null)));
    const address = desk()?.dataset.ahead;
    if (address && !navigator.connection?.saveData) fetchAhead(address).catch(() => sealed.clear());
  }

  /* Presence: while somebody works here the item stays held; a page that is left lets go of it */
  const desk = () => find("[data-presence]");
  let touched = Date.now();
  for (const name of ["pointermove", "pointerdown", "keydown", "wheel", "scroll"]) {
    addEventListener(name, () => { touched = Date.now(); }, { capture: true, passive: true });
  }
  const present = () => desk()?.dispatchEvent(new CustomEvent("hadir"));
  setInterval(() => {
    if (!document.hidden && Date.now() - touched < 300000) present();
  }, 60000);
  addEventListener("pageshow", (event) => event.persisted && present());
  // On a slow line htmx, which tells it, comes later.
  const arrive = () => (window.htmx ? present() : setTimeout(arrive, 1000));
  addEventListener("load", () => setTimeout(arrive, 3000));
  addEventListener("pagehide", () => {
    const place = desk()?.dataset;
    if (!place) return;
    const form = new FormData();
    form.append("csrf_token", place.token);
    navigator.sendBeacon(place.leave, form);
  });

  /* Taking back: the bar floats for the seconds that the server told, then goes */
  let over;
  function drop() {
    const bar = find("[data-seconds]");
    if (bar?.contains(document.activeElement)) find("h1")?.focus();
    bar?.remove();
  }
  function offer() {
    clearTimeout(over);
    const bar = find("[data-seconds]");
    if (!bar) return;
    const left = Number(bar.dataset.seconds) * 1000 - 300;
    bar.classList.add("floating");
    bar.style.setProperty("--left", `${left}ms`);
    over = setTimeout(drop, left);
  }

  /* Choosing several: one kind at a time, and only then the button */
  function count() {
    const bar = find("[data-bulk]");
    if (!bar) return;
    const chosen = all("input[form=massal]:checked");
    const kinds = new Set(chosen.map((box) => box.dataset.kind));
    bar.classList.toggle("open", chosen.length > 0);
    find("[type=submit]", bar).disabled = kinds.size !== 1;
    find("[data-bulk-told]", bar).textContent = kinds.size > 1
      ? `${chosen.length} dipilih dari ${kinds.size} jenis. Pilih satu jenis saja.`
      : chosen.length ? `${chosen.length} dipilih: ${[...kinds]}.` : "Tandai dokumen sejenis yang semua pemeriksaannya hijau.";
  }
  addEventListener("change", (event) => event.target.matches?.("[form=massal]") && count());
  addEventListener("reset", () => setTimeout(count));

  /* How much room a note has left, once it gets scarce */
  addEventListener("input", (event) => {
    const most = Number(event.target.dataset?.most);
    if (!most) return;
    const place = event.target.nextElementSibling || event.target.parentElement.appendChild(document.createElement("small"));
    const left = most - event.target.value.length;
    place.className = left < 0 ? "error" : "muted";
    place.setAttribute("aria-live", "polite");
    place.textContent = left < 0 ? `Kelebihan ${-left} huruf.` : left < most / 5 ? `Sisa ${left} huruf.` : "";
  });

  function ready() {
    const toggle = find("[data-shortcut-switch]");
    if (toggle) toggle.checked = !off();
    for (const node of all("[data-needs-script]")) node.hidden = false;
    for (const image of all("[data-page] img[src]")) if (image.complete && !image.naturalWidth) missed(image);
    scale = 1;
    const box = viewer();
    if (box && !box.dataset.grasped) {
      box.dataset.grasped = "";
      grasp(box);
    }
    if (box) draw();
    offer();
    count();
    openPictures();
  }
  ready();
  find("#meja")?.setAttribute("data-ready", "");
  addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "hasil") return ready();
    if (event.detail.target?.id !== "meja") return;
    arrived = performance.now();
    scrollTo(0, 0);
    ready();
  });
  addEventListener("htmx:afterSettle", (event) => {
    const place = find("#meja");
    if (!place || event.detail.target?.id !== "meja") return;
    (find("[data-focus]", place) || find("h1", place))?.focus({ preventScroll: true });
    const told = all("#pesan b, #pesan p").map((node) => node.textContent.trim());
    const news = find("#kabar");
    if (news) news.textContent = [...told, `Di meja: ${find("h1", place)?.textContent}.`].join(" ");
    setTimeout(() => { place.dataset.ready = ""; }, BOUNCE);
  });
})();
