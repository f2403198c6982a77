import { basename } from 'node:path';
import { formatScenarioYaml } from '@satsim/core';
import type { DifferingField, Scenario } from '@satsim/core';
import type { ReadBack } from '../collect/read-back.js';
import type { ReportedRun } from '../collect/run-folder.js';
import { NONE, short, table, utc } from './format.js';
import { html, type Markup } from './markup.js';

/** More of a scenario than anybody reads. */
const LONGEST = 200_000;

/** The scenario as it was run, as a file that can be run again. */
export function configuration({ scenario }: ReportedRun): Markup {
  if (scenario === null) return html`<p class="note">The recorded scenario cannot be read.</p>`;
  const text = yamlOf(scenario);
  return html`<p>
      The scenario with everything that was set on the command line. What is a default is left out; <code>manifests/scenario.normalized.json</code> in the run
      has every field.
    </p>
    <pre tabindex="0" aria-label="Scenario">${text.slice(0, LONGEST)}</pre>
    ${text.length > LONGEST ? html`<p class="note">The rest, ${text.length - LONGEST} characters, is left out here.</p>` : null}`;
}

/** Of another version's scenario the text may not be what YAML for people needs: then its JSON. */
function yamlOf(scenario: Scenario): string {
  try {
    return formatScenarioYaml(scenario);
  } catch {
    return JSON.stringify(scenario, null, 1);
  }
}

const WIDEST = 120;

/** Nothing that is the same in all. */
export function differing(fields: readonly DifferingField[], titles: readonly string[]): Markup {
  if (fields.length === 0) return html`<p>The same configuration and the same versions.</p>`;
  const text = (value: DifferingField['values'][number]): string => {
    const whole = value === null ? NONE : String(value);
    return whole.length > WIDEST ? `${whole.slice(0, WIDEST - 1)}…` : whole;
  };
  return table(
    'What differs: configuration, inputs and versions; all else is the same',
    [{ title: 'Field' }, ...titles.map((title) => ({ title }))],
    fields.map(({ path, values }) => [html`<code>${path}</code>`, ...values.map(text)]),
  );
}

/** What ran, of what, where: enough to ask for it again, and to check that it is the same. */
export function provenance({ record }: ReportedRun): Markup {
  const { manifest } = record;
  if (manifest === null) return html`<p class="note">This run has no manifest that can be read.</p>`;
  const { engine, host, inputs, components, scenario } = manifest;
  const facts: (readonly [string, string | Markup])[] = [
    ['Trace SHA-256', html`<code>${manifest.traceSha256 ?? 'incomplete'}</code>`],
    ['Scenario', html`${basename(scenario.file)}, SHA-256 <code>${scenario.sha256}</code>`],
    ['Specification SHA-256', html`<code>${engine?.specSha256 ?? NONE}</code>`],
    ['Seed', String(manifest.seed)],
    ['Span', `${utc(manifest.t0)} to ${utc(manifest.t1)} (exclusive), tick ${manifest.dtMs} ms, ${manifest.mode}`],
    ['Tick source', `${manifest.source}${engine === null ? '' : `, engine ${engine.engineVersion}, contract ${engine.schemaVersion}`}`],
    ['Command', html`<code>${manifest.command.join(' ')}</code>`],
    ['Ran', `${utc(manifest.startedAt)} to ${utc(manifest.endedAt)}`],
    [
      'Machine',
      `${host.platform} ${host.release}, ${host.arch}, ${host.cpus} × ${host.cpuModel}, ${short(host.memoryBytes / 2 ** 30, 3)} GiB, Node ${host.node}`,
    ],
  ];
  return html`${table(
    'Where this comes from',
    [{ title: 'What' }, { title: 'Value' }],
    facts.map(([name, value]) => [name, value]),
  )}
  ${table(
    'Components',
    [{ title: 'Package' }, { title: 'Version' }, { title: 'Commit' }],
    components.map(({ name, version, gitSha }) => [name, version, gitSha]),
  )}
  ${
    inputs.length === 0
      ? html`<p>No input files beside the scenario.</p>`
      : table(
          'Input files',
          [{ title: 'File' }, { title: 'SHA-256' }, { title: 'Copy in the run' }],
          inputs.map(({ path, sha256, copy }) => [basename(path), html`<code>${sha256}</code>`, copy]),
        )
  }
  ${laneProvenance(manifest.provenance)}`;
}

function laneProvenance(provenance: unknown): Markup | null {
  if (typeof provenance !== 'object' || provenance === null) return null;
  return html`<div class="parts">
    ${Object.entries(provenance).map(
      ([lane, told]) =>
        html`<details>
          <summary>What lane ${lane} told of itself</summary>
          <pre>${JSON.stringify(told, null, 1)}</pre>
        </details>`,
    )}
  </div>`;
}

/** Requested against applied, as the lane mininet read it back from the kernel. */
export function requestedApplied(readBack: ReadBack): Markup {
  const { comparisons, lines, quantities, tickIndex, last } = readBack;
  return html`<p>
      What the lane <code>mininet</code> asked for and what the kernel said it had: ${lines} readings of interfaces in ${comparisons} comparisons.
    </p>
    ${table(
      'Largest distance of applied from requested',
      [{ title: 'Quantity' }, { title: 'Readings', figure: true }, { title: 'Largest distance', figure: true }, { title: 'Of link' }],
      quantities.map(({ name, compared, worst, worstLink }) => [name, compared, short(worst), worstLink]),
    )}
    <details>
      <summary>Every link at the last comparison, tick ${tickIndex} (${last.length})</summary>
      ${table(
        `Requested and applied at tick ${tickIndex}`,
        [
          { title: 'Link' },
          ...['Delay asked, µs', 'applied', 'Loss asked, %', 'applied', 'Rate asked, bit/s', 'applied', 'Queue asked', 'applied'].map((title) => ({
            title,
            figure: true,
          })),
          { title: 'Carrier asked' },
          { title: 'applied' },
        ],
        last.map(({ linkId, requested, applied }) => [
          linkId,
          ...['delayUs', 'lossPct', 'rateBps', 'queuePackets'].flatMap((key) => [
            cell(key === 'lossPct' && requested['drop'] === true ? 100 : requested[key]),
            cell(applied[key]),
          ]),
          cell(requested['carrier']),
          cell(applied['carrier']),
        ]),
        { sortable: true },
      )}
    </details>`;
}

function cell(value: number | boolean | string | null | undefined): string {
  if (typeof value === 'number') return short(value, 7);
  return value === null || value === undefined ? NONE : String(value);
}
