import type { CommandValue, Point, PointWriteRange } from '@plantroom/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newActId } from '../api/act-id.ts';
import { setPoint } from '../api/actions.ts';
import { choices, commandValue, shownLimits } from '../format/command.ts';
import { displayUnit } from '../format/value.ts';
import { liveStore } from '../live/live.ts';
import { usePointValue } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { useRequest } from '../state/use-request.ts';
import { Fact } from './drawer.tsx';
import { Problem } from './states.tsx';
import { useShown } from './use-shown.ts';

interface Props {
  point: Point;
  write: PointWriteRange;
  /** A command for the point has not ended: no second one is offered. */
  underWay: boolean;
}

/** A new value, then the change in words to be confirmed; one confirmation is one command, however often it is sent. */
export function CommandForm({ point, write, underWay }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  /** The key of the change under review; null: none is. */
  const [key, setKey] = useState<string | null>(null);
  const { busy, problem, clear, run } = useRequest();
  const value = commandValue(point, write, typed);
  const send = (wanted: CommandValue, ofKey: string) =>
    run(async () => {
      const given = reason.trim();
      liveStore.takeCommand(
        await setPoint({ point: point.id, value: wanted, key: ofKey, ...(given === '' ? {} : { reason: given }) }),
      );
      setTyped('');
      setReason('');
      setKey(null);
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value === null || busy || underWay) return;
    if (key === null) setKey(newActId());
    else void send(value, key);
  };
  return (
    <form className="space-y-3" onSubmit={submit} data-testid="command-form">
      {key !== null && value !== null ? (
        <Review point={point} value={value} />
      ) : (
        <>
          <Input point={point} write={write} typed={typed} onType={setTyped} />
          <label className="block">
            <span className="text-xs text-dim">{t('command.reason')}</span>
            <input
              className="field mt-1"
              maxLength={1000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              data-testid="command-reason"
            />
          </label>
        </>
      )}
      <Problem error={problem} />
      <div className="flex gap-2">
        <button
          type="submit"
          className="button button-main flex-1"
          disabled={busy || underWay || value === null}
          data-testid={key === null ? 'command-review' : 'command-send'}
        >
          {t(key === null ? 'command.review' : 'command.send')}
        </button>
        {key !== null && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => {
              setKey(null);
              clear();
            }}
            data-testid="command-back"
          >
            {t('command.back')}
          </button>
        )}
      </div>
    </form>
  );
}

function Input({
  point,
  write,
  typed,
  onType,
}: Omit<Props, 'underWay'> & { typed: string; onType: (text: string) => void }) {
  const { t } = useTranslation();
  const shown = useShown(point);
  const { symbol } = displayUnit(point);
  const { min, max } = shownLimits(point, write);
  const offered = choices(point, write);
  if (offered !== null && offered.length <= 2) {
    return (
      <fieldset className="flex gap-1">
        <legend className="mb-1 text-xs text-dim">{t('command.choose')}</legend>
        {offered.map((code) => (
          <label
            key={code}
            className={`button flex-1 cursor-pointer px-2 has-[:focus-visible]:outline ${typed === String(code) ? 'button-main' : ''}`}
            data-testid={`command-choice-${code}`}
          >
            <input
              type="radio"
              name="command-choice"
              className="sr-only"
              checked={typed === String(code)}
              onChange={() => onType(String(code))}
            />
            {shown(code)}
          </label>
        ))}
      </fieldset>
    );
  }
  if (offered !== null) {
    return (
      <label className="block">
        <span className="text-xs text-dim">{t('command.choose')}</span>
        <select
          className="field mt-1"
          value={typed}
          onChange={(event) => onType(event.target.value)}
          data-testid="command-choice"
        >
          <option value="" />
          {offered.map((code) => (
            <option key={code} value={code}>
              {shown(code)}
            </option>
          ))}
        </select>
      </label>
    );
  }
  const text = point.kind === 'string';
  return (
    <label className="block">
      <span className="text-xs text-dim">{t('command.wanted', { unit: symbol })}</span>
      <input
        type={text ? 'text' : 'number'}
        step="any"
        className="field num mt-1"
        value={typed}
        {...(min === null ? {} : { min })}
        {...(max === null ? {} : { max })}
        onChange={(event) => onType(event.target.value)}
        data-testid="command-value"
      />
      {min !== null && max !== null && (
        <span className="num mt-1 block text-xs text-faint">{t('command.between', { min, max, unit: symbol })}</span>
      )}
    </label>
  );
}

function Review({ point, value }: { point: Point; value: CommandValue }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const shown = useShown(point);
  const now = usePointValue(point.id)?.value ?? null;
  const equipment = useEquipmentIndex().get(point.equipment);
  return (
    <div className="space-y-2 rounded border border-edge bg-canvas p-3" data-testid="command-confirm">
      <p className="font-medium">{t('command.confirm')}</p>
      <dl className="space-y-1">
        <Fact label={t('command.equipment')}>{equipment === undefined ? point.equipment : text(equipment.name)}</Fact>
        <Fact label={t('command.point')}>{text(point.name)}</Fact>
        <Fact label={t('command.change')}>
          <span className="num text-lg">
            {shown(now)} → <strong>{shown(value)}</strong>
          </span>
        </Fact>
      </dl>
    </div>
  );
}
