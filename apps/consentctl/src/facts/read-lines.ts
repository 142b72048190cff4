/** A line of a file, counted from 1, without its end. */
export interface FileLine {
  number: number;
  bytes: Buffer;
  /** The line is longer than LONGEST_LINE; `bytes` is its beginning. */
  tooLong: boolean;
}

/** A subject with 1,000 scopes fits; what is longer is no line of facts and must not fill the memory. */
export const LONGEST_LINE = 262_144;
const NEWLINE = 0x0a;

/** The lines of a stream, one at a time: at most one chunk and one line are held. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<FileLine> {
  let number = 0;
  let held: Buffer[] = [];
  let length = 0;
  let tooLong = false;
  const line = (): FileLine => {
    const found = { number: ++number, bytes: Buffer.concat(held), tooLong };
    held = [];
    length = 0;
    tooLong = false;
    return found;
  };
  const hold = (part: Buffer): void => {
    if (part.length === 0) return;
    const room = LONGEST_LINE - length;
    tooLong ||= part.length > room;
    if (room > 0) held.push(part.subarray(0, room));
    length += part.length;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      hold(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    hold(chunk.subarray(start));
  }
  if (length > 0) yield line();
}
