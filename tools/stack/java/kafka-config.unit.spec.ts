import { describe, expect, it } from '@jest/globals';
import { brokerProperties } from './kafka-config.ts';

describe('brokerProperties', () => {
  it('names a folder of any letters as Java reads it: its data would land beside the checkout', () => {
    const text = brokerProperties({ port: 1, controllerPort: 2, logs: '/home/Zoë/C:\\données 🐘/data' });
    expect(text).toContain('\nlog.dirs=/home/Zo\\u00eb/C:\\\\donn\\u00e9es \\ud83d\\udc18/data\n');
  });
});
