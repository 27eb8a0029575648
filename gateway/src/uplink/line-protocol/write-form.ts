/** InfluxDB's three write interfaces. */
export type LineApi = 'v1' | 'v2' | 'v3';

export interface WriteTarget {
  /** Left out: plantroom. Version 2 only. */
  org?: string;
  /** Bucket of version 2, database of 1 and 3. Left out: plantroom. */
  bucket?: string;
  /** Version 1 only. Left out: the database's default. */
  retentionPolicy?: string;
}

/**
 * `/write` is InfluxDB 1.x; `/api/v2/write` is 2.x, 1.8, and what Plantroom's server has; `/api/v3/write_lp` is 3.x. The last two are built from
 * InfluxData's documentation, only 1.6 has been tested against the server itself.
 */
export function writePath(
  api: LineApi,
  { org = 'plantroom', bucket = 'plantroom', retentionPolicy }: WriteTarget,
): string {
  if (api === 'v2') return `/api/v2/write?${query({ org, bucket, precision: 'ms' })}`;
  // With partial writes the good lines of a batch are stored and the others named; the default, said because we build on it.
  if (api === 'v3')
    return `/api/v3/write_lp?${query({ db: bucket, precision: 'millisecond', accept_partial: 'true' })}`;
  return `/write?${query({ db: bucket, ...(retentionPolicy === undefined ? {} : { rp: retentionPolicy }), precision: 'ms' })}`;
}

/** As InfluxDB tells its version at /ping. `/api/v2/write` came with 1.8: Debian's 1.6 answers it with 404. */
export function apiOf(version: string | undefined): LineApi {
  if (/^v?(0\.|1\.[0-7](\.|$))/.test(version ?? '')) return 'v1';
  return /^v?3\./.test(version ?? '') ? 'v3' : 'v2';
}

export interface Credentials {
  token?: string;
  /** InfluxDB 1.x with a password; sent as Basic, never in the address, where it would come into logs. */
  username?: string;
  password?: string;
}

/** Value of the Authorization header; undefined: none. */
export function authorization(api: LineApi, { token, username, password }: Credentials): string | undefined {
  if (username !== undefined) return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  // An environment without a token fills in nothing.
  if (token === undefined || token === '') return undefined;
  return `${api === 'v3' ? 'Bearer' : 'Token'} ${token}`;
}

function query(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
