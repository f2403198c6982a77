import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { ReportData } from '../report-data.js';
import { html, jsonInScript, Markup } from './markup.js';

/** The page's program and style, as vite has bundled them. */
const built = (name: string): string => readFileSync(new URL(`../../dist/page/${name}`, import.meta.url), 'utf8').trim();

export interface Section {
  readonly id: string;
  readonly title: string;
  /** In the list of sections, where that is too long. */
  readonly short?: string;
  readonly body: Markup;
}

/**
 * One file that needs nothing else. Its policy lets in this very program and this very style (by their hashes) and no
 * request at all, so that nothing in a run's names or texts can do anything, should it ever get past the escaping.
 */
export function reportDocument(title: string, heading: Markup, sections: readonly Section[], data: ReportData, packed: Uint8Array): string {
  const [script, style] = [built('report.js'), built('report.css')];
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="satsim" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${element('style', style)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header class="top">${heading}</header>
        <nav class="contents" aria-label="Sections">
          <ul>
            ${sections.map(({ id, title: name, short }) => html`<li><a href="#${id}">${short ?? name}</a></li>`)}
          </ul>
        </nav>
        <main id="main">
          <noscript><p class="note">Map and charts need JavaScript, which is off here. The figures below are complete without it.</p></noscript>
          ${sections.map(
            ({ id, title: name, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${name}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer><p>Made by satsim. Coastlines: Natural Earth, by world-atlas (ISC). Charts: uPlot (MIT). This file makes no request to any server.</p></footer>
        <script type="application/json" id="data">
          ${jsonInScript(data)}
        </script>
        <script type="application/octet-stream" id="packed">
          ${Buffer.from(deflateRawSync(packed, { level: 9 })).toString('base64')}
        </script>
        ${element('script', script)}
      </body>
    </html> `;
  return page.text;
}

/** To the byte, as its hash stands in the policy. */
function element(tag: 'script' | 'style', content: string): Markup {
  return new Markup(`<${tag}>${content}</${tag}>`);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
