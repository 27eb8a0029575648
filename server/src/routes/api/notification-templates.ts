import {
  MessageTemplate,
  NotificationTemplate,
  page,
  TemplateKey,
  TemplatePreview,
  TemplatePreviewRequest,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import { engineers, replies, typed } from './replies.ts';

const base = '/api/notifications/templates';

/** What messages about one alarm say. */
export function templateRoutes(app: FastifyInstance): void {
  const { templates } = app.services.notifications;
  const config = { roles: engineers };
  const of = typed(app);
  const response = replies(NotificationTemplate);

  of.get(
    base,
    { config, schema: { summary: 'All of them, built in or changed', response: replies(page(NotificationTemplate)) } },
    () => Promise.resolve({ items: templates.list(), next: null }),
  );
  of.put(
    `${base}/:kind/:language`,
    {
      config,
      schema: { summary: 'Changes what messages say', params: TemplateKey, body: MessageTemplate, response },
    },
    ({ params, body, session }) => templates.put(params, body, session?.username ?? ''),
  );
  of.delete(
    `${base}/:kind/:language`,
    { config, schema: { summary: 'Back to what is built in, which it answers', params: TemplateKey, response } },
    ({ params, session }) => templates.reset(params, session?.username ?? ''),
  );
  of.post(
    `${base}/preview`,
    {
      config,
      schema: {
        summary: 'What a template would say of an alarm; nothing is sent',
        body: TemplatePreviewRequest,
        response: replies(TemplatePreview),
      },
    },
    ({ body }) => Promise.resolve(templates.preview(body)),
  );
}
