import type { GatewayConfig } from './gateway-config.ts';

/** What contradicts itself in `uplinks`, by pointer below it. */
export function uplinkFaults({ lineProtocol }: GatewayConfig['uplinks']): { path: string; message: string }[] {
  if (lineProtocol === undefined) return [];
  const { api, token, username, password, retentionPolicy } = lineProtocol;
  const faults: { path: string; message: string }[] = [];
  const fault = (key: string, message: string): void => {
    faults.push({ path: `/lineProtocol/${key}`, message });
  };
  if (token !== undefined && token !== '' && username !== undefined)
    fault(
      'username',
      `is "${username}" beside a token; allowed is one of \`token\` and \`username\` with \`password\``,
    );
  if (username === undefined && password !== undefined) fault('password', 'is there without a `username`');
  if (username !== undefined && api !== undefined && api !== 'v1')
    fault('username', `is "${username}" with api ${api}, which takes a \`token\`; allowed with v1`);
  if (retentionPolicy !== undefined && api !== undefined && api !== 'v1')
    fault('retentionPolicy', `is "${retentionPolicy}" with api ${api}, which has none; allowed with v1`);
  return faults;
}
