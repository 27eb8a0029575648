import type { FastifyRequest } from 'fastify';

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Why a request is refused; undefined: it is not. The control interface has no sign-in, so no page of another origin may reach it through a
 * browser on this machine, under its own name (CSRF) or under one that has been made to point here (DNS rebinding).
 */
export function foreign({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !loopback.test(host)) return `Host is "${host}"; allowed: localhost, 127.0.0.1 or [::1]`;
  if (origin === undefined || origin === `http://${host}`) return undefined;
  return `Origin is "${origin}"; allowed: http://${host}, or none`;
}
