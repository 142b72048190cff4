import { type TopicAdmin } from '@consent/kafka';
import { type DecisionStream } from './decision-stream.js';

export interface StallWatchSettings {
  readonly streams: readonly Pick<DecisionStream, 'topic' | 'positions' | 'lastProgress' | 'touch'>[];
  readonly admin: () => Promise<Pick<TopicAdmin, 'partitionRanges'>>;
  /** Silence for longer than this, with records waiting, is a stall. */
  readonly limitMs: number;
}

export interface Stall {
  /** False when the broker does not say: unknown is not fine, but a restart would not help. */
  readonly recordsWait: boolean;
  readonly detail: string;
}

const LOOK_EVERY_MS = 2_000;

/** Looks for a consumer that stands still. kafkajs may stop fetching without a word; the broker is asked then. */
export class StallWatch {
  readonly #settings: StallWatchSettings;
  #finding: Stall | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(settings: StallWatchSettings) {
    this.#settings = settings;
  }

  get finding(): Stall | null {
    return this.#finding;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(Date.now()), LOOK_EVERY_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** @param now epoch ms */
  async look(now: number): Promise<void> {
    const { limitMs, streams } = this.#settings;
    let found: Stall | null = null;
    for (const stream of streams) {
      const silentMs = now - stream.lastProgress;
      if (silentMs < limitMs / 2) continue;
      const known = stream.positions.lag() > 0 || (await this.#ask(stream));
      const lag = stream.positions.lag();
      if (known && lag === 0) stream.touch();
      else if (silentMs >= limitMs)
        found ??= {
          recordsWait: lag > 0,
          detail: `${lag > 0 ? `${lag} records wait in` : 'the broker does not say what waits in'} ${stream.topic}, and nothing has moved for ${Math.round(silentMs / 1000)} s`,
        };
    }
    this.#finding = found;
  }

  /** Whether the broker said how far the topic goes. */
  async #ask({ topic, positions }: Pick<DecisionStream, 'topic' | 'positions'>): Promise<boolean> {
    try {
      const admin = await this.#settings.admin();
      for (const { partition, high } of await admin.partitionRanges(topic)) positions.ends(partition, high);
      return true;
    } catch {
      return false;
    }
  }
}
