import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, jsonInScript } from './markup.js';

test('values are escaped, markup is not, nothing is nothing', () => {
  const bold = html`<b>${'<i>'}</b>`;
  expect(html`<p title="${`"'`}">${bold}${null}${undefined}${false}${0}${['&', bold]}</p>`.text).toBe(
    '<p title="&quot;&#39;"><b>&lt;i&gt;</b>0&amp;<b>&lt;i&gt;</b></p>',
  );
});

test('no text gets out of its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', 'script', 'a', '\u2028') }), (text) => {
      expect(html`${text}`.text).not.toMatch(/[<>"']/);
      const json = jsonInScript({ text }).text;
      expect(json).not.toMatch(/<|\u2028/);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});
