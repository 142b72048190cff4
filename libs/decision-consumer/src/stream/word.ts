/** How a consumer is, in one word. Never "fine" while something is known to be wrong. */
export type Word =
  'starting' | 'running' | 'seeking-back' | 'acknowledgements-behind' | 'stalled' | 'breaker-open' | 'crashed';

export interface Signs {
  readonly started: boolean;
  readonly crashed: boolean;
  readonly breakerOpen: boolean;
  /** Records wait and nothing has moved for longer than allowed. */
  readonly stalled: boolean;
  readonly seekingBack: boolean;
  readonly acknowledgementsBehind: boolean;
}

/** The worst first. */
export function wordOf(signs: Signs): Word {
  if (signs.crashed) return 'crashed';
  if (signs.breakerOpen) return 'breaker-open';
  if (!signs.started) return 'starting';
  if (signs.stalled) return 'stalled';
  if (signs.seekingBack) return 'seeking-back';
  if (signs.acknowledgementsBehind) return 'acknowledgements-behind';
  return 'running';
}
