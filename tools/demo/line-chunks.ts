import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Chunk {
  lines: string[];
  /** Number of the first line in the file, from 1. */
  from: number;
}

/** The non-empty lines of a file, streamed in portions of so many lines and bytes at most. */
export async function* lineChunks(file: string, limit: { lines: number; bytes: number }): AsyncGenerator<Chunk> {
  let chunk: Chunk = { lines: [], from: 1 };
  let bytes = 0;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const size = Buffer.byteLength(line) + 1;
    if (chunk.lines.length >= limit.lines || (chunk.lines.length > 0 && bytes + size > limit.bytes)) {
      yield chunk;
      chunk = { lines: [], from: number };
      bytes = 0;
    }
    if (chunk.lines.length === 0) chunk.from = number;
    chunk.lines.push(line);
    bytes += size;
  }
  if (chunk.lines.length > 0) yield chunk;
}
