import type { User } from '@plantroom/contracts';
import type { Db } from '../repositories/database.ts';
import { verifyPassword } from '../repositories/password.ts';
import { findUser } from '../repositories/people-repository.ts';

/** Another person's name and password, given at the screen of the one who is signed in. */
export interface Signature {
  username: string;
  password: string;
}

/** Whose signature it is. Null: name or password is wrong, or that person may not sign in. */
export async function signatoryOf(db: Db, { username, password }: Signature): Promise<User | null> {
  const user = await findUser(db, username);
  const isRight = await verifyPassword(password, user?.passwordHash ?? null);
  return user === null || !isRight || user.disabled ? null : user;
}
