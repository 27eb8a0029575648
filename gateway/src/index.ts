export * from './config/gateway-config.ts';
export * from './gateway.ts';
export * from './run.ts';
