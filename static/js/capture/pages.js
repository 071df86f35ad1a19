/* Step 2: the papers of a draft, page by page. */
import { change, dropPictures, keepPicture, picture } from "./drafts.js";
import { decode, draw, prepare } from "./pictures.js";
import { pagesOf, wake } from "./sending.js";

export const $ = (id) => document.getElementById(id);
export const clone = (name) => $(`t-${name}`).content.firstElementChild.cloneNode(true);
export function put(root, words) {
  for (const [name, text] of Object.entries(words)) {
    const place = root.querySelector(`[data-put="${name}"]`);
    place.textContent = text;
    place.hidden = !text;
  }
  return root;
}

const { max, most, large, many } = $("berkas").dataset;
let draft, replaced;
const size = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`;

export function showPages(shown) {
  const box = $("kertas"), focused = document.activeElement;
  if (draft?.id !== shown.id) box.replaceChildren();
  draft = shown;
  for (const { role, label, hint, needed, pages } of draft.papers) {
    let card = box.querySelector(`[data-role="${role}"]`);
    if (!card) {
      card = put(clone("kertas"), { judul: label, petunjuk: hint, boleh: needed ? "" : "(boleh kosong)" });
      card.dataset.role = role;
      box.append(card);
    }
    const list = card.querySelector("ol");
    for (const line of [...list.children]) if (!pages.some((page) => page.id === line.id)) line.remove();
    pages.forEach((page, at) => {
      const line = $(page.id) || newLine(page);
      put(line, { nomor: `Halaman ${at + 1}`, isi: `${size(page.size)} · ${page.sent < 1 ? "tersimpan di ponsel" : "sudah di portal"}` });
      line.dataset.turn = page.turn;
      if (list.children[at] !== line) list.insertBefore(line, list.children[at]);
    });
  }
  focused.focus();
}

function newLine({ id, name, doubt, picture: shown }) {
  const line = Object.assign(put(clone("halaman"), { berkas: !shown && name }), { id, className: doubt });
  if (shown) picture(`${draft.id}/${id}`).then((bytes) => decode(new Blob([bytes]))).then((bitmap) => line.firstChild.replaceChildren(draw(bitmap, 240)));
  return line;
}

/* Act on the pages of a paper, or around a page, by id. */
const edit = (key, act) => change(draft.id, (mine) => {
  mine.problem = null;
  for (const { role, pages } of mine.papers) {
    const at = pages.findIndex(({ id }) => id === key);
    if (at >= 0 || role === key) act(pages, at);
  }
});

async function add(role, files, instead) {
  const room = most - pagesOf(draft).length + (instead ? 1 : 0);
  let galat = files.length > room && many;
  $("berkas").ariaBusy = "true";
  for (const file of files.slice(0, room)) {
    const [bytes, page] = await prepare(file);
    if (page.size > max) {
      galat = `Berkas “${file.name}” ${size(page.size)}. ${large}`;
      continue;
    }
    await keepPicture(`${draft.id}/${page.id}`, bytes);
    await edit(instead || role, (pages, at) => pages.splice(instead ? at : pages.length, instead ? 1 : 0, page));
    if (instead) await dropPictures(`${draft.id}/${instead}`);
    wake();
  }
  put($("berkas"), { galat }).ariaBusy = "false";
}

const ACTS = {
  up: (pages, at) => pages.splice(at - 1, 0, ...pages.splice(at, 1)),
  down: (pages, at) => pages.splice(at + 1, 0, ...pages.splice(at, 1)),
  turn: (pages, at) => { pages[at].turn = (pages[at].turn + 90) % 360; },
  remove: (pages, at) => pages.splice(at, 1),
};
$("kertas").addEventListener("click", async ({ target }) => {
  const act = target.closest("[data-act]")?.dataset.act, id = target.closest("li")?.id;
  if (act === "again") {
    replaced = id;
    target.closest("[data-role]").querySelector("[type=file]").click();
  } else if (act) {
    await edit(id, ACTS[act]);
    if (act === "remove") await dropPictures(`${draft.id}/${id}`);
  }
});
$("kertas").addEventListener("change", async ({ target }) => {
  const files = [...target.files], instead = replaced;
  target.value = replaced = "";
  await add(target.closest("[data-role]").dataset.role, files, instead);
});
