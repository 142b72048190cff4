import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LONG_RUNNING, MALLOC, nodeFlagsOf } from '../build/node-flags.ts';
import { compose, fileText, SERVICES } from './manifests.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const text = fileText('Dockerfile').replaceAll(/\\\n\s*/g, ' ');
const instructions = text
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
const stages = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(' AS ')[1] ?? '');
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));

describe('Dockerfile', () => {
  it('builds a service when no stage is named, and the deploy job as a stage', () => {
    expect(stages.at(-1)).toBe('service');
    expect(stages).toContain('deploy');
  });

  it('stands on Node 24', () => {
    expect(instructions[0]).toEqual({ name: 'ARG', rest: expect.stringMatching(/^NODE_IMAGE=node:24-.*slim$/) });
  });

  it('ends as a user without rights, with a health check and the start of the service', () => {
    const last = (name: string) => lastStage.findLast((instruction) => instruction.name === name)?.rest;
    expect(last('USER')).toBe('node');
    expect(last('HEALTHCHECK')).toContain('/livez');
    expect(last('CMD')).toBe(`["node", "${LONG_RUNNING}", "dist/main.js"]`);
    expect(lastStage.filter(({ name }) => name === 'RUN')).toEqual([]);
  });

  it('runs Node as a local start does', () => {
    const [, options = ''] = /NODE_OPTIONS="(.*)"/.exec(text) ?? [];
    const [, youngMib = ''] = /^ARG YOUNG_MIB=(\d+)$/m.exec(text) ?? [];
    for (const service of SERVICES) {
      const young = compose().services[service]?.build?.args?.YOUNG_MIB ?? youngMib;
      expect(options.replace('${YOUNG_MIB}', String(young))).toBe(nodeFlagsOf(service).join(' '));
    }
    expect(text).toContain(`node ${LONG_RUNNING} dist/main.js`);
    for (const [name, value] of Object.entries(MALLOC)) expect(text).toContain(`${name}=${value} `);
  });

  it('copies from stages that exist', () => {
    const from = [...text.matchAll(/--from=(\S+)/g)].map(([, stage]) => stage);
    expect(from.length).toBeGreaterThan(0);
    for (const stage of from) expect(stages).toContain(stage);
  });

  it('has a file to run for every service and for the deploy job', () => {
    for (const service of SERVICES) {
      expect(existsSync(path.join(ROOT, 'apps', service, 'src/main.ts'))).toBe(true);
      expect(existsSync(path.join(ROOT, 'apps', service, 'src/migrate.ts'))).toBe(true);
    }
    const [, script = ''] = compose().services['deploy']?.command ?? [];
    expect(existsSync(path.join(ROOT, script))).toBe(true);
    expect(text).toContain(`CMD ["node", "${script}"]`);
  });

  it('sends no data, secrets or builds of this machine to the builder', () => {
    const ignored = fileText('.dockerignore').split('\n');
    for (const entry of ['.data', '.git', '**/node_modules', '**/dist', '**/.env']) expect(ignored).toContain(entry);
    for (const needed of ['apps', 'libs', 'catalogue', 'schemas', 'tools', '.swcrc'])
      expect(ignored).not.toContain(needed);
  });
});
