import { spawnSync } from 'node:child_process';
import { execa } from 'execa';

const present = (): boolean => spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0;

/**
 * Tests read topics with kcat, a program that is not ours. Installed where the machine's packages allow it.
 * @returns what was found, in words; without kcat the tests that need it fail and say so
 */
export async function ensureKcat(): Promise<string> {
  if (present()) return 'found';
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'missing: install it (`apt-get install kcat`)';
  const apt = { reject: false, env: { DEBIAN_FRONTEND: 'noninteractive' }, timeout: 180_000 } as const;
  await execa('apt-get', ['update', '-q'], apt);
  const run = await execa('apt-get', ['install', '-y', '-q', 'kcat'], apt);
  return present() ? 'installed' : `missing, and could not be installed: ${run.shortMessage ?? ''}`;
}
