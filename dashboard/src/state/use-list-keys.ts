import { useEffect, useRef } from 'react';

interface Options {
  ids: readonly string[];
  selected: string | null;
  onSelect: (id: string) => void;
  /** Single letters, lower case → what they do. */
  letters?: Readonly<Record<string, (selected: string | null) => void>>;
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.getAttribute('type') !== 'checkbox'))
  );
}

/** Arrow keys walk the list; letters act on what is selected; never while somebody types or a dialog is open. */
export function useListKeys(options: Options): void {
  const latest = useRef(options);
  latest.current = options;
  // The address, where the choice is kept, follows a moment later: a letter struck at once must act on what the arrow chose.
  const cursor = useRef(options.selected);
  useEffect(() => {
    cursor.current = options.selected;
  }, [options.selected]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector('[aria-modal="true"]') !== null) return;
      const { ids, onSelect, letters } = latest.current;
      const selected = cursor.current;
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0 && ids.length > 0) {
        const at = selected === null ? -1 : ids.indexOf(selected);
        const next = ids[at < 0 ? (step > 0 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + step))];
        if (next !== undefined) {
          cursor.current = next;
          onSelect(next);
        }
        event.preventDefault();
        return;
      }
      const act = letters?.[event.key.toLowerCase()];
      if (act !== undefined) {
        event.preventDefault();
        act(selected);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
