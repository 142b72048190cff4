import { withTransaction } from '@consent/postgres';
import { type Logger } from '@consent/service-host';
import { readGapTotals } from '../store/ledger-checks.js';
import { type AskLedger, CouldNotCheck, type Unchecked } from './ask-ledger.js';
import { type LedgerEvidence, type LedgerStatus, ledgerStatus } from './attestation.js';
import { checkLedger, type CheckSettings } from './check-ledger.js';

export interface AttestorSettings extends Omit<CheckSettings, 'ask' | 'isRunning'> {
  /** Null when nobody has said where the ledger is, or with which token to ask. */
  ask: AskLedger | null;
  everyMs: number;
  logger: Logger;
}

/** Has the ledger attest, round after round, that the topic has shown what it holds. */
export class Attestor {
  readonly #settings: AttestorSettings;
  #evidence: LedgerEvidence;
  #running = false;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();
  #told: string | null = null;

  constructor(settings: AttestorSettings) {
    this.#settings = settings;
    this.#evidence = { findings: null, foundAt: 0, failure: settings.ask === null ? 'not-configured' : null };
  }

  status(now: number): LedgerStatus {
    return ledgerStatus(this.#evidence, now, this.#settings.everyMs);
  }

  start(): void {
    this.#running = true;
    this.#next(0);
  }

  /** Waits for the round in hand, which ends early. */
  async stop(): Promise<void> {
    this.#running = false;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#round;
  }

  #next(inMs: number): void {
    if (!this.#running || this.#settings.ask === null) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#check().then(() => this.#next(this.#settings.everyMs));
    }, inMs);
  }

  async #check(): Promise<void> {
    const { ask, dataSource } = this.#settings;
    if (ask === null) return;
    try {
      const findings = await checkLedger({ ...this.#settings, ask, isRunning: () => this.#running });
      this.#evidence = { findings, foundAt: Date.now(), failure: null };
      this.#tell(this.status(Date.now()).word, { ...findings });
    } catch (error) {
      const failure: Unchecked = error instanceof CouldNotCheck ? error.reason : 'failed';
      // What an earlier process found missing is missing still.
      const known =
        this.#evidence.findings ??
        (await withTransaction(dataSource, readGapTotals).then(
          (totals) => (totals.missing + totals.unrecorded > 0 ? { ...totals, asOf: 0 } : null),
          () => null,
        ));
      this.#evidence = { ...this.#evidence, findings: known, failure };
      this.#tell(failure, { err: error });
    }
  }

  /** A line a change, not a line a round. */
  #tell(what: string, details: object): void {
    if (what === this.#told || !this.#running) return;
    this.#told = what;
    const { logger } = this.#settings;
    if (what === 'attested') logger.info(details, 'The ledger agrees with the topic');
    else if (what === 'missing') logger.error(details, 'The ledger holds decisions that the topic never showed');
    else if (what === 'unrecorded') logger.error(details, 'The topic showed decisions that the ledger does not hold');
    else logger.warn({ reason: what, ...details }, 'The ledger could not be held against the topic');
  }
}
