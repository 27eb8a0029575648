import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { ErrorState } from './states.tsx';

interface Props {
  /** A new page starts anew. */
  place: string;
  children: ReactNode;
}

interface State {
  error: unknown;
  place: string;
}

/** React has this only as a class: a page that fails, or whose code could not be fetched, leaves the frame and its alarms standing. */
class Guard extends Component<Props, State> {
  override state: State = { error: null, place: this.props.place };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Failed error={this.state.error} />;
  }
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <main className="flex-1 p-4">
      <ErrorState what={t('state.pageFailed')} error={error} onRetry={() => location.reload()} />
    </main>
  );
}

export function PageGuard({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return <Guard place={pathname}>{children}</Guard>;
}
