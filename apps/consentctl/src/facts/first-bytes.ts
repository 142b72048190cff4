import { closeSync, openSync, readSync } from 'node:fs';

/** The first bytes of a file; fewer where it has fewer. @throws what the file system says */
export function firstBytes(file: string, count: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
