import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface PeerSpec {
  names: readonly string[];
  debian: string;
  /** Arguments with which the program ends without error if it has what is needed; left out: being there is enough. */
  probe?: readonly string[];
}

/** Servers and clients that are not npm packages. A test that needs one is skipped without it, except under CI, where that fails. */
const peers = {
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium' },
  influxd: { names: ['influxd'], debian: 'influxdb' },
  mosquitto: { names: ['mosquitto'], debian: 'mosquitto' },
  mbpoll: { names: ['mbpoll'], debian: 'mbpoll' },
  // The distribution's own interpreter: only that one finds the distribution's modules.
  pymodbus: {
    names: ['/usr/bin/python3'],
    debian: 'python3-pymodbus python3-serial-asyncio',
    probe: ['-c', 'import pymodbus.client'],
  },
  // A compiler that finds the library's header.
  libmodbus: {
    names: ['gcc', 'cc'],
    debian: 'gcc libc6-dev libmodbus-dev',
    probe: ['-E', '-include', 'modbus/modbus.h', '-x', 'c', '/dev/null', '-o', '/dev/null'],
  },
  socat: { names: ['socat'], debian: 'socat' },
  postgres: {
    names: ['/usr/lib/postgresql/17/bin/postgres', '/usr/lib/postgresql/15/bin/postgres', 'postgres'],
    debian: 'postgresql',
  },
} as const satisfies Record<string, PeerSpec>;
export type PeerName = keyof typeof peers;
export const peerNames = Object.keys(peers) as PeerName[];

function findProgram(name: string): string | undefined {
  const places = name.startsWith('/')
    ? [name]
    : [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'].map((dir) => join(dir, name));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function locate(spec: PeerSpec): string | undefined {
  const program = spec.names.map(findProgram).find((path) => path !== undefined);
  if (program === undefined || spec.probe === undefined) return program;
  return spawnSync(program, spec.probe, { stdio: 'ignore' }).status === 0 ? program : undefined;
}

export interface Peer {
  available: boolean;
  /** Path of the program; throws when it is not there. */
  program(): string;
  /** One line saying what is missing and how to get it. */
  hint: string;
}

export function peer(name: PeerName): Peer {
  const program = locate(peers[name]);
  const hint = `${name} is not installed (Debian: apt-get install ${peers[name].debian})`;
  if (program === undefined && process.env.CI === 'true')
    throw new Error(`${hint}; under CI no test may be skipped for it`);
  return {
    available: program !== undefined,
    hint,
    program() {
      if (program === undefined) throw new Error(hint);
      return program;
    },
  };
}

/** Lines for the closing summary; empty when everything is there. */
export function missingPeers(): string[] {
  return peerNames.filter((name) => locate(peers[name]) === undefined).map((name) => peer(name).hint);
}
