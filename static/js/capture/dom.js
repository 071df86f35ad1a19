/* Words and shapes stand in the page; scripts clone and fill them. */
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
/* A sentence of the page, with the words of the moment in it. */
export const say = (name, words) => $(name).dataset.say.replace(/\{(\w+)\}/g, (_, key) => words[key]);
