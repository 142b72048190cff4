import { describe, expect, it } from '@jest/globals';
import { broken, catalogueFiles as files } from '../spec-catalogue.js';
import { parseCatalogue } from './parse-catalogue.js';

const chapter = 'purposes/07-marketing.yaml';

describe('a catalogue is refused, naming file, id and field, for', () => {
  it.each([
    ['a NUL character', '"Camera\\0x"', '"Camera\\u0000x"'],
    ['half a surrogate pair', '"Camera\\uD800x"', '"Camera\\ud800x"'],
    ['nothing but spaces', '"  "', '"  "'],
    ['an escape sequence of a terminal', '"Camera\\e[31mx"', '"Camera\\u001b[31mx"'],
    ['a bell', '"Camera\\ax"', '"Camera\\u0007x"'],
    ['two lines', '"Camera\\nx"', '"Camera\\nx"'],
    ['a control character of ISO 6429', '"Camera\\x9Bx"', '"Camera\\u009bx"'],
    ['a line separator', '"Camera\\u2028x"', '"Camera\\u2028x"'],
    ['an override of the direction by its escape', '"Camera\\u202Ex"', '"Camera\\u202ex"'],
    ['an isolate of the direction', '"Camera\\u2066x"', '"Camera\\u2066x"'],
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
  it.each([
    ['a title', chapter, /(\n {4}en: ).*/, '$1Camera\u202ex'],
    ['a comment', chapter, /^/, '# Camera\u202ex\n'],
  ])('a character in %s that changes what is seen of it', (_, file, from, to) => {
    const faults = broken(file, from, to);
    expect(faults).toContainEqual({
      file,
      id: null,
      field: '',
      message: 'shows otherwise than it is',
      expected: 'text without control characters and characters that turn its direction',
    });
    expect(JSON.stringify(faults)).not.toContain('\u202e');
  });
  it('a field that it does not have, whose name would turn the text of the fault', () => {
    const [fault] = broken(chapter, /\n {2}title:/, '\n  "x\\u202E": 1$&');
    expect(fault).toMatchObject({ id: 'event-participation', field: 'x\\u202e' });
  });
  it('a text of a notice in which a terminal would find an order; lines and tabs are none', () => {
    const stray = { name: 'notices/draft.txt', text: 'May\twe\r\nuse \u001b[31m?' };
    expect(() => parseCatalogue([...files, stray])).toThrow(/notices\/draft\.txt: shows otherwise than it is/);
    expect(() => parseCatalogue([...files, { ...stray, text: 'May\twe\r\nuse it?' }])).not.toThrow();
  });
  it('a text of a notice that no database could keep', () => {
    const stray = { name: 'notices/draft.txt', text: 'May we\0?' };
    expect(() => parseCatalogue([...files, stray])).toThrow(
      /notices\/draft\.txt: cannot be stored, expected text that PostgreSQL can store/,
    );
  });
});
