import {
  channelSecrets,
  type NotificationChannelPut,
  type NotificationPerson,
  type NotificationPolicy,
  type NotificationRoster,
  type NotificationSettings,
} from '@plantroom/contracts';
import { type NotificationConfig, vendorLimits } from './config.ts';
import { isDate, isTimeZone } from './zoned-time.ts';

/** What is wrong with an input: one field, its value, what is allowed. Null: nothing. */
export interface FieldProblem {
  field: string;
  message: string;
}

const wrong = (field: string, message: string): FieldProblem => ({ field, message });
const known = (ids: Iterable<string>): string => [...ids].join(', ') || 'there are none yet';

/** What schemas cannot say of a channel, without what its address must look like (that is the adapter's matter). */
export function channelProblem(channel: NotificationChannelPut): FieldProblem | null {
  const { kind } = channel.settings;
  const limit = vendorLimits[kind]?.perMinute;
  if (limit !== undefined && channel.perMinute > limit) {
    return wrong(
      'perMinute',
      `${channel.perMinute} messages a minute are more than a robot of ${kind} may send: at most ${limit}`,
    );
  }
  const names = channelSecrets[kind].map((name) => name.replace('?', ''));
  for (const name of Object.keys(channel.secrets ?? {})) {
    if (!names.includes(name))
      return wrong(
        `secrets.${name}`,
        `a channel of kind ${kind} has no secret "${name}"; allowed: ${names.join(', ')}`,
      );
  }
  return null;
}

/** `addressProblem`: what is wrong with the address for that channel. */
export function personProblem(
  person: Omit<NotificationPerson, 'id'>,
  config: NotificationConfig,
  addressProblem: (channel: string, address: string) => string | null,
): FieldProblem | null {
  for (const [at, { channel, address }] of person.contacts.entries()) {
    if (!config.channels.has(channel))
      return wrong(
        `contacts.${at}.channel`,
        `there is no channel "${channel}"; known: ${known(config.channels.keys())}`,
      );
    const problem = addressProblem(channel, address);
    if (problem !== null) return wrong(`contacts.${at}.address`, problem);
  }
  return person.quiet === null ? null : zoneProblem('quiet.timeZone', person.quiet.timeZone);
}

export function rosterProblem(roster: Omit<NotificationRoster, 'id'>, config: NotificationConfig): FieldProblem | null {
  const zone = zoneProblem('timeZone', roster.timeZone);
  if (zone !== null) return zone;
  const ids = roster.shifts.map(({ id }) => id);
  for (const [at, shift] of roster.shifts.entries()) {
    if (ids.indexOf(shift.id) !== at) return wrong(`shifts.${at}.id`, `the shift "${shift.id}" is there twice`);
    const problem = peopleProblem(`shifts.${at}.people`, shift.people, config);
    if (problem !== null) return problem;
  }
  const seen = new Set<string>();
  for (const [at, { date, shift, people }] of roster.overrides.entries()) {
    const field = `overrides.${at}`;
    if (!isDate(date)) return wrong(`${field}.date`, `"${date}" is no day of the calendar, as 2026-11-23`);
    if (!ids.includes(shift)) return wrong(`${field}.shift`, `there is no shift "${shift}"; known: ${known(ids)}`);
    if (seen.has(`${date} ${shift}`)) return wrong(field, `the shift "${shift}" is changed twice on ${date}`);
    seen.add(`${date} ${shift}`);
    const problem = peopleProblem(`${field}.people`, people, config);
    if (problem !== null) return problem;
  }
  return null;
}

export function policyProblem(policy: Omit<NotificationPolicy, 'id'>, config: NotificationConfig): FieldProblem | null {
  for (const [at, step] of policy.steps.entries()) {
    const former = policy.steps[at - 1];
    if (former !== undefined && step.afterMinutes <= former.afterMinutes) {
      return wrong(
        `steps.${at}.afterMinutes`,
        `${step.afterMinutes} minutes do not come after the ${former.afterMinutes} of the step before`,
      );
    }
    for (const [place, target] of step.targets.entries()) {
      const field = `steps.${at}.targets.${place}.id`;
      const among = { roster: config.rosters, person: config.people, channel: config.channels, role: null }[
        target.type
      ];
      if (among !== null && !among.has(target.id))
        return wrong(field, `there is no ${target.type} "${target.id}"; known: ${known(among.keys())}`);
      const kind = target.type === 'channel' ? config.channels.get(target.id)?.settings.kind : undefined;
      if (kind === 'email' || kind === 'http') {
        return wrong(
          field,
          `the channel "${target.id}" needs an address: name a person, a role or a roster; allowed here are robots and webhooks`,
        );
      }
    }
  }
  return null;
}

export function settingsProblem({ publicUrl }: NotificationSettings): FieldProblem | null {
  if (publicUrl === null) return null;
  if (URL.canParse(publicUrl) && /^https?:$/.test(new URL(publicUrl).protocol) && !/[?#]/.test(publicUrl)) return null;
  return wrong('publicUrl', `"${publicUrl}" is no address as https://plantroom.example.com, without ? and #`);
}

/** What still names it, in words; empty: nothing. */
export function usesOf(kind: 'channel' | 'person' | 'roster', id: string, config: NotificationConfig): string[] {
  const inPolicies = [...config.policies.values()]
    .filter(({ steps }) =>
      steps.some(({ targets }) => targets.some((target) => target.type === kind && target.id === id)),
    )
    .map((policy) => `policy "${policy.id}"`);
  if (kind === 'channel') {
    const people = [...config.people.values()].filter(({ contacts }) => contacts.some(({ channel }) => channel === id));
    return [...people.map((person) => `person "${person.id}"`), ...inPolicies];
  }
  if (kind === 'roster') return inPolicies;
  const rosters = [...config.rosters.values()].filter(({ shifts, overrides }) =>
    [...shifts, ...overrides].some(({ people }) => people.includes(id)),
  );
  return [...rosters.map((roster) => `roster "${roster.id}"`), ...inPolicies];
}

function peopleProblem(field: string, people: readonly string[], config: NotificationConfig): FieldProblem | null {
  const unknown = people.find((id) => !config.people.has(id));
  return unknown === undefined
    ? null
    : wrong(field, `there is no person "${unknown}"; known: ${known(config.people.keys())}`);
}

function zoneProblem(field: string, timeZone: string): FieldProblem | null {
  return isTimeZone(timeZone) ? null : wrong(field, `"${timeZone}" is no IANA time zone, as "Asia/Shanghai" is`);
}
