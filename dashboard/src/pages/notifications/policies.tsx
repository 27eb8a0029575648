import type { NotificationPolicy } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotificationList } from '../../api/notifications.ts';
import { useEquipmentList } from '../../api/queries.ts';
import { Empty, Loaded } from '../../components/states.tsx';
import { useLocalText } from '../../state/i18n.ts';
import { ListHead, NotificationPage } from './layout.tsx';
import { PolicyForm } from './policy-form.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { useTargetName } from './target-name.ts';

export default function PoliciesPage() {
  const { t } = useTranslation();
  const policies = useNotificationList('policies');
  const [open, setOpen] = useState<NotificationPolicy | 'new' | null>(null);
  const drawer =
    open === null ? null : (
      <PolicyForm
        key={open === 'new' ? 'new' : open.id}
        policy={open === 'new' ? null : open}
        onClose={() => setOpen(null)}
      />
    );
  return (
    <NotificationPage tab="policies" drawer={drawer}>
      <ListHead hint={t('notify.policiesHint')} label={t('notify.newPolicy')} onNew={() => setOpen('new')} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Loaded query={policies} what={t('notify.failed')} rows={4}>
          {(list) =>
            list.length === 0 ? (
              <Empty title={t('notify.noPolicies')} hint={t('notify.noPoliciesHint')} />
            ) : (
              <ul className="space-y-3">
                {list.map((policy) => (
                  <PolicyCard key={policy.id} policy={policy} onOpen={() => setOpen(policy)} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <PreviewPanel />
      </div>
    </NotificationPage>
  );
}

function PolicyCard({ policy, onOpen }: { policy: NotificationPolicy; onOpen: () => void }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const nameOf = useTargetName();
  const equipment = useEquipmentList().data ?? [];
  const { match } = policy;
  const about = [
    ...(match.lifeSafety === undefined
      ? []
      : [match.lifeSafety ? t('notify.onlyLifeSafety') : t('notify.noLifeSafety')]),
    ...(match.priorities ?? []).map((priority) => t(`priority.${priority}`)),
    ...(match.systems ?? []).map((system) => t(`notify.system.${system}`)),
    ...(match.sites ?? []),
    ...(match.classes ?? []).map((id) => {
      const known = equipment.find((each) => each.class === id);
      return known === undefined ? id : text(known.className);
    }),
    ...(match.equipment ?? []).map((id) => {
      const known = equipment.find((each) => each.id === id);
      return known === undefined ? id : text(known.name);
    }),
  ];
  return (
    <li>
      <button
        type="button"
        className="w-full rounded border border-line bg-panel p-3 text-left hover:bg-raised"
        onClick={onOpen}
        data-testid="policy"
      >
        <span className="flex items-baseline gap-2">
          <strong>{policy.name}</strong>
          <span className="ml-auto text-xs text-dim">
            {policy.enabled ? t('notify.enabled') : t('notify.disabled')}
          </span>
        </span>
        <span className="mt-1 block text-xs text-dim">
          {about.length === 0 ? t('notify.allAlarms') : about.join(' · ')}
        </span>
        {policy.steps.map((step) => (
          <span key={step.afterMinutes} className="mt-1 block">
            <span className="num mr-2 inline-block min-w-24 text-dim">
              {t('notify.afterMinutes', { count: step.afterMinutes })}
            </span>
            {step.targets.map(nameOf).join(' · ')}
          </span>
        ))}
      </button>
    </li>
  );
}
