export * from './binding.ts';
export * from './catalog.ts';
export * from './class-schema.ts';
export * from './duration.ts';
export * from './load-catalog.ts';
export * from './number-list.ts';
export * from './profile-schema.ts';
