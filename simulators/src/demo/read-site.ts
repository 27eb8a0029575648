import { readFile } from 'node:fs/promises';
import { PlantroomError, SiteModel } from '@plantroom/contracts';
import { Check, Errors } from 'typebox/value';
import { parse } from 'yaml';

/** Throws DEMO_INVALID with the path and what is wrong. */
export async function readSite(file: string): Promise<SiteModel> {
  const data: unknown = parse(await readFile(file, 'utf8'));
  if (!Check(SiteModel, data)) {
    const [fault] = Errors(SiteModel, data);
    throw new PlantroomError('DEMO_INVALID', `${file} ${fault?.instancePath ?? '/'}: ${fault?.message ?? 'invalid'}`);
  }
  return data;
}
