// Plays a hand-written scenario, one request a line: CONSENT_TOKEN=… node tools/demo/play.ts [file] [consent-service]
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConsentClient } from './consent-client.ts';

/** One request of a scenario. */
export interface ScenarioStep {
  step: string;
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: object;
  /** Fields of the answer and their values. */
  expect?: Record<string, unknown>;
}

export interface PlayOptions {
  file: string;
  consentUrl: string;
  token: string;
  onStep?: (step: ScenarioStep, answer: unknown) => void;
}

export const readScenario = (file: string): ScenarioStep[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as ScenarioStep);

/** @throws Error naming the step whose answer is another than expected */
export async function play({ file, consentUrl, token, onStep }: PlayOptions): Promise<void> {
  const client = new ConsentClient({ consentUrl, token });
  for (const step of readScenario(file)) {
    const answer = await client.sendJson<Record<string, unknown>>(
      step.method,
      step.path,
      step.body ? JSON.stringify(step.body) : undefined,
    );
    for (const [field, expected] of Object.entries(step.expect ?? {}))
      if (answer[field] !== expected)
        throw new Error(
          `${step.step}: ${field} is ${JSON.stringify(answer[field])}, expected ${JSON.stringify(expected)}`,
        );
    onStep?.(step, answer);
  }
}

if (import.meta.main) {
  const [file = path.join(import.meta.dirname, 'scenarios/flagship.ndjson'), consentUrl = 'http://127.0.0.1:3000'] =
    process.argv.slice(2);
  await play({
    file,
    consentUrl,
    token: process.env['CONSENT_TOKEN'] ?? '',
    onStep: ({ step }, answer) => console.log(step, answer),
  });
}
