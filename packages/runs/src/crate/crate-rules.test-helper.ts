import type { CrateMetadata, Entity } from './crate-metadata.js';

/** What the specifications demand (MUST), and of what they recommend what satsim promises. */
export interface CrateRule {
  readonly rule: string;
  readonly holds: (crate: CrateMetadata, files: ReadonlySet<string>) => boolean;
}

const RO_CRATE = 'https://w3id.org/ro/crate/1.1';
const PROCESS_RUN = 'https://w3id.org/ro/wfrun/process/0.5';
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/;

const list = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const refs = (value: unknown): string[] => list(value).flatMap((one) => (typeof one === 'object' && one !== null && '@id' in one ? String(one['@id']) : []));
const types = (entity: Entity): unknown[] => list(entity['@type']);
const find = ({ '@graph': graph }: CrateMetadata, id: string): Entity | undefined => graph.find((entity) => entity['@id'] === id);
const ofType = ({ '@graph': graph }: CrateMetadata, type: string): Entity[] => graph.filter((entity) => types(entity).includes(type));
const root = (crate: CrateMetadata): Entity | undefined => find(crate, refs(find(crate, 'ro-crate-metadata.json')?.['about'])[0] ?? '');
const actions = (crate: CrateMetadata): Entity[] => ['CreateAction', 'ActivateAction', 'UpdateAction'].flatMap((type) => ofType(crate, type));
const TOOLS = ['SoftwareApplication', 'SoftwareSourceCode', 'ComputationalWorkflow'];

export const CRATE_RULES: readonly CrateRule[] = [
  {
    rule: 'RO-Crate 1.1: the metadata file describes itself as a CreativeWork about the root, conforming to RO-Crate 1.1',
    holds: (crate) => {
      const descriptor = find(crate, 'ro-crate-metadata.json');
      return (
        descriptor !== undefined && types(descriptor).includes('CreativeWork') && refs(descriptor['conformsTo']).includes(RO_CRATE) && root(crate) !== undefined
      );
    },
  },
  {
    rule: 'RO-Crate 1.1: the root is a Dataset whose id ends with /',
    holds: (crate) => types(root(crate)!).includes('Dataset') && root(crate)!['@id'].endsWith('/'),
  },
  { rule: 'RO-Crate 1.1: the root has datePublished in ISO 8601', holds: (crate) => ISO.test(String(root(crate)!['datePublished'])) },
  {
    rule: 'RO-Crate 1.1: the root has a name and a description',
    holds: (crate) => ['name', 'description'].every((key) => typeof root(crate)![key] === 'string'),
  },
  {
    rule: 'RO-Crate 1.1: the root has a licence: a text, or something described with name and description',
    holds: (crate) => {
      const { license } = root(crate)!;
      if (typeof license === 'string') return license !== '';
      const described = refs(license).map((id) => find(crate, id));
      return described.length > 0 && described.every((entity) => ['name', 'description'].every((key) => typeof entity?.[key] === 'string'));
    },
  },
  {
    rule: 'RO-Crate 1.1: every author is a person or an organization with a name',
    holds: (crate) =>
      refs(root(crate)!['author']).every((id) => {
        const author = find(crate, id);
        return author !== undefined && ['Person', 'Organization'].some((type) => types(author).includes(type)) && typeof author['name'] === 'string';
      }),
  },
  {
    rule: 'RO-Crate 1.1: every entity has an id and a type, and no two the same id',
    holds: ({ '@graph': graph }) =>
      graph.every((entity) => entity['@id'] && entity['@type']) && new Set(graph.map((entity) => entity['@id'])).size === graph.length,
  },
  {
    rule: 'RO-Crate 1.1: every File is linked from the root by hasPart, and every part is a File',
    holds: (crate) => {
      const parts = refs(root(crate)!['hasPart']);
      return (
        ofType(crate, 'File').every((file) => parts.includes(file['@id'])) &&
        parts.every((id) => types(find(crate, id) ?? ({ '@type': '' } as Entity)).includes('File'))
      );
    },
  },
  {
    rule: 'RO-Crate 1.1: the id of a File is a URI path relative to the root, of a file that is there',
    holds: (crate, files) =>
      ofType(crate, 'File').every(({ '@id': id }) => encodeURI(decodeURI(id)) === id && !/^([/.]|\w+:)/.test(id) && files.has(decodeURIComponent(id))),
  },
  {
    rule: 'every file of the archive is described, with its size and hash',
    holds: (crate, files) =>
      [...files].every((file) => {
        const entity = ofType(crate, 'File').find(({ '@id': id }) => decodeURIComponent(id) === file);
        return entity !== undefined && /^[0-9a-f]{64}$/.test(String(entity['sha256'])) && /^\d+$/.test(String(entity['contentSize']));
      }),
  },
  {
    rule: 'what is referred to is described, or is on the web',
    holds: (crate) =>
      crate['@graph'].every((entity) =>
        Object.values(entity).every((value) => refs(value).every((id) => /^https?:/.test(id) || find(crate, id) !== undefined)),
      ),
  },
  {
    rule: 'Process Run Crate 0.5: the root conforms to the profile, which is described as a CreativeWork',
    holds: (crate) =>
      refs(root(crate)!['conformsTo']).includes(PROCESS_RUN) && types(find(crate, PROCESS_RUN) ?? ({ '@type': '' } as Entity)).includes('CreativeWork'),
  },
  { rule: 'Process Run Crate 0.5: there is an action', holds: (crate) => actions(crate).length > 0 },
  {
    rule: 'Process Run Crate 0.5: every action has an instrument, which is a tool',
    holds: (crate) =>
      actions(crate).every(
        ({ instrument }) =>
          refs(instrument).length > 0 && refs(instrument).every((id) => TOOLS.some((type) => ofType(crate, type).some((tool) => tool['@id'] === id))),
      ),
  },
  {
    rule: 'Process Run Crate 0.5: every action is mentioned by the root',
    holds: (crate) => actions(crate).every((action) => refs(root(crate)!['mentions']).includes(action['@id'])),
  },
  {
    rule: 'Process Run Crate 0.5: every tool has a name, and not both kinds of version',
    holds: (crate) =>
      TOOLS.flatMap((type) => ofType(crate, type)).every((tool) => typeof tool['name'] === 'string' && !('version' in tool && 'softwareVersion' in tool)),
  },
  {
    rule: 'Process Run Crate 0.5: times of an action are ISO 8601',
    holds: (crate) => actions(crate).every((action) => ['startTime', 'endTime'].every((key) => !(key in action) || ISO.test(String(action[key])))),
  },
  {
    rule: 'Process Run Crate 0.5: an error is told exactly when the action failed',
    holds: (crate) =>
      actions(crate).every((action) => {
        const [status] = refs(action['actionStatus']);
        return /^http:\/\/schema\.org\/(Completed|Failed)ActionStatus$/.test(status ?? '') && status!.includes('Failed') === 'error' in action;
      }),
  },
  {
    rule: 'Process Run Crate 0.5: what an action used are Files or other works, what it made are Files',
    holds: (crate) => {
      const are = (value: unknown, allowed: readonly string[]): boolean =>
        refs(value).every((id) => allowed.some((type) => ofType(crate, type).some((entity) => entity['@id'] === id)));
      return actions(crate).every(({ object, result }) => are(object, ['File', 'CreativeWork']) && are(result, ['File']));
    },
  },
];
