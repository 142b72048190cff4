import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { catalogueFiles } from './catalogue-files.js';

const REAL = path.resolve(import.meta.dirname, '../../../../catalogue');

it('the files of a catalogue are those of its folder, without hidden ones', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'catalogue-files-'));
  try {
    cpSync(REAL, dir, { recursive: true });
    writeFileSync(path.join(dir, '.DS_Store'), '');
    writeFileSync(path.join(dir, 'purposes/.07-marketing.yaml.swp'), '- id: half');
    expect(catalogueFiles(dir)).toEqual(catalogueFiles(REAL));
  } finally {
    rmSync(dir, { recursive: true });
  }
});
