/* The outbox, for pages and the service worker; every step may be repeated. */
import { all, change, dropPictures, enter, get, person, picture } from "./drafts.js";

let known = {}, running, again, failures = 0;
let interrupt = () => {};

async function ask(url, options) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout?.(60_000) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.pesan), { status: response.status, answer });
  return answer;
}
export const call = (url, body) => ask(url, body && {
  method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": known.csrf }, body: JSON.stringify(body),
});

/* Who is logged in: only drafts of this account are read and sent. */
export async function account() {
  known = { ...await call("/kirim/akun"), at: Date.now() };
  await enter(known.akun, known.kunci);
}

export const pagesOf = (draft) => draft.papers.flatMap((paper) => paper.pages);
const orderOf = ({ pages }) => pages.map(({ id, turn }) => ({ unggahan: id, putar: turn }));
const isNew = (paper) => paper.order?.of !== JSON.stringify(orderOf(paper));
export const isReady = (draft) => draft.papers.every((paper) => !paper.pages.length || (!isNew(paper) && paper.order.state === "siap"));
export function progress(draft) {
  const bytes = (share) => pagesOf(draft).reduce((sum, page) => sum + page.size * share(page), 0);
  return bytes((page) => page.sent) / bytes(() => 1);
}

/* Words, and the tone of their pill. */
export function stateOf(draft) {
  const away = draft.waits || !navigator.onLine, sent = progress(draft), last = draft.step === "kirim";
  if (draft.receipt) return [`Terkirim – nomor terima ${draft.receipt}`, "ok"];
  if (draft.problem) return ["Perlu Anda", "bad"];
  if (draft.waits === "masuk") return ["Masuk lagi untuk mengirim", "warn"];
  if (away && last) return ["Menunggu sambungan", "warn"];
  if (away || !(sent >= 0)) return ["Tersimpan di ponsel", "info"];
  if (sent < 1) return [`Mengirim ${Math.floor(100 * sent)} %`, "info"];
  if (draft.step !== "berkas" && !isReady(draft)) return ["Diolah", "info"];
  return last ? ["Mengirim 100 %", "info"] : ["Perlu Anda: lengkapi, lalu ajukan", "warn"];
}

export async function begin({ id, begun, card, replaces }) {
  if (begun) return;
  const { data } = await call("/kirim/draf", { id, jenis: card, ganti: replaces });
  await change(id, (mine) => Object.assign(mine, { begun: true, values: { ...data, ...mine.values } }));
}

async function upload(id, page) {
  const bytes = await picture(`${id}/${page.id}`);
  const { bagian, jumlah_bagian, ukuran_bagian } = await call("/kirim/unggahan", {
    id: page.id, dokumen: id, nama: page.name, jenis: page.type, ukuran: page.size, sha256: page.sha256, sha256_asal: page.source,
  });
  const note = (sent) => change(id, (mine) => {
    mine.waits = "";
    for (const one of pagesOf(mine)) if (one.id === page.id) one.sent = sent;
  });
  let done = jumlah_bagian - bagian.length;
  for (const { nomor, ukuran, url, metode, kepala } of bagian) {
    const start = (nomor - 1) * ukuran_bagian;
    const headers = url.startsWith("/") ? { ...kepala, "X-CSRFToken": known.csrf } : kepala;
    await ask(url, { method: metode, headers, body: bytes.slice(start, start + ukuran) });
    failures = 0;
    await note(++done / (jumlah_bagian + 0.1)); // whole is what the portal has counted
  }
  await call(`/kirim/unggahan/${page.id}/selesai`, {});
  await note(1);
}

/* Have a paper made; the seconds after which to ask again, 0 for never. */
async function make(id, role) {
  let paper;
  const find = (draft) => draft.papers.find((one) => one.role === role);
  await change(id, (mine) => {
    paper = find(mine);
    if (isNew(paper)) paper.order = { id: crypto.randomUUID(), of: JSON.stringify(orderOf(paper)) };
  });
  const made = paper.order;
  if (!paper.pages.length || made.settled) return 0;
  const { keadaan, pesan, bacaan } = await (made.state ? call(`/kirim/olahan/${made.id}`)
    : call("/kirim/olahan", { id: made.id, dokumen: id, peran: role, halaman: orderOf(paper) }));
  const busy = keadaan === "diproses" ? 0.5 : bacaan?.keadaan === "menunggu" ? 2 : 0;
  await change(id, (mine) => {
    mine.waits = "";
    if (find(mine).order.id !== made.id) return;
    Object.assign(find(mine).order, { state: keadaan, settled: !busy });
    mine.reading = { ...mine.reading, ...bacaan?.isian };
    if (!busy && keadaan !== "siap") mine.problem = { text: pesan, step: "berkas" };
  });
  return busy;
}

/* Deleted in the portal, not here: from the beginning. */
function forget(draft) {
  draft.begun = draft.existing;
  for (const paper of draft.papers) delete paper.order;
  for (const page of pagesOf(draft)) page.sent = 0;
}

/* One draft, as far as it gets; the answer as above. */
async function bring(id) {
  let draft = await get(id);
  if (!draft || draft.receipt || draft.problem || !pagesOf(draft).length) return 0;
  const { akun } = await person();
  if (!(Date.now() - known.at < 30_000)) await account();
  if (known.akun !== akun) return 0;
  await begin(draft);
  for (let page; (page = pagesOf(draft).find((one) => one.sent < 1));) {
    await upload(id, page);
    if (!(draft = await get(id))) return 0;
  }
  if (draft.step === "berkas") return 0;
  const pauses = [];
  for (const { role } of draft.papers) pauses.push(await make(id, role));
  draft = await get(id);
  if (!draft?.submit || draft.problem || !isReady(draft)) return Math.max(...pauses);
  const { tanda_terima, tautan } = await call("/kirim/ajukan", { dokumen: id, isian: draft.values, benar: true, keadaan: "draf" });
  await change(id, (mine) => Object.assign(mine, { receipt: tanda_terima, link: tautan, papers: [], values: {}, reading: {} }));
  await dropPictures(id);
  return 0;
}

async function attempt(id) {
  try {
    return await bring(id);
  } catch ({ message, status, answer }) {
    const { isian, kurang, lagi, tautan } = answer || {}, final = !kurang && [404, 409, 413, 422].includes(status);
    if (lagi) return lagi;
    if (status === 400) known = {}; // a new login has a new token
    await change(id, (mine) => {
      mine.waits = status === 401 ? "masuk" : final ? "" : "sambungan";
      if (status === 404) forget(mine);
      if (final) Object.assign(mine, { submit: false, problem: { text: message, link: tautan, fields: isian, step: isian && !isian.berkas ? "data" : "berkas" } });
    });
    return status === 401 || final ? 0 : Math.min(60, 2 ** failures++);
  }
}

/* Send, or look again at once; one tab at a time. */
export function wake() {
  again = true;
  interrupt();
  return running ??= navigator.locks.request("kirim", async () => {
    for (let pause; again || pause;) {
      again = false;
      const pauses = [];
      if (navigator.onLine && await person()) for (const { id } of await all()) pauses.push(await attempt(id));
      [pause] = pauses.filter(Boolean).sort((one, other) => one - other);
      if (pause && !again) await new Promise((done) => { interrupt = done; setTimeout(done, pause * 1000); });
    }
  }).finally(() => { running = undefined; });
}
