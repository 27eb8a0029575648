export { type CompileInput, compileBindings, type Served } from './compile-bindings.ts';
export { derivedBindings } from './derived.ts';
export { tlvReader } from './tlv.ts';
