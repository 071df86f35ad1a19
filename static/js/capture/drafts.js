/* Drafts in IndexedDB, sealed with a key of the account. */
const DAYS = 14;
const news = new BroadcastChannel("unggahan");
let opened, owner;

const answer = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

async function store(name, mode) {
  if (!opened) {
    const request = indexedDB.open("unggahan", 1);
    request.onupgradeneeded = () => {
      for (const one of ["kunci", "draf", "foto"]) request.result.createObjectStore(one, { keyPath: "id" });
    };
    opened = answer(request);
  }
  return (await opened).transaction(name, mode, { durability: "strict" }).objectStore(name);
}
const read = async (name, id) => answer((await store(name)).get(id));

/* Done when on the disk: the camera may end this page. */
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

/* Who was logged in last and has not logged out. */
export const person = async () => (owner ??= await read("kunci", "kini"));
export async function enter(akun, secret) {
  const bytes = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt());
  owner = { id: "kini", akun, key: await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]) };
  await write("kunci", (keys) => keys.put(owner));
}

export async function all() {
  const found = [];
  const rows = await answer((await store("draf")).getAll());
  for (const row of rows.sort((one, other) => other.at - one.at)) {
    if (row.at < Date.now() - DAYS * 864e5) await drop(row.id);
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
/* One after the other, between tabs too. */
export const change = (id, edit) => navigator.locks.request(id, async () => {
  const draft = await get(id);
  if (draft) await save((edit(draft), draft));
});
export async function drop(id) {
  await dropPictures(id);
  await write("draf", (drafts) => drafts.delete(id));
  news.postMessage(id);
}

/* Pictures are called draft/page. */
export async function keepPicture(id, bytes) {
  const sealed = await seal(bytes);
  await write("foto", (pictures) => pictures.put({ id, ...sealed }));
}
export const picture = async (id) => unseal(await read("foto", id));
export const dropPictures = (start) => write("foto", (pictures) => pictures.delete(IDBKeyRange.bound(start, `${start}~`)));
