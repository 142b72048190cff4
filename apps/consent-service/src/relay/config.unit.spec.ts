import { describe, expect, it } from '@jest/globals';
import { readConfig } from '@consent/service-host';
import { relayConfig } from './config.js';

describe('the configuration of the relay', () => {
  it.each(['a', '0', '1e3'])('shows %s for a rate, with the limits', (text) => {
    expect(() => readConfig(relayConfig, { RELAY_BULK_PER_SECOND: text })).toThrow(
      `RELAY_BULK_PER_SECOND: found "${text}"; expected a whole number from 1 to 100000`,
    );
  });
});
