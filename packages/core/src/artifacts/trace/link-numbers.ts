import { linkId, type LinkId, type LinkIdentity, type LinkKind } from '../../contract/tick.js';

const KINDS: readonly string[] = ['isl', 'gsl', 'terrestrial'] satisfies LinkKind[];

/** What a link id of the usual form `kind:source>target` says; `null` for one of another form. */
export function parseLinkId(id: LinkId): LinkIdentity | null {
  const colon = id.indexOf(':');
  const arrow = id.indexOf('>', colon);
  const kind = id.slice(0, Math.max(colon, 0));
  if (arrow < 0 || !KINDS.includes(kind)) return null;
  return { linkId: id, source: id.slice(colon + 1, arrow), target: id.slice(arrow + 1), kind: kind as LinkKind };
}

/** Whether kind and ends follow from the id. */
export function isPlain({ linkId: id, source, target, kind }: LinkIdentity): boolean {
  return id === linkId(kind, source, target) && !source.includes('>') && KINDS.includes(kind);
}

/** Gives the links of one stream numbers, each once. */
export class LinkNumbers {
  /** By number; grows. */
  readonly links: LinkIdentity[] = [];
  readonly #numbers = new Map<LinkId, number>();

  /** The number that a link with this id has, or had last. */
  known(id: LinkId): number | undefined {
    return this.#numbers.get(id);
  }

  of({ linkId: id, source, target, kind }: LinkIdentity): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) {
      const link = this.links[known]!;
      if (link.source === source && link.target === target && link.kind === kind) return known;
    }
    const number = this.links.push({ linkId: id, source, target, kind }) - 1;
    this.#numbers.set(id, number);
    return number;
  }
}
