import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { signOut } from '../api/actions.ts';
import { keys, useSession } from '../api/queries.ts';
import { stopLive } from '../live/live.ts';
import { usePermissions } from '../state/permissions.ts';
import { useRequest } from '../state/use-request.ts';
import { Icon } from './icons.tsx';
import { Problem } from './states.tsx';
import { ViewSwitches } from './view-switches.tsx';

export function UserMenu({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation();
  const session = useSession().data;
  const permissions = usePermissions();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const { problem, run } = useRequest();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !root.current?.contains(event.target as Node))
        setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('keydown', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('keydown', away);
    };
  }, [open]);
  const leave = async () => {
    await signOut();
    stopLive();
    client.clear();
    client.setQueryData(keys.session, null);
  };
  return (
    <div className="relative" ref={root}>
      <button
        type="button"
        className="button button-flat min-w-touch px-2"
        aria-expanded={open}
        aria-haspopup="menu"
        aria-label={t('user.menu')}
        onClick={() => setOpen(!open)}
        data-testid="user-menu"
      >
        <Icon name="user" />
        <span className="hidden lg:inline">{session?.username}</span>
      </button>
      {open && (
        <div className="absolute right-0 top-full z-50 mt-1 w-60 space-y-2 rounded border border-edge bg-panel p-3">
          <p>
            {session?.username} <span className="text-dim">{session == null ? '' : t(`role.${session.role}`)}</span>
          </p>
          <div className="md:hidden">
            <ViewSwitches />
            <button
              type="button"
              className="button mt-2 w-full"
              onClick={() => {
                setOpen(false);
                onSearch();
              }}
            >
              <Icon name="search" /> {t('palette.open')}
            </button>
          </div>
          {permissions.notifications && (
            <Link
              className="button w-full"
              to="/notifications/channels"
              onClick={() => setOpen(false)}
              data-testid="notifications-link"
            >
              {t('notify.title')}
            </Link>
          )}
          <button type="button" className="button w-full" onClick={() => void run(leave)} data-testid="sign-out">
            {t('user.signOut')}
          </button>
          <Problem error={problem} />
        </div>
      )}
    </div>
  );
}
