/** What is typed, held against the module's own contract. */
import type { z } from 'zod/mini'

/** The values; or which of the fields are wrong. */
export type FormValues<Values> =
  | { values: Values; wrong: null }
  | { values: null; wrong: ReadonlySet<string> }

export function formValues<Values>(contract: z.ZodMiniType<Values>, typed: object): FormValues<Values> {
  const parsed = contract.safeParse(typed)
  if (parsed.success) return { values: parsed.data, wrong: null }
  return { values: null, wrong: new Set(parsed.error.issues.map(({ path }) => String(path[0]))) }
}
