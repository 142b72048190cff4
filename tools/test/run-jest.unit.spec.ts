import { describe, expect, it } from '@jest/globals';
import { add, NONE, summary } from './counts.ts';
import { countsOf } from './run-jest.ts';

const report = (counts: object): string =>
  JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, ...counts });

describe('The count of a test run', () => {
  it('counts a suite that could not be loaded as a failure', () => {
    const counts = countsOf(report({ numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 2 }));
    expect(counts).toEqual({ passed: 5, failed: 3, skipped: 0 });
  });

  it('does not count what was skipped or never written as passed', () => {
    const counts = countsOf(report({ numPendingTests: 2, numTodoTests: 1, numRuntimeErrorTestSuites: 0 }));
    expect(summary(add(NONE, counts))).toBe('Tests: 0 passed, 0 failed, 3 skipped');
  });

  it('ends with one line of all suites', () => {
    expect(summary(add({ passed: 3, failed: 0, skipped: 0 }, { passed: 4, failed: 1, skipped: 0 }))).toBe(
      'Tests: 7 passed, 1 failed',
    );
  });
});
