import type { AlarmSetting, EquipmentDetail } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useAlarmSettings } from '../api/queries.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePermissions } from '../state/permissions.ts';
import { AlarmShape } from './alarm-shape.tsx';
import { Section } from './page.tsx';
import { Loaded } from './states.tsx';
import { useConditionText } from './use-condition-text.ts';

interface Props {
  detail: EquipmentDetail;
  selected: string | null;
  onSelect: (alarm: string) => void;
}

/** Drawer of an alarm that is to be added. */
export const newAlarm = 'new';

/** All alarms of an equipment as they are in force, and which of them the site has changed. */
export function AlarmSettingsList({ detail, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const query = useAlarmSettings(detail.id);
  const { limits: mayChange } = usePermissions();
  const add = mayChange && detail.points.length > 0 && (
    <button type="button" className="button px-2" onClick={() => onSelect(newAlarm)} data-testid="setting-add">
      {t('setting.add')}
    </button>
  );
  return (
    <Section title={t('setting.title')} aside={add} testId="alarm-settings">
      <Loaded query={query} what={t('setting.failed')} rows={4}>
        {(settings) =>
          settings.length === 0 ? (
            <p className="text-faint">{t('setting.none')}</p>
          ) : (
            <ul className="divide-y divide-line">
              {settings.map((setting) => (
                <Row
                  key={setting.inForce.id}
                  setting={setting}
                  detail={detail}
                  isSelected={setting.inForce.id === selected}
                  onSelect={onSelect}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

interface RowProps {
  setting: AlarmSetting;
  detail: EquipmentDetail;
  isSelected: boolean;
  onSelect: (alarm: string) => void;
}

function Row({ setting: { inForce, mark }, detail, isSelected, onSelect }: RowProps) {
  const { t } = useTranslation();
  const text = useLocalText();
  const conditionText = useConditionText();
  const point = detail.points.find(({ id }) => id === inForce.source);
  return (
    <li>
      <button
        type="button"
        className={`flex min-h-touch w-full items-center gap-3 px-1 py-1 text-left hover:bg-raised ${isSelected ? 'bg-raised' : ''}`}
        onClick={() => onSelect(inForce.id)}
        aria-pressed={isSelected}
        data-testid="setting-row"
        data-alarm={inForce.id}
        data-mark={mark}
      >
        <AlarmShape priority={inForce.priority} state={inForce.enabled ? 'ACKED' : 'OOSRV'} />
        <span className="min-w-0 flex-1">
          <span className={`block ${inForce.enabled ? '' : 'text-faint line-through'}`}>
            {text(inForce.guidance.name)}
          </span>
          <span className="num block break-words text-xs text-dim">
            {conditionText(inForce.condition, point)}
            {inForce.enabledWhen !== undefined && ` · ${t('setting.gated')}`}
          </span>
        </span>
        <span className={`shrink-0 text-xs ${mark === 'default' ? 'text-faint' : 'rounded border border-line px-1'}`}>
          {t(`settingMark.${mark}`)}
        </span>
      </button>
    </li>
  );
}
