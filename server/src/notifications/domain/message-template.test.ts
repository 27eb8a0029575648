import { channelKinds, languages, templateParts } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { fireFacts, testFacts, testItem, testMessage } from '../test-helpers/messages.ts';
import { defaultTemplate, messageTemplateProblem } from './message-template.ts';
import { plainLines, renderTemplate, titleOf } from './message-texts.ts';

const link = 'https://hq.example.com/ack/abc.def';
const items = [
  testItem(testFacts()),
  testItem(testFacts({ equipmentName: null, place: null, response: null, value: null })),
  testItem(fireFacts(), { link }),
  testItem(testFacts(), { kind: 'returned' }),
  testItem(testFacts(), { now: 'acknowledged' }),
];

describe('a template', () => {
  test('that is the default says what is built in', () => {
    for (const language of languages) {
      for (const item of items) {
        const message = testMessage([item], { language });
        for (const kind of channelKinds.filter((each) => each !== 'http')) {
          const { subject, text } = renderTemplate(defaultTemplate({ kind, language }), item, language);
          if (templateParts[kind].subject) expect(subject).toBe(titleOf(message));
          if (templateParts[kind].text) expect(text).toBe(plainLines(message).join('\n'));
        }
      }
    }
  });

  test('fills what the alarm says, and leaves out lines of which it says nothing', () => {
    const template = {
      subject: '{{ priority }} | {{equipment}} | {{alarm}}',
      text: '{{tag}} {{name}}\nLink: {{link}}\n\nAt {{site}}, {{value}}\n{{value}} {{link}}\nRing 110',
    };
    const item = testItem(testFacts({ value: null }));
    expect(renderTemplate(template, item, 'en')).toEqual({
      subject: 'High | Booster pump 1 | hq/pump-1/discharge-pressure#LL',
      text: '[High] Discharge pressure very low\n\nAt Headquarters,\nRing 110',
    });
    expect(renderTemplate(template, item, 'zh-CN').text).toBe('【重要】 出口压力过低\n\nAt 总部,\nRing 110');
  });

  test('shapes messages about one alarm; several in one keep their form', () => {
    const template = { subject: 'S {{name}}', text: 'T {{name}}' };
    const one = testMessage([testItem(testFacts())], { language: 'en', template });
    expect([titleOf(one), ...plainLines(one)]).toEqual([
      'S Discharge pressure very low',
      'T Discharge pressure very low',
    ]);
    const both = [testItem(testFacts()), testItem(fireFacts())];
    const two = testMessage(both, { language: 'en', template });
    expect(plainLines(two)).toEqual(plainLines(testMessage(both, { language: 'en' })));
    expect(plainLines(testMessage([], { template }))).toEqual(plainLines(testMessage([])));
  });

  test.each([
    [
      'wecom',
      { subject: null, text: '{{name}} {{nmae}}' },
      'text',
      'there is no placeholder {{nmae}}; allowed: {{title}}',
    ],
    ['email', { subject: '{{titel}}', text: '{{title}} {{link}}' }, 'subject', 'there is no placeholder {{titel}}'],
    ['email', { subject: 'x', text: '{{title}}' }, 'text', '{{link}} is missing'],
    ['http', { subject: 'x', text: '{{link}} {{time}}' }, 'text', '{{title}} or {{name}} is missing'],
    ['email', { subject: 'a\nb', text: '{{title}} {{link}}' }, 'subject', 'one line'],
    ['feishu', { subject: null, text: '{{title}} {{name' }, 'text', 'braces without their counterpart'],
    ['feishu', { subject: 'x', text: '{{title}}' }, 'subject', 'has no subject: allowed is null'],
    ['webhook', { subject: 'x', text: '{{title}}' }, 'text', 'has no text: allowed is null'],
    ['email', { subject: null, text: '{{title}} {{link}}' }, 'subject', 'needs a subject'],
    ['email', { subject: '  ', text: '{{title}} {{link}}' }, 'subject', 'says nothing'],
  ] as const)('of %s that is wrong is told by one field: %j', (kind, template, field, message) => {
    const problem = messageTemplateProblem(kind, template);
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain(message);
  });

  test('that is built in is right itself', () => {
    for (const kind of channelKinds)
      for (const language of languages)
        expect(messageTemplateProblem(kind, defaultTemplate({ kind, language })), `${kind} ${language}`).toBeNull();
  });
});
