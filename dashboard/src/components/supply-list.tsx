import type { Supply } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

interface Props {
  dependsOn: readonly Supply[];
  nameOf: (equipment: string) => string;
}

/** What an equipment hangs on: those that it needs one after the other, alternatives with how many of them are enough. */
export function SupplyList({ dependsOn, nameOf }: Props) {
  const { t } = useTranslation();
  const link = (id: string) => (
    <Link key={id} className="link mr-2" to={`/equipment/${id}`}>
      {nameOf(id)}
    </Link>
  );
  if (dependsOn.length === 0) return <>–</>;
  return (
    <>
      {dependsOn.map((supply) =>
        typeof supply === 'string' ? (
          link(supply)
        ) : (
          <div key={supply.oneOf.join()}>
            <span className="mr-2 text-faint">
              {t('equipment.enoughOf', { needs: supply.needs, count: supply.oneOf.length })}
            </span>
            {supply.oneOf.map(link)}
          </div>
        ),
      )}
    </>
  );
}
