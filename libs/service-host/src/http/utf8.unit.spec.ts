import { describe, expect, it } from '@jest/globals';
import { readUtf8 } from './utf8.js';

describe('readUtf8', () => {
  it.each([
    ['plain text', Buffer.from('abc'), 'abc'],
    ['more bytes than characters', Buffer.from('é€😀'), 'é€😀'],
    ['a byte order mark, which is no text', Buffer.from('\ufeffa'), 'a'],
    ['a replacement character that was sent', Buffer.from('a\ufffdb'), 'a\ufffdb'],
    ['nothing', Buffer.alloc(0), ''],
  ])('reads %s', (_, bytes, text) => {
    expect(readUtf8(bytes)).toEqual({ text });
  });

  it.each([
    ['a byte that no character has', Buffer.from([0x61, 0xff, 0x62]), 'byte 2 is not UTF-8 (0xff)'],
    ['Latin-1', Buffer.from('café!', 'latin1'), 'byte 4 is not UTF-8 (0xe9)'],
    ['half a character at the end', Buffer.from('a€').subarray(0, 3), 'byte 2 is not UTF-8 (0xe2)'],
    ['half of a surrogate pair', Buffer.from([0xed, 0xa0, 0x80]), 'byte 1 is not UTF-8 (0xed)'],
    [
      'one after a replacement character that was sent',
      Buffer.concat([Buffer.from('é\ufffd'), Buffer.from([0x80])]),
      'byte 6 is not UTF-8 (0x80)',
    ],
  ])('names the place of %s', (_, bytes, wrong) => {
    expect(readUtf8(bytes)).toEqual({ wrong });
  });
});
