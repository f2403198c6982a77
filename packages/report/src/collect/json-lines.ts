import { createReadStream } from 'node:fs';
import { messageOf } from '@satsim/core';

/**
 * The objects of a file of JSON lines, as they come. A file that is not there has none; where one is damaged, or was cut off by
 * a crash, what came before counts and the damage is told.
 */
export async function readJsonLines<Line>(file: string, take: (line: Line) => void, damaged: (why: string) => void): Promise<boolean> {
  let number = 0;
  let rest = '';
  const read = (text: string): void => {
    number += 1;
    const line: unknown = JSON.parse(text);
    if (typeof line !== 'object' || line === null) throw new SyntaxError('not an object');
    take(line as Line);
  };
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop()!;
      lines.forEach(read);
    }
    if (rest !== '') read(rest);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    damaged(`${file}:${number}: ${messageOf(error)}; what stands before it is shown`);
  }
  return true;
}
