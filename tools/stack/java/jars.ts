import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { compareChecksums, parseChecksums } from './checksums.ts';
import { StackError } from '../stack-error.ts';

const HERE = import.meta.dirname;

/** Puts the pinned jars of Kafka and the registry into `into`: `kafka/*.jar`, `registry/*.tar.gz`. */
export type FetchJars = (into: string) => Promise<void>;

export interface JarOptions {
  fetch?: FetchJars;
  checksums?: ReadonlyMap<string, string>;
}

/**
 * The jars are there and are the ones whose SHA-512 sums are kept in jars.sha512. Looks at every byte on every start,
 * which takes half a second, and downloads only when something is missing or damaged.
 * @returns whether they were downloaded
 * @throws StackError when a downloaded jar is not the one expected: it is not kept
 */
export async function ensureJars(dir: string, options: JarOptions = {}): Promise<boolean> {
  const expected = options.checksums ?? parseChecksums(readFileSync(path.join(HERE, 'jars.sha512'), 'utf8'));
  const present = await compareChecksums(dir, expected);
  if (present.missing.length + present.wrong.length === 0) return false;

  const incoming = `${dir}.incoming`;
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  await (options.fetch ?? fetchWithMaven)(incoming);
  const { missing, wrong } = await compareChecksums(incoming, expected);
  if (missing.length + wrong.length > 0) {
    rmSync(incoming, { recursive: true, force: true });
    throw new StackError(
      `Jars refused: ${[...wrong.map((file) => `${file} has another SHA-512 sum`), ...missing.map((file) => `${file} did not come`)].join(', ')}; ` +
        'expected what tools/stack/jars.sha512 says: clear the Maven cache (~/.m2/repository) of them and try again',
    );
  }
  rmSync(dir, { recursive: true, force: true });
  renameSync(incoming, dir);
  return true;
}

async function fetchWithMaven(into: string): Promise<void> {
  const pom = path.join(HERE, 'pom.xml');
  const run = await execa('mvn', ['-B', '-q', '-f', pom, 'package', `-Dinto=${into}`], { reject: false, all: true });
  if (run.code === 'ENOENT')
    throw new StackError(
      'Maven is missing: install it (`apt-get install maven`), or set KAFKA_BROKERS and SCHEMA_REGISTRY_URL',
    );
  if (run.failed) {
    const errors = (run.all ?? '').split('\n').filter((line) => line.includes('[ERROR]'));
    throw new StackError(`Maven could not fetch the jars: ${errors[0] ?? run.shortMessage}`);
  }
}

/** Folder of the unpacked registry; it gets its name when complete, so that a killed unpacking is repeated. */
export async function unpackRegistry(dir: string): Promise<string> {
  const target = path.join(dir, 'registry-app');
  if (existsSync(target)) return target;
  const half = `${target}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  await execa('tar', ['-xzf', path.join(dir, 'registry', 'apicurio-registry-app-3.0.9-all.tar.gz'), '-C', half]);
  renameSync(half, target);
  return target;
}
