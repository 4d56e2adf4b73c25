/**
 * The mutations of the direct lane. There is one for each type of operation, and all have the same form, so their
 * documents are built by the rule instead of being written down.
 */
import { fieldName, inputTypeName } from '../../../src/sync/naming.ts'
import { operationDefinitions } from '../cafe/operations.ts'
import type { Json } from '../words.ts'

export type DirectArguments = {
  tenantId: string
  branchId: string | null
  idempotencyKey: string
  input: Json
}

/** They are about the whole tenant. */
const withoutBranch = /^(menuItem|menuCategory|modifierGroup|staff|device|tenant)\./
/** The type says it all. */
const withoutInput = new Set(['branch.freeze', 'branch.unfreeze'])

/** The mutation of a type, with those of the arguments that it takes. Its answer is in the field `verdict`. */
export function directMutation(type: string, args: DirectArguments) {
  const { tenantId, branchId, idempotencyKey, input } = args
  const named = { type, mutation: operationDefinitions.get(type)?.mutation }
  const taken = [
    ['tenantId', 'ID!', tenantId],
    ...(withoutBranch.test(type) ? [] : [['branchId', 'ID!', branchId]]),
    ['idempotencyKey', 'UUID!', idempotencyKey],
    ...(withoutInput.has(type) ? [] : [['input', `${inputTypeName(named)}!`, input]]),
  ] as const
  const declared = taken.map(([name, kind]) => `$${name}: ${kind}`).join(', ')
  const passed = taken.map(([name]) => `${name}: $${name}`).join(', ')
  return {
    document: `mutation Direct(${declared}) {
  verdict: ${fieldName(named)}(${passed}) {
    clientOpId status duplicate code message details result appliedSeq
  }
}`,
    variables: Object.fromEntries(taken.map(([name, , value]) => [name, value])),
  }
}
