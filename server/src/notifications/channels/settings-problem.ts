import type { ChannelSettings } from '@plantroom/contracts';
import type { FieldProblem } from '../domain/check-config.ts';
import { templateProblem } from '../domain/placeholders.ts';
import { urlProblem } from './address-rules.ts';
import { providerPlaceholders } from './http-provider.ts';

/** What is wrong with the addresses and templates of a channel; null: nothing. */
export function channelSettingsProblem(settings: ChannelSettings): FieldProblem | null {
  switch (settings.kind) {
    case 'email':
      return /^([^<>\r\n]{0,100}<)?[^\s@<>]+@[^\s@<>]+>?$/.test(settings.from)
        ? null
        : {
            field: 'settings.from',
            message: `"${settings.from}" is no sender as alarms@example.com or Plantroom <alarms@example.com>`,
          };
    case 'webhook':
      return told('settings.url', urlProblem(settings.url, { privateHttp: true }));
    case 'wecom':
    case 'dingtalk':
    case 'feishu':
      return settings.baseUrl === undefined ? null : told('settings.baseUrl', urlProblem(settings.baseUrl));
    case 'http': {
      const templates = [
        ['settings.url', settings.url],
        ['settings.body', settings.body],
        ...settings.headers.map(({ value }, at) => [`settings.headers.${at}.value`, value] as const),
      ] as const;
      for (const [field, template] of templates) {
        const problem = told(field, templateProblem(template, providerPlaceholders));
        if (problem !== null) return problem;
      }
      // A placeholder in the host would let a number decide where the message goes.
      if (/^[a-z]+:\/\/[^/?#]*\{\{/i.test(settings.url))
        return { field: 'settings.url', message: 'the host of the address may hold no placeholder' };
      return told('settings.url', urlProblem(settings.url.replace(/\{\{[^{}]*\}\}/g, 'x'), { privateHttp: true }));
    }
  }
}

const told = (field: string, message: string | null): FieldProblem | null =>
  message === null ? null : { field, message };
