import { describe, expect, it } from '@jest/globals';
import { choose, type InForce } from './select-spot.js';

const inForce = (purposes: Record<string, boolean>): InForce =>
  new Map(Object.entries(purposes).map(([purpose, allowed]) => [purpose, { allowed, version: 7 }]));

describe('how a spot may be chosen, systems.md section 2', () => {
  it('1. chooses no third-party advertisement by profile without one of the two grants', () => {
    expect(choose('third-party-advertisement', inForce({}))).toEqual({
      chosen: 'unpersonalised',
      purposeId: null,
      version: null,
    });
    expect(choose('third-party-advertisement', inForce({ 'pickx-personalised-tv-ads': false })).chosen).toBe(
      'unpersonalised',
    );
    for (const purposeId of ['pickx-personalised-tv-ads', 'broadcaster-targeted-tv-ads'])
      expect(choose('third-party-advertisement', inForce({ [purposeId]: true }))).toEqual({
        chosen: 'by-profile',
        purposeId,
        version: 7,
      });
  });

  it('10. leaves general promotion and recommendations after an objection to personal ones', () => {
    expect(choose('own-promotion', inForce({ 'pickx-own-promotion': false })).chosen).toBe('unpersonalised');
    expect(choose('recommendations', inForce({ 'pickx-content-recommendations': false })).chosen).toBe(
      'unpersonalised',
    );
    expect(choose('own-promotion', inForce({})).chosen).toBe('by-profile');
  });

  it('13. shows no promotion of own or group products after a refusal of it on the screen, and keeps recommendations', () => {
    const refused = inForce({ 'pickx-on-screen-promotion': false, 'pickx-own-promotion': true });
    expect(choose('own-promotion', refused).chosen).toBe('nothing');
    expect(choose('group-products', refused).chosen).toBe('nothing');
    expect(choose('recommendations', refused).chosen).toBe('by-profile');
  });
});
