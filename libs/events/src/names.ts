/** The systems that honour decisions. A sixth system adds its id here (docs/adding-a-system.md). */
export const SYSTEMS = [
  'marketing-segmentation',
  'pickx-ad-targeting',
  'ads-data-export',
  'directory-listing',
  'group-sharing',
] as const;
export type SystemId = (typeof SYSTEMS)[number];

/** Partitions of every topic. Frozen: a change would move subjects between partitions and break their order. */
export const PARTITIONS = 12;

/** Topic names; `prefix` separates environments that share a cluster and is empty in production. */
export const topics = (prefix = '') => ({
  decisions: `${prefix}consent.decisions`,
  acknowledgements: (system: string) => `${prefix}consent.acknowledgements.${system}`,
  replays: `${prefix}consent.replays`,
  deadLetters: `${prefix}consent.dead-letters`,
});
export type Topics = ReturnType<typeof topics>;

/** Purpose id of heartbeats, which are in no catalogue and no ledger. */
export const HEARTBEAT_PURPOSE = 'heartbeat';

/** Record headers. Values are UTF-8 text. */
export const HEADERS = {
  /** W3C Trace Context of the request that made the decision. */
  traceparent: 'traceparent',
  /** Milliseconds the decision waited in the outbox, by the ledger database's clock. */
  outboxWaitMs: 'outbox-wait-ms',
  /** `live` or `bulk`. */
  lane: 'lane',
  /** On consent.replays: id of the replay run. */
  replayId: 'replay-id',
  /** On consent.replays: the only system that may apply the record. */
  targetSystem: 'target-system',
  /** On consent.replays: `redeliver` or `repair`. */
  replayMode: 'replay-mode',
  /** On consent.replays in mode repair: `true` when the decision is the ledger's newest of its triple. */
  ledgerHead: 'ledger-head',
  /** On consent.dead-letters: why, and where the record came from. */
  deadLetterReason: 'dead-letter-reason',
  deadLetterSystem: 'dead-letter-system',
  deadLetterTopic: 'dead-letter-topic',
  deadLetterPartition: 'dead-letter-partition',
  deadLetterOffset: 'dead-letter-offset',
} as const;

export type ReplayMode = 'redeliver' | 'repair';
export type Lane = 'live' | 'bulk';
