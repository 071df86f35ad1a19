/* Drafts in IndexedDB, sealed for an account; how they are sent, by page or service worker. */
const DAYS = 14;
const news = new BroadcastChannel("unggahan"), bell = new BroadcastChannel("kirim");
let opened, owner, running, again, known = {}, failures = 0;
let interrupt = () => {};

const answer = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

function open() {
  const request = indexedDB.open("unggahan", 1);
  request.onupgradeneeded = () => {
    for (const one of ["kunci", "draf", "foto"]) request.result.createObjectStore(one, { keyPath: "id" });
  };
  return answer(request);
}
/* Phones close it while the camera is open. */
async function store(name, mode) {
  const start = async () => (await (opened ??= open())).transaction(name, mode, { durability: "strict" }).objectStore(name);
  return start().catch(() => {
    opened = null;
    return start();
  });
}
const read = async (name, id) => answer((await store(name)).get(id));

/* Done when on the disk. */
export async function write(name, act) {
  const target = await store(name, "readwrite");
  await new Promise((done, fail) => {
    target.transaction.oncomplete = done;
    target.transaction.onabort = () => fail(target.transaction.error);
    act(target);
  });
}

async function seal(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { akun: owner.akun, at: Date.now(), iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, owner.key, bytes) };
}
const unseal = ({ iv, sealed }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, owner.key, sealed);
const reveal = async (row) => row?.akun === owner?.akun && row && JSON.parse(new TextDecoder().decode(await unseal(row)));

export const person = async () => (owner ??= await read("kunci", "kini"));
export async function enter(akun, secret) {
  const bytes = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt());
  owner = { id: "kini", akun, key: await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]) };
  await write("kunci", (keys) => keys.put(owner));
  if (globalThis.localStorage) localStorage.draf ||= "";
}

export async function all() {
  const found = [];
  const rows = await answer((await store("draf")).getAll());
  for (const row of rows.sort((one, other) => other.at - one.at)) {
    if (row.at > 17e11 && row.at < Date.now() - DAYS * 864e5) await drop(row.id);
    else found.push(await reveal(row).catch(() => {}));
  }
  return found.filter(Boolean);
}
export const get = async (id) => reveal(await read("draf", id));
export async function save(draft) {
  const sealed = await seal(new TextEncoder().encode(JSON.stringify(draft)));
  await write("draf", (drafts) => drafts.put({ id: draft.id, ...sealed }));
  if (globalThis.localStorage) localStorage.draf = "ada";
  news.postMessage(draft.id);
}
export const change = (id, edit) => navigator.locks.request(id, async () => {
  const draft = await get(id);
  if (draft) await save((edit(draft), draft));
});
export async function drop(id) {
  await dropPictures(id);
  await write("draf", (drafts) => drafts.delete(id));
  news.postMessage(id);
}

export async function keepPicture(id, bytes) {
  const sealed = await seal(bytes);
  await write("foto", (pictures) => pictures.put({ id, ...sealed }));
}
export const picture = async (id) => unseal(await read("foto", id));
export const dropPictures = (start) => write("foto", (pictures) => pictures.delete(IDBKeyRange.bound(start, `${start}~`)));

/* What is not JSON comes from somebody else. */
async function ask(url, options) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout?.(60_000) });
  const answer = await response.json().catch(() => options?.silent);
  if (!response.ok || !answer) throw Object.assign(new Error(answer?.pesan), { status: response.status, answer, url });
  return answer;
}
export const call = (url, body) => ask(url, body && {
  method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": known.csrf }, body: JSON.stringify(body),
});

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

const AWAY = {
  masuk: "Masuk lagi untuk mengirim",
  sambungan: "Menunggu sambungan",
  portal: "Portal terganggu, dicoba lagi",
  simpan: "Penyimpanan portal terganggu, dicoba lagi",
};
export function stateOf(draft) {
  const away = navigator.onLine ? draft.waits : "sambungan", sent = progress(draft), last = draft.step === "kirim";
  if (draft.receipt) return [`Terkirim – nomor terima ${draft.receipt}`, "ok"];
  if (draft.problem) return ["Perlu Anda perbaiki", "bad"];
  if (away === "masuk" || (away && last)) return [AWAY[away], "warn"];
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
    await ask(url, { method: metode, headers, body: bytes.slice(start, start + ukuran), silent: {} }).catch(async (error) => {
      if (url.startsWith("/")) throw error;
      await account(); // fails when it is the line
      throw { waits: "simpan" };
    });
    failures = 0;
    await note(++done / (jumlah_bagian + 0.1));
  }
  await call(`/kirim/unggahan/${page.id}/selesai`, {});
  await note(1);
}

/* Seconds after which to ask again, 0 for never. */
async function make(id, role) {
  let paper;
  const find = (draft) => draft.papers.find((one) => one.role === role);
  await change(id, (mine) => {
    paper = find(mine);
    if (isNew(paper) || (paper.order.settled && paper.order.state !== "siap")) paper.order = { id: crypto.randomUUID(), of: JSON.stringify(orderOf(paper)) };
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
    if (!busy && keadaan !== "siap") stop(mine, { text: pesan });
  });
  return busy;
}

const stop = (mine, problem) => Object.assign(mine, { problem, submit: false, step: problem.fields ? "data" : "berkas" });

/* Deleted in the portal, not here. */
function forget(draft) {
  draft.begun = draft.existing;
  for (const paper of draft.papers) delete paper.order;
  for (const page of pagesOf(draft)) page.sent = 0;
}

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
  } catch ({ message, status, answer, url, waits }) {
    const { isian, kurang, lagi, tautan } = answer || {}, final = message && !kurang && [403, 404, 409, 413, 422].includes(status);
    if (lagi) return lagi;
    if (status === 400) known = {};
    await change(id, (mine) => {
      mine.waits = status === 401 ? "masuk" : final ? "" : waits || (status > 499 ? "portal" : "sambungan");
      if (status === 404) forget(mine);
      if (final) stop(mine, { text: message, link: tautan, fields: url.endsWith("ajukan") && !isian?.berkas && isian });
    });
    return status === 401 || final ? 0 : Math.min(60, 2 ** failures++);
  }
}

bell.onmessage = () => {
  again = true;
  interrupt();
};
/* One tab at a time. */
export function wake() {
  bell.postMessage(0);
  bell.onmessage();
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
