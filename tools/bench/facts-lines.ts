import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface FactsFile {
  /** People, one a good line. */
  subjects: readonly string[];
  bad: number;
}

const BAD = [
  'no JSON at all',
  '{"subjectId":"nobody","brand":"proximus","roles":["customer"],"minor":false}',
  `{"subjectId":"${randomUUID()}","brand":"proximus","roles":["king"],"minor":false}`,
  `{"subjectId":"${randomUUID()}","brand":"proximus","roles":["customer"],"minor":false,"surname":"x"}`,
];

const CUSTOMER = { roles: ['customer'], minor: false, contractStart: '2020-01-01T00:00:00Z' };
/** Ended long enough ago for the retention of most kinds of data to have ended too. */
const FORMER = { ...CUSTOMER, roles: ['ex-customer'], contractEnd: '2021-01-01T00:00:00Z' };

/**
 * Writes a file of facts: people with an account each.
 * @param badEvery so many lines hold one that is wrong, in four ways by turns; 0: none
 * @param formerEvery so many good lines hold one of a former customer; 0: none
 */
export async function writeFacts(
  file: string,
  { lines, badEvery, formerEvery = 0, brand }: { lines: number; badEvery: number; formerEvery?: number; brand: string },
): Promise<FactsFile> {
  const subjects: string[] = [];
  let bad = 0;
  function* texts(): Generator<string> {
    for (let line = 1; line <= lines; line++) {
      if (badEvery > 0 && line % badEvery === 0) yield `${BAD[bad++ % BAD.length]}\n`;
      else {
        const subjectId = randomUUID();
        subjects.push(subjectId);
        const isFormer = formerEvery > 0 && subjects.length % formerEvery === 0;
        const scopes = [{ level: 'account', id: randomUUID() }];
        yield `${JSON.stringify({ subjectId, brand, ...(isFormer ? FORMER : CUSTOMER), scopes })}\n`;
      }
    }
  }
  await pipeline(Readable.from(texts()), createWriteStream(file));
  return { subjects, bad };
}
