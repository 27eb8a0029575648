import type { System } from '@plantroom/contracts';
import type { JSX } from 'react';

export type IconName =
  | System
  | 'overview'
  | 'alarms'
  | 'orders'
  | 'devices'
  | 'search'
  | 'theme'
  | 'user'
  | 'close'
  | 'wall'
  | 'link'
  | 'broken'
  | 'chevron'
  | 'limit'
  | 'sound'
  | 'silent';

/** 20 × 20, stroked with the text's colour; drawn for Plantroom. */
const drawings: Record<IconName, JSX.Element> = {
  overview: <path d="M3 17V8l7-5 7 5v9h-5v-5H8v5z" />,
  elevators: (
    <>
      <rect x="4" y="2.5" width="12" height="15" />
      <path d="M10 2.5v15M6 8l1.3-2L8.6 8M11.4 6l1.3 2L14 6" />
    </>
  ),
  water: <path d="M10 2.5c3 4 5 6.3 5 9.2a5 5 0 0 1-10 0c0-2.9 2-5.2 5-9.2zM7.8 12.2a2.4 2.4 0 0 0 2.2 2.3" />,
  power: <path d="M11.5 2 4.5 11.5H9L8.5 18l7-9.5H11z" />,
  fire: (
    <path d="M10 17.5c-3 0-5-2-5-4.8 0-3.2 3-4.5 3.2-9.7 3 1.5 3.6 4 3.4 5.7.9-.4 1.3-1.2 1.4-2.2 1.3 1.5 2 3.6 2 5.7 0 3.2-2 5.3-5 5.3z" />
  ),
  hvac: (
    <>
      <circle cx="10" cy="10" r="7.5" />
      <path d="M10 10c0-3 .8-4.8 2.5-5M10 10c3 0 4.8.8 5 2.5M10 10c0 3-.8 4.8-2.5 5M10 10c-3 0-4.8-.8-5-2.5" />
    </>
  ),
  environment: <path d="M7.5 11.5V4a2 2 0 0 1 4 0v7.5a3.5 3.5 0 1 1-4 0zM9.5 8v6M14 5h3M14 8h3" />,
  alarms: <path d="M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3" />,
  orders: <path d="M5 3h10v14.5H5zM7.5 7h5M7.5 10h5M7.5 13h3" />,
  devices: (
    <>
      <rect x="3" y="10.5" width="14" height="6" />
      <path d="M6 13.5h.01M9 13.5h5M6 10.5V5M10 10.5V3M14 10.5V5" />
    </>
  ),
  search: (
    <>
      <circle cx="8.5" cy="8.5" r="5" />
      <path d="m12.2 12.2 5 5" />
    </>
  ),
  theme: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 3.5v13a6.5 6.5 0 0 0 0-13z" fill="currentColor" />
    </>
  ),
  user: (
    <>
      <circle cx="10" cy="7" r="3.5" />
      <path d="M3.5 17.5c.5-3.7 3-5 6.5-5s6 1.3 6.5 5" />
    </>
  ),
  close: <path d="m5 5 10 10M15 5 5 15" />,
  wall: <path d="M2.5 4h15v10h-15zM7 17.5h6M10 14v3.5" />,
  link: <path d="M3 10h14M13 6l4 4-4 4" />,
  broken: <path d="M3 10h4M13 10h4M8 6l4 8" />,
  sound: <path d="M3 7.5v5h3l4 3.5v-12l-4 3.5zM12.5 7.5a3.5 3.5 0 0 1 0 5M14.5 5a7 7 0 0 1 0 10" />,
  silent: <path d="M3 7.5v5h3l4 3.5v-12l-4 3.5zM13 8l4 4M17 8l-4 4" />,
  chevron: <path d="m7.5 4.5 5.5 5.5-5.5 5.5" />,
  limit: <path d="M3 5h14M3 15h14M4 12c2-4 4-4 6-1s4 3 6-1" />,
};

export function Icon({ name, className = 'h-5 w-5' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
