import type { AlarmDefinition, AlarmSetting, EquipmentDetail } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAlarmSettings } from '../api/queries.ts';
import { backtestAddress } from '../format/backtest-draft.ts';
import { dateTime } from '../format/time.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePermissions } from '../state/permissions.ts';
import { usePointPaths } from '../state/use-point-paths.ts';
import { AlarmAddForm } from './alarm-add-form.tsx';
import { AlarmSettingForm } from './alarm-setting-form.tsx';
import { newAlarm } from './alarm-settings-list.tsx';
import { Drawer, Fact } from './drawer.tsx';
import { Skeleton } from './states.tsx';
import { useConditionText } from './use-condition-text.ts';
import { useExpressionText } from './use-expression-text.ts';

interface Props {
  detail: EquipmentDetail;
  alarm: string;
  timeZone: string;
  onClose: () => void;
}

/** One alarm as it is in force beside what its class says, and the form to change it. */
export function AlarmSettingDrawer({ detail, alarm, timeZone, onClose }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const { limits: mayChange } = usePermissions();
  const setting = useAlarmSettings(detail.id).data?.find(({ inForce }) => inForce.id === alarm);
  if (alarm === newAlarm)
    return (
      <Drawer title={t('setting.add')} onClose={onClose} testId="setting-drawer">
        <AlarmAddForm detail={detail} onDone={onClose} />
      </Drawer>
    );
  if (setting === undefined) return null;
  const { inForce, changed } = setting;
  return (
    <Drawer title={text(inForce.guidance.name)} onClose={onClose} testId="setting-drawer">
      <Comparison setting={setting} detail={detail} />
      {mayChange && inForce.condition.type !== 'offline' && (
        <Link className="button w-full" to={backtestAddress(inForce.id)} data-testid="setting-backtest">
          {t('backtest.open')}
        </Link>
      )}
      {changed !== null && (
        <p className="border-l-2 border-line pl-3 text-dim">
          {t('setting.changed', { by: changed.by, at: dateTime(changed.atMs, timeZone) })}
          <span className="block text-ink">{changed.reason}</span>
        </p>
      )}
      <dl className="space-y-3">
        <Fact label={t('alarms.cause')}>{text(inForce.guidance.cause)}</Fact>
        <Fact label={t('alarms.consequence')}>{text(inForce.guidance.consequence)}</Fact>
        <Fact label={t('alarms.response')}>{text(inForce.guidance.response)}</Fact>
      </dl>
      <section className="border-t border-line pt-3">
        <h3 className="mb-2 font-semibold">{t('setting.change')}</h3>
        {mayChange ? (
          <Form key={`${alarm} ${changed?.atMs}`} setting={setting} detail={detail} />
        ) : (
          <p className="text-faint">{t('limit.forbidden')}</p>
        )}
      </section>
    </Drawer>
  );
}

function Form({ setting, detail }: { setting: AlarmSetting; detail: EquipmentDetail }) {
  const point = detail.points.find(({ id }) => id === setting.inForce.source);
  const paths = usePointPaths(point);
  return paths === null ? <Skeleton rows={6} /> : <AlarmSettingForm setting={setting} point={point} paths={paths} />;
}

function Comparison({
  setting: { inForce, classDefault },
  detail,
}: {
  setting: AlarmSetting;
  detail: EquipmentDetail;
}) {
  const { t } = useTranslation();
  const conditionText = useConditionText();
  const { said, named } = useExpressionText();
  const point = detail.points.find(({ id }) => id === inForce.source);
  const paths = usePointPaths(point);
  const gateText = ({ enabledWhen }: AlarmDefinition): string => {
    if (enabledWhen === undefined) return t('setting.always');
    if (paths === null) return t('setting.gated');
    const { when, forMs = 0 } = enabledWhen;
    const only = t('setting.onlyWhen', { when: said(when, paths) });
    return forMs === 0 ? only : `${only} ${t('setting.heldFor', { seconds: forMs / 1000 })}`;
  };
  const watchedText = ({ condition }: AlarmDefinition): string => {
    if (paths === null) return conditionText(condition, point);
    if (condition.type === 'expression') return said(condition.when, paths);
    const rest = conditionText(condition, point);
    if (condition.type === 'count') return `${rest} · ${said(condition.of, paths)}`;
    if (condition.type === 'mismatch') return `${rest} · ${named(condition.feedback, paths)}`;
    const isFromPoint = condition.type === 'deviation' && typeof condition.from === 'string';
    return isFromPoint ? `${rest} · ${t('conditionField.from')} ${named(String(condition.from), paths)}` : rest;
  };
  const yesNo = (value: boolean) => t(value ? 'setting.yes' : 'setting.no');
  const rows: [string, (of: AlarmDefinition) => string][] = [
    [t('alarms.condition'), watchedText],
    [t('setting.state'), gateText],
    [t('setting.delays'), (of) => t('limit.delays', { on: of.onDelayMs / 1000, off: of.offDelayMs / 1000 })],
    [t('limit.priority'), (of) => t(`priority.${of.priority}`)],
    [t('limit.opensOrder'), (of) => yesNo(of.opensOrder)],
    [t('limit.enabled'), (of) => yesNo(of.enabled)],
  ];
  return (
    <table className="w-full table-fixed text-left">
      <thead>
        <tr className="text-xs text-faint">
          <th className="w-[4.5rem] py-1 font-normal" />
          <th className="font-normal">{t('setting.inForce')}</th>
          <th className="font-normal">{t('setting.classDefault')}</th>
        </tr>
      </thead>
      <tbody className="num align-top">
        {rows.map(([label, show]) => {
          const now = show(inForce);
          const before = classDefault === null ? '–' : show(classDefault);
          return (
            <tr key={label} className="border-t border-line">
              <th className="py-1 pr-2 text-xs font-normal text-dim">{label}</th>
              <td className={`pr-2 ${now === before ? '' : 'font-semibold'}`}>{now}</td>
              <td className="text-dim">{before}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
