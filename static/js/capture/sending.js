/* The outbox: brings every draft as far as it can get. For pages and for the service worker;
   every step may be repeated without harm, and one sender works on the device. */
import { all, change, dropPictures, enter, get, person, picture } from "./drafts.js";

const LONGEST_PAUSE = 60;
const PATIENCE = 60_000;
const FRESH = 30_000;
const READING_POLLS = 40;
const FINAL = [404, 409, 413, 422];
let known = {}, running, again, failures = 0;
let interrupt = () => {};

export async function call(path, body) {
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: { "Content-Type": "application/json", "X-CSRFToken": known.csrf },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.pesan), { status: response.status, answer });
  return answer;
}

/* Who is logged in; only the drafts of this account can be read and sent. */
export async function account() {
  known = await call("/kirim/akun");
  known.at = Date.now();
  await enter(known.akun, known.kunci);
}

export const pagesOf = (draft) => draft.papers.flatMap((paper) => paper.pages);
const order = (paper) => paper.pages.map((page) => ({ unggahan: page.id, putar: page.turn }));
const paperOf = (draft, role) => draft.papers.find((paper) => paper.role === role);
export const isReady = (draft) => draft.papers.every((paper) => !paper.pages.length
  || (paper.order?.state === "siap" && paper.order.of === JSON.stringify(order(paper))));
export function progress(draft) {
  const bytes = (part) => pagesOf(draft).reduce((sum, page) => sum + page.size * part(page), 0);
  return bytes((page) => page.sent) / bytes(() => 1);
}

/* What a person reads about a draft: words, and the tone of the pill. */
export function stateOf(draft) {
  const away = draft.waits || !navigator.onLine, sent = progress(draft);
  if (draft.receipt) return [`Terkirim – nomor terima ${draft.receipt}`, "ok"];
  if (draft.problem) return ["Perlu Anda", "bad"];
  if (draft.waits === "masuk") return ["Masuk lagi untuk mengirim", "warn"];
  if (away && draft.step === "kirim") return ["Menunggu sambungan", "warn"];
  if (away || !(sent >= 0)) return ["Tersimpan di ponsel", "info"];
  if (sent < 1) return [`Mengirim ${Math.floor(100 * sent)} %`, "info"];
  if (draft.step !== "berkas" && !isReady(draft)) return ["Diolah", "info"];
  return draft.step === "kirim" ? ["Mengirim 100 %", "info"] : ["Perlu Anda: lengkapi, lalu ajukan", "warn"];
}

/* The item exists in the portal from its first page on. */
export async function begin({ id, begun, card, owner, replaces }) {
  if (begun) return;
  const made = await call("/kirim/draf", { id, jenis: card, untuk: owner, ganti: replaces });
  await change(id, (mine) => {
    mine.begun = true;
    for (const [name, value] of Object.entries(made.data)) mine.values[name] ??= value;
  });
}

async function upload(id, page) {
  const bytes = await picture(page.id);
  const { bagian, jumlah_bagian, ukuran_bagian } = await call("/kirim/unggahan", {
    id: page.id, dokumen: id, nama: page.name, jenis: page.type,
    ukuran: page.size, sha256: page.sha256, sha256_asal: page.source,
  });
  const note = (sent) => change(id, (mine) => {
    mine.waits = "";
    for (const one of pagesOf(mine)) if (one.id === page.id) one.sent = sent;
  });
  let done = jumlah_bagian - bagian.length;
  for (const { nomor, ukuran, url, metode, kepala } of bagian) {
    const start = (nomor - 1) * ukuran_bagian;
    const own = url.startsWith("/") && { "X-CSRFToken": known.csrf };
    const body = bytes.slice(start, start + ukuran);
    const response = await fetch(url, { method: metode, headers: { ...kepala, ...own }, body, signal: AbortSignal.timeout?.(PATIENCE) });
    if (!response.ok) throw new TypeError(`part ${nomor}: ${response.status}`); // asked for again later
    failures = 0;
    await note(++done / (jumlah_bagian + 0.1)); // whole is only what the portal has counted
  }
  await call(`/kirim/unggahan/${page.id}/selesai`, {});
  await note(1);
}

/* Have a paper made of its pages, in their order; true while something is still to come. */
async function make(id, role) {
  let paper;
  await change(id, (mine) => {
    paper = paperOf(mine, role);
    const of = JSON.stringify(order(paper));
    if (paper.order?.of !== of) paper.order = { id: crypto.randomUUID(), of, polls: 0 };
  });
  const made = paper.order;
  if (!paper.pages.length || made.settled) return false;
  const { keadaan, pesan, bacaan } = made.state
    ? await call(`/kirim/olahan/${made.id}`)
    : await call("/kirim/olahan", { id: made.id, dokumen: id, peran: role, halaman: order(paper) });
  const reading = bacaan?.keadaan === "menunggu" && made.polls < READING_POLLS;
  await change(id, (mine) => {
    const now = paperOf(mine, role).order;
    if (now.id !== made.id) return;
    Object.assign(now, { state: keadaan, polls: made.polls + 1, settled: keadaan !== "diproses" && !reading });
    mine.waits = "";
    mine.reading = { ...mine.reading, ...bacaan?.isian };
    if (now.settled && keadaan !== "siap") mine.problem = { text: pesan, step: "berkas" };
  });
  return keadaan === "diproses" || reading;
}

/* One draft, as far as possible; the seconds after which to look again, 0 for never. */
async function bring(id) {
  let draft = await get(id);
  if (!draft || draft.receipt || draft.problem || !pagesOf(draft).length) return 0;
  const { akun } = await person();
  if (Date.now() - (known.at || 0) > FRESH) await account();
  if (known.akun !== akun) return 0;
  await begin(draft);
  for (let page; (page = pagesOf(draft).find((one) => one.sent < 1));) {
    await upload(id, page);
    if (!(draft = await get(id))) return 0;
  }
  if (draft.step === "berkas") return 0;
  const waiting = [];
  for (const { role } of draft.papers) waiting.push(await make(id, role));
  draft = await get(id);
  if (!draft?.submit || draft.problem || !isReady(draft)) return Number(waiting.includes(true));
  const { tanda_terima, tautan } = await call("/kirim/ajukan", { dokumen: id, isian: draft.values, benar: true, keadaan: "draf" });
  /* Nothing of the paper stays on the phone once the portal has it. */
  await change(id, (mine) => Object.assign(mine, { receipt: tanda_terima, link: tautan, papers: [], values: {}, reading: {} }));
  await dropPictures(id);
  return 0;
}

async function attempt(id) {
  try {
    return await bring(id);
  } catch ({ name, message, status, answer }) {
    if (status === 425) return answer.lagi || 1;
    if (!status && name === "Error") throw new Error(message);
    if (status === 400) known = {}; // a new login has a new token
    const final = FINAL.includes(status);
    await change(id, (mine) => {
      mine.waits = status === 401 ? "masuk" : final ? "" : "sambungan";
      if (!final) return;
      mine.submit = false;
      mine.problem = { text: message, link: answer.tautan, fields: answer.isian, step: answer.isian && !answer.isian.berkas ? "data" : "berkas" };
    });
    return status === 401 || final ? 0 : Math.min(LONGEST_PAUSE, 2 ** failures++);
  }
}

/* Send, or look again at once. Another tab that sends already is waited for. */
export function wake() {
  again = true;
  interrupt();
  running ??= navigator.locks.request("unggahan-kirim", async () => {
    for (let pause = 0; again || pause;) {
      again = false;
      const pauses = [];
      if (navigator.onLine && await person()) for (const { id } of await all()) pauses.push(await attempt(id));
      pause = Math.min(...pauses.filter(Boolean), Infinity) % Infinity || 0;
      if (pause && !again) await new Promise((done) => { interrupt = done; setTimeout(done, pause * 1000); });
    }
  }).finally(() => { running = undefined; });
  return running;
}
