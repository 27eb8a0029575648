/** Shorter ones would be found in any text. */
const shortest = 4;

/** A text from outside without the secrets that it may repeat: as they are, and as they stand in an address or in JSON. */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  let masked = text;
  const forms = [...secrets].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ]);
  // The longest first: one may begin with another.
  for (const form of forms.sort((a, b) => b.length - a.length))
    if (form.length >= shortest) masked = masked.replaceAll(form, '***');
  return masked;
}
