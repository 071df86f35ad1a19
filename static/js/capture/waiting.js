/* What waits on this phone, told on other pages; and what becomes of it when a person leaves. */
import { account, all, drop, person, stateOf, wake, write } from "./outbox.js";

async function mine() {
  if (!await person()) await account();
  return (await all()).filter((draft) => !draft.seen);
}

/* The card stands already, so that nothing moves; only its words come. */
export async function fill(card) {
  const drafts = await mine().catch(() => null);
  if (!drafts) return;
  if (!drafts.length) {
    localStorage.draf = "";
    card.remove();
    return;
  }
  const [words, tone] = stateOf(drafts.find((draft) => draft.problem) || drafts[0]);
  card.firstChild.textContent = drafts.length > 1 ? `${drafts.length} dokumen di ponsel ini` : drafts[0].title;
  card.lastChild.textContent = words;
  card.lastChild.className = `pill ${tone}`;
}
export async function watch(card) {
  await fill(card);
  new BroadcastChannel("unggahan").onmessage = () => fill(card);
  addEventListener("online", wake);
  await wake();
}

const QUESTION = `<h2 id="keluar-judul">Masih ada draf di perangkat ini</h2>
<p>Belum semuanya terkirim. Bila disimpan, hanya akun Anda yang dapat membukanya, sesudah masuk lagi.</p>
<form method="dialog" class="stack"><button class="btn" value="simpan">Simpan draf, lalu keluar</button>
<button class="btn danger" value="hapus">Hapus draf, lalu keluar</button>
<button class="btn quiet" value="">Jangan keluar dahulu</button></form>`;

async function ask() {
  const dialog = document.createElement("dialog");
  dialog.className = "help";
  dialog.setAttribute("aria-labelledby", "keluar-judul");
  dialog.innerHTML = QUESTION;
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener("close", done));
  dialog.remove();
  return dialog.returnValue;
}

/* The key goes in any case; the drafts only when the person says so. False: stay. */
export async function leave(out) {
  const drafts = out && await person() ? await all() : [];
  const wish = drafts.length ? await ask() : "simpan";
  if (wish === "hapus") for (const { id } of drafts) await drop(id);
  if (wish) await write("kunci", (keys) => keys.clear());
  return Boolean(wish);
}
