import { isIP } from 'node:net';

/**
 * What is wrong with an address to send to, in words; null: nothing. https anywhere; http only to this machine, and with `privateHttp` in the
 * private IPv4 networks, where SMS gateways and flow engines of a site stand without certificates.
 */
export function urlProblem(text: string, { privateHttp = false } = {}): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return `"${text}" is no address as https://host/path`;
  }
  if (url.username !== '' || url.password !== '')
    return 'user name and password do not belong into an address; use a secret';
  if (url.protocol === 'https:') return null;
  const allowed = privateHttp
    ? 'https, or http on loopback or in a private network (10/8, 172.16/12, 192.168/16)'
    : 'https, or http on loopback';
  if (url.protocol === 'http:' && (isLoopback(url.hostname) || (privateHttp && isPrivate(url.hostname)))) return null;
  return `"${text}" is not allowed: ${allowed}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isPrivate(host: string): boolean {
  if (isIP(host) !== 4) return false;
  const [a = 0, b = 0] = host.split('.').map(Number);
  return a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}

/** E.164 with or without `+`, as robots and SMS providers take it. */
export function mobileProblem(address: string): string | null {
  return /^\+?\d{5,15}$/.test(address)
    ? null
    : `"${address}" is no mobile number: 5 to 15 digits, "+" in front allowed`;
}
