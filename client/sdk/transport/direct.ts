/**
 * The mutations of the direct lane. There is one for each type of operation, and all have the same form, so their
 * documents are built by the rule instead of being written down.
 */
import { fieldName, inputTypeName } from '../../../src/sync/naming.ts'
import type { Json } from '../words.ts'

/** How an operation is a mutation. */
export type Mutation = {
  type: string
  /** Its field, where that is not the type's name. */
  mutation?: string | undefined
  /** What it is about: a branch is named, or the whole tenant is meant. */
  of: 'branch' | 'tenant'
  /** Where there is none, the type says it all. */
  hasInput: boolean
}

export type DirectArguments = {
  tenantId: string
  branchId: string | null
  idempotencyKey: string
  /** Who asked for it, where whose token it goes under has approved it. */
  approvedFor?: string | undefined
  input: Json
}

/** Its document, with those of the arguments that it takes. Its answer is in the field `verdict`. */
export function directMutation(mutation: Mutation, args: DirectArguments) {
  const { tenantId, branchId, idempotencyKey, approvedFor, input } = args
  const taken = [
    ['tenantId', 'ID!', tenantId],
    ...(mutation.of === 'branch' ? [['branchId', 'ID!', branchId]] : []),
    ['idempotencyKey', 'UUID!', idempotencyKey],
    ...(approvedFor === undefined ? [] : [['approvedFor', 'ID', approvedFor]]),
    ...(mutation.hasInput ? [['input', `${inputTypeName(mutation)}!`, input]] : []),
  ] as const
  const declared = taken.map(([name, kind]) => `$${name}: ${kind}`).join(', ')
  const passed = taken.map(([name]) => `${name}: $${name}`).join(', ')
  return {
    document: `mutation Direct(${declared}) {
  verdict: ${fieldName(mutation)}(${passed}) {
    clientOpId status duplicate code message details result appliedSeq
  }
}`,
    variables: Object.fromEntries(taken.map(([name, , value]) => [name, value])),
  }
}
