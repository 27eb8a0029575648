import type { Db } from '../repositories/database.ts';
import { listUsers } from '../repositories/people-repository.ts';
import { signatoryOf } from './signature.ts';

const able: readonly string[] = ['admin', 'engineer'];

/** Who may approve what a user does: somebody else who could do it; where nobody else is, oneself. */
export async function approversFor(db: Db, user: string): Promise<string[]> {
  const names = (await listUsers(db))
    .filter(({ role, disabled }) => !disabled && able.includes(role))
    .map(({ username }) => username);
  const others = names.filter((name) => name !== user);
  return others.length > 0 ? others : names;
}

/** `password`: the approver's; oneself needs none. */
export interface Approval {
  user: string;
  approver: string;
  password: string | undefined;
}

export type ApprovalRefusal =
  | { refused: 'not-allowed'; allowed: readonly string[] }
  | { refused: 'no-signature' }
  | { refused: 'wrong-signature' };

/** Null: it is approved. */
export async function approvalRefusal(db: Db, { user, approver, password }: Approval): Promise<ApprovalRefusal | null> {
  const allowed = await approversFor(db, user);
  if (!allowed.includes(approver)) return { refused: 'not-allowed', allowed };
  if (approver === user) return null;
  if (password === undefined || password === '') return { refused: 'no-signature' };
  const signatory = await signatoryOf(db, { username: approver, password });
  return signatory === null ? { refused: 'wrong-signature' } : null;
}
