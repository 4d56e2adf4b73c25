/**
 * How a record is written down: as JSON text, in every store the same. So a value means the same in each of them, is
 * nobody else's object, and a record that is broken can be told from its neighbours.
 */
import { type Entry, StoreError } from './store.ts'

/** Throws a StoreError where JSON has no words for the value. */
export function encode(value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new StoreError('FAILED', 'A value cannot be kept, as it is no JSON.', { cause })
  }
  if (text === undefined) throw new StoreError('FAILED', 'A value cannot be kept, as it is no JSON.')
  return text
}

/** A record as it was found, which may be anything. */
export function decode<Value>(key: string, found: unknown): Entry<Value> {
  try {
    if (typeof found === 'string') return { key, value: JSON.parse(found) as Value }
  } catch {
    // As below.
  }
  return { key, damaged: typeof found === 'string' ? found : encode(found) }
}

/** The value of a record as it was found; undefined where there is none or a damaged one. */
export function valueIn<Value>(found: unknown): Value | undefined {
  return found === undefined ? undefined : decode<Value>('', found).value
}

/**
 * The first key after all those with this prefix, in the order of UTF-16 code units, as IndexedDB and JavaScript have
 * it; null where no key can come after them.
 */
export function keyAfter(prefix: string): string | null {
  const end = prefix.replace(/\uffff+$/, '')
  if (end === '') return null
  return end.slice(0, -1) + String.fromCharCode(end.charCodeAt(end.length - 1) + 1)
}
