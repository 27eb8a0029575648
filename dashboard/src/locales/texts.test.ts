import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { texts as en } from './en/texts.ts';
import { texts as zh } from './zh-CN/texts.ts';

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

const source = fileURLToPath(new URL('..', import.meta.url));
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('locales') && !file.includes('.test.'))
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');

const english = flatten(en);
const chinese = flatten(zh);
/** Dotted literals that begin with a group of ours are keys. */
const plain = new Set(
  [...code.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'/g)]
    .map((match) => match[1] ?? '')
    .filter((key) => (key.split('.')[0] ?? '') in en),
);
const prefixes = [...code.matchAll(/\bt\(`([\w.]+\.)\$\{/g)].map((match) => match[1] ?? '');

describe('texts of the screen', () => {
  test('both languages have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test('Chinese has its own punctuation', () => {
    const western = [...chinese].filter(([, text]) => /[\u4e00-\u9fff}][,:;!?(]|[,:;!?)][\u4e00-\u9fff]/.test(text));
    expect(western).toEqual([]);
  });

  test('no text is empty, and both languages fill the same gaps', () => {
    const gaps = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(([gap]) => gap).sort();
    for (const [key, text] of english) {
      expect(text, key).not.toBe('');
      expect(chinese.get(key), key).not.toBe('');
      expect(gaps(chinese.get(key) ?? ''), key).toEqual(gaps(text));
    }
  });

  test('every key that the code names is there', () => {
    expect(plain.size).toBeGreaterThan(100);
    expect([...plain].filter((key) => !english.has(key))).toEqual([]);
    expect(prefixes.filter((prefix) => ![...english.keys()].some((key) => key.startsWith(prefix)))).toEqual([]);
  });

  test('every key is used in the code', () => {
    const used = (key: string) => plain.has(key) || prefixes.some((prefix) => key.startsWith(prefix));
    expect([...english.keys()].filter((key) => !used(key))).toEqual([]);
  });

  test('glossary words stand as agreed', () => {
    expect(zh.priority).toEqual({ critical: '紧急', high: '重要', medium: '一般', low: '提示' });
    expect(zh.alarmState.DSUPR).toBe('设计抑制');
    expect([zh.orderState.done, zh.orderState.verified, zh.orderState['en-route'], zh.orderState['on-hold']]).toEqual([
      '待验收',
      '已验收',
      '在途',
      '挂起',
    ]);
    expect([zh.nav.devices, zh.device.gateways, zh.equipment.values]).toEqual(['采集设备', '网关', '测点']);
  });
});
