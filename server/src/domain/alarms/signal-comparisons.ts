import type { AlarmCondition } from '@plantroom/contracts';
import type { SignalNode } from './signal-nodes.ts';
import type { SignalPlan } from './signal-plan.ts';

export interface PlannedComparison {
  condition: AlarmCondition;
  memo: number;
}

/**
 * What a rule asks of one of its points: comparisons alone, so that values which change none of them are no news; or null, where every value is.
 */
export function comparisonsOf(plan: SignalPlan, operand: number): PlannedComparison[] | null {
  const found: PlannedComparison[] = [];
  const isCompared = (node: SignalNode): boolean => {
    switch (node.op) {
      case 'constant':
        return true;
      case 'is':
        if (node.operand === operand) found.push(node);
        return true;
      case 'differs':
        return node.operand !== operand && node.feedback !== operand;
      case 'apart':
        return node.operand !== operand && !('operand' in node.from && node.from.operand === operand);
      case 'rate':
      case 'silent':
        return node.operand !== operand;
      case 'count':
      case 'for':
      case 'not':
        return isCompared(node.of);
      case 'all':
      case 'any':
        return node.of.every(isCompared);
    }
  };
  return isCompared(plan.root) ? found : null;
}
