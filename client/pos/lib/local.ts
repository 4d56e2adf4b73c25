/**
 * Small things that this browser remembers for the till: the cart, the café, the branch. They are conveniences; what
 * must not be lost is in the SDK's store. A browser that keeps nothing forgets them, and that is all.
 */
import type * as z from 'zod/mini'

const prefix = 'modula.pos.'

/** What was kept under the name, if it still is what the schema says; else null. */
export function recall<Schema extends z.ZodMiniType>(name: string, schema: Schema): z.infer<Schema> | null {
  try {
    const text = localStorage.getItem(prefix + name)
    return text === null ? null : (schema.safeParse(JSON.parse(text)).data ?? null)
  } catch {
    return null
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value))
  } catch {}
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(prefix + name)
  } catch {}
}
