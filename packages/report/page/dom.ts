type Child = Node | string | number | null;
type Attributes = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>;

/** An element; texts become text, never markup. Functions are listeners, `null` and `false` are left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null) element.append(typeof child === 'number' ? String(child) : child);
  return element;
}

/** A labelled choice. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  changed: (value: string) => void,
): HTMLLabelElement & { readonly select: HTMLSelectElement } {
  const select = h('select', { change: () => changed(select.value) }, ...options.map(([value, text]) => h('option', { value }, text)));
  return Object.assign(h('label', { class: 'field' }, h('span', {}, label), select), { select });
}

export function toggle(label: string, checked: boolean, changed: (on: boolean) => void): HTMLLabelElement {
  const box = h('input', { type: 'checkbox', checked, change: () => changed(box.checked) });
  return h('label', { class: 'toggle' }, box, h('span', {}, label));
}

/** A small square in a colour of the palette, beside a name that says the same. */
export function swatch(index: number, dash = 0): HTMLSpanElement {
  const element = h('span', { class: 'swatch', 'aria-hidden': 'true' });
  element.dataset['color'] = String(index % 7);
  element.dataset['dash'] = String(dash % 3);
  return element;
}

/** Rows that are only made when somebody opens them. */
export function dataTable(
  summary: string,
  caption: string,
  columns: readonly string[],
  rows: () => readonly (readonly (string | number)[])[],
): HTMLDetailsElement {
  const details = h('details', { class: 'data' }, h('summary', {}, summary));
  details.addEventListener('toggle', () => {
    if (!details.open || details.childElementCount > 1) return;
    const body = rows().map((cells) =>
      h('tr', {}, ...cells.map((cell, i) => (i === 0 ? h('th', { scope: 'row' }, cell) : h('td', { class: 'figure' }, cell)))),
    );
    const table = h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...columns.map((column, i) => h('th', { scope: 'col', class: i > 0 ? 'figure' : null }, column)))),
      h('tbody', {}, ...body),
    );
    details.append(h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': caption }, table));
  });
  return details;
}
