import type { FieldProblem } from '@plantroom/contracts';

/** Parts of a definition that show their problems themselves. */
const shownWithin = /^(?:when|of|allOf|anyOf|not)(?:\.|$)/;

/** Those of a part of the form, not of the parts within it. `at`: `condition.when.anyOf.1`. */
export function problemsAt(problems: readonly FieldProblem[], at: string): FieldProblem[] {
  return problems.filter(
    ({ field }) => field === at || (field.startsWith(`${at}.`) && !shownWithin.test(field.slice(at.length + 1))),
  );
}

/** As problems of one definition: a backtest says in which of its changes they lie. */
export function ofDefinition(problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.map((problem) => ({ ...problem, field: problem.field.replace(/^changes\.\d+\./, '') }));
}

/** Whether the form has a place for it beside the field. */
export const hasPlace = ({ field }: FieldProblem): boolean => /^(?:condition|enabledWhen)(?:\.|$)/.test(field);
