import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const token = (name) => `rgb(var(--${name}) / <alpha-value>)`;

/** Tremor asks for its palette twice; both sets read the same tokens, which the theme class switches. */
const tremor = {
  brand: {
    faint: token('raised'),
    muted: token('line'),
    subtle: token('dim'),
    DEFAULT: token('edge'),
    emphasis: token('edge'),
    inverted: token('panel'),
  },
  background: {
    muted: token('canvas'),
    subtle: token('raised'),
    DEFAULT: token('panel'),
    emphasis: token('line'),
  },
  border: { DEFAULT: token('line') },
  ring: { DEFAULT: token('line') },
  content: {
    subtle: token('faint'),
    DEFAULT: token('dim'),
    emphasis: token('ink'),
    strong: token('ink'),
    inverted: token('panel'),
  },
};

/** @type {import('tailwindcss').Config} */
export default {
  darkMode: 'class',
  content: [
    `${here}index.html`,
    `${here}src/**/*.{ts,tsx}`,
    `${here}../node_modules/@tremor/react/dist/components/{layout-elements/Card,list-elements/Table,vis-elements/{ProgressBar,Tracker}}/*.js`,
  ],
  // Tremor makes these names at run time from the colour it is given.
  safelist: ['bg-[rgb(var(--dim))]', 'bg-[rgb(var(--line))]'],
  theme: {
    extend: {
      colors: {
        canvas: token('canvas'),
        panel: token('panel'),
        raised: token('raised'),
        line: token('line'),
        edge: token('edge'),
        ink: token('ink'),
        dim: token('dim'),
        faint: token('faint'),
        band: token('band'),
        brand: token('brand'),
        p1: token('p1'),
        p2: token('p2'),
        p3: token('p3'),
        p4: token('p4'),
        offduty: token('offduty'),
        tremor,
        'dark-tremor': tremor,
      },
      borderRadius: { 'tremor-small': '3px', 'tremor-default': '4px', 'tremor-full': '9999px' },
      fontSize: {
        'tremor-label': ['0.75rem', { lineHeight: '1rem' }],
        'tremor-default': ['0.8125rem', { lineHeight: '1.25rem' }],
        'tremor-title': ['1rem', { lineHeight: '1.5rem' }],
        'tremor-metric': ['1.75rem', { lineHeight: '2rem' }],
      },
      boxShadow: { 'tremor-card': 'none', 'dark-tremor-card': 'none' },
      minHeight: { touch: '44px' },
      minWidth: { touch: '44px' },
    },
  },
  plugins: [],
};
