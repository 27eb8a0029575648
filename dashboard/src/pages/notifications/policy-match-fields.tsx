import { alarmPriorities, type PolicyMatch, systems } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useEquipmentList, useSites } from '../../api/queries.ts';
import { ChoiceSet, SelectField } from '../../components/form-fields.tsx';
import { PickList } from '../../components/pick-list.tsx';
import { useLocalText } from '../../state/i18n.ts';

interface Props {
  match: PolicyMatch;
  onChange: (match: PolicyMatch) => void;
}

/** Which alarms a policy is about; what is left empty matches all. */
export function PolicyMatchFields({ match, onChange }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const sites = useSites().data ?? [];
  const equipment = useEquipmentList().data ?? [];
  const set = (part: Partial<PolicyMatch>) => onChange({ ...match, ...part });
  const setLifeSafety = (value: string) => {
    const { lifeSafety: _, ...rest } = match;
    onChange(value === '' ? rest : { ...rest, lifeSafety: value === 'only' });
  };
  const classes = new Map(equipment.map((each) => [each.class, text(each.className)]));
  return (
    <>
      <SelectField
        label={t('notify.lifeSafety')}
        value={match.lifeSafety === undefined ? '' : match.lifeSafety ? 'only' : 'none'}
        options={[
          { value: '', label: t('notify.both') },
          { value: 'only', label: t('notify.onlyLifeSafety') },
          { value: 'none', label: t('notify.noLifeSafety') },
        ]}
        onChange={setLifeSafety}
      />
      <ChoiceSet
        label={t('notify.priorities')}
        hint={t('notify.noneIsAll')}
        values={match.priorities ?? []}
        options={alarmPriorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
        onChange={(values) => set({ priorities: values as NonNullable<PolicyMatch['priorities']> })}
      />
      <ChoiceSet
        label={t('notify.systems')}
        values={match.systems ?? []}
        options={systems.map((value) => ({ value, label: t(`notify.system.${value}`) }))}
        onChange={(values) => set({ systems: values as NonNullable<PolicyMatch['systems']> })}
      />
      {(sites.length > 1 || (match.sites ?? []).length > 0) && (
        <ChoiceSet
          label={t('notify.sites')}
          values={match.sites ?? []}
          options={sites.map((site) => ({ value: site.id, label: text(site.name) }))}
          onChange={(values) => set({ sites: values })}
        />
      )}
      <PickList
        label={t('notify.classes')}
        add={t('notify.addClass')}
        values={match.classes ?? []}
        options={[...classes].map(([value, label]) => ({ value, label }))}
        onChange={(values) => set({ classes: values })}
        testId="match-classes"
      />
      <PickList
        label={t('notify.equipment')}
        hint={t('notify.matchHint')}
        add={t('notify.addEquipment')}
        values={match.equipment ?? []}
        options={equipment.map(({ id, name }) => ({ value: id, label: text(name) }))}
        onChange={(values) => set({ equipment: values })}
        testId="match-equipment"
      />
    </>
  );
}
