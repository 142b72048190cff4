import { describe, expect, it } from '@jest/globals';
import { broken, catalogueFiles as files } from '../spec-catalogue.js';
import { parseCatalogue } from './parse-catalogue.js';

const chapter = 'purposes/07-marketing.yaml';

describe('a catalogue is refused, naming file, id and field, for', () => {
  it.each([
    ['a NUL character', '"Camera\\0x"', '"Camera\\u0000x"'],
    ['half a surrogate pair', '"Camera\\uD800x"', '"Camera\\ud800x"'],
    ['nothing but spaces', '"  "', '"  "'],
  ])('a title of %s', (_, title, shown) => {
    expect(broken(chapter, /(\n {4}en: ).*/, `$1${title}`)).toEqual([
      {
        file: chapter,
        id: 'event-participation',
        field: 'title.en',
        message: `found ${shown}`,
        expected: expect.any(String),
      },
    ]);
  });
  it('a text of a notice that no database could keep', () => {
    const stray = { name: 'notices/draft.txt', text: 'May we\0?' };
    expect(() => parseCatalogue([...files, stray])).toThrow(
      /notices\/draft\.txt: cannot be stored, expected text that PostgreSQL can store/,
    );
  });
});
