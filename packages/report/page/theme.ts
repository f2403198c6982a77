import { Signal } from './signal.js';

/** Colours of the page's style, for what is drawn on a canvas; and who has to draw again when they change. */
type Name = 'paper' | 'surface' | 'ink' | 'muted' | 'line' | 'sea' | 'land' | 'coast' | 'night' | 'accent' | 'link' | 'satellite' | 'bad';

const changed = new Signal();
let known: Map<string, string> | null = null;

function read(name: string): string {
  known ??= new Map();
  let value = known.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    known.set(name, value);
  }
  return value;
}

export const color = (name: Name): string => read(name);
/** One of seven that can be told apart by people who see colours in other ways. */
export const seriesColor = (index: number): string => read(`series-${index % 7}`);
/** Beside its colour a line has a pattern. */
export const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];
export const font = (size: number): string => `${size}px ${read('font')}`;

/** @returns what ends it */
export const onThemeChange = (listener: () => void): (() => void) => changed.on(listener);

/** Colours have changed. */
export function themeChanged(): void {
  known = null;
  changed.tell();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', themeChanged);
