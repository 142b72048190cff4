/** The service that holds batches of up to 1,000 decisions, and has the memory for half as much room for what is young. */
const LARGE_REQUESTS = 'consent-service';

/**
 * How Node runs an app, as NODE_OPTIONS may say too. Small heaps: V8 would otherwise let garbage grow to several times what
 * a service holds. Twice the room for what is young drains a seventh faster and holds 5 to 10 MiB more
 * (docs/benchmark.md). The Dockerfile has the same; compiled code is kept for one set of flags alone.
 */
export const nodeFlagsOf = (app: string): string[] => [
  '--enable-source-maps',
  `--max-semi-space-size=${app === LARGE_REQUESTS ? 4 : 8}`,
  '--max-old-space-size=128',
];

/**
 * For what runs for long: V8 takes objects that once lived long, such as the rows of a large batch, to be so ever after, and
 * puts them where only a collection of everything finds them. Most of what a service collected there was of this kind
 * (docs/adr/0019-no-early-tenure.md). NODE_OPTIONS does not take it.
 */
export const LONG_RUNNING = '--no-allocation-site-pretenuring';

/**
 * Memory that parsing took goes back to the system: without a threshold glibc raises its own with each large block, and
 * keeps 13 MiB a service. One arena, since V8's threads would else have eight a core; apart from it what the compiler
 * works with (pieces of 8 to 32 KiB, 30 MiB of them in the first seconds of a load) and the buffers of a socket, which
 * would leave holes of 12 MiB in consent-service.
 */
export const MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '8192', MALLOC_TRIM_THRESHOLD_: '131072' };

/** Folder of the code that V8 compiled when the app was built (NODE_COMPILE_CACHE). @param dist the app's */
export const compileCacheOf = (dist: string): string => `${dist}/compile-cache`;
