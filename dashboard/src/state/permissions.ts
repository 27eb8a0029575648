import type { Role } from '@plantroom/contracts';
import { useSession } from '../api/queries.ts';

/** What the screen offers; the server decides for itself. */
export interface Permissions {
  acknowledge: boolean;
  /** Putting alarms out of service and back. */
  outOfService: boolean;
  workOrders: boolean;
  limits: boolean;
  /** Setting writable points. */
  commands: boolean;
  /** Who is told of alarms. */
  notifications: boolean;
}

export function permissionsOf(role: Role | undefined): Permissions {
  const works = role === 'admin' || role === 'engineer' || role === 'technician';
  const engineers = role === 'admin' || role === 'engineer';
  return {
    acknowledge: works,
    outOfService: engineers,
    workOrders: works,
    limits: engineers,
    commands: engineers,
    notifications: engineers,
  };
}

export function usePermissions(): Permissions {
  return permissionsOf(useSession().data?.role);
}
