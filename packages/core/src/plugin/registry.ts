import type {
  Contribution,
  ExporterDefinition,
  LaneDefinition,
  PluginDefinition,
  PluginKind,
  TickSourceDefinition,
  TranslatorDefinition,
} from '../contract/plugin.js';
import { SatsimError } from '../errors.js';
import { suggest } from '../scenario/suggest.js';
import { importPlugin } from './load.js';
import type { ManifestReading } from './manifest.js';
import { missingDependency, missingRequirements } from './requirements.js';

/** A package with a plugin manifest, sound or not. */
export interface Candidate extends ManifestReading {
  /** Absolute path of the package's folder. */
  readonly dir: string;
  /** The module to import where `--plugin` named a file; otherwise the package's `exports` tell. */
  readonly entry: string | null;
}

export interface PluginFault {
  /** The package, or how it was asked for where it has no name. */
  readonly packageName: string;
  readonly message: string;
}

/** One contribution and the package it comes from; not imported. */
export interface FoundPlugin {
  readonly candidate: Candidate;
  readonly contribution: Contribution;
}

interface DefinitionOf {
  lane: LaneDefinition;
  exporter: ExporterDefinition;
  translator: TranslatorDefinition;
  'tick-source': TickSourceDefinition;
}

/** An imported plugin, checked against its manifest. */
export interface LoadedPlugin<Kind extends PluginKind = PluginKind> {
  readonly name: string;
  readonly packageName: string;
  readonly packageVersion: string;
  /** Absolute path of the package's folder. */
  readonly packageDir: string;
  readonly contribution: Contribution;
  readonly definition: DefinitionOf[Kind];
}

/** All plugins that were found, by kind and name. Imports one when it is asked for, and no other. */
export class PluginRegistry {
  /** By package name. */
  readonly candidates: readonly Candidate[];
  /** Everything that is wrong with any of them, also with those that no run names. */
  readonly faults: readonly PluginFault[];
  readonly #byKey = new Map<string, FoundPlugin[]>();
  readonly #imports = new Map<Candidate, Promise<readonly PluginDefinition[]>>();

  constructor(candidates: readonly Candidate[], faults: readonly PluginFault[]) {
    this.candidates = candidates.toSorted((a, b) => (a.packageName < b.packageName ? -1 : 1));
    for (const candidate of this.candidates) {
      for (const contribution of candidate.contributes) {
        const key = `${contribution.kind} ${contribution.name}`;
        this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), { candidate, contribution }]);
      }
    }
    const ofCandidates = this.candidates.flatMap(({ packageName, faults: own }) => own.map((message) => ({ packageName, message })));
    const duplicates = [...this.#byKey.values()]
      .filter((claims) => claims.length > 1)
      .map((claims) => ({ packageName: packagesOf(claims), message: `both claim ${labelOf(claims)}` }));
    this.faults = [...faults, ...ofCandidates, ...duplicates];
  }

  /** Names that some package contributes, sorted; also those that can't be used, so that their faults are what one hears of. */
  names(kind: PluginKind): readonly string[] {
    const names = this.candidates.flatMap(({ contributes }) => contributes.filter((one) => one.kind === kind).map((one) => one.name));
    return [...new Set(names)].sort();
  }

  /**
   * @param besides names that whoever asks takes as well: for the list of what is known
   * @throws SatsimError PLUGIN_INVALID: unknown (lists the known ones), claimed by two packages, or of a package with faults
   */
  find(kind: PluginKind, name: string, besides: readonly string[] = []): FoundPlugin {
    const claims = this.#byKey.get(`${kind} ${name}`) ?? [];
    const [found] = claims;
    if (!found) throw new SatsimError('PLUGIN_INVALID', `unknown ${kind}: ${name}`, { hint: this.#unknownHint(kind, name, besides) });
    if (claims.length > 1)
      throw new SatsimError('PLUGIN_INVALID', `two plugins claim ${labelOf(claims)}: ${packagesOf(claims)}`, { hint: 'remove one of them' });
    const { packageName, faults } = found.candidate;
    if (faults.length > 0) throw new SatsimError('PLUGIN_INVALID', `${kind} ${name} cannot be used: plugin ${packageName}: ${faults.join('; ')}`);
    return found;
  }

  /**
   * Imports the plugin.
   * @throws SatsimError PLUGIN_INVALID as {@link find}, or when the module fails or is not what its manifest says
   * @throws MissingDependencyError when it fails where something that it needs is missing
   */
  async load<Kind extends PluginKind>(kind: Kind, name: string): Promise<LoadedPlugin<Kind>> {
    const { candidate, contribution } = this.find(kind, name);
    let imported = this.#imports.get(candidate);
    if (!imported) {
      imported = importPlugin(candidate);
      this.#imports.set(candidate, imported);
    }
    const definitions = await imported.catch((error: unknown) => {
      // Its own modules may need what this machine lacks: then that is what helps.
      const missing = missingRequirements(contribution);
      if (missing === null) throw error;
      throw missingDependency(missing, error);
    });
    const definition = definitions.find((one) => one.kind === kind && one.name === name) as DefinitionOf[Kind];
    return { name, packageName: candidate.packageName, packageVersion: candidate.packageVersion, packageDir: candidate.dir, contribution, definition };
  }

  #unknownHint(kind: PluginKind, name: string, besides: readonly string[]): string {
    const known = [...this.names(kind), ...besides].sort();
    const nearest = suggest(name, known);
    const list = known.length === 0 ? `no ${kind} is installed` : `known: ${known.join(', ')}`;
    const broken = this.candidates.filter(({ contributes }) => contributes.length === 0).map(({ packageName }) => packageName);
    const elsewhere = nearest === undefined ? 'another one has to be a dependency of this project, or named by --plugin <folder>' : '';
    return [nearest === undefined ? '' : `did you mean ${nearest}?`, list, elsewhere, broken.length === 0 ? '' : `unreadable plugins: ${broken.join(', ')}`]
      .filter((part) => part !== '')
      .join('; ');
  }
}

const labelOf = ([first]: readonly FoundPlugin[]): string => `${first!.contribution.kind} ${first!.contribution.name}`;
const packagesOf = (claims: readonly FoundPlugin[]): string => claims.map(({ candidate }) => candidate.packageName).join(' and ');
