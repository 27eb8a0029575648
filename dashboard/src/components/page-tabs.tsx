import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';

interface Tab {
  to: string;
  label: string;
  /** Only this very address; left out: those below it, too. */
  end?: boolean;
  testId: string;
}

/** Pages of one subject side by side; on a phone they scroll in one line, and the one that is open stays in sight. */
export function PageTabs({ label, tabs, className = '' }: { label: string; tabs: readonly Tab[]; className?: string }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address says which of them is open
  useEffect(() => {
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav ref={nav} className={`flex max-w-full gap-1 overflow-x-auto ${className}`} aria-label={label}>
      {tabs.map(({ to, end = false, label: text, testId }) => (
        <NavLink
          key={to}
          to={to}
          end={end}
          className={({ isActive }) => `button shrink-0 rounded-b-none border-b-0 ${isActive ? 'button-main' : ''}`}
          data-testid={testId}
        >
          {text}
        </NavLink>
      ))}
    </nav>
  );
}
