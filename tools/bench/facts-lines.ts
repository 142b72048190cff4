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

/**
 * Writes a file of facts: people with an account each.
 * @param badEvery so many lines hold one that is wrong, in four ways by turns; 0: none
 */
export async function writeFacts(file: string, lines: number, badEvery: number, brand: string): Promise<FactsFile> {
  const subjects: string[] = [];
  let bad = 0;
  function* texts(): Generator<string> {
    for (let line = 1; line <= lines; line++) {
      if (badEvery > 0 && line % badEvery === 0) yield `${BAD[bad++ % BAD.length]}\n`;
      else {
        const subjectId = randomUUID();
        subjects.push(subjectId);
        yield `${JSON.stringify({
          ...{ subjectId, brand, roles: ['customer'], minor: false, contractStart: '2020-01-01T00:00:00Z' },
          scopes: [{ level: 'account', id: randomUUID() }],
        })}\n`;
      }
    }
  }
  await pipeline(Readable.from(texts()), createWriteStream(file));
  return { subjects, bad };
}
