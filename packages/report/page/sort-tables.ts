import { h } from './dom.js';

/** Tables that are marked so can be sorted by the headings of their columns. */
export function sortTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) {
    for (const [column, heading] of [...table.tHead!.rows[0]!.cells].entries()) {
      const button = h('button', { type: 'button', class: 'sort', click: () => sortBy(table, column) }, heading.textContent);
      heading.replaceChildren(button);
    }
  }
}

function sortBy(table: HTMLTableElement, column: number): void {
  const headings = [...table.tHead!.rows[0]!.cells];
  const down = headings[column]!.getAttribute('aria-sort') === 'ascending';
  for (const heading of headings) heading.removeAttribute('aria-sort');
  headings[column]!.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const rows = [...table.tBodies[0]!.rows].map((row) => ({ row, text: row.cells[column]?.textContent.trim() ?? '' }));
  rows.sort((a, b) => (down ? -1 : 1) * compare(a.text, b.text));
  table.tBodies[0]!.append(...rows.map(({ row }) => row));
}

/** Figures by value, the rest by the alphabet; what has no value comes last. */
function compare(a: string, b: string): number {
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return Number.isNaN(x) || x === y ? a.localeCompare(b, 'en', { numeric: true }) : x - y;
}
