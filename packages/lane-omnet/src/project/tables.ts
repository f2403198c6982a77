import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Rows of one of the tables that `@satsim/simulation` writes, by column. */
export type TableRow = Readonly<Record<string, string>>;

export interface NetworkTables {
  readonly nodes: readonly TableRow[];
  readonly links: readonly TableRow[];
  readonly flows: readonly TableRow[];
}

/** Reads `nodes.csv`, `links.csv` and `flows.csv` of a folder; no field has a comma in it. */
export async function readTables(folder: string): Promise<NetworkTables> {
  const [nodes, links, flows] = await Promise.all(['nodes.csv', 'links.csv', 'flows.csv'].map((name) => readFile(join(folder, name), 'utf8')));
  return { nodes: rowsOf(nodes!), links: rowsOf(links!), flows: rowsOf(flows!) };
}

function rowsOf(text: string): TableRow[] {
  const [header, ...lines] = text.trimEnd().split('\n');
  const columns = header!.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(columns.map((column, place) => [column, fields[place] ?? '']));
  });
}
