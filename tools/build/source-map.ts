import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';

interface SourceMap {
  sources: string[];
  mappings: string;
}

const OURS = /^\.\.\/(src|\.\.\/\.\.\/libs\/[^/]+\/src)\//;

/**
 * The source map without what is in packages: a service loads its whole map, and it is our own lines that a stack trace
 * should name. A package's frames stand as functions of the bundle.
 */
export function leaveOutPackages(json: string): string {
  const map = JSON.parse(json) as SourceMap;
  // Packages bring maps of their own, to sources that nobody has: what is ours is said here.
  const ours = map.sources.map((source) => OURS.test(source));
  const sources = map.sources.filter((_, index) => ours[index]);
  const numbers = map.sources.map((source) => sources.indexOf(source));
  const lines = decode(map.mappings).map((line) =>
    line.map((segment) => renumbered(segment, numbers)).filter(isChange),
  );
  return JSON.stringify({ ...map, sources, names: [], mappings: encode(lines) });
}

/** A segment of a package keeps its column alone: nothing is known from there on. */
function renumbered(segment: SourceMapSegment, numbers: readonly number[]): SourceMapSegment {
  const [column, source, line, sourceColumn] = segment;
  const number = source === undefined ? undefined : numbers[source];
  return number === undefined || number < 0 ? [column] : [column, number, line as number, sourceColumn as number];
}

/** The first segment of a line of ours will do: lines are named, and each segment is an array in every service. */
const isChange = (segment: SourceMapSegment, index: number, line: readonly SourceMapSegment[]): boolean =>
  index === 0 || segment[1] !== line[index - 1]?.[1] || segment[2] !== line[index - 1]?.[2];
