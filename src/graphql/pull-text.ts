/**
 * The fast path of `syncPull`: a query of plain fields is answered with text that PostgreSQL builds, without
 * executing it field by field and without parsing and printing each payload. A page of 1,000 changes has 9,000
 * fields, whose execution alone takes longer than reading the page.
 *
 * The answer is, to the letter, what ordinary execution would give; anything else than plain fields goes there.
 */
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import { type ChangeField, changeFields, type Projection, pullText } from '../sync/pull.ts'
import { admitPull, notePull, type PullInput } from './admit-pull.ts'
import type { Context } from './context.ts'
import { oncePerOperation, plainFields } from './plain-selection.ts'

type PageField =
  | 'nextCursor'
  | 'epoch'
  | 'hasMore'
  | 'headSeq'
  | 'added'
  | 'personal'
  | 'accountId'
  | 'serverTime'
  | 'finishedKeptDays'
  | '__typename'
  | { changes: Projection }
type ResetField = 'reason' | 'message' | 'newEpoch' | '__typename'

type PlainPull = {
  operation: OperationDefinitionNode
  field: FieldNode
  responseName: string
  page: ReadonlyMap<string, PageField>
  reset: ReadonlyMap<string, ResetField>
}

/** What a document asks of `syncPull`, if that is all it asks and plain enough. */
export const compilePull = oncePerOperation(compile)

function compile(operation: OperationDefinitionNode, document: DocumentNode): PlainPull | null {
  if (operation.operation !== 'query' || operation.directives?.length) return null
  const [field, ...others] = operation.selectionSet.selections
  if (field?.kind !== Kind.FIELD || others.length > 0 || !field.selectionSet || field.directives?.length)
    return null
  if (field.name.value !== 'syncPull') return null

  const projectionOf = (node: FieldNode): Projection | null => {
    if (!node.selectionSet) return null
    const fields = plainFields(
      node.selectionSet,
      document,
      { typeName: 'SyncChange' },
      ({ name: { value } }) =>
        value === '__typename'
          ? { literal: 'SyncChange' }
          : changeFields.includes(value as ChangeField)
            ? (value as ChangeField)
            : null,
    )
    return fields && [...fields].map(([name, each]) => ({ name, field: each }))
  }
  const page = plainFields<PageField>(
    field.selectionSet,
    document,
    { typeName: 'SyncPullPage', abstractType: 'SyncPullResult' },
    (node) => {
      const { value } = node.name
      if (value !== 'changes') return value as PageField
      const changes = projectionOf(node)
      return changes && { changes }
    },
  )
  const reset = plainFields<ResetField>(
    field.selectionSet,
    document,
    { typeName: 'SyncPullReset', abstractType: 'SyncPullResult' },
    (node) => node.name.value as ResetField,
  )
  if (!page || !reset) return null
  // The page is put together once, for one selection of its changes.
  if ([...page.values()].filter((each) => typeof each === 'object').length > 1) return null
  return { operation, field, responseName: (field.alias ?? field.name).value, page, reset }
}

type TextResult = ExecutionResult & { stringify: () => string }

/** Answers a plain pull; null where its variables are wrong, which ordinary execution tells better. Throws denials. */
export async function executePull(
  plan: PlainPull,
  schema: GraphQLSchema,
  rawVariables: Record<string, unknown>,
  context: Context,
): Promise<TextResult | null> {
  const input = inputOf(plan, schema, rawVariables)
  if (!input) return null
  const { services } = context
  const pull = await admitPull(context, input)
  const changes = [...plan.page.values()].find((each) => typeof each === 'object')
  const stop = services.metrics.pullSeconds.startTimer()
  const pulled = await pullText(services.puller, pull, changes?.changes ?? [])
  stop()

  let body: string
  if ('reset' in pulled) {
    const values = { ...pulled.reset, __typename: 'SyncPullReset' }
    body = objectText(plan.reset, (field) => JSON.stringify(values[field]))
  } else {
    const { page } = pulled
    services.metrics.countPage(page)
    notePull(context, pull, String(input.deviceId), page.pulledSeq)
    const { feedRetentionDays: finishedKeptDays } = context.config
    const values = {
      ...page,
      finishedKeptDays,
      serverTime: services.clock().toISOString(),
      __typename: 'SyncPullPage',
    }
    body = objectText(plan.page, (field) =>
      typeof field === 'object' ? page.changes : JSON.stringify(values[field]),
    )
  }
  const text = `{"data":{${JSON.stringify(plan.responseName)}:${body}}}`
  // `data` only says that there is some: what is sent is the text.
  return { data: {}, stringify: () => text }
}

function inputOf(
  plan: PlainPull,
  schema: GraphQLSchema,
  rawVariables: Record<string, unknown>,
): PullInput | null {
  const definition = schema.getQueryType()?.getFields().syncPull
  const { variableValues } = getVariableValues(schema, plan.operation.variableDefinitions ?? [], rawVariables)
  if (!variableValues || !definition) return null
  try {
    return getArgumentValues(definition, plan.field, variableValues).input as PullInput
  } catch {
    return null
  }
}

const objectText = <T>(fields: ReadonlyMap<string, T>, textOf: (field: T) => string) =>
  `{${[...fields].map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join(',')}}`
