export * from './binding.ts';
export * from './class-schema.ts';
export * from './profile-schema.ts';
