/**
 * What the record must not tell. Definitions name the fields that hold secrets (a PIN); whatever payload has a field of
 * such a name, of whichever type and shape, is kept with its value masked, and its hash under the server's key: without,
 * the few PINs that there are could be tried against it.
 */
import type { AnyOperationDefinition, Registry } from './module.ts'
import type { Json } from './words.ts'

const mask = '[redacted]'

/** Whether a payload, as text, must not be kept as it is: too deep to be looked at (null), of a type with secrets, or with a field named like one. */
export function holdsSecret(
  { secrets }: Registry,
  definition: AnyOperationDefinition | undefined,
  text: string | null,
): boolean {
  if (text === null || definition?.secrets) return true
  const low = text.toLowerCase()
  return [...secrets].some((name) => low.includes(`${JSON.stringify(name)}:`))
}

/** SHA-256, as operations are hashed: one beside a secret may be of it. */
const isHash = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)

/** A payload as text, the values of fields that are named like a secret masked at any depth, and hashes with them. */
export const maskedText = ({ secrets }: Registry, payload: Json): string =>
  JSON.stringify(payload, (name, value) => (secrets.has(name.toLowerCase()) || isHash(value) ? mask : value))
