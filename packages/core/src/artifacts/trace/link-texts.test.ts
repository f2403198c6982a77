import { expect, test } from 'vitest';
import type { LinkIdentity, TickColumns } from '../../contract/tick.js';
import { LinkTexts, PLACE } from './link-texts.js';

const link = (n: number): LinkIdentity => ({ linkId: `isl:é${n}>b${n % 7}`, source: `é${n}`, target: `b${n % 7}`, kind: 'isl' });
const tick = (links: readonly LinkIdentity[], removals: readonly number[]): TickColumns => ({
  links,
  removals: Int32Array.from(removals),
  link: new Int32Array(),
  up: new Uint8Array(),
  oneWayDelayMs: new Float64Array(),
  capacityMbps: new Float64Array(),
  lossPct: new Float64Array(),
});

function part(texts: LinkTexts, at: number, from: keyof typeof PLACE, to: keyof typeof PLACE): string {
  const { view, places } = texts;
  return Buffer.from(view.buffer, view.byteOffset).toString('utf8', places[at + PLACE[from]], places[at + PLACE[to]]);
}

test('links that come and go leave the texts of those that stay, in room for those that are there', () => {
  const [stay, pass] = [Array.from({ length: 50 }, (_, n) => n), 1_000];
  const texts = new LinkTexts();
  const links = stay.map(link);
  for (let turn = 0; turn < 40; turn += 1) {
    const first = links.length;
    const gone = turn === 0 ? [] : Array.from({ length: pass }, (_, n) => first - pass + n);
    for (let n = 0; n < pass; n += 1) links.push(link(first + n));
    texts.enter({ snapshot: turn === 0 }, tick(links, gone));
    for (const number of [...stay, ...Array.from({ length: pass }, (_, n) => first + n)]) {
      const at = texts.place(number);
      const { linkId, source, target, kind } = links[number]!;
      expect(part(texts, at, 'head', 'headEnd')).toBe(`,"kind":"${kind}","linkId":"${linkId}","lossPct":`);
      expect(part(texts, at, 'id', 'idEnd')).toBe(`"${linkId}"`);
      expect(part(texts, at, 'headEnd', 'tailEnd')).toBe(`,"source":"${source}","target":"${target}","up":`);
    }
  }
  expect(texts.view.byteLength).toBeLessThan(4 * (stay.length + pass) * 128);
});
