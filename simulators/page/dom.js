export const at = (id) => document.getElementById(id);

/** Text goes in as text, never as markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

const drawn = new WeakMap();

/** New children only when `of` has changed: a button that is exchanged while it is pressed is never clicked, and loses the focus. */
export function redraw(parent, of, make) {
  const now = JSON.stringify(of);
  if (drawn.get(parent) === now) return;
  drawn.set(parent, now);
  parent.replaceChildren(...make());
}

/** Of the control interface. Throws with what it says of a refusal. */
export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.message ?? `${method} ${path}: ${answer.status}`);
  return data;
}
