import type { Point, PointWriteRange } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../api/queries.ts';
import { isUnderWay, newest } from '../format/command.ts';
import { useCommand } from '../live/use-live.ts';
import { usePermissions } from '../state/permissions.ts';
import { CommandForm } from './command-form.tsx';
import { CommandProgress } from './command-progress.tsx';

interface Props {
  point: Point;
  write: PointWriteRange;
  timeZone: string;
}

/** What may be set, for those who may; and for all what came of the last command. */
export function CommandPanel({ point, write, timeZone }: Props) {
  const { t } = useTranslation();
  const { commands: may } = usePermissions();
  const live = useCommand(point.id);
  const stored = useCommands(point.id, `${live?.id} ${live?.revision}`).data?.items[0];
  const last = newest(live, stored);
  return (
    <section className="border-t border-line pt-3" data-testid="command-panel">
      <h3 className="mb-2 font-semibold">{t('command.title')}</h3>
      {may ? (
        <CommandForm point={point} write={write} underWay={isUnderWay(last)} />
      ) : (
        <p className="text-faint">{t('command.forbidden')}</p>
      )}
      {last !== undefined && <CommandProgress command={last} point={point} timeZone={timeZone} />}
    </section>
  );
}
