/* /dokumen/foto: from the kind of a document to its receipt. */
import { $, clone, put, settled, showPages } from "./pages.js";
import { account, all, begin, call, change, drop, get, isReady, pagesOf, person, progress, save, stateOf, wake } from "./outbox.js";

const { jenis, dokumen, peran, ganti } = Object.fromEntries(new URLSearchParams(location.search));
let draft, step, busy, timer, refused;

const form = $("isian");
const fields = () => [...form.elements];
for (const one of ["error", "unhandledrejection"]) addEventListener(one, () => { $("rusak").hidden = false; });
if (!crypto.subtle || !navigator.locks) throw Error();

function showForm() {
  if (form.dataset.draft !== draft.id) {
    form.dataset.draft = draft.id;
    form.replaceChildren(clone(draft.form));
    $("benar").checked = false;
    for (const field of fields()) {
      field.setAttribute("aria-describedby", `${field.id}-galat ${field.id}-petunjuk ${field.id}-baca`);
      const value = draft.values[field.name];
      if (field.type === "checkbox") field.checked = value;
      else field.value = value || field.value;
    }
    judge();
  }
  for (const field of fields()) {
    const read = draft.reading?.[field.name];
    if (!read || draft.touched.includes(field.name) || field.nextSibling?.dataset?.read) continue;
    field.value ||= read;
    if (field.value === read) field.after(Object.assign(clone("terbaca"), { id: `${field.id}-baca` }));
  }
  if (draft.problem?.fields) showFaults(draft.problem.fields);
}

form.addEventListener("input", ({ target }) => {
  target.closest(".bad")?.classList.remove("bad");
  target.parentNode.querySelectorAll("[data-read], .error").forEach((mark) => mark.remove());
  keep(target.name);
  clearTimeout(timer);
  timer = setTimeout(judge, 900);
});
const keep = (touched) => change(draft.id, (mine) => {
  for (const field of fields()) mine.values[field.name] = field.type === "checkbox" ? field.checked : field.value;
  if (touched && !mine.touched.includes(touched)) mine.touched.push(touched);
  mine.title = mine.values.nama || mine.values.program_studi || mine.title;
  if (mine.problem?.fields) mine.problem = null;
  draft = mine;
});
const empty = () => Object.fromEntries(fields().map((field) => [field.name, !field.value.trim() && field.dataset.wajib]));

function showFaults(faults, quiet) {
  form.querySelectorAll(".error").forEach((mark) => mark.remove());
  let first;
  for (const field of fields()) {
    const text = faults[field.name];
    field.closest(".field").classList.toggle("bad", !!text);
    field.ariaInvalid = text ? "true" : null;
    if (!text) continue;
    field.before(Object.assign(clone("galat"), { id: `${field.id}-galat`, textContent: text }));
    first ||= field;
  }
  if (!quiet) first?.focus();
  return !first;
}

async function judge() {
  const { jenis, jp } = form.elements;
  const hint = jenis && $("t-jp").content.querySelector(`[data-jenis="${jenis.value}"]`);
  if (hint) $(`${jp.id}-petunjuk`).textContent = hint.textContent;
  if (Object.values(empty()).some(Boolean)) return;
  const told = await begin(draft).then(() => call("/kirim/isian", { dokumen: draft.id, isian: draft.values })).catch(() => {});
  put($("data"), {
    poin: told?.poin && `${told.poin} → ${told.menjadi} bila disetujui`,
    catatan: told ? told.catatan : $("data").dataset.say,
    tanya: told?.tanya.join(" "),
  });
  if (told) showFaults(told.salah, true);
}

async function finishForm() {
  await keep();
  const { checked, dataset } = $("benar");
  put($("data"), { galat: checked ? "" : dataset.say });
  return showFaults(empty()) && checked;
}

const SHOW = {
  async jenis() {
    form.dataset.draft = "";
    const waiting = (await all()).filter((one) => one.receipt || one.touched.length || pagesOf(one).length);
    $("tunggu").hidden = !waiting.length;
    $("draf").replaceChildren(...waiting.map((one) => {
      const [keadaan, tone] = stateOf(one), line = put(clone("draf"), { judul: one.title, keadaan });
      line.firstChild.lastChild.classList.add(tone);
      line.firstChild.href = `#${one.step}/${one.id}`;
      return line;
    }));
  },
  berkas() {
    put($("berkas"), { apa: draft.title });
    showPages(draft);
  },
  data: showForm,
  async kirim() {
    const { problem, receipt, id } = draft;
    if (draft.existing && isReady(draft)) {
      await drop(id);
      location.replace(draft.onward);
    }
    put($("kirim"), { keadaan: !receipt && stateOf(draft)[0], nomor: receipt });
    $("kirim").dataset.state = receipt ? "ok" : problem && "bad";
    $("maju").value = progress(draft) || 0;
    $("betulkan").href = `#${draft.step}/${id}`;
    if (receipt && !draft.seen) await change(id, (mine) => { mine.seen = true; });
  },
};

async function refresh() {
  if (draft?.waits === "masuk") $("masuk").hidden = false;
  const link = draft?.link || draft?.problem?.link;
  put($("isi"), { sebab: draft?.problem?.text });
  document.querySelectorAll(".earlier").forEach((way) => Object.assign(way, { href: link, hidden: !link }));
  await SHOW[step]?.();
}
async function show(moved) {
  const [name, id] = location.hash.slice(1).split("/");
  if (draft?.receipt && draft.id !== id) await drop(draft.id);
  draft = id && await get(id);
  step = draft?.receipt ? "kirim" : draft && SHOW[name] ? name : "jenis";
  tabs.postMessage({ tab: id });
  for (const one in SHOW) $(one).hidden = one !== step;
  $("judul").textContent = $(step).dataset.title;
  document.title = document.title.replace(/.*(?= –)/, $(step).dataset.title);
  if (moved) $("judul").focus();
  $("kembali").href = { berkas: "#", data: `#berkas/${id}` }[step] || "/dokumen";
  scrollTo(0, 0);
  await refresh();
}

/* Kept before the camera opens. */
async function start(roles, more) {
  const papers = roles.map(([role, label, needed, hint]) => ({ role, label, needed, hint, pages: [] }));
  const made = { id: crypto.randomUUID(), step: "berkas", values: {}, touched: [], papers, ...more };
  navigator.storage?.persist?.();
  if (!await get(made.id)) await save(made);
  location.hash = `berkas/${made.id}`;
}
const choose = ({ card, form, title, roles }) => start(JSON.parse(roles), { card, form, title, replaces: ganti });

async function newPictures() {
  const { judul, lanjut, peran: known } = await call("/kirim/draf", { id: dokumen });
  const roles = known.filter(({ kode }) => kode === peran).map(({ kode, nama }) => [kode, nama, peran]);
  await start(roles, { id: dokumen, title: judul, existing: true, begun: true, onward: lanjut });
}

const NEXT = {
  berkas() {
    const missing = draft.papers.find(({ needed, pages }) => needed && !pages.length);
    put($("berkas"), { galat: missing && `${missing.label} ${$("berkas").dataset.say}` });
    return !missing && (draft.existing ? "kirim" : "data");
  },
  data: async () => await finishForm() && "kirim",
};
const ACTS = {
  card(node) {
    busy ||= choose(node.dataset).finally(() => { busy = 0; });
  },
  async next() {
    await settled();
    draft = await get(draft.id);
    const next = await NEXT[step]();
    if (!next) return;
    await change(draft.id, (mine) => Object.assign(mine, { step: next, problem: null, submit: next === "kirim" && !mine.existing }));
    wake();
    location.hash = `${next}/${draft.id}`;
    if (next === "kirim") (await navigator.serviceWorker?.ready)?.sync?.register("unggahan").catch(() => {});
  },
  async drop() {
    if (draft.begun && !draft.existing) call(`/dokumen/${draft.id}/hapus`, {}).catch(() => {});
    await drop(draft.id);
    location.hash = "";
  },
};
addEventListener("click", (event) => {
  for (const act in ACTS) {
    const node = event.target.closest(`[data-${act}]`);
    if (node) event.preventDefault(ACTS[act](node));
  }
});
addEventListener("hashchange", show);
for (const one of ["online", "pageshow", "visibilitychange"]) addEventListener(one, () => document.hidden || wake());
/* The last tab keeps the draft. */
const tabs = new BroadcastChannel("unggahan");
tabs.onmessage = async ({ data }) => {
  if (draft && data.tab === draft.id) location.hash = "";
  draft = draft && await get(draft.id) || draft;
  await refresh();
};

navigator.serviceWorker?.register("/sw.js", { type: "module" }).catch(() => {});
const entered = account().catch(({ status, message }) => {
  $("masuk").hidden = status !== 401;
  refused = status === 403 && message;
});
if (!await person()) await entered;
const card = !location.hash && document.querySelector(`[data-card="${jenis}"]`);
if (!await person()) {
  put($("isi"), { sebab: refused });
  $("masuk").hidden = refused;
} else if (card) await choose(card.dataset);
else if (!location.hash && dokumen) await entered.then(newPictures).catch(() => location.replace(`/dokumen/${dokumen}`));
else await show();
wake();
