import type { ChannelKind } from '@plantroom/contracts';
import type { ChannelAdapter } from './channel.ts';
import { dingtalk } from './dingtalk.ts';
import { email } from './email.ts';
import { feishu } from './feishu.ts';
import { httpProvider } from './http-provider.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

const adapters: { [K in ChannelKind]: ChannelAdapter<K> } = {
  email,
  webhook,
  wecom,
  dingtalk,
  feishu,
  http: httpProvider,
};

export function adapterOf(kind: ChannelKind): ChannelAdapter {
  // Each adapter gets the settings of its own kind: they are looked up by it.
  return adapters[kind] as ChannelAdapter;
}
