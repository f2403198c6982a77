import type { Distribution } from '@satsim/core';
import { html, type Markup } from './markup.js';

/** What stands where there is no value. */
export const NONE = '–';

export function fixed(value: number | null | undefined, digits: number, unit = ''): string {
  return value === null || value === undefined ? NONE : `${value.toFixed(digits)}${unit}`;
}

/** To so many significant digits, without an exponent. */
export function short(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return NONE;
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

export function percent(share: number | null | undefined, digits = 2): string {
  return share === null || share === undefined ? NONE : `${(100 * share).toFixed(digits)} %`;
}

/** `2026-11-20 00:00:00 UTC` */
export function utc(iso: string | null): string {
  return iso === null ? NONE : `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

export function seconds(ms: number): string {
  const s = ms / 1000;
  if (s < 120) return `${short(s)} s`;
  return s < 7200 ? `${short(s / 60, 3)} min` : `${short(s / 3600, 3)} h`;
}

export const median = (distribution: Distribution | null | undefined): number | null => distribution?.median ?? null;

/** A table with a caption; figures stand right. A cell that is a number sorts as one. */
export function table(
  caption: string,
  columns: readonly { readonly title: string; readonly figure?: boolean }[],
  rows: readonly (readonly (Markup | string | number | null)[])[],
  options: { readonly sortable?: boolean } = {},
): Markup {
  const head = columns.map(({ title, figure }) => html`<th scope="col" ${figure ? FIGURE : null}>${title}</th>`);
  const body = rows.map(
    (cells) =>
      html`<tr>
        ${cells.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td${columns[i]?.figure ? FIGURE : null}>${cell ?? NONE}</td>`))}
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${options.sortable ? SORTABLE : null}><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const FIGURE = html` class="figure"`;
const SORTABLE = html` data-sortable`;
