/* Drafts of this device in IndexedDB, sealed with a key of the account: unreadable to any other login. */
const DAYS = 14;
const news = new BroadcastChannel("unggahan");
let opened, owner;

const answer = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

async function store(name, mode, options) {
  if (!opened) {
    const request = indexedDB.open("unggahan", 1);
    request.onupgradeneeded = () => {
      const [, , pictures] = ["kunci", "draf", "foto"].map((one) => request.result.createObjectStore(one, { keyPath: "id" }));
      pictures.createIndex("draft", "draft");
    };
    opened = answer(request);
  }
  return (await opened).transaction(name, mode, options).objectStore(name);
}

/* Done only when it is on the disk: the camera may push this page out of memory the next moment. */
async function write(name, act) {
  const target = await store(name, "readwrite", { durability: "strict" });
  await new Promise((done, fail) => {
    target.transaction.oncomplete = done;
    target.transaction.onabort = () => fail(target.transaction.error);
    act(target);
  });
}
const read = async (name, id) => answer((await store(name)).get(id));

async function seal(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { akun: owner.akun, at: Date.now(), iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, owner.key, bytes) };
}
const unseal = ({ iv, sealed }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, owner.key, sealed);
const reveal = async (row) => JSON.parse(new TextDecoder().decode(await unseal(row)));

/* Whose drafts can be read: who was logged in here last and has not logged out. */
export const person = async () => (owner ??= await read("kunci", "kini"));
export async function enter(akun, secret) {
  const bytes = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt());
  owner = { id: "kini", akun, key: await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]) };
  await write("kunci", (keys) => keys.put(owner));
}
export async function forget() {
  await write("kunci", (keys) => keys.clear());
  owner = undefined;
}

export async function all() {
  const found = [];
  for (const row of await answer((await store("draf")).getAll())) {
    if (row.at < Date.now() - DAYS * 864e5) await drop(row.id);
    else if (row.akun === owner?.akun) found.push(await reveal(row).catch(() => {}));
  }
  return found.filter(Boolean);
}
export async function get(id) {
  const row = await read("draf", id);
  return row?.akun === owner?.akun && row ? reveal(row) : undefined;
}
export async function save(draft) {
  const sealed = await seal(new TextEncoder().encode(JSON.stringify(draft)));
  await write("draf", (drafts) => drafts.put({ id: draft.id, ...sealed }));
  if (globalThis.localStorage) localStorage.draf = "ada"; // other pages look here first
  news.postMessage(draft.id);
}
/* One after the other, also between tabs and the service worker. */
export const change = (id, edit) => navigator.locks.request(`draf-${id}`, async () => {
  const draft = await get(id);
  if (draft) await save((edit(draft), draft));
});
export async function drop(id) {
  await dropPictures(id);
  await write("draf", (drafts) => drafts.delete(id));
  news.postMessage(id);
}

export async function keepPicture(id, draft, bytes) {
  const sealed = await seal(bytes);
  await write("foto", (pictures) => pictures.put({ id, draft, ...sealed }));
}
export const picture = async (id) => unseal(await read("foto", id));
export const dropPicture = (id) => write("foto", (pictures) => pictures.delete(id));
export const dropPictures = (draft) => write("foto", (pictures) => {
  pictures.index("draft").getAllKeys(draft).onsuccess = ({ target }) => target.result.forEach((id) => pictures.delete(id));
});
