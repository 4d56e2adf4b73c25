/**
 * Pages of the typed reads. Their cursors name a row by its key, and clients can make some of their own.
 */
import { z } from 'zod'
import { isStorable } from '../sync/inspect.ts'
import { badInput } from './errors.ts'

/** What the last column of a key may hold. */
const kinds = {
  text: z.string().refine(isStorable),
  uuid: z.guid(),
  number: z
    .bigint()
    .min(0n)
    .max(2n ** 63n - 1n),
}

type Cursor = Record<string, Record<string, unknown>>

/**
 * The page that was asked for, if its cursor is about a row of this place. Elsewhere the answer would tell whether
 * there is such a row, whoever it belongs to.
 */
export function pageIn<Page extends object>(
  page: Page,
  place: Record<string, string>,
  key: keyof typeof kinds,
): Page {
  const [cursor = {}] = Object.values((page as { cursor?: Cursor }).cursor ?? {})
  for (const [column, value] of Object.entries(cursor)) {
    const fits = column in place ? value === place[column] : kinds[key].safeParse(value).success
    if (!fits) throw badInput('The cursor does not belong to this list.')
  }
  return page
}
