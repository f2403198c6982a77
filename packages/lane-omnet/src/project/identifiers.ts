/** Words that NED keeps for itself. */
const RESERVED = new Set(
  (
    'allowunconnected ask bool channel channelinterface connections const default double exists expr extends false for gates if import ' +
    'index inf inout input int like module moduleinterface nan network null nullptr object output package parent parameters property simple sizeof string ' +
    'submodules this true typename types undefined volatile xml xmldoc controller'
  ).split(' '),
);

/**
 * Gives names their identifiers: letters, digits and `_` stay, all else becomes `_`. What would be no identifier, is a word of
 * NED's or is taken already gets a number.
 */
export class Identifiers {
  readonly #taken = new Set<string>();

  /** @param prefix of a name that does not begin with a letter */
  of(name: string, prefix = 'n'): string {
    const cleaned = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
    const base = /^[A-Za-z]/.test(cleaned) && !RESERVED.has(cleaned) ? cleaned : `${prefix}_${cleaned}`;
    let identifier = base;
    for (let count = 2; this.#taken.has(identifier); count++) identifier = `${base}_${count}`;
    this.#taken.add(identifier);
    return identifier;
  }
}
