import Type, { type Static } from 'typebox';
import { LocalText, languages } from './local-text.ts';
import { type ChannelKind, channelKinds } from './notification.ts';
import { closed, literals, Nullable } from './schema.ts';

/** What a site may write into a template, in double braces; what an alarm does not say is left empty. */
export const templatePlaceholders = [
  'title',
  'tag',
  'priority',
  'equipment',
  'name',
  'site',
  'place',
  'time',
  'value',
  'response',
  'link',
  'alarm',
] as const;
export type TemplatePlaceholder = (typeof templatePlaceholders)[number];

/** Which parts the messages of each kind of channel have. */
export const templateParts = {
  email: { subject: true, text: true },
  webhook: { subject: true, text: false },
  wecom: { subject: false, text: true },
  dingtalk: { subject: true, text: true },
  feishu: { subject: false, text: true },
  http: { subject: true, text: true },
} as const satisfies Record<ChannelKind, { subject: boolean; text: boolean }>;

const parts = {
  /** One line; null: the kind has none. */
  subject: Nullable(Type.String({ minLength: 1, maxLength: 200 })),
  /** Lines; one whose placeholders are all empty is left out. Null: the kind has none. */
  text: Nullable(Type.String({ minLength: 1, maxLength: 2000 })),
};
/** The form of a message about one alarm; several in one message, summaries and tests keep theirs. */
export const MessageTemplate = Type.Object(parts, closed);
export type MessageTemplate = Static<typeof MessageTemplate>;

export const TemplateKey = Type.Object({ kind: literals(channelKinds), language: literals(languages) }, closed);
export type TemplateKey = Static<typeof TemplateKey>;

export const NotificationTemplate = Type.Object(
  {
    ...TemplateKey.properties,
    ...parts,
    /** The site has not changed it. */
    isDefault: Type.Boolean(),
  },
  closed,
);
export type NotificationTemplate = Static<typeof NotificationTemplate>;

export const TemplatePreviewRequest = Type.Object(
  {
    ...TemplateKey.properties,
    ...parts,
    /** Id of an alarm of the site; left out: a sample, an alarm about life if the site has one. */
    alarm: Type.Optional(Type.String({ maxLength: 300 })),
  },
  closed,
);
export type TemplatePreviewRequest = Static<typeof TemplatePreviewRequest>;

export const TemplatePreview = Type.Object(
  {
    ...parts,
    /** The alarm that it shows. */
    alarm: Type.String(),
    name: LocalText,
  },
  closed,
);
export type TemplatePreview = Static<typeof TemplatePreview>;
