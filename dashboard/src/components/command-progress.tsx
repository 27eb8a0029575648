import type { Command, Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { isUnderWay } from '../format/command.ts';
import { dateTimeSeconds } from '../format/time.ts';
import { useShown } from './use-shown.ts';

/** How far the last command has come: sent, taken, read back; and in words how it ended. */
export function CommandProgress({ command, point, timeZone }: { command: Command; point: Point; timeZone: string }) {
  const { t } = useTranslation();
  const shown = useShown(point);
  const { state, code, readBack } = command;
  const steps = [
    ['sent', command.sentMs !== null],
    ['accepted', command.acceptedMs !== null],
    ['verified', state === 'verified'],
  ] as const;
  return (
    <div className="mt-3 rounded border border-line bg-canvas p-3" data-testid="command" data-state={state}>
      <p className="text-xs text-faint">{t('command.last')}</p>
      <p className="num font-medium">{shown(command.value)}</p>
      <p className="num text-xs text-dim">
        {t('command.by', { user: command.user, time: dateTimeSeconds(command.requestedMs, timeZone) })}
      </p>
      <ol className="my-2 flex gap-1" aria-hidden="true">
        {steps.map(([step, reached]) => (
          <li
            key={step}
            className={`flex-1 border-t-4 pt-1 text-xs ${reached ? 'border-ink text-ink' : 'border-line text-faint'}`}
          >
            {t(`commandStep.${step}`)}
          </li>
        ))}
      </ol>
      <p role="status" className={isUnderWay(command) || state === 'verified' ? '' : 'font-medium'}>
        {t(`commandState.${state}`)}
      </p>
      {readBack !== null && <p className="num">{t('command.readBack', { value: shown(readBack) })}</p>}
      {code !== null && <p className="text-dim">{t(`commandReason.${code}`)}</p>}
      {command.message !== null && <p className="mt-1 break-words text-xs text-faint">{command.message}</p>}
    </div>
  );
}
