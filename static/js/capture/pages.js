/* Step 2: papers page by page, small, without EXIF. */
import { change, dropPictures, get, keepPicture, picture, wake } from "./outbox.js";

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

const { max, most, large, many, other, full, types } = $("berkas").dataset;
let draft, replaced, adding;
const size = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`;

const LONG_SIDE = 2000, TARGET = 330_000, DARK = 75, BLURRED = 90;

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function draw(bitmap, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  canvas.width = Math.ceil(bitmap.width * scale);
  canvas.height = Math.ceil(bitmap.height * scale);
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function shrink(bitmap) {
  const canvas = draw(bitmap, LONG_SIDE);
  let blob, quality = 0.86;
  do {
    blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    quality *= 0.95 * Math.sqrt(TARGET / blob.size);
  } while (blob.size > TARGET && quality > 0.35);
  return blob.arrayBuffer();
}

function doubt(bitmap) {
  const canvas = draw(bitmap, 600), { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const row = 4 * width, n = width * (height - 2);
  let light = 0, squares = 0;
  for (let i = row + 1; i < data.length - row; i += 4) {
    light += data[i];
    squares += (data[i - 4] + data[i + 4] + data[i - row] + data[i + row] - 4 * data[i]) ** 2;
  }
  return light / n < DARK ? "dark" : squares / n < BLURRED ? "blurred" : "";
}

/* HEIC and PDF go up as they are. */
async function prepare(file) {
  const source = await file.arrayBuffer(), bitmap = await createImageBitmap(file).catch(() => {});
  const bytes = bitmap ? await shrink(bitmap) : source;
  const page = {
    id: crypto.randomUUID(), name: file.name, turn: 0, sent: 0,
    type: bitmap ? "image/jpeg" : file.type || "application/octet-stream",
    size: bytes.byteLength, sha256: await sha256(bytes), source: await sha256(source),
    picture: !!bitmap, doubt: bitmap && doubt(bitmap),
  };
  bitmap?.close();
  return [bytes, page];
}

export function showPages(shown) {
  const box = $("kertas"), focused = document.activeElement;
  if (draft?.id !== shown.id) box.replaceChildren();
  draft = shown;
  for (const { role, label, hint, needed, pages } of draft.papers) {
    let card = box.querySelector(`[data-role="${role}"]`);
    if (!card) {
      card = put(clone("kertas"), { judul: label, petunjuk: hint, boleh: needed ? "" : "(boleh kosong)" });
      card.dataset.role = role;
      card.ariaLabel = label;
      box.append(card);
    }
    const list = card.querySelector("ol");
    for (const line of [...list.children]) if (!pages.some((page) => page.id === line.id)) line.remove();
    pages.forEach((page, at) => {
      const line = $(page.id) || newLine(page);
      put(line, { nomor: `Halaman ${at + 1}`, isi: `${size(page.size)} · ${page.sent < 1 ? "tersimpan di ponsel" : "sudah di portal"}` });
      line.dataset.turn = page.turn;
      for (const tool of line.querySelectorAll("summary, button")) tool.ariaLabel = `${tool.textContent} halaman ${at + 1}`;
      if (list.children[at] !== line) list.insertBefore(line, list.children[at]);
    });
  }
  focused.focus();
  if (focused !== document.activeElement) ($(focused.closest("li")?.id) || box).querySelector("[data-act=turn], [type=file]").focus();
}

function newLine({ id, name, doubt, picture: shown }) {
  const line = Object.assign(put(clone("halaman"), { berkas: !shown && name }), { id, className: doubt || "" });
  if (shown) picture(`${draft.id}/${id}`).then((bytes) => createImageBitmap(new Blob([bytes]))).then((bitmap) => {
    line.querySelector("summary").append(draw(bitmap, 720));
    bitmap.close();
  });
  return line;
}

const edit = (id, key, act) => change(id, (mine) => {
  mine.problem = null;
  for (const { role, pages } of mine.papers) {
    const at = pages.findIndex(({ id }) => id === key);
    if (at >= 0 || role === key) act(pages, at);
  }
});

async function add(before, id, role, files, instead) {
  await before;
  const { pages } = (await get(id)).papers.find((paper) => paper.role === role);
  const room = most - pages.length + (instead ? 1 : 0);
  let galat = files.length > room && many;
  $("berkas").ariaBusy = "true";
  for (const file of files.slice(0, room)) {
    try {
      const [bytes, page] = await prepare(file);
      const fault = !page.size || !page.picture && !types.includes(page.type) ? other : page.size > max && large;
      if (fault) {
        galat = `Berkas “${file.name}” ${size(page.size)}. ${fault}`;
        continue;
      }
      await keepPicture(`${id}/${page.id}`, bytes);
      await edit(id, instead || role, (pages, at) => pages.splice(instead ? at : pages.length, instead ? 1 : 0, page));
      if (instead) await dropPictures(`${id}/${instead}`);
    } catch {
      galat = `Berkas “${file.name}” ${full}`;
    }
    wake();
  }
  put($("berkas"), { galat }).ariaBusy = "false";
}
export const settled = () => adding;

const ACTS = {
  up: (pages, at) => at && pages.splice(at - 1, 0, ...pages.splice(at, 1)),
  down: (pages, at) => pages.splice(at + 1, 0, ...pages.splice(at, 1)),
  turn: (pages, at) => { pages[at].turn = (pages[at].turn + 90) % 360; },
  remove: (pages, at) => pages.splice(at, 1),
};
$("kertas").addEventListener("click", async ({ target, isTrusted }) => {
  const act = target.closest("[data-act]")?.dataset.act, id = target.closest("li")?.id;
  if (act === "again") {
    replaced = id;
    target.closest("[data-role]").querySelector("[type=file]").click();
  } else if (act) {
    await edit(draft.id, id, ACTS[act]);
    if (act === "remove") await dropPictures(`${draft.id}/${id}`);
  } else if (isTrusted) replaced = "";
});
$("kertas").addEventListener("change", ({ target }) => {
  const { id } = draft, { role } = target.closest("[data-role]").dataset, files = [...target.files], instead = replaced;
  target.value = replaced = "";
  adding = add(adding, id, role, files, instead);
});
