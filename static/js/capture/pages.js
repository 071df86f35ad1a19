/* Step 2: the papers of a draft, page by page. */
import { change, dropPicture, keepPicture, picture } from "./drafts.js";
import { $, clone, put, say } from "./dom.js";
import { decode, draw, prepare } from "./pictures.js";
import { pagesOf, wake } from "./sending.js";

const THUMB = 240;
const { max, pages: most } = $("isi").dataset;
let draft, replaced;

const size = (bytes) => bytes > 1e6
  ? `${(bytes / 1048576).toLocaleString("id", { maximumFractionDigits: 1 })} MB` : `${Math.ceil(bytes / 1024)} KB`;

export function showPages(shown) {
  draft = shown;
  const box = $("kertas");
  if (box.dataset.draft !== draft.id) box.replaceChildren();
  box.dataset.draft = draft.id;
  for (const { role, label, hint, needed, pages } of draft.papers) {
    let card = box.querySelector(`[data-role="${role}"]`);
    if (!card) {
      card = put(clone("kertas"), { judul: label, petunjuk: hint, boleh: needed ? "" : "(boleh kosong)" });
      card.dataset.role = role;
      box.append(card);
    }
    showLines(card, pages);
  }
}

function showLines(card, pages) {
  const list = card.querySelector("ol"), focused = document.activeElement;
  for (const line of [...list.children]) if (!pages.some((page) => page.id === line.id)) line.remove();
  pages.forEach((page, at) => {
    const line = $(page.id) || Object.assign(clone("halaman"), { id: page.id });
    const where = page.sent < 1 ? "tersimpan di ponsel" : "sudah di portal";
    put(line, { nomor: `Halaman ${at + 1}`, berkas: page.picture ? "" : page.name, isi: `${size(page.size)} · ${where}`, ragu: page.doubts.join(" ") });
    const [up, down] = line.querySelectorAll("button");
    up.disabled = !at;
    down.disabled = at > pages.length - 2;
    if (list.children[at] !== line) list.insertBefore(line, list.children[at]);
    if (page.picture && line.dataset.turn !== String(page.turn)) showThumb(line, page);
  });
  card.classList.toggle("filled", pages.length);
  card.classList.toggle("one", pages.length < 2);
  focused.focus();
}

async function showThumb(line, { id, turn }) {
  line.dataset.turn = turn;
  const bitmap = await decode(new Blob([await picture(id)]));
  line.querySelector(".thumb").replaceChildren(draw(bitmap, THUMB, turn));
}

const tell = (galat) => put($("berkas"), { galat });
const edit = (act) => change(draft.id, (mine) => {
  mine.problem = null;
  act(mine.papers);
});

async function add(role, files, instead) {
  const room = most - pagesOf(draft).length + (instead ? 1 : 0);
  tell(files.length > room ? say("penuh", { batas: most }) : "");
  $("berkas").ariaBusy = "true";
  for (const file of files.slice(0, room)) {
    const { bytes, page } = await prepare(file);
    if (page.size > max) {
      tell(say("berkas", { nama: file.name, ukuran: size(page.size), batas: size(max) }));
      continue;
    }
    await keepPicture(page.id, draft.id, bytes);
    await edit((papers) => {
      const { pages } = papers.find((paper) => paper.role === role);
      const at = pages.findIndex((one) => one.id === instead);
      pages.splice(at < 0 ? pages.length : at, at < 0 ? 0 : 1, page);
    });
    if (instead) await dropPicture(instead);
    wake();
  }
  $("berkas").ariaBusy = "false";
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
    await edit((papers) => papers.forEach(({ pages }) => {
      const at = pages.findIndex((page) => page.id === id);
      if (at >= 0) ACTS[act](pages, at);
    }));
    if (act === "remove") await dropPicture(id);
  }
});
$("kertas").addEventListener("change", async ({ target }) => {
  const files = [...target.files], instead = replaced;
  target.value = replaced = "";
  await add(target.closest("[data-role]").dataset.role, files, instead);
});
