/**
 * What operations have to look at, by stages: the later ones look at what the earlier ones found. Pure; how the rows are
 * loaded is the caller's business: from PostgreSQL, or from what a device knows.
 */
import type { AnyOperationDefinition, Operation } from './module.ts'
import type { State } from './state.ts'
import type { Read } from './table.ts'

type Deciding = { readonly op: Operation; readonly definition: AnyOperationDefinition | undefined }

/** The reads of each stage, of all operations together. Those of one are to be loaded before the next are asked for. */
export function* readsByStage(
  operations: readonly Deciding[],
  state: State,
): Generator<readonly Read[], undefined> {
  const stages = Math.max(0, ...operations.map(({ definition }) => definition?.reads.length ?? 0))
  for (let stage = 0; stage < stages; stage += 1)
    yield operations.flatMap(({ op, definition }) => definition?.reads[stage]?.(op, state) ?? [])
}
