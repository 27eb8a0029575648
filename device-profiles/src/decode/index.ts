export * from './compile-bindings.ts';
export { derivedBindings } from './derived.ts';
export { payloadPath } from './payload-path.ts';
export { tlvReader } from './tlv.ts';
