/** What is typed, held against the module's own contract. */
import type { z } from 'zod/mini'

/** The values; or the paths of the fields that are wrong, such as `options.0.name`. */
export type FormValues<Values> =
  | { values: Values; wrong: null }
  | { values: null; wrong: ReadonlySet<string> }

/** `also`: paths that are wrong whatever the contract says. */
export function formValues<Values>(
  contract: z.ZodMiniType<Values>,
  typed: object,
  also: readonly (string | false)[] = [],
): FormValues<Values> {
  const parsed = contract.safeParse(typed)
  const issues = parsed.error?.issues.map(({ path }) => path.join('.')) ?? []
  const wrong = new Set([...issues, ...also.filter((each) => each !== false)])
  return parsed.success && wrong.size === 0 ? { values: parsed.data, wrong: null } : { values: null, wrong }
}
