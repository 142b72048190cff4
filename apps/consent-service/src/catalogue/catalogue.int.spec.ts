import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type CatalogueFile, parseCatalogue } from '@consent/consent-rules';
import { createDataSource, withTransaction, readerOn } from '@consent/postgres';
import { createLogger } from '@consent/service-host';
import { until } from '@consent/testing';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';
import { applyPortion } from './apply-portion.js';
import { CatalogueInForce } from './catalogue-in-force.js';
import { holdCatalogue } from './fence.js';
import { type CatalogueChange } from './read-change.js';
import { changeIn, edited, FILES, without } from './spec-change.js';
import { catalogueOf } from './versions.js';

jest.setTimeout(60_000);

const PURPOSE = 'customer-newsletter';
/** Pickx's and Ads&Data's. */
const TWO_SYSTEMS = 'broadcaster-targeted-tv-ads';
const VERSION = parseCatalogue(FILES).version;

/** Scarlet loses the newsletter, which is open by default. */
const WITHOUT_SCARLET = edited(
  PURPOSE,
  /brands: .*\n {2}excludedBrands: .*/,
  'brands: [proximus]\n  excludedBrands: [scarlet]',
);
/** The newsletter concerns one system more. */
const NAMES_MORE = edited(
  PURPOSE,
  /systems: \[marketing-segmentation\]/,
  'systems: [marketing-segmentation, group-sharing]',
);

describe('a new version of the catalogue', () => {
  let app: SpecApp;
  beforeEach(async () => {
    app = await specApp();
  });
  afterEach(() => app.close());

  const person = async (brand: string): Promise<string> => {
    const subjectId = randomUUID();
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ brand }) });
    return subjectId;
  };
  const plan = async (files: readonly CatalogueFile[]): Promise<CatalogueChange> => {
    const { body, status } = await app.call<CatalogueChange>('POST', '/v1/catalogue/changes', { body: { files } });
    expect([status, body]).toEqual([201, expect.anything()]);
    return inState(body.changeId, ['planned', 'refused']);
  };
  const inState = (changeId: string, states: string[]) => changeIn(app, changeId, states);
  const apply = ({ changeId, planHash }: CatalogueChange, named = planHash) =>
    app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, { body: { planHash: named } });
  const may = async (subjectId: string, purpose = PURPOSE): Promise<boolean | undefined> =>
    (await app.call<{ allowed: boolean }[]>('GET', `/v1/subjects/${subjectId}/permissions?purpose=${purpose}`)).body[0]
      ?.allowed;

  it('shows before for how many people each purpose closes, and writes nothing; applied, that is what happens', async () => {
    const scarlet = [await person('scarlet'), await person('scarlet')];
    const proximus = await person('proximus');
    const change = await plan(WITHOUT_SCARLET);
    expect(change).toMatchObject({
      state: 'planned',
      subjects: 3,
      planned: { [PURPOSE]: { opening: 0, closing: 2, moved: 0, withheld: 0, told: 0 } },
      recorded: {},
      difference: { from: VERSION, added: [], removed: [], changed: [{ id: PURPOSE }] },
    });
    expect(await may(scarlet[0] ?? '')).toBe(true);
    expect((await app.sql.query("SELECT FROM ledger WHERE cause = 'catalogue'")).rowCount).toBe(0);

    expect((await apply(change)).status).toBe(200);
    const done = await inState(change.changeId, ['recorded']);
    expect(done.recorded).toEqual(change.planned);
    const { rows } = await app.sql.query(
      `SELECT ledger.cause, ledger.direction, ledger.reason, ledger.catalogue_version, outbox.lane, outbox.kind
         FROM ledger JOIN outbox USING (position) WHERE ledger.cause = 'catalogue'`,
    );
    expect(rows).toEqual(
      Array(2).fill({
        cause: 'catalogue',
        direction: 'closing',
        reason: 'brand_excluded',
        catalogue_version: change.difference.to,
        lane: 1,
        kind: 'decision',
      }),
    );
    expect([await may(scarlet[0] ?? ''), await may(proximus)]).toEqual([false, true]);
    expect((await apply(change)).status).toBe(200);
    expect((await app.sql.query("SELECT FROM ledger WHERE cause = 'catalogue'")).rowCount).toBe(2);
  });

  it('planned or applied again under its Idempotency-Key has the answer of the first time, whatever came of it since', async () => {
    const send = (path: string, body: object, key: string | null) =>
      app.call<CatalogueChange>('POST', `/v1/catalogue/changes${path}`, { body, key });
    const [planKey, applyKey] = [randomUUID(), randomUUID()];
    const first = await send('', { files: WITHOUT_SCARLET }, planKey);
    const { changeId, planHash } = await inState(first.body.changeId, ['planned']);
    expect(await send('', { files: WITHOUT_SCARLET }, planKey)).toMatchObject({ status: 201, text: first.text });

    expect(await send(`/${changeId}/apply`, { planHash }, null)).toMatchObject({
      status: 400,
      body: { type: 'urn:consent:problem:idempotency-key-missing' },
    });
    expect((await inState(changeId, ['planned'])).state).toBe('planned');
    const applied = await send(`/${changeId}/apply`, { planHash }, applyKey);
    expect(applied).toMatchObject({ status: 200, body: { state: 'running', recorded: {} } });
    await inState(changeId, ['recorded', 'done']);
    expect(await send(`/${changeId}/apply`, { planHash }, applyKey)).toMatchObject({ status: 200, text: applied.text });
    expect(await send(`/${changeId}/apply`, { planHash, despite: 'late' }, applyKey)).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:idempotency-key-reused' },
    });
  });

  it('that gives a kind of data a clock has it looked at from the moment it would have ended (C11)', async () => {
    const subjectId = randomUUID();
    const contractEnd = '2024-03-01T00:00:00.000Z';
    const body = someFacts({ roles: ['ex-customer'], contractEnd });
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body });
    const change = await plan(
      edited(
        PURPOSE,
        /retention:\n/,
        "retention:\n    - { categories: ['collected:personal-characteristics'], appliesTo: letters, period: P1Y, starts: contract-end, until: null }\n",
      ),
    );
    await apply(change);
    await inState(change.changeId, ['recorded', 'done']);
    const { rows } = await app.sql.query('SELECT due_at FROM subject WHERE subject_id = $1', [subjectId]);
    expect(rows).toEqual([{ due_at: new Date('2025-03-01T00:00:00.000Z') }]);
  });

  it('is what newcomers, and the clocks of their contracts, are judged by where the service has met people under the one before', async () => {
    const contractEnd = new Date(Date.now() - 3_600_000).toISOString();
    const newcomer = async (): Promise<string> => {
      const subjectId = randomUUID();
      const body = someFacts({ brand: 'scarlet', roles: ['ex-customer', 'customer'], contractEnd });
      await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body });
      return subjectId;
    };
    await newcomer();
    const change = await plan(
      edited(
        PURPOSE,
        /brands: .*\n {2}excludedBrands: .*([^]*?retention:\n)/,
        "brands: [proximus]\n  excludedBrands: [scarlet]$1    - { categories: ['collected:personal-characteristics'], appliesTo: letters, period: P1D, starts: contract-end, until: null }\n",
      ),
    );
    await apply(change);
    await inState(change.changeId, ['recorded', 'done']);

    const subjectId = await newcomer();
    const { rows } = await app.sql.query(
      'SELECT reason, due_at FROM ledger JOIN subject USING (subject_id) WHERE subject_id = $1 AND purpose_id = $2',
      [subjectId, PURPOSE],
    );
    expect(rows).toEqual([{ reason: 'brand_excluded', due_at: new Date(Date.parse(contractEnd) + 86_400_000) }]);
  });

  it('is refused when it would open what a person never agreed to', async () => {
    await person('scarlet');
    const first = await plan(WITHOUT_SCARLET);
    await apply(first);
    await inState(first.changeId, ['recorded']);
    const back = await plan(FILES);
    expect(back).toMatchObject({ state: 'refused', planned: { [PURPOSE]: { opening: 0, withheld: 1 } } });
    expect(await apply(back)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:consent:problem:catalogue-change-refused',
        detail: expect.stringContaining(PURPOSE) as unknown,
      },
    });
  });

  it('is applied only by the plan that was looked at, and only from the version that it starts from', async () => {
    await person('scarlet');
    const [one, two] = [
      await plan(WITHOUT_SCARLET),
      await plan(edited(PURPOSE, /profiling: false/, 'profiling: true')),
    ];
    expect(await apply(one, two.planHash)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:consent:problem:catalogue-plan-differs',
        detail: `Found planHash ${two.planHash}; expected ${one.planHash}`,
      },
    });
    const raced = await Promise.all([apply(one), apply(two)]);
    expect(raced.map(({ status }) => status).sort()).toEqual([200, 409]);
    const late = raced.find(({ status }) => status === 409);
    expect(late?.body).toMatchObject({ type: 'urn:consent:problem:catalogue-plan-outdated' });
  });

  it('with faults is refused with all of them, and one that moves a purpose to other scopes or contact points too', async () => {
    const faulty = edited(PURPOSE, /choiceModel: opt-out/, 'choiceModel: opt-sideways');
    expect(await app.call('POST', '/v1/catalogue/changes', { body: { files: faulty } })).toMatchObject({
      status: 422,
      body: {
        type: 'urn:consent:problem:catalogue-faulty',
        errors: [
          {
            path: `purposes/07-marketing.yaml ${PURPOSE} choiceModel`,
            message: 'found "opt-sideways"',
            expected: 'one of "opt-in", "opt-out", "objection-motivated", "none"',
          },
        ],
      },
    });
    const moved = edited(PURPOSE, /scopeLevel: person([^]*?) {2}continues: .*\n/, 'scopeLevel: account$1');
    expect(await app.call('POST', '/v1/catalogue/changes', { body: { files: moved } })).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:catalogue-scope-moved' },
    });
    const kinds: [string, RegExp, string, string][] = [
      ['contact-by-sms', /contactKind: phone/, 'contactKind: email', 'phone → email of contact-by-sms'],
      ['contact-by-sms', / {2}contactKind: phone\n/, '', 'phone → none of contact-by-sms'],
      [PURPOSE, /(profiling: false\n)/, '$1  contactKind: email\n', `none → email of ${PURPOSE}`],
    ];
    for (const [purposeId, from, to, found] of kinds)
      expect(
        await app.call('POST', '/v1/catalogue/changes', { body: { files: edited(purposeId, from, to) } }),
      ).toMatchObject({
        status: 422,
        body: {
          type: 'urn:consent:problem:catalogue-contact-kind-moved',
          detail: expect.stringContaining(`${found}; expected a new purpose`) as unknown,
        },
      });
    const dropped = edited(TWO_SYSTEMS, / {2}systems: .*/, '  systems: [pickx-ad-targeting]');
    expect(await app.call('POST', '/v1/catalogue/changes', { body: { files: dropped } })).toMatchObject({
      status: 422,
      body: {
        type: 'urn:consent:problem:catalogue-system-dropped',
        detail: expect.stringContaining(`ads-data-export of ${TWO_SYSTEMS}; expected a new purpose`) as unknown,
      },
    });
    expect(await app.call('POST', '/v1/catalogue/changes', { body: { files: FILES } })).toMatchObject({
      status: 409,
      body: { type: 'urn:consent:problem:catalogue-unchanged' },
    });
  });

  it('that brings back a purpose that had gone holds it against what it was when it went', async () => {
    const CHANNEL = 'contact-by-sms';
    const gone = await plan(without(CHANNEL));
    expect(gone.difference.removed).toEqual([CHANNEL]);
    await apply(gone);
    await inState(gone.changeId, ['recorded', 'done']);
    expect(await app.call('GET', `/v1/subjects/${randomUUID()}/why?purpose=${CHANNEL}`)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining(`${CHANNEL} left the catalogue at `) as unknown },
    });
    const back = edited(CHANNEL, /contactKind: phone/, 'contactKind: email');
    expect(await app.call('POST', '/v1/catalogue/changes', { body: { files: back } })).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:catalogue-contact-kind-moved' },
    });
    // Of a moment while it was gone, why says the same, also when it has left once more since.
    const at = new Date().toISOString();
    for (const files of [FILES, without(CHANNEL)]) {
      const { changeId, planHash } = await plan(files);
      const body = { planHash, despite: 'No system runs here.' };
      await app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, { body });
      await inState(changeId, ['recorded', 'done']);
    }
    expect(await app.call('GET', `/v1/subjects/${randomUUID()}/why?purpose=${CHANNEL}&at=${at}`)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining(`${CHANNEL} left the catalogue at `) as unknown },
    });
  });

  it('that brings back a purpose opens it by no yes from before, however late it comes', async () => {
    const BACK = 'event-lead-marketing';
    const [silent, left] = [await person('proximus'), await person('proximus')];
    const say = (subjectId: string, status: string, decidedAt?: string) =>
      app.call<{ effective: boolean; permission: { allowed: boolean; reason: string } }>('POST', '/v1/decisions', {
        body: {
          ...aDecision({ subjectId, status, purposeId: BACK, scope: { level: 'person', id: subjectId } }),
          ...{ decidedAt, attributes: status === 'given' ? { announcedPeriod: 'P1Y' } : {} },
        },
      });
    const before = new Date().toISOString();
    const gone = await plan(without(BACK));
    await apply(gone);
    await inState(gone.changeId, ['recorded', 'done']);
    const bundle = { subjectId: left, kind: 'withdraw-all', channel: 'call-centre' };
    expect((await app.call('POST', '/v1/bundles', { body: bundle })).status).toBe(201);
    const { changeId, planHash } = await plan(FILES);
    const body = { planHash, despite: 'No system runs here.' };
    await app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, { body });
    await inState(changeId, ['recorded', 'done']);
    for (const subjectId of [silent, left]) {
      expect(await say(subjectId, 'given', before)).toMatchObject({
        status: 201,
        body: { effective: false, permission: { allowed: false, reason: 'evidence_older_than_closing' } },
      });
      expect((await say(subjectId, 'given')).body).toMatchObject({ effective: true, permission: { allowed: true } });
    }
  });

  it('lets no service write by the version before: a replica that missed the move decides by the new one', async () => {
    const other = await specApp(app.database);
    const change = await plan(WITHOUT_SCARLET);
    // Holds a write under the old version open: the move waits for it.
    const dataSource = await createDataSource({ url: app.database.appUrl, applicationName: 'spec' }).initialize();
    const held = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    const write = withTransaction(dataSource, async (tx) => {
      await holdCatalogue(tx, VERSION);
      holding.resolve();
      await held.promise;
    });
    await holding.promise;
    let moved = false;
    const applied = apply(change).then((answer) => {
      moved = true;
      return answer;
    });
    await until('the move waits for the write', async () => {
      const { rows } = await app.sql.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
      return rows.length > 0;
    });
    expect(moved).toBe(false);
    held.resolve();
    await write;
    expect((await applied).status).toBe(200);

    const subjectId = randomUUID();
    await other.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts() });
    const { body } = await other.call<{ catalogueVersion: string }>('POST', '/v1/decisions', {
      body: aDecision({ subjectId }),
    });
    expect(body.catalogueVersion).toBe(change.difference.to);
    await expect(withTransaction(dataSource, (tx) => holdCatalogue(tx, VERSION))).rejects.toThrow(/is in force/);
    await dataSource.destroy();
    await other.close();
  });

  it('has its bundles at every replica, also at one that missed the move, and what was answered under the version before is answered again', async () => {
    const [GONE, NEW] = ['tv-menu-no-promotion', 'tv-menu-nothing'];
    const other = await specApp(app.database);
    const said = (kind: string) => ({ subjectId, kind, channel: 'tv-menu' });
    const [subjectId, key] = [await person('proximus'), randomUUID()];
    const first = await app.call('POST', '/v1/bundles', { key, body: said(GONE) });
    expect(first.status).toBe(201);
    const renamed = FILES.map(({ name, text }) => ({
      name,
      text: name === 'bundles.yaml' ? text.replace(`- id: ${GONE}`, `- id: ${NEW}`) : text,
    }));
    await apply(await plan(renamed));
    expect(await other.call('POST', '/v1/bundles', { body: said(GONE) })).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:bundle-unknown' },
    });
    expect((await app.call('POST', '/v1/bundles', { body: said(NEW) })).status).toBe(201);
    expect(await app.call('POST', '/v1/bundles', { key, body: said(GONE) })).toMatchObject({
      status: 201,
      text: first.text,
    });
    await other.close();
  });

  it('that this build cannot load stops its writes with a problem, and the service is not ready', async () => {
    const change = await plan(WITHOUT_SCARLET);
    const owner = createDataSource({ url: app.database.ownerUrl, applicationName: 'spec' });
    await owner.initialize();
    await owner.query(`INSERT INTO catalogue_version VALUES ('2099-01-01.000000000000', '[]', 'spec')`);
    await owner.query(`UPDATE catalogue_in_force SET version = '2099-01-01.000000000000'`);
    await owner.destroy();
    expect(await app.call('POST', '/v1/decisions', { body: aDecision() })).toMatchObject({
      status: 503,
      body: { type: 'urn:consent:problem:catalogue-not-loaded' },
    });
    expect((await app.call('GET', '/readyz')).status).toBe(503);
    expect(change.state).toBe('planned');
  });

  it('in CATALOGUE_DIR changes nothing where another is in force, and one line of each start says so', async () => {
    const dataSource = await createDataSource({ url: app.database.appUrl, applicationName: 'spec' }).initialize();
    const lines: string[] = [];
    const logger = createLogger({
      service: 'consent-service',
      build: 'spec',
      level: 'info',
      destination: { write: (line) => lines.push(line) },
    });
    const open = (files: readonly CatalogueFile[]) => CatalogueInForce.open(readerOn(dataSource), files, logger);
    await open(FILES);
    expect(lines).toEqual([]);
    expect((await open(WITHOUT_SCARLET)).version).toBe(VERSION);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        level: 'warn',
        folder: parseCatalogue(WITHOUT_SCARLET).version,
        inForce: VERSION,
        msg: expect.stringContaining('consentctl catalogue plan --catalogue') as unknown,
      }),
    ]);
    await dataSource.destroy();
  });

  it('leaves every earlier version readable as it was', async () => {
    const dataSource = await createDataSource({ url: app.database.appUrl, applicationName: 'spec' }).initialize();
    const change = await plan(WITHOUT_SCARLET);
    await apply(change);
    const old = await catalogueOf(readerOn(dataSource), VERSION);
    expect(old).toEqual(parseCatalogue(FILES));
    await dataSource.destroy();
  });

  it('that names a system for a purpose tells it what was decided before, as the plan counted, and nobody else', async () => {
    const decided = [await person('proximus'), await person('proximus')];
    for (const [subjectId, statuses] of [
      [decided[0], ['objected']],
      [decided[1], ['objected', 'objection_lifted']],
    ] as const)
      for (const status of statuses)
        await app.call('POST', '/v1/decisions', {
          body: aDecision({ subjectId, purposeId: PURPOSE, status, attributes: { dataSource: 'web-form' } }),
        });
    await person('proximus');
    const before = await Promise.all(decided.map((id) => may(id)));

    const change = await plan(NAMES_MORE);
    expect(change).toMatchObject({
      planned: { [PURPOSE]: { opening: 0, closing: 0, moved: 0, withheld: 0, told: 2 } },
      difference: { named: [{ systemId: 'group-sharing', purposes: [PURPOSE] }] },
    });
    const despite = 'its build follows tonight';
    await app.call('POST', `/v1/catalogue/changes/${change.changeId}/apply`, {
      body: { planHash: change.planHash, despite },
    });
    const done = await inState(change.changeId, ['recorded']);
    expect([done.recorded, done.despite]).toEqual([change.planned, despite]);
    const { rows } = await app.sql.query(
      `SELECT ledger.subject_id AS id, ledger.status, ledger.direction, ledger.attributes, outbox.lane,
              jsonb_path_query_array(ledger.systems, '$[*].systemId') AS systems
         FROM ledger JOIN outbox USING (position) WHERE ledger.cause = 'catalogue' ORDER BY ledger.direction`,
    );
    const told = {
      attributes: { dataSource: 'web-form' },
      lane: 1,
      systems: ['marketing-segmentation', 'group-sharing'],
    };
    expect(rows).toEqual([
      { id: decided[0], status: 'objected', direction: 'closing', ...told },
      { id: decided[1], status: 'objection_lifted', direction: 'opening', ...told },
    ]);
    expect(await Promise.all(decided.map((id) => may(id)))).toEqual(before);
  });

  it.each([
    ['that closes', WITHOUT_SCARLET],
    ['that names a system', NAMES_MORE],
  ])('%s is taken on where a killed worker left it: nobody twice, nobody missing', async (_, files) => {
    const people = await Promise.all(Array.from({ length: 25 }, () => person('scarlet')));
    if (files === NAMES_MORE)
      for (const subjectId of people)
        await app.call('POST', '/v1/decisions', {
          body: aDecision({ subjectId, purposeId: PURPOSE, status: 'objected' }),
        });
    const change = await plan(files);
    await app.host.app.close();
    const dataSource = await createDataSource({ url: app.database.appUrl, applicationName: 'spec' }).initialize();
    await dataSource.query(`UPDATE catalogue_in_force SET version = $1`, [change.difference.to]);
    await dataSource.query(`UPDATE catalogue_change SET state = 'running', at_subject = NULL, subjects = 0`);
    let turn = 0;
    for (let result = 'moved'; result === 'moved';) {
      const attempt = withTransaction(dataSource, async (tx) => {
        const found = await applyPortion(tx, new Map(), 4);
        // Every second portion dies after its writes and before its commit.
        if (turn++ % 2 === 0) throw new Error('killed');
        return found;
      });
      result = await attempt.catch(() => 'moved');
    }
    const { rows } = await dataSource
      .query<{ n: string; people: string }[]>(
        `SELECT count(*) AS n, count(DISTINCT subject_id) AS people FROM ledger WHERE cause = 'catalogue'`,
      )
      .then((found) => ({ rows: found }));
    expect(rows).toEqual([{ n: String(people.length), people: String(people.length) }]);
    await dataSource.destroy();
  });
});
