import { SYSTEMS } from '@consent/events';
import { describe, expect, it } from '@jest/globals';
import { SERVICES } from './service-table.ts';

const FIRST_PORT = 3001;

describe('the list of services', () => {
  it('has every system in the order of SYSTEMS, on the port that consentctl takes when it is told none', () => {
    expect(SERVICES.filter(({ honoursDecisions }) => honoursDecisions).map(({ name, port }) => [name, port])).toEqual(
      SYSTEMS.map((name, place) => [name, FIRST_PORT + place]),
    );
  });
});
