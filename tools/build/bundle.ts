import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformFile } from '@swc/core';
import { build, type Plugin } from 'esbuild';
import { compileCacheOf, LONG_RUNNING, nodeFlagsOf } from './node-flags.ts';
import { LEANER_KAFKAJS } from './leaner-kafkajs.ts';
import { leaveOutPackages } from './source-map.ts';

// In a service's folder: node ../../tools/build/bundle.ts [further entries]
// Makes dist/main.js and dist/migrate.js, and a file for each further entry, with all that it uses of the app, our libs and the packages, so that it runs
// without node_modules. No splitting: esbuild does not keep the order of imports across chunks, and decorators need
// reflect-metadata first. Why bundles: docs/adr/0015-services-are-bundled.md

/** Looked for at run time by packages that can do without: none of them is installed. A further one fails the build. */
const OPTIONAL = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nats-io/transport-node',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'amqp-connection-manager',
  'class-transformer',
  'class-validator',
  'ioredis',
  'mqtt',
];

/** What every service has: itself, and the job that prepares its database. */
const SERVICE = ['main', 'migrate'] as const;

/** Exit code of a service without configuration. */
const WRONG_CONFIGURATION = 78;

const APP = process.cwd();
const DIST = path.join(APP, 'dist');
const RXJS = path.resolve(import.meta.dirname, '../../node_modules/rxjs/dist/esm');
const SWCRC = path.resolve(import.meta.dirname, '../../.swcrc');

/**
 * SWC compiles our TypeScript, as everywhere else: esbuild knows no decorator metadata. Each module keeps its own address,
 * so that migrations and catalogue are found from there, whatever file of dist the module ends in.
 */
const ourSources: Plugin = {
  name: 'our-sources',
  setup(bundler) {
    bundler.onLoad({ filter: /\/(apps|libs)\/[^/]+\/src\/.*\.ts$/ }, async ({ path: file }) => {
      const { code } = await transformFile(file, { configFile: SWCRC, sourceMaps: 'inline' });
      const address = JSON.stringify(path.relative(DIST, file).split(path.sep).join('/'));
      return {
        contents: code.replaceAll('import.meta.url', `new URL(${address}, import.meta.url).href`),
        loader: 'js',
      };
    });
  },
};

/** Modules of packages that are not taken as they are, and what stands in for them, given the text. */
const INSTEAD: [RegExp, string | ((text: string) => string)][] = [
  // Who called pino, for the worker threads that it would start: the answer takes the whole source map.
  [/\/pino\/lib\/caller\.js$/, 'module.exports = () => [];'],
  // The drivers of all databases.
  [
    /\/typeorm\/driver\/DriverFactory\.js$/,
    `const { PostgresDriver } = require('./postgres/PostgresDriver.js');
     exports.DriverFactory = class { create(dataSource) { return new PostgresDriver(dataSource); } };`,
  ],
  // Messages in all languages.
  [/\/zod\/v4\/locales\/index\.js$/, `export { default as en } from './en.js';`],
  ...[...LEANER_KAFKAJS].map(([file, leaner]): [RegExp, (text: string) => string] => [
    new RegExp(`/kafkajs/src/${file.replaceAll('.', String.raw`\.`)}$`),
    leaner,
  ]),
];

const leaner: Plugin = {
  name: 'leaner',
  setup(bundler) {
    const unmatched = new Set(INSTEAD.map(([filter]) => filter));
    for (const [filter, instead] of INSTEAD)
      bundler.onLoad({ filter }, ({ path: file }) => {
        unmatched.delete(filter);
        const contents = typeof instead === 'string' ? instead : instead(readFileSync(file, 'utf8'));
        return { contents, resolveDir: path.dirname(file) };
      });
    bundler.onEnd(() => ({ errors: [...unmatched].map((filter) => ({ text: `${filter} matches no module` })) }));
    // Imported, Node's http gives every name that it exports, and loads a second HTTP client for WebSocket.
    bundler.onResolve({ filter: /^(node:)?https?$/ }, ({ path: name, kind }) =>
      kind === 'import-statement' ? { path: name, namespace: 'required' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'required' }, ({ path: name }) => ({
      contents: `module.exports = require('${name}');`,
    }));
  },
};

rmSync(DIST, { recursive: true, force: true });
const { outputFiles } = await build({
  absWorkingDir: APP,
  entryPoints: [...SERVICE, ...process.argv.slice(2)].map((entry) => ({
    in: `src/${entry}.ts`,
    out: path.basename(entry),
  })),
  outdir: DIST,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  conditions: ['@consent/source'],
  external: OPTIONAL,
  plugins: [ourSources, leaner],
  // Its CommonJS would be copied, name by name, into each module that imports it.
  alias: { rxjs: `${RXJS}/index.js`, 'rxjs/operators': `${RXJS}/operators/index.js` },
  // Packages that call require() for what Node has built in.
  banner: {
    js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
  },
  minifyWhitespace: true,
  // Node prints the line of an uncaught error, and keeps the length of each.
  lineLimit: 500,
  // Not the identifiers: Nest and TypeORM look classes up by name, a stack trace should have names, and esbuild's way to
  // keep them costs a call for each function that is made.
  minifySyntax: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  write: false,
});
mkdirSync(DIST);
for (const { path: file, text } of outputFiles)
  writeFileSync(file, file.endsWith('.map') ? leaveOutPackages(text) : inAscii(text));
compile('main', LONG_RUNNING);
compile('migrate');

/** A single other character (esbuild leaves them in regular expressions) and V8 holds the whole text in two bytes each. */
function inAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Loads an entry once, which ends at the missing configuration, and keeps what V8 compiled. */
function compile(entry: (typeof SERVICE)[number], ...further: string[]): void {
  const env = { NODE_COMPILE_CACHE: compileCacheOf(DIST) };
  const args = [...nodeFlagsOf(path.basename(APP)), ...further, path.join(DIST, `${entry}.js`)];
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== WRONG_CONFIGURATION) throw new Error(`${entry} does not load:\n${stderr}`);
}
