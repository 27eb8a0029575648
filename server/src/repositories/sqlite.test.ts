import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeHandovers } from './handover-contract.ts';
import { describeJournal } from './journal-contract.ts';
import { describeKpis } from './kpi-contract.ts';
import { describeNotificationRepositories } from './notification-repository-contract.ts';
import { describeRepositories } from './repository-contract.ts';
import { describeTestModes } from './test-mode-contract.ts';
import { describeUpserts } from './upsert-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'plantroom-sqlite-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const empty = () => Promise.resolve(join(folder, `${++count}.sqlite`));
describeRepositories('SQLite', empty);
describeTestModes('SQLite', empty);
describeJournal('SQLite', empty);
describeNotificationRepositories('SQLite', empty);
describeKpis('SQLite', empty);
describeHandovers('SQLite', empty);
describeUpserts('SQLite', empty);
