import { SatsimError } from '@satsim/core';
import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' };
import type { Entity } from './crate-metadata.js';

const ORCID = /(?:https?:\/\/orcid\.org\/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b/i;

/**
 * A licence, by its SPDX identifier (`CC-BY-4.0`) or its address.
 * @throws SatsimError USAGE for what is neither
 */
export function licenseEntity(text: string): Entity {
  const id = spdxIds.find((one) => one.toLowerCase() === text.toLowerCase());
  if (id === undefined && !(/^https?:/i.test(text) && URL.canParse(text)))
    throw new SatsimError('USAGE', `${JSON.stringify(text)} is no licence: neither an SPDX identifier nor an address`, {
      hint: 'identifiers such as CC-BY-4.0 are listed at https://spdx.org/licenses',
    });
  return {
    '@id': id === undefined ? text : `https://spdx.org/licenses/${id}`,
    '@type': 'CreativeWork',
    name: id ?? text,
    description: 'The licence under which the author gives this archive',
  };
}

/**
 * An author: a name, an ORCID iD, or both in one text.
 * @throws SatsimError USAGE for an ORCID iD that can't be one, and for nothing at all
 */
export function authorEntity(text: string): Entity {
  const [written = '', orcid] = ORCID.exec(text) ?? [];
  const name = text
    .replace(written, '')
    .replace(/[\s<>()]+/g, ' ')
    .trim();
  if (orcid !== undefined && !isOrcid(orcid.toUpperCase()))
    throw new SatsimError('USAGE', `${orcid} is no ORCID iD: its last digit does not fit the others`, { hint: 'look for a digit that was mistyped' });
  if (orcid === undefined && name === '') throw new SatsimError('USAGE', 'an author without a name', { hint: 'give a name, an ORCID iD, or both' });
  const id = orcid === undefined ? `#author-${encodeURIComponent(name)}` : `https://orcid.org/${orcid.toUpperCase()}`;
  return { '@id': id, '@type': 'Person', name: name === '' ? orcid : name };
}

/** ISO 7064, MOD 11-2. */
function isOrcid(orcid: string): boolean {
  const digits = orcid.replaceAll('-', '');
  let total = 0;
  for (const digit of digits.slice(0, -1)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return digits.at(-1) === (check === 10 ? 'X' : String(check));
}
