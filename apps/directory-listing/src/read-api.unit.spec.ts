import { describe, expect, it } from '@jest/globals';
import { openDoors } from '@consent/decision-consumer/kit';
import { DataSource } from 'typeorm';
import { ReadApi } from './read-api.js';

describe('POST /v1/hand-overs', () => {
  it.each([
    ['no token', ''],
    ['a token that nobody has', 'Bearer guess'],
  ])('with %s is refused before anything is read or written', async (_, authorization) => {
    // Not initialised: any statement would be a 500.
    const doors = await openDoors(new DataSource({ type: 'postgres' }), { controllers: [ReadApi] });
    try {
      const refused = await doors.post('/v1/hand-overs', {}, { authorization });
      expect(refused).toMatchObject({ status: 401, body: { type: 'urn:consent:problem:unauthorised' } });
    } finally {
      await doors.close();
    }
  });
});
