import { Command, CommandPage, CommandQuery, CommandRequest } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import { listCommands } from '../../repositories/command-repository.ts';
import { engineers, replies, typed } from './replies.ts';

export function commandRoutes(app: FastifyInstance): void {
  const { commands, database } = app.services;
  typed(app).post(
    '/api/points/commands',
    {
      config: { roles: engineers },
      schema: {
        summary: 'Sets a writable point',
        description:
          'Sends one command to the device and answers as soon as it is sent; how it ends (verified by what is read back, or why not) ' +
          'comes over the live stream and stands under GET. Refused in words: 403 for classes without a write path (elevators, fire), ' +
          '409 for a point that cannot be written, whose gateway or device is offline, or that another command is under way for, 400 for a value ' +
          'that is not allowed. A repetition with the same `key` is the same command. Never sent twice by itself.',
        body: CommandRequest,
        response: replies(Command),
      },
    },
    ({ body, session }) => commands.request(body, session?.username ?? ''),
  );
  typed(app).get(
    '/api/points/commands',
    {
      schema: {
        summary: 'Commands of a point, of an equipment or all, newest first',
        querystring: CommandQuery,
        response: replies(CommandPage),
      },
    },
    ({ query }) => listCommands(database.db, query),
  );
}
