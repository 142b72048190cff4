import { describe, expect, it } from '@jest/globals';
import { type ConsumedRecord, headerText } from './consumed-record.js';

const headers = { twice: [Buffer.from('a'), Buffer.from('b')], none: null, one: Buffer.from('é') };
const record = { headers: headers as unknown as ConsumedRecord['headers'] };

describe('a header', () => {
  it('is the first of its name, and none where it has no value, which the protocol allows', () => {
    expect(['twice', 'none', 'one', 'absent'].map((name) => headerText(record, name))).toEqual([
      'a',
      undefined,
      'é',
      undefined,
    ]);
  });
});
