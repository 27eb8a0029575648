/** For an act that may be sent again. Not `randomUUID`: a browser has that only on secure origins, and an equipment room's server may be plain HTTP. */
export function newActId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
