/**
 * What names mean in the schema. A name means the same wherever it stands, so it is said once: by the engine of its own names
 * here, by a module of its own (`glossary` in `defineModule`). What a field or type says of itself stands.
 */
import {
  type GraphQLArgument,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import type { Glossary } from '../sync/module.ts'

/** Of arguments; where one is not here, it is what a field of its name is. */
const args: Glossary = {
  tenantId: 'The business. FORBIDDEN where the caller is no active member of it.',
  branchId:
    'A branch of the tenant. NO_BRANCH_ACCESS where the caller is not assigned to it: the reason of FORBIDDEN for what is read, the verdict for what is done.',
  idempotencyKey:
    'Made once for each intent: with the same input it is answered with the verdict of before (`duplicate`), with another it is CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD. An operation queued under it is the same one.',
  input: 'What is asked for; BAD_USER_INPUT where it is not of its types.',
  first: 'At most so many, from the beginning or from `after` on; 1 to 200, default 50.',
  last: 'At most so many, from the end or from `before` backwards; 1 to 200.',
  after: 'Only what follows this cursor.',
  before: 'Only what is before this cursor.',
}

const names: Glossary = {
  tenantId: 'The business.',
  branchId: 'The branch.',
  deviceId: 'The name that a device made for itself at random, and has for good.',
  accountId: 'The account of a person: what a token is for. A name within the tenant.',
  actorId: 'Whose it is: the account of who did it, who need not be who sent it.',
  submittedBy: 'The account whose token brought it.',
  clientOpId: 'The key of the operation, made once for each intent.',
  clientOpIds: 'The keys of operations.',
  type: 'The type of the operation, one of those that operationTypes lists.',
  payload: 'What the operation says, as its type has it (operationTypes).',
  payloadHash: 'SHA-256, lower-case hex, of the RFC 8785 canonical JSON of {branchId, payload, type}.',
  madeAs: 'The payload hash that it was queued with; left out: payloadHash.',
  prev: 'The link before this one, 64 lower-case hex digits.',
  link: 'The link, 64 lower-case hex digits.',
  deviceSeq: "Its place in the device's queue: 1, 2, 3 ...",
  occurredAt: "When it happened, by the device's clock: evidence, which no order depends on.",
  recordedAt: "By the server's clock.",
  decidedAt: "When it was decided, by the server's clock.",
  serverTime: "The server's clock.",
  at: "The server's clock.",
  firstSeenAt: "By the server's clock.",
  lastSeenAt: "By the server's clock.",
  pulledAt: "By the server's clock.",
  lastPushAt: "By the server's clock.",
  askedAt: "By the server's clock.",
  expiresAt: "By the server's clock.",
  code: 'Why, for programs (docs/codes.md).',
  message: 'Why, in a plain sentence.',
  details: 'What the code is about, as docs/codes.md has it.',
  result: 'What came of an operation that was applied: ids, and what the server has given out.',
  dependsOn: 'The keys of operations that must have been applied before it.',
  lane: 'REPLAY: through a queue. DIRECT: a mutation.',
  clockSkewMs: "Milliseconds by which the device knew its clock to be ahead of the server's.",
  seq: "Its number in the branch's stream.",
  headSeq: 'The highest number of the stream.',
  pulledSeq: 'Up to which number of the stream.',
  opKind: 'Whether the entity is there, or gone.',
  entityKind: 'What it is, such as docs/protocol.md lists (Entities).',
  entityId: 'The id of the entity, of its kind.',
  module: 'The scope that it is of.',
  modules: 'The scopes that something has changed in.',
  moduleScopes: 'The scopes that are asked for: FORBIDDEN where the role may not read one of them.',
  changes: 'In the order of the stream.',
  nextCursor: 'Kept with the page, in one transaction, and sent with the next pull.',
  hasMore: 'Whether there is more to ask for at once.',
  reason: 'Why, as somebody has said it.',
  operations: 'In the order in which they are done.',
  name: 'What people call it.',
  id: 'Its id.',
  from: 'The first of them.',
  to: 'The last of them.',
  count: 'How many.',
  node: 'The row.',
  edges: 'The rows of this page.',
  cursor: 'The place of the row: for `after` and `before`.',
  pageInfo: 'What is before this page and after it.',
  hasNextPage: 'Whether rows follow.',
  hasPreviousPage: 'Whether there are rows before it.',
  startCursor: 'The cursor of the first row.',
  endCursor: 'The cursor of the last row.',
  usd: 'US cents.',
  khr: 'Whole riel.',
  missingCount: 'How many numbers have not come.',
  wholeLink: 'The link at the end of what is whole.',
  forks: 'Numbers with two links.',
  gapCount: 'How many gaps there are.',
  lastStraySeq: 'The last number that could not be the next one.',
  checkpoints: 'How far it has pulled, by branch.',
  storage: 'Whether its browser promised to keep what is stored.',
  usageBytes: 'Bytes that are stored.',
  quotaBytes: 'Bytes that may be stored, as its browser says.',
  appVersion: 'As the app says it.',
  branchScoped: 'Whether it is about a branch.',
  description: 'What it does.',
  payloadSchema: 'The JSON Schema of its payload.',
  'SyncPullReset.reason': 'Why the cursor does not hold any more.',
  'SyncChange.payload': 'What the entity is now, as the schema of its kind has it; null: it is gone.',
  'SyncChange.actorId': 'The account of whoever changed it.',
  'SyncChange.clientOpId': 'The operation that wrote it, where one of this branch did.',
  'SignInPayload.actorId': 'The account that the token is for.',
  'ChainHeadInput.id': 'Made once for each store of a device.',
  'SyncPushBatchInput.operations': 'In the order in which they are done: 1 to `MAX_BATCH` (500) of them.',
  'SyncOperationResult.status': 'What was decided.',
  'DeviceChain.state': 'What the runs of its numbers say.',
  Query: 'What can be read. Every field but operationTypes needs a token.',
  Mutation: 'What can be done: the replay of queues, and each operation by itself (the direct lane).',
  Subscription: 'What can be listened to.',
  PageInfo: 'What is before a page and after it.',
  ModuleScope: 'What a client may ask to pull.',
  SeqRange: 'Numbers that follow each other, the first and the last.',
  SyncOpKind: 'UPSERT: the latest state of an entity. TOMBSTONE: it is gone.',
  SyncOperationStatus:
    'APPLIED: done, now or before. REJECTED: decided against for good, and kept. DEFERRED: not decided; send it again.',
  SyncResetReason: 'docs/protocol.md, Pull.',
  SyncPullResult: 'A page, or that the cursor no longer holds.',
  SyncPullInput: 'What is to be pulled.',
  SyncPullPage: 'Changes of a stream after a cursor.',
  SyncPushBatchInput: 'Operations of one device.',
  SyncPushBatchPayload: 'The verdicts.',
  SyncOperationInput: 'An operation of a queue.',
  SyncStreamInput: 'A stream, as a device knows it.',
  Device: 'A device that the business knows.',
  DeviceReportInput: 'How a device is, as it says.',
  DeviceReportPayload: 'What a device learns from reporting.',
}

/** Describes what has no description of its own: by `Type.field`, then by name. */
export function describe(schema: GraphQLSchema, glossaries: readonly Glossary[]): void {
  const said = new Map([names, ...glossaries].flatMap((glossary) => Object.entries(glossary)))
  const ofArgument = ({ name }: GraphQLArgument, at: string) =>
    said.get(`${at}.${name}`) ?? (Object.hasOwn(args, name) ? args[name] : said.get(name))
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    type.description ??= said.get(type.name) ?? ofPages(type.name)
    if (!(isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))) continue
    for (const field of Object.values(type.getFields())) {
      const at = `${type.name}.${field.name}`
      field.description ??= said.get(at) ?? said.get(field.name)
      if ('args' in field) for (const arg of field.args) arg.description ??= ofArgument(arg, at)
    }
  }
}

/** The types that Relay's lists have beside their rows. */
const ofPages = (name: string): string | undefined =>
  name.endsWith('Connection')
    ? 'A page of a list.'
    : name.endsWith('ConnectionEdge')
      ? 'A row of a page.'
      : undefined
