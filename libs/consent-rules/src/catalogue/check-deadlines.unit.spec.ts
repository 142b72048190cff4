import { expect, it } from '@jest/globals';
import { broken } from '../spec-catalogue.js';

it.each([
  ['no time for a closing', 'closing: PT30S', 'closing: PT0S', 'closing', 'found PT0S'],
  ['no time for an opening', 'opening: PT5M', 'opening: P0D', 'opening', 'found P0D'],
  ['no time for recipients', 'recipients: null', 'recipients: PT0S', 'recipients', 'found PT0S'],
  ['more time for a closing', 'closing: PT30S', 'closing: P3D', 'closing', 'found P3D, later than an opening (PT5M)'],
])('a system that gets %s is refused, naming file, id and field', (_, from, to, field, message) => {
  expect(broken('systems.yaml', from, to)).toContainEqual({
    ...{ file: 'systems.yaml', id: 'marketing-segmentation' },
    ...{ field, message, expected: expect.any(String) },
  });
});
