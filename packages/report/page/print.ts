import { Signal } from './signal.js';
import { themeChanged } from './theme.js';

const changed = new Signal();
let printing = false;

/** Called before paper is drawn, in the colours and the width of paper, and after it. @returns what ends it */
export const onPrint = (listener: () => void): (() => void) => changed.on(listener);

/** Whether everything has to be there, also what is not in sight. */
export const isPrinting = (): boolean => printing;

/** Those that were opened for paper alone. */
let opened: HTMLDetailsElement[] = [];

function change(now: boolean): void {
  printing = now;
  for (const details of opened) details.open = false;
  // Long tables of data stay closed: they are in the run's own files.
  opened = now ? [...document.querySelectorAll<HTMLDetailsElement>('details:not(.data, [open])')] : [];
  for (const details of opened) details.open = true;
  document.documentElement.classList.toggle('printing', now);
  themeChanged();
  changed.tell();
}

addEventListener('beforeprint', () => change(true));
addEventListener('afterprint', () => change(false));
