import type { Gateway } from '@plantroom/contracts';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '@tremor/react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Page, Section } from '../components/page.tsx';
import { Empty, Skeleton } from '../components/states.tsx';
import { clockTime, dateTime } from '../format/time.ts';
import { useAge } from '../format/use-age.ts';
import { useLinkState, useLiveDevices, useLiveGateways, useLiveLoaded, useLiveScope } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePreferences } from '../state/preferences.ts';
import { useEquipmentIndex, useTimeZone } from '../state/site.ts';

const cell = 'px-3 py-1.5';

/** What brings the values: gateways and the devices behind them. */
export default function DevicesPage() {
  const { t } = useTranslation();
  const loaded = useLiveLoaded();
  const link = useLinkState();
  useLiveScope({ kind: 'none' });
  return (
    <Page title={t('nav.devices')}>
      {!loaded && link !== 'down' ? (
        <Skeleton rows={8} />
      ) : (
        <div className={`space-y-3 ${link === 'live' ? '' : 'opacity-70'}`}>
          <Gateways />
          <Devices />
        </div>
      )}
    </Page>
  );
}

function Online({ online, sinceMs }: { online: boolean; sinceMs: number }) {
  const { t } = useTranslation();
  const age = useAge(sinceMs);
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${online ? '' : 'font-semibold text-ink'}`}>
      <span className={`h-2.5 w-2.5 rounded-full border-2 border-current ${online ? 'bg-current' : ''}`} />
      {t(online ? 'device.online' : 'device.offline')} <span className="num text-xs text-dim">{age}</span>
    </span>
  );
}

function Head({ columns }: { columns: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <TableHead>
      <TableRow>
        {columns.map((column) => (
          <TableHeaderCell key={column} className={cell}>
            {t(`device.${column}`)}
          </TableHeaderCell>
        ))}
      </TableRow>
    </TableHead>
  );
}

function Gateways() {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const gateways = [...useLiveGateways()].sort(
    (a, b) => Number(a.online) - Number(b.online) || a.id.localeCompare(b.id),
  );
  return (
    <Section title={t('device.gateways')}>
      {gateways.length === 0 ? (
        <Empty title={t('device.noGateways')} hint={t('device.noGatewaysHint')} />
      ) : (
        <Table>
          <Head columns={['id', 'state', 'points', 'watermark', 'outbox', 'gaps', 'rebirths']} />
          <TableBody>
            {gateways.map((gateway) => (
              <TableRow
                key={gateway.id}
                data-testid="gateway-row"
                data-gateway={gateway.id}
                data-online={gateway.online}
              >
                <TableCell className={`${cell} text-ink`}>{gateway.id}</TableCell>
                <TableCell className={cell}>
                  <Online online={gateway.online} sinceMs={gateway.sinceMs} />
                </TableCell>
                <TableCell className={`${cell} num`}>{gateway.pointCount}</TableCell>
                <TableCell className={`${cell} num`}>
                  {gateway.watermarkMs === null ? '–' : clockTime(gateway.watermarkMs, timeZone)}
                </TableCell>
                <TableCell className={`${cell} whitespace-normal`}>
                  <OutboxState gateway={gateway} timeZone={timeZone} />
                </TableCell>
                <TableCell className={`${cell} num`}>{gateway.sequenceGaps}</TableCell>
                <TableCell className={`${cell} num`}>{gateway.rebirthsRequested}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}

/** Whether everything that was read could be sent. */
function OutboxState({ gateway, timeZone }: { gateway: Gateway; timeZone: string }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { outbox, holes } = gateway;
  if (outbox !== null && outbox.refusing !== null)
    return <b className="text-ink">{t('device.outboxRefusing', { reason: outbox.refusing })}</b>;
  const last = holes.at(-1);
  if (last === undefined) return outbox === null ? '–' : t('device.outboxOk');
  const count = holes.reduce((sum, hole) => sum + (hole.count ?? 0), 0);
  return (
    <span data-testid="outbox-lost">
      {t('device.outboxLost', {
        values: count.toLocaleString(language),
        at: dateTime(last.recordedMs, timeZone),
        reason: t(`hole.${last.reason}`),
      })}
    </span>
  );
}

function Devices() {
  const { t } = useTranslation();
  const text = useLocalText();
  const timeZone = useTimeZone();
  const equipment = useEquipmentIndex();
  const devices = [...useLiveDevices()].sort((a, b) => Number(a.online) - Number(b.online) || a.id.localeCompare(b.id));
  return (
    <Section title={t('device.devices')}>
      {devices.length === 0 ? (
        <Empty title={t('device.noDevices')} hint={t('device.noDevicesHint')} />
      ) : (
        <Table>
          <Head columns={['id', 'state', 'profile', 'equipment', 'since']} />
          <TableBody>
            {devices.map((device) => (
              <TableRow key={device.id} data-testid="device-row" data-device={device.id} data-online={device.online}>
                <TableCell className={`${cell} text-ink`}>{device.id}</TableCell>
                <TableCell className={cell}>
                  <Online online={device.online} sinceMs={device.sinceMs} />
                </TableCell>
                <TableCell className={cell}>{device.profile ?? '–'}</TableCell>
                <TableCell className={`${cell} whitespace-normal`}>
                  {device.equipment.map((id) => {
                    const unit = equipment.get(id);
                    return (
                      <Link key={id} className="link mr-2" to={`/equipment/${id}`}>
                        {unit === undefined ? id : text(unit.name)}
                      </Link>
                    );
                  })}
                </TableCell>
                <TableCell className={`${cell} num`}>{dateTime(device.sinceMs, timeZone)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}
