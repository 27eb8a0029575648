import { systems } from '@plantroom/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useEquipmentList } from '../api/queries.ts';
import { type PaletteEntry, searchEntries } from '../format/search.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSystemName } from '../state/names.ts';
import { useSite } from '../state/site.ts';

interface Props {
  open: boolean;
  onOpen: () => void;
  onClose: () => void;
}

const shown = 30;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Ctrl/⌘ K or `/`: every page and every piece of equipment, by name, id or class. */
export function Palette({ open, onOpen, onClose }: Props) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
      if (command || (event.key === '/' && !typing(event.target))) {
        event.preventDefault();
        onOpen();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onOpen]);
  return open ? <OpenPalette onClose={onClose} /> : null;
}

function OpenPalette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const entries = useEntries();
  const found = useMemo(() => searchEntries(entries, text).slice(0, shown), [entries, text]);
  useEffect(() => input.current?.focus(), []);
  const go = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    void navigate(entry.to);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    } else if (event.key === 'ArrowDown') setIndex(Math.min(index + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(index - 1, 0));
    else if (event.key === 'Enter') go(found[index]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="fixed inset-0 z-50 flex justify-center bg-canvas/70 p-3 pt-[10vh]" onPointerDown={onClose}>
      <div
        role="dialog"
        aria-modal="true"
        aria-label={t('palette.open')}
        className="h-fit max-h-[70vh] w-full max-w-xl overflow-hidden rounded border border-edge bg-panel"
        onPointerDown={(event) => event.stopPropagation()}
        onKeyDown={onKey}
        data-testid="palette"
      >
        <input
          ref={input}
          className="w-full border-b border-line bg-panel px-4 py-3 text-base outline-none"
          placeholder={t('palette.placeholder')}
          aria-label={t('palette.placeholder')}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setIndex(0);
          }}
        />
        <div id="palette-list" role="listbox" className="max-h-[55vh] overflow-y-auto p-1">
          {found.map((entry, i) => (
            <button
              key={entry.to}
              type="button"
              role="option"
              aria-selected={i === index}
              className={`flex min-h-9 w-full items-center gap-3 rounded px-3 text-left ${i === index ? 'bg-raised' : ''}`}
              onPointerEnter={() => setIndex(i)}
              onClick={() => go(entry)}
            >
              {entry.label}
              <span className="ml-auto truncate text-xs text-faint">{entry.hint}</span>
            </button>
          ))}
          {found.length === 0 && <p className="px-3 py-4 text-dim">{t('palette.nothing')}</p>}
        </div>
      </div>
    </div>
  );
}

function useEntries(): PaletteEntry[] {
  const { t } = useTranslation();
  const text = useLocalText();
  const systemName = useSystemName();
  const site = useSite();
  const equipment = useEquipmentList().data;
  return useMemo(() => {
    const page = t('palette.page');
    const pages: PaletteEntry[] = [
      { label: t('nav.overview'), hint: page, to: '/', also: 'overview' },
      { label: t('nav.alarms'), hint: page, to: '/alarms', also: 'alarms' },
      { label: t('alarms.journal'), hint: page, to: '/alarms/journal', also: 'journal' },
      { label: t('alarms.performance'), hint: page, to: '/alarms/performance', also: 'alarm performance kpi' },
      { label: t('handover.title'), hint: page, to: '/handover', also: 'shift handover' },
      { label: t('nav.orders'), hint: page, to: '/work-orders', also: 'work orders' },
      { label: t('nav.devices'), hint: page, to: '/devices', also: 'devices gateways' },
      ...systems.map((system) => ({
        label: systemName(system),
        hint: page,
        to: `/sites/${site?.id ?? ''}/systems/${system}`,
        also: system,
      })),
    ];
    const units = (equipment ?? []).map((each) => ({
      label: text(each.name),
      hint: `${text(each.className)} · ${each.id}`,
      to: `/equipment/${each.id}`,
      also: `${each.id} ${each.class} ${each.name.zh} ${each.name.en} ${each.className.zh} ${each.className.en}`,
    }));
    return [...pages, ...units];
  }, [t, text, systemName, site, equipment]);
}
