/**
 * Entities as the rows that the modules' deciders look at. The feed was derived from rows; this is the way back, as far
 * as a device needs it.
 */
import { type AnyRow, matches, type Read } from '../../../src/sync/table.ts'
import type { Known } from '../../../src/sync/till.ts'
import type { Modules } from './modules.ts'

/** The rows that a look-up finds in what is known. A look-up by id costs one access, any other a walk over its kind. */
export function* rowsFor(read: Read, known: Known, modules: Modules): Generator<AnyRow> {
  const { finder, values } = read
  const source = modules.source(finder.table)
  if (source?.given) yield source.given(values)
  if (!source?.kind || !source.id) return
  const at = finder.by.indexOf(source.id)
  const ids = at < 0 ? known.ids(source.kind) : [String(values[at])]
  for (const id of ids) {
    const payload = known.get(source.kind, id)
    if (!payload) continue
    const row = source.row(id, payload, known)
    if (matches(read, row)) yield row
  }
}
