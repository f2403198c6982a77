import { posix } from 'node:path';
import { sourceImports } from './source-imports.js';
import type { WorkspacePackage } from './workspace.js';

export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Packages by what their package.json makes npm install. */
export function packageGraph(workspace: readonly WorkspacePackage[]): Graph {
  const names = new Set(workspace.map(({ json }) => json.name));
  return new Map(
    workspace.map(({ json }) => [
      json.name,
      new Set(Object.keys({ ...json.dependencies, ...json.peerDependencies, ...json.devDependencies }).filter((name) => names.has(name))),
    ]),
  );
}

/** Folders of a package's `src` by what their code needs when it runs; types that they share make no cycle, nor do tests. */
export function folderGraph({ files }: WorkspacePackage): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    if (/\.test(?:-helper)?\.ts$/.test(path)) continue;
    const from = folderOf(path);
    for (const { specifier, typeOnly } of sourceImports(text)) {
      if (typeOnly || specifier === null || !specifier.startsWith('.')) continue;
      const to = folderOf(posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts'));
      if (to !== from) graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  }
  return graph;
}

/** `src/run/plan.ts` → `run`; a file directly in `src` counts as a folder of its own. */
const folderOf = (path: string): string => path.split('/')[1]!;

/** The first cycle found, as a chain that ends where it begins; `null` when there is none. */
export function findCycle(graph: Graph): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, chain: readonly string[]): string[] | null => {
    if (chain.includes(node)) return [...chain.slice(chain.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...chain, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return null;
}
