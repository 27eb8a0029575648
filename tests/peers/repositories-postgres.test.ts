import { afterAll, beforeAll, describe } from 'vitest';
import { describeHandovers } from '../../server/src/repositories/handover-contract.ts';
import { describeJournal } from '../../server/src/repositories/journal-contract.ts';
import { describeKpis } from '../../server/src/repositories/kpi-contract.ts';
import { describeNotificationRepositories } from '../../server/src/repositories/notification-repository-contract.ts';
import { describeRepositories } from '../../server/src/repositories/repository-contract.ts';
import { describeTestModes } from '../../server/src/repositories/test-mode-contract.ts';
import { describeUpserts } from '../../server/src/repositories/upsert-contract.ts';
import { peer } from '../helpers/peers.ts';
import { type RunningPostgres, runPostgres } from '../helpers/run-postgres.ts';

const { available, hint } = peer('postgres');

describe.skipIf(!available)(`operational data on PostgreSQL ${available ? '' : hint}`, () => {
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await runPostgres();
  });
  afterAll(() => postgres?.stop());

  describeRepositories('PostgreSQL', () => postgres.emptyDatabase());
  describeTestModes('PostgreSQL', () => postgres.emptyDatabase());
  describeJournal('PostgreSQL', () => postgres.emptyDatabase());
  describeNotificationRepositories('PostgreSQL', () => postgres.emptyDatabase());
  describeKpis('PostgreSQL', () => postgres.emptyDatabase());
  describeHandovers('PostgreSQL', () => postgres.emptyDatabase());
  describeUpserts('PostgreSQL', () => postgres.emptyDatabase());
});
