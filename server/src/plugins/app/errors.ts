import type { ApiError } from '@plantroom/contracts';
import { PlantroomError } from '@plantroom/contracts';
import type { FastifyError } from 'fastify';
import fp from 'fastify-plugin';
import { WorkOrderRefusal } from '../../domain/work-orders/transitions.ts';
import { NotificationRefusal } from '../../notifications/refusal.ts';
import { AccessError, FaultyRequest } from './auth.ts';

/** Every error answer has the shape ApiError, whoever threw it. */
export const errorsPlugin = fp(
  (app) => {
    app.setErrorHandler<FastifyError>((error, request, reply) => {
      const answer = toApiError(error);
      if (answer.statusCode >= 500) app.services.logger.error({ err: error, url: request.url }, 'request failed');
      return reply.code(answer.statusCode).send(answer);
    });
    return Promise.resolve();
  },
  { name: 'errors' },
);

export function toApiError(error: FastifyError | Error): ApiError {
  const { message } = error;
  if (error instanceof FaultyRequest) {
    const { statusCode, code, problems } = error;
    return { ...withField({ statusCode, code, message }, problems[0]?.field), problems: [...problems] };
  }
  if (error instanceof AccessError || error instanceof NotificationRefusal) {
    return withField({ statusCode: error.statusCode, code: error.code, message }, error.field);
  }
  if (error instanceof WorkOrderRefusal) {
    const statusCode = error.code === 'WORK_ORDER_NEEDS' ? 400 : 409;
    return withField({ statusCode, code: error.code, message }, error.field);
  }
  if ('validation' in error && Array.isArray(error.validation)) {
    const [first] = error.validation as { instancePath?: string; params?: { additionalProperty?: string } }[];
    const field = first?.instancePath?.replace(/^\//, '').replaceAll('/', '.') || first?.params?.additionalProperty;
    return withField({ statusCode: 400, code: 'INVALID_REQUEST', message }, field);
  }
  if (error instanceof PlantroomError) {
    return { statusCode: error.retryable ? 503 : 500, code: error.code, message };
  }
  const statusCode = ('statusCode' in error && error.statusCode) || 500;
  const code = ('code' in error && error.code) || 'INTERNAL';
  // What went wrong inside is for the log.
  return statusCode >= 500
    ? { statusCode, code: 'INTERNAL', message: 'the server could not do this; its log says why' }
    : { statusCode, code, message };
}

const withField = (error: ApiError, field: string | undefined): ApiError =>
  field === undefined ? error : { ...error, field };
