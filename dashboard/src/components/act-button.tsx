import type { ReactNode } from 'react';

interface ActProps {
  children: ReactNode;
  disabled: boolean;
  onAct: () => void;
  testId: string;
  className?: string;
}

/** Does it at once. */
export function ActButton({ children, disabled, onAct, testId, className = '' }: ActProps) {
  return (
    <button type="button" className={`button ${className}`} disabled={disabled} onClick={onAct} data-testid={testId}>
      {children}
    </button>
  );
}

interface OpenProps {
  children: ReactNode;
  isOpen: boolean;
  onToggle: () => void;
  testId: string;
  className?: string;
}

/** Opens the form that the act needs first, and closes it. */
export function FormButton({ children, isOpen, onToggle, testId, className = '' }: OpenProps) {
  return (
    <button
      type="button"
      className={`button ${className}`}
      aria-expanded={isOpen}
      onClick={onToggle}
      data-testid={testId}
    >
      {children}
    </button>
  );
}
