/* /dokumen/foto: from the kind of a document to its receipt, one step after the other. */
import { all, change, drop, get, person, save } from "./drafts.js";
import { $, clone, put } from "./dom.js";
import { finishForm, showCheck, showFaults, showForm } from "./form.js";
import { showPages } from "./pages.js";
import { account, call, isReady, pagesOf, progress, stateOf, wake } from "./sending.js";

const { jenis, dokumen, peran, untuk, ganti } = Object.fromEntries(new URLSearchParams(location.search));
const STEPS = ["jenis", "berkas", "data", "periksa", "kirim"];
let draft, step, busy;

const SHOW = {
  async jenis() {
    const waiting = (await all()).filter((one) => one.receipt || one.touched.length || pagesOf(one).length);
    $("tunggu").hidden = !waiting.length;
    $("tunggu").querySelector("ul").replaceChildren(...waiting.map((one) => {
      const [keadaan, tone] = stateOf(one), line = put(clone("draf"), { judul: one.title, keadaan });
      line.querySelector(".pill").classList.add(tone);
      line.firstChild.href = `#${one.receipt ? "kirim" : one.step}/${one.id}`;
      return line;
    }));
  },
  berkas: () => showPages(draft),
  data: () => showForm(draft),
  async periksa() {
    const faults = await showCheck(draft);
    if (faults) goBack("data", faults);
  },
  async kirim() {
    const { problem, receipt, link, id } = draft;
    if (draft.existing && isReady(draft)) {
      await drop(id);
      location.assign(draft.onward);
    }
    put($("kirim"), { keadaan: receipt ? "" : stateOf(draft)[0], sebab: problem?.text, nomor: receipt });
    $("kirim").dataset.state = receipt ? "ok" : problem ? "bad" : "";
    $("maju").value = progress(draft) || 0;
    $("lihat").href = link || problem?.link || "";
    $("lihat").hidden = !(link || problem?.link);
  },
};

function goBack(where, faults) {
  location.replace(`#${where}/${draft.id}`);
  if (faults) setTimeout(showFaults, 200, faults);
}

async function show() {
  const [name, id] = location.hash.slice(1).split("/");
  if (draft?.receipt && draft.id !== id) await drop(draft.id);
  draft = id && await get(id);
  step = draft ? name : "jenis";
  const at = STEPS.indexOf(step), { title, word } = $(step).dataset;
  for (const one of STEPS) $(one).hidden = one !== step;
  $("judul").textContent = title;
  document.title = `${title} – Portal IP ASN`;
  $("langkah").hidden = at > 3;
  put($("langkah"), { langkah: `Langkah ${at + 1} dari 4: ${word}` });
  $("langkah").querySelectorAll("i").forEach((bar, n) => bar.classList.toggle("on", n <= at));
  $("kembali").href = at % 4 ? `#${STEPS[at - 1]}/${id}` : "/dokumen";
  $("biasa").hidden = at > 1;
  $("biasa").search = draft?.card ? `jenis=${draft.card}` : location.search;
  scrollTo(0, 0);
  await SHOW[step]();
}

const blank = (roles) => ({
  id: crypto.randomUUID(), step: "berkas", values: {}, touched: [],
  papers: roles.map(([role, label, needed, hint]) => ({ role, label, needed, hint, pages: [] })),
});

/* The record stands before any camera opens: weak phones end this page meanwhile. */
async function choose(card) {
  if (busy) return;
  busy = true;
  const { card: code, form, title, roles } = card.dataset;
  const unused = (one) => one.card === code && one.owner === untuk && one.replaces === ganti && !one.touched.length && !pagesOf(one).length;
  const made = (await all()).find(unused) || { ...blank(JSON.parse(roles)), card: code, form, title, owner: untuk, replaces: ganti };
  await save(made);
  location.hash = `berkas/${made.id}`;
  busy = false;
}

/* New pictures for an item that the portal has already. */
async function resume() {
  if (!await get(dokumen)) {
    const made = await call("/kirim/draf", { id: dokumen });
    const roles = made.peran.filter(({ kode }) => !peran || kode === peran).map(({ kode, nama }) => [kode, nama, true]);
    await save({ ...blank(roles), id: dokumen, title: made.judul, existing: true, begun: true, onward: made.lanjut });
  }
  location.replace(`#berkas/${dokumen}`);
}

const NEXT = {
  berkas() {
    const missing = draft.papers.find((paper) => paper.needed && !paper.pages.length);
    put($("berkas"), { galat: missing && `${missing.label} belum ada. Ambil fotonya atau pilih berkasnya dahulu.` });
    return !missing && (draft.existing ? "kirim" : "data");
  },
  data: async () => await finishForm() && "periksa",
  periksa() {
    const { checked, dataset } = $("benar");
    put($("periksa"), { galat: checked ? "" : dataset.say });
    return checked && "kirim";
  },
};

addEventListener("click", async (event) => {
  const find = (name) => event.target.closest(`[data-${name}]`);
  if (find("card")) {
    event.preventDefault();
    await choose(find("card"));
  } else if (find("next")) {
    const next = await NEXT[step]();
    if (!next) return;
    await change(draft.id, (mine) => Object.assign(mine, { step: next, problem: null, submit: next === "kirim" && !mine.existing }));
    wake();
    location.hash = `${next}/${draft.id}`;
    if (next === "kirim") (await navigator.serviceWorker?.ready)?.sync?.register("unggahan").catch(() => {});
  } else if (find("drop")) {
    if (draft.begun && !draft.existing) call(`/dokumen/${draft.id}/hapus`, {}).catch(() => {});
    await drop(draft.id);
    location.hash = "";
  } else if (find("repair")) {
    goBack(draft.problem.step, draft.problem.fields);
  }
});
addEventListener("hashchange", show);
addEventListener("online", wake);
addEventListener("pageshow", wake);
new BroadcastChannel("unggahan").onmessage = async () => {
  if (draft) draft = await get(draft.id) || draft;
  if (step && step !== "periksa") await SHOW[step]();
};

navigator.serviceWorker?.register("/sw.js", { type: "module" }).catch(() => {});
const entered = account().catch(({ status }) => status);
if (!await person() && await entered && !await person()) $("masuk").hidden = false;
else {
  const asked = !location.hash && document.querySelector(`[data-card="${jenis}"]`);
  if (asked) await choose(asked);
  else if (!location.hash && dokumen) await resume();
  else await show();
  wake();
}
