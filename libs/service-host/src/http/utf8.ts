import { isUtf8 } from 'node:buffer';

const DECODER = new TextDecoder();
const REPLACEMENT = Buffer.from('\ufffd');

/** Text of bytes in UTF-8, without a byte order mark; or the first byte that is none, counted from 1, as a sentence. */
export function readUtf8(bytes: Buffer): { text: string; wrong?: never } | { text?: never; wrong: string } {
  if (isUtf8(bytes)) return { text: DECODER.decode(bytes) };
  const at = firstWrong(bytes);
  return { wrong: `byte ${at + 1} is not UTF-8 (0x${bytes.toString('hex', at, at + 1)})` };
}

/** Where decoding has put a replacement character that was not sent. */
function firstWrong(bytes: Buffer): number {
  let at = 0;
  for (const text of bytes.toString('utf8').split('\ufffd')) {
    at += Buffer.byteLength(text);
    if (!bytes.subarray(at, at + REPLACEMENT.length).equals(REPLACEMENT)) break;
    at += REPLACEMENT.length;
  }
  return at;
}
