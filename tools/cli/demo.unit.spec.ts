import { describe, expect, it } from '@jest/globals';
import { keptData } from './demo.ts';

describe('The demo', () => {
  it('says which given servers keep the decisions of an earlier run, as its own data alone are removed', () => {
    expect(keptData({ databaseUrl: 'postgres://a@b/c', registryUrl: 'http://r' })).toContain(
      'removed at DATABASE_URL:',
    );
    expect(keptData({ databaseUrl: 'postgres://a@b/c', brokers: 'b:1' })).toContain('DATABASE_URL and KAFKA_BROKERS:');
  });

  it('says nothing where all data are its own', () => {
    expect(keptData({})).toBeUndefined();
    expect(keptData({ registryUrl: 'http://r' })).toBeUndefined();
  });
});
