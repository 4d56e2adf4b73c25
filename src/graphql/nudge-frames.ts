import { type DocumentNode, type FieldNode, Kind, type OperationDefinitionNode } from 'graphql'
import type { Nudge } from '../sync/nudge/bus.ts'
import { oncePerOperation, plainFields } from './plain-selection.ts'

/** Writes a nudge, or a part of it, as JSON text. */
type Write = (nudge: Nudge) => string

/**
 * A subscription to `syncNudge` that needs no execution: its root field, and what writes the payload of a `next`
 * message, `{"data":{"syncNudge":{...}}}`: the very text that executing the operation would give. The same nudge
 * object gives the same string, built once.
 */
export type NudgeSelection = { field: FieldNode; responseName: string; payloadOf: Write }

/** How each field of SyncNudge is written. All are scalars, so a selection of them is a fixed text with holes. */
const writers: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['__typename', () => '"SyncNudge"'],
  ['tenantId', (nudge) => JSON.stringify(nudge.tenantId)],
  ['branchId', (nudge) => JSON.stringify(nudge.branchId)],
  ['modules', (nudge) => JSON.stringify(nudge.modules)],
  ['headSeq', (nudge) => String(nudge.headSeq)],
  ['pullAfterMs', (nudge) => String(nudge.pullAfterMs)],
  ['at', (nudge) => JSON.stringify(nudge.at)],
])

/**
 * What a subscription asks of a nudge, if it is so plain that its payload can be written without executing it: one
 * root field `syncNudge`, scalar sub-fields, aliases, fragments on SyncNudge. Null for everything else (directives,
 * a root field inside a fragment, another operation), which is for ordinary execution.
 *
 * The document must have passed validation.
 */
export const compileNudgeSelection = oncePerOperation(compile)

function compile(operation: OperationDefinitionNode, document: DocumentNode): NudgeSelection | null {
  if (operation.operation !== 'subscription' || operation.directives?.length) return null
  const [field, ...others] = operation.selectionSet.selections
  if (field?.kind !== Kind.FIELD || others.length > 0) return null
  if (field.name.value !== 'syncNudge' || field.directives?.length || !field.selectionSet) return null

  const fields = plainFields(field.selectionSet, document, { typeName: 'SyncNudge' }, (node) =>
    node.arguments?.length || node.selectionSet ? null : (writers.get(node.name.value) ?? null),
  )
  if (!fields) return null
  const responseName = (field.alias ?? field.name).value
  const write = writerOf(responseName, fields)
  const written = new WeakMap<Nudge, string>()
  return {
    field,
    responseName,
    payloadOf(nudge) {
      let text = written.get(nudge)
      if (text === undefined) {
        text = write(nudge)
        written.set(nudge, text)
      }
      return text
    },
  }
}

function writerOf(responseName: string, fields: ReadonlyMap<string, Write>): Write {
  const parts = [...fields].map(([name, write]) => ({ key: `${JSON.stringify(name)}:`, write }))
  const head = `{"data":{${JSON.stringify(responseName)}:{`
  return (nudge) => `${head}${parts.map(({ key, write }) => key + write(nudge)).join(',')}}}}`
}
