import type { FieldProblem } from '@plantroom/contracts';
import { createContext, type ReactNode, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/client.ts';
import { hasPlace, ofDefinition, problemsAt } from '../../format/field-problems.ts';
import { Problem } from '../states.tsx';

const Problems = createContext<readonly FieldProblem[]>([]);

const problemsOf = (error: unknown): FieldProblem[] =>
  error instanceof ApiProblem ? ofDefinition(error.problems) : [];

/** What the server has refused, for the fields within. */
export function DefinitionProblems({ error, children }: { error: unknown; children: ReactNode }) {
  return <Problems.Provider value={problemsOf(error)}>{children}</Problems.Provider>;
}

function useProblemWords(): (problem: FieldProblem) => string {
  const { t, i18n } = useTranslation();
  return ({ code, message, values }) => (i18n.exists(`fault.${code}`) ? t(`fault.${code}`, values) : message);
}

/** What is wrong at this part of the definition. */
export function ProblemsAt({ at }: { at: string }) {
  const problems = problemsAt(useContext(Problems), at);
  const words = useProblemWords();
  if (problems.length === 0) return null;
  return (
    <ul role="alert" className="border-l-4 border-ink pl-2 font-medium" data-testid={`problem-${at}`}>
      {problems.map((problem) => (
        <li key={`${problem.field} ${problem.message}`}>{words(problem)}</li>
      ))}
    </ul>
  );
}

/** What has no place of its own in the form; of the others, that there are some. */
export function OtherProblems({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation();
  const words = useProblemWords();
  const problems = problemsOf(error);
  if (problems.length === 0) return <Problem error={error} />;
  const others = problems.filter((problem) => !hasPlace(problem));
  return (
    <div role="alert" className="font-medium" data-testid="definition-refused">
      <p>{t('setting.refused', { count: problems.length })}</p>
      <ul>
        {others.map((problem) => {
          const name = problem.field.split('.').slice(0, 2).join('-');
          return (
            <li key={`${problem.field} ${problem.message}`}>
              {i18n.exists(`settingField.${name}`) ? t(`settingField.${name}`) : problem.field}: {words(problem)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
