/**
 * What makes a JSON value unfit to work with. It is looked through once, and no further than a bound: what is too much
 * is known before it is printed, hashed or parsed.
 */

/** A NUL, or half of a surrogate pair. (Tablets of some years ago have no `isWellFormed`.) */
const unstorable = /[\u0000\p{Surrogate}]/u
const everyUnstorable = new RegExp(unstorable, 'gu')

/** Text that PostgreSQL can hold: no NUL, no lone surrogates. */
export const isStorable = (text: string) => !unstorable.test(text)
/** The nearest text that can be kept, of at most `max` characters, for fields that are only shown. */
export const storable = (text: string, max = 200) => text.slice(0, max).replaceAll(everyUnstorable, '\uFFFD')

export const maxPayloadBytes = 64 * 1024
export const maxDepth = 32
/** Of one payload, each object, list, text, number, boolean and null counted. */
export const maxPayloadValues = 10_000

export type JsonFault = { readonly path: string; readonly problem: string }

/** The faults with which a value is not even printed, and not kept for people to see: PostgreSQL does not take any depth. */
const tooDeep: JsonFault = { path: 'payload', problem: `is nested deeper than ${maxDepth} levels` }
const tooMany: JsonFault = { path: 'payload', problem: `has more than ${maxPayloadValues} values` }
const notJson: JsonFault = { path: 'payload', problem: 'is not JSON' }
export const isUnkeepable = (fault: JsonFault | null) =>
  fault === tooDeep || fault === tooMany || fault === notJson

/** `values`: how many there are, counted no further than one past `maxPayloadValues`. */
export type JsonLook = { readonly fault: JsonFault | null; readonly values: number }

/** Looks through a JSON value. The path of a fault is put together only where there is one. */
export function lookThrough(payload: unknown): JsonLook {
  let values = 0
  let fault: JsonFault | null = null
  /** The keys from the top to where the walk is. */
  const keys: (string | number)[] = []
  const note = (problem: string) => {
    fault ??= { path: storable(pathText(keys)), problem }
  }

  /** False where no more needs to be looked at. */
  function walk(value: unknown, depth: number): boolean {
    values += 1
    if (values > maxPayloadValues) {
      fault = tooMany
      return false
    }
    if (typeof value === 'string') {
      if (!isStorable(value)) note('has a NUL or half of a surrogate pair')
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) note('is a number too large')
    } else if (typeof value === 'object' && value !== null) {
      if (depth > maxDepth) {
        fault = tooDeep
        return false
      }
      return Array.isArray(value) ? walkList(value, depth + 1) : walkObject(value, depth + 1)
    } else if (typeof value !== 'boolean' && value !== null) {
      fault = notJson
      return false
    }
    return true
  }

  function walkList(list: readonly unknown[], depth: number): boolean {
    for (let i = 0; i < list.length; i += 1) {
      keys.push(i)
      if (!walk(list[i], depth)) return false
      keys.pop()
    }
    return true
  }

  function walkObject(object: object, depth: number): boolean {
    for (const key of Object.keys(object)) {
      if (!isStorable(key)) note('has a key with a NUL or half of a surrogate pair')
      keys.push(key)
      if (!walk((object as Record<string, unknown>)[key], depth)) return false
      keys.pop()
    }
    return true
  }

  walk(payload, 1)
  return { fault, values }
}

/** `payload.lines[0].quantity` */
export function pathText(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`),
    'payload',
  )
}
