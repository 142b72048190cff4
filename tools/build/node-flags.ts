/**
 * How Node runs a service. Small heaps: V8 would otherwise let garbage grow to several times what a service holds. Twice
 * the room for what is young drains faster and holds 10 MiB more a service (docs/benchmark.md). The
 * Dockerfile has the same; compiled code is kept for one set of flags alone.
 */
export const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=4', '--max-old-space-size=128'];

/**
 * Memory that parsing took goes back to the system: without a threshold glibc raises its own with each large block, and
 * keeps 13 MiB a service. One arena, since V8's threads would else have eight a core, and the buffers of a socket (64 KiB
 * each, cut to what was read) apart from it: they leave holes, 5 to 10 MiB in consent-service.
 */
export const MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '131072' };

/** Folder of the code that V8 compiled when the app was built (NODE_COMPILE_CACHE). @param dist the app's */
export const compileCacheOf = (dist: string): string => `${dist}/compile-cache`;
