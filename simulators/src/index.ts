export * from './wire/modbus/modbus-server.ts';
