import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { type Instance } from '../instance.ts';
import { type PostgresBinaries } from './postgres-binaries.ts';
import { type Secrets } from '../secrets.ts';
import { StackError } from '../stack-error.ts';

export const postgresData = (instance: Instance): string => path.join(instance.dir, 'postgres');
const stampOf = (instance: Instance): string => path.join(instance.dir, 'postgres.ready');

/** A cluster with scram-sha-256 and a random password; a half-made one is made again. */
export async function initPostgres(instance: Instance, secrets: Secrets, binaries: PostgresBinaries): Promise<void> {
  const data = postgresData(instance);
  if (existsSync(stampOf(instance))) {
    if (secrets.has('postgres')) return;
    throw new StackError(`The password of ${data} is lost (secrets.json): start afresh with \`npm run clean\``);
  }
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = path.join(instance.dir, 'postgres.password');
  writeFileSync(passwordFile, secrets.get('postgres'), { mode: 0o600 });
  if (binaries.uid !== undefined) {
    for (const file of [data, passwordFile]) chownSync(file, binaries.uid, binaries.gid ?? binaries.uid);
    openTo(binaries.uid, instance);
  }
  const [command, ...args] = [...binaries.prefix, binaries.initdb];
  const settings = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
  const run = await execa(command, [...args, ...settings, `--pgdata=${data}`, `--pwfile=${passwordFile}`], {
    reject: false,
    all: true,
    ...userOf(binaries),
  });
  rmSync(passwordFile, { force: true });
  if (run.failed) throw new StackError('initdb failed', (run.all ?? run.shortMessage ?? '').trim().slice(-800));
  writeFileSync(stampOf(instance), '');
}

/** The folder above the data is 0700: the other user owns it, so that he can enter. */
function openTo(uid: number, instance: Instance): void {
  chownSync(instance.dir, uid, uid);
}

export const userOf = ({ uid, gid }: PostgresBinaries): { uid?: number; gid?: number } => ({
  ...(uid === undefined ? {} : { uid }),
  ...(gid === undefined ? {} : { gid }),
});
