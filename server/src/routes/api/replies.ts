import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { ApiError } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import type Type from 'typebox';
import { AccessError } from '../../plugins/app/auth.ts';

/** Schemas per status for routes that answer `ok` with 200. */
export const replies = <T extends Type.TSchema>(ok: T) => ({ 200: ok, '4xx': ApiError, '5xx': ApiError });

export const typed = (app: FastifyInstance) => app.withTypeProvider<TypeBoxTypeProvider>();

export const notFound = (what: string, id: string): AccessError =>
  new AccessError(404, 'NOT_FOUND', `no ${what} "${id}"`);

export const operators = ['admin', 'engineer', 'technician'] as const;
export const engineers = ['admin', 'engineer'] as const;
export const admins = ['admin'] as const;
