/** Milliseconds in the two largest units that matter: 640 ms, 3.2 s, 4 min 10 s, 2 h 5 min, 3 d 4 h. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const [big, bigName, small, smallName] = units(ms);
  return small === 0 ? `${big} ${bigName}` : `${big} ${bigName} ${small} ${smallName}`;
}

function units(ms: number): [number, string, number, string] {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return [Math.floor(seconds / 60), 'min', seconds % 60, 's'];
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return [Math.floor(minutes / 60), 'h', minutes % 60, 'min'];
  const hours = Math.floor(minutes / 60);
  return [Math.floor(hours / 24), 'd', hours % 24, 'h'];
}

export const yesNo = (value: boolean): string => (value ? 'allowed' : 'not allowed');

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Text for a null or absent value. */
export const orDash = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '–' : String(value);
