/* Steps 3 and 4: the data with their faults, and everything once more before Ajukan. */
import { change } from "./drafts.js";
import { $, clone, put } from "./dom.js";
import { begin, call } from "./sending.js";

const form = $("isian");
let draft;
const fields = () => [...form.elements];
const valueOf = (field) => field.type === "checkbox" ? field.checked : field.value.trim();

export function showForm(shown) {
  draft = shown;
  if (form.dataset.draft !== draft.id) {
    form.dataset.draft = draft.id;
    form.replaceChildren(clone(draft.form));
    for (const field of fields()) {
      const value = draft.values[field.name];
      if (field.type === "checkbox") field.checked = value;
      else if (value) field.value = value;
    }
    hint();
  }
  /* What a machine read fills what nobody touched; its mark stays until somebody does. */
  for (const field of fields()) {
    const read = draft.reading?.[field.name];
    if (!read || draft.touched.includes(field.name) || field.parentNode.querySelector("[data-terbaca]")) continue;
    field.value ||= read;
    if (field.value === read) field.after(clone("terbaca"));
  }
}

function hint() {
  const { jenis, jp } = form.elements;
  const found = jenis && $("t-jp").content.querySelector(`[data-jenis="${jenis.value}"]`);
  if (found) $(`${jp.id}-petunjuk`).textContent = found.textContent;
}

form.addEventListener("input", ({ target }) => {
  target.parentNode.querySelector("[data-terbaca]")?.remove();
  if (target.name === "jenis") hint();
  keep(target.name);
});

/* Every letter is kept, right or wrong. */
const keep = (touched) => change(draft.id, (mine) => {
  for (const field of fields()) mine.values[field.name] = valueOf(field);
  if (touched && !mine.touched.includes(touched)) mine.touched.push(touched);
  mine.title = mine.values.nama || mine.values.program_studi || mine.title;
  mine.problem = null;
  draft = mine;
});

/* Tell what is wrong where it is wrong; true when nothing is. */
export function showFaults(faults) {
  form.querySelectorAll(".error").forEach((old) => old.remove());
  let first;
  for (const field of fields()) {
    const kata = faults[field.name];
    field.closest(".field").classList.toggle("bad", Boolean(kata));
    field.ariaInvalid = kata ? "true" : null;
    if (!kata) continue;
    const error = Object.assign(clone("galat"), { id: `${field.id}-galat`, textContent: kata });
    field.setAttribute("aria-describedby", error.id);
    field.before(error);
    first ||= field;
  }
  first?.focus();
  return !first;
}

/* What is empty can be told without the portal. */
export async function finishForm() {
  await keep();
  return showFaults(Object.fromEntries(fields().map((field) => [field.name, !field.value && field.dataset.wajib])));
}

const inWords = (field) => field.tagName === "SELECT" ? field.value && field.selectedOptions[0].text
  : field.type === "checkbox" ? (field.checked ? "Ya" : "Tidak")
    : field.valueAsDate?.toLocaleDateString("id", { dateStyle: "long", timeZone: "UTC" }) || field.value;

/* Resolves to the faults that the portal found, if it could be asked and found any. */
export async function showCheck(shown) {
  showForm(shown);
  const lines = [
    ...draft.papers.map(({ label, pages }) => [label, pages.length && `${pages.length} halaman`]),
    ...fields().map((field) => [field.labels[0].firstChild.textContent, inWords(field)]),
  ];
  $("isi-data").replaceChildren(...lines.map(([label, nilai]) => put(clone("baris"), { label, nilai: nilai || "–" })));
  const told = { poin: "", tanya: "", luring: "" };
  try {
    await begin(draft);
    const { salah, poin, menjadi, catatan, tanya } = await call("/kirim/isian", { dokumen: draft.id, isian: draft.values });
    if (Object.keys(salah).length) return salah;
    Object.assign(told, { poin: poin && `${poin} → ${menjadi} bila disetujui`, tanya: tanya.join(" "), luring: catatan });
  } catch {
    told.luring = $("periksa").dataset.say;
  }
  put($("periksa"), told);
}
