import { lazy, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { useSession } from './api/queries.ts';
import { Frame } from './components/frame.tsx';
import { ErrorState, Skeleton } from './components/states.tsx';
import { startLive } from './live/live.ts';
import { SignIn } from './pages/sign-in.tsx';

const Overview = lazy(() => import('./pages/overview.tsx'));
const SystemPage = lazy(() => import('./pages/system.tsx'));
const EquipmentPage = lazy(() => import('./pages/equipment.tsx'));
const AlarmsPage = lazy(() => import('./pages/alarms.tsx'));
const AlarmPerformancePage = lazy(() => import('./pages/alarm-performance.tsx'));
const HandoverPage = lazy(() => import('./pages/handover.tsx'));
const TestModesPage = lazy(() => import('./pages/test-modes.tsx'));
const JournalPage = lazy(() => import('./pages/journal.tsx'));
const OrdersPage = lazy(() => import('./pages/work-orders.tsx'));
const OrderPage = lazy(() => import('./pages/work-order.tsx'));
const BacktestPage = lazy(() => import('./pages/backtest.tsx'));
const DevicesPage = lazy(() => import('./pages/devices.tsx'));
const ChannelsPage = lazy(() => import('./pages/notifications/channels.tsx'));
const PeoplePage = lazy(() => import('./pages/notifications/people.tsx'));
const RostersPage = lazy(() => import('./pages/notifications/rosters.tsx'));
const PoliciesPage = lazy(() => import('./pages/notifications/policies.tsx'));
const TemplatesPage = lazy(() => import('./pages/notifications/templates.tsx'));
const DeliveriesPage = lazy(() => import('./pages/notifications/deliveries.tsx'));
const NotFound = lazy(() => import('./pages/not-found.tsx'));

export function App() {
  const { t } = useTranslation();
  const session = useSession();
  if (session.data === undefined)
    return session.isError ? (
      <ErrorState what={t('session.failed')} error={session.error} onRetry={() => void session.refetch()} />
    ) : (
      <Skeleton rows={6} className="p-8" />
    );
  return <BrowserRouter>{session.data === null ? <SignIn /> : <SignedIn />}</BrowserRouter>;
}

function SignedIn() {
  useEffect(startLive, []);
  return (
    <Routes>
      <Route element={<Frame />}>
        <Route index element={<Overview />} />
        <Route path="sites/:site" element={<Overview />} />
        <Route path="sites/:site/systems/:system" element={<SystemPage />} />
        <Route path="equipment/:site/:equipment" element={<EquipmentPage />} />
        <Route path="alarms" element={<AlarmsPage />} />
        <Route path="alarms/tests" element={<TestModesPage />} />
        <Route path="alarms/journal" element={<JournalPage />} />
        <Route path="notifications" element={<Navigate to="/notifications/channels" replace />} />
        <Route path="notifications/channels" element={<ChannelsPage />} />
        <Route path="notifications/people" element={<PeoplePage />} />
        <Route path="notifications/rosters" element={<RostersPage />} />
        <Route path="notifications/policies" element={<PoliciesPage />} />
        <Route path="notifications/templates" element={<TemplatesPage />} />
        <Route path="notifications/deliveries" element={<DeliveriesPage />} />
        <Route path="alarms/performance" element={<AlarmPerformancePage />} />
        <Route path="handover" element={<HandoverPage />} />
        <Route path="work-orders" element={<OrdersPage />} />
        <Route path="work-orders/:id" element={<OrderPage />} />
        <Route path="backtest" element={<BacktestPage />} />
        <Route path="devices" element={<DevicesPage />} />
        <Route path="sign-in" element={<Navigate to="/" replace />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
