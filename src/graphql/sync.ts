/**
 * The sync fields: push, pull, nudge. Thin: they check the caller and the envelope, and call the engine.
 */

import { tracedPush } from '../platform/trace.ts'
import { BatchTooLargeError } from '../sync/examine.ts'
import type { Registry } from '../sync/module.ts'
import type { Nudge } from '../sync/nudge/bus.ts'
import { type PulledChange, type PulledPage, type PullReset, pullChanges } from '../sync/pull.ts'
import { push } from '../sync/push.ts'
import type { Verdict } from '../sync/record.ts'
import {
  type EnginePermission,
  type ModuleScope,
  type OperationStatus,
  type OpKind,
  resetReasons,
} from '../sync/words.ts'
import { createYielding } from '../sync/yielding.ts'
import { type Asking, admitted, admittedStill, checkedId, identityOf } from './access.ts'
import { admitPull, defaultLimit, maxLimit, noteProvided, notePull } from './admit-pull.ts'
import type { Builder } from './builder.ts'
import type { Context } from './context.ts'
import { badInput, requestError } from './errors.ts'
import { callerKey, costOfRefused } from './rate-limit.ts'

export function addSync(builder: Builder, registry: Registry) {
  const ModuleScopeEnum = scopeEnum(builder, registry)
  const { OperationResult, StatusEnum } = addVerdict(builder)
  addPush(builder, OperationResult)
  addPull(builder, ModuleScopeEnum)
  addNudges(builder, ModuleScopeEnum)
  return { OperationResult, ModuleScopeEnum, StatusEnum }
}

type VerdictRef = ReturnType<typeof addVerdict>['OperationResult']
type ScopeEnum = ReturnType<typeof scopeEnum>

const scopeEnum = (builder: Builder, registry: Registry) =>
  builder.enumType('ModuleScope', { values: [...registry.scopes.keys()] })

function addVerdict(builder: Builder) {
  const StatusEnum = builder.enumType('SyncOperationStatus', {
    values: ['APPLIED', 'REJECTED', 'DEFERRED'] as const satisfies OperationStatus[],
  })

  const OperationResult = builder.objectRef<Verdict>('SyncOperationResult').implement({
    description: 'The verdict on one operation.',
    fields: (t) => ({
      clientOpId: t.expose('clientOpId', { type: 'UUID' }),
      status: t.expose('status', { type: StatusEnum }),
      duplicate: t.exposeBoolean('duplicate', {
        description: 'This is the stored result of an earlier submission.',
      }),
      code: t.exposeString('code', { nullable: true, description: 'Why it was not applied: a stable code.' }),
      message: t.exposeString('message', {
        nullable: true,
        description: 'The same for a person, in a sentence.',
      }),
      details: t.field({ type: 'JSON', nullable: true, resolve: ({ details }) => details }),
      result: t.field({ type: 'JSON', nullable: true, resolve: ({ result }) => result }),
      appliedSeq: t.expose('appliedSeq', {
        type: 'SafeInt',
        nullable: true,
        description: "Whoever has pulled the branch's stream up to here has the effects of this operation.",
      }),
    }),
  })

  return { OperationResult, StatusEnum }
}

function addPush(builder: Builder, OperationResult: VerdictRef) {
  const PushPayload = builder
    .objectRef<{ results: readonly Verdict[]; serverTime: Date }>('SyncPushBatchPayload')
    .implement({
      fields: (t) => ({
        results: t.field({
          type: [OperationResult],
          complexity: { multiplier: 1 },
          description: 'One for each operation, in the order sent.',
          resolve: ({ results }) => [...results],
        }),
        serverTime: t.expose('serverTime', { type: 'DateTime' }),
      }),
    })

  const PushInput = pushInput(builder)
  builder.mutationField('syncPushBatch', (t) =>
    t.field({
      type: PushPayload,
      description: "Replays a device's queue: in order, each operation exactly once, one verdict for each.",
      args: { input: t.arg({ type: PushInput, required: true }) },
      resolve: (_, { input }, context) => pushed(context, input),
    }),
  )
}

function pushInput(builder: Builder) {
  const ChainInput = builder.inputType('SyncChainInput', {
    description: "An operation's place in its device's chain of hashes, beside deviceSeq (docs/proof.md).",
    fields: (t) => ({
      id: t.field({ type: 'UUID', required: true, description: 'Made once for each store of a device.' }),
      prev: t.string({ required: true, description: 'The link before this one, 64 lower-case hex digits.' }),
      madeAs: t.string({
        description: 'The payload hash that it was queued with; left out: payloadHash.',
      }),
    }),
  })

  const OperationInput = builder.inputType('SyncOperationInput', {
    fields: (t) => ({
      clientOpId: t.field({ type: 'UUID', required: true, description: 'Made once for each intent.' }),
      type: t.string({ required: true, description: 'One of those that operationTypes lists.' }),
      branchId: t.id({ description: 'Required where the operation is about a branch.' }),
      payload: t.field({ type: 'JSON', required: true }),
      payloadHash: t.string({
        required: true,
        description: 'SHA-256, lower-case hex, of the RFC 8785 canonical JSON of {branchId, payload, type}.',
      }),
      dependsOn: t.field({ type: ['UUID'], description: 'Operations that must have been applied.' }),
      occurredAt: t.field({
        type: 'DateTime',
        required: true,
        description: "The device's clock, as evidence.",
      }),
      clockSkewMs: t.field({
        type: 'SafeInt',
        description:
          "The device's clock less the server's, as far as the device knew when it recorded: business times are put right by it above two minutes.",
      }),
      actorId: t.id({ description: "Who did it on the device; default: the token's account." }),
      approvedFor: t.id({
        description: 'Who asked for it, where the actor has approved it by their PIN; kept as evidence.',
      }),
      deviceSeq: t.field({ type: 'SafeInt', description: "Its place in the device's queue: 1, 2, 3 ..." }),
      chain: t.field({
        type: ChainInput,
        description: 'Evidence that nothing is missing; it decides nothing.',
      }),
      retry: t.boolean({ description: 'A person asked to try a rejected operation again.' }),
      actorProof: t.string({
        description:
          "HMAC-SHA-256, lower-case hex, by the actor's actorKey of what docs/protocol.md says (Proof). Required where whoever sends it may not do it themselves.",
      }),
    }),
  })

  const StreamInput = builder.inputType('SyncStreamInput', {
    fields: (t) => ({
      branchId: t.id({ required: true }),
      epoch: t.string({ required: true, description: 'As the last page told it.' }),
    }),
  })

  return builder.inputType('SyncPushBatchInput', {
    fields: (t) => ({
      tenantId: t.id({ required: true }),
      deviceId: t.id({ required: true }),
      stream: t.field({
        type: StreamInput,
        description:
          'A stream as the device knows it. Where it is another by now, nothing is decided (DEFERRED, STREAM_RESET) until the device has pulled: what the operations build on may be forgotten.',
      }),
      operations: t.field({ type: [OperationInput], required: true }),
    }),
  })
}

type PushInput = ReturnType<typeof pushInput>['$inferInput']

async function pushed(context: Context, input: PushInput) {
  const { config, services } = context
  const { accountId } = identityOf(context)
  const tenantId = checkedId('tenantId', input.tenantId)
  const deviceId = checkedId('deviceId', input.deviceId)
  if (input.operations.length === 0) throw badInput('operations must hold at least one operation.')
  if (input.operations.length > config.maxBatch)
    throw requestError(
      'BATCH_TOO_LARGE',
      `The batch has ${input.operations.length} operations; at most ${config.maxBatch} are accepted.`,
      { maxOperations: config.maxBatch },
    )
  await admitted(context, tenantId, { deviceId })
  await noteProvided(context, { tenantId, deviceId, accountId })
  services.metrics.pushOperations.observe(input.operations.length)
  const stop = services.metrics.pushSeconds.startTimer()
  const operations = input.operations.map((operation) => ({
    ...operation,
    payload: operation.payload,
    branchId: operation.branchId == null ? null : String(operation.branchId),
    actorId: operation.actorId == null ? null : String(operation.actorId),
    approvedFor: operation.approvedFor == null ? null : String(operation.approvedFor),
  }))
  const stream = input.stream && {
    ...input.stream,
    branchId: checkedId('stream.branchId', input.stream.branchId),
  }
  const stillAdmitted = admittedStill(context, tenantId, { deviceId })
  const batch = { tenantId, deviceId, accountId, stillAdmitted, lane: 'REPLAY' as const, operations, stream }
  const results = await tracedPush(batch, () =>
    push(services.engine, { ...batch, caller: callerKey(context) }),
  ).catch((error: unknown) => {
    if (!(error instanceof BatchTooLargeError)) throw error
    throw requestError('BATCH_TOO_LARGE', error.message, { maxBytes: error.maxBytes })
  })
  stop()
  // What was refused counts for what is asked next.
  void context.rateLimit(context, costOfRefused(results)).catch(() => {})
  return { results, serverTime: services.clock() }
}

/** Of what a request may cost in all (builder.ts) a page of `maxLimit` takes nearly all. */
const costOfChange = 12

function addPull(builder: Builder, ModuleScopeEnum: ScopeEnum) {
  const PullResult = pullResult(builder, ModuleScopeEnum)
  const PullInputType = builder.inputType('SyncPullInput', {
    fields: (t) => ({
      tenantId: t.id({ required: true }),
      branchId: t.id({ required: true }),
      deviceId: t.id({ required: true }),
      cursor: t.string({ description: 'nextCursor of the last page; left out: bootstrap.' }),
      moduleScopes: t.field({ type: [ModuleScopeEnum], required: true }),
      addScopes: t.boolean({
        description:
          'Scopes that the cursor does not have, or has in another view, are loaded beside the others, and `added` names them, instead of a SCOPE_MISMATCH. Those of the cursor that are not asked for stay where they are.',
      }),
      limit: t.int({ description: `1 to ${maxLimit}; default ${defaultLimit}.` }),
    }),
  })

  builder.queryField('syncPull', (t) =>
    t.field({
      type: PullResult,
      description: "Reads a branch's change stream from a cursor on.",
      // As many changes as one page may have, of all pulls of a request: what is executed field by field holds the loop.
      complexity: ({ input }) => ({ field: costOfChange * (input.limit ?? defaultLimit), multiplier: 1 }),
      args: { input: t.arg({ type: PullInputType, required: true }) },
      async resolve(_, { input }, context): Promise<Page | PullReset> {
        const { services } = context
        const pull = await admitPull(context, {
          ...input,
          tenantId: String(input.tenantId),
          branchId: String(input.branchId),
          deviceId: String(input.deviceId),
        })
        const stop = services.metrics.pullSeconds.startTimer()
        const pulled = await pullChanges(services.puller, pull)
        stop()
        if ('reset' in pulled) return pulled.reset
        services.metrics.countPage(pulled.page)
        notePull(context, pull, String(input.deviceId), pulled.page.pulledSeq)
        return { ...pulled.page, serverTime: services.clock() }
      },
    }),
  )
}

type Page = PulledPage<PulledChange[]> & { serverTime: Date }

/** 2,000 of them with all their fields are 20,000 values, which took 50 ms in one go. */
async function* bySlices<T>(all: readonly T[], context: Context): AsyncGenerator<T> {
  const { company } = context.services.engine.turns
  const yielding = createYielding(() => company.isAbout(callerKey(context)))
  for (const each of all) {
    const turn = yielding()
    if (turn) await turn
    yield each
  }
}

function pullResult(builder: Builder, ModuleScopeEnum: ScopeEnum) {
  const Change = changeType(builder, ModuleScopeEnum)
  const PullPage = builder.objectRef<Page>('SyncPullPage').implement({
    fields: (t) => ({
      changes: t.field({
        type: [Change],
        complexity: { multiplier: 1 },
        resolve: ({ changes }, _, context) => bySlices(changes, context),
      }),
      nextCursor: t.exposeString('nextCursor'),
      epoch: t.exposeString('epoch', {
        description:
          'Another one where the stream was made anew, or the server restored: it may have forgotten what it had confirmed.',
      }),
      hasMore: t.exposeBoolean('hasMore'),
      headSeq: t.expose('headSeq', {
        type: 'SafeInt',
        description: 'The head of the stream when the page was read.',
      }),
      added: t.field({
        type: [ModuleScopeEnum],
        description: 'The scopes that this page begins from their beginning: without a cursor, all of them.',
        resolve: ({ added }) => [...added],
      }),
      personal: t.field({
        type: [ModuleScopeEnum],
        description:
          'The scopes of which only the own records of `accountId` are told: nothing follows from it that those of others are not.',
        resolve: ({ personal }) => [...personal],
      }),
      accountId: t.exposeID('accountId', { description: 'Who asked, by their token.' }),
      serverTime: t.expose('serverTime', { type: 'DateTime' }),
      finishedKeptDays: t.int({
        description:
          'How long finished business (sales, closed sessions, completed work) stays in the feed, from `agesFrom` on. Without a tombstone it goes: a client forgets it as the feed does.',
        resolve: (_, __, { config }) => config.feedRetentionDays,
      }),
    }),
  })
  const ResetReasonEnum = builder.enumType('SyncResetReason', { values: resetReasons })
  const PullResetType = builder.objectRef<PullReset>('SyncPullReset').implement({
    description:
      'The cursor no longer holds: rebuild the local data of this branch. The queue is not touched.',
    fields: (t) => ({
      reason: t.expose('reason', { type: ResetReasonEnum }),
      message: t.exposeString('message'),
      newEpoch: t.exposeString('newEpoch', { nullable: true, description: "The stream's as it is by now." }),
    }),
  })
  return builder.unionType('SyncPullResult', {
    types: [PullPage, PullResetType],
    resolveType: (value) => ('reason' in value ? PullResetType : PullPage),
  })
}

function changeType(builder: Builder, ModuleScopeEnum: ScopeEnum) {
  const OpKindEnum = builder.enumType('SyncOpKind', {
    values: ['UPSERT', 'TOMBSTONE'] as const satisfies OpKind[],
  })
  return builder.objectRef<PulledChange>('SyncChange').implement({
    description: 'The latest change of one entity.',
    fields: (t) => ({
      seq: t.expose('seq', { type: 'SafeInt' }),
      opKind: t.expose('opKind', { type: OpKindEnum }),
      module: t.expose('module', { type: ModuleScopeEnum }),
      entityKind: t.exposeString('entityKind'),
      entityId: t.exposeID('entityId'),
      payload: t.field({ type: 'JSON', nullable: true, resolve: ({ payload }) => payload as object | null }),
      occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
      actorId: t.exposeID('actorId', { nullable: true }),
      clientOpId: t.expose('clientOpId', { type: 'UUID', nullable: true }),
      agesFrom: t.expose('agesFrom', {
        type: 'DateTime',
        nullable: true,
        description:
          "When it was finished, by the server's clock: it leaves the feed `finishedKeptDays` later. Null: it stays.",
      }),
    }),
  })
}

function addNudges(builder: Builder, ModuleScopeEnum: ScopeEnum) {
  const NudgeType = builder.objectRef<Nudge>('SyncNudge').implement({
    description: 'Something changed in this branch: pull. Losing it costs delay, never truth.',
    fields: (t) => ({
      tenantId: t.exposeID('tenantId'),
      branchId: t.exposeID('branchId'),
      modules: t.field({ type: [ModuleScopeEnum], resolve: ({ modules }) => modules as ModuleScope[] }),
      headSeq: t.expose('headSeq', { type: 'SafeInt' }),
      pullAfterMs: t.exposeInt('pullAfterMs', {
        description: 'Wait this long first, so that not all pull at once.',
      }),
      at: t.expose('at', { type: 'DateTime' }),
    }),
  })

  builder.subscriptionField('syncNudge', (t) =>
    t.field({
      type: NudgeType,
      description:
        'Told after each commit that touches the branch; without branchId: any branch of the tenant (ADMIN, MANAGER).',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id(),
        moduleScopes: t.arg({ type: [ModuleScopeEnum] }),
      },
      async subscribe(_, args, context) {
        const scope = {
          tenantId: checkedId('tenantId', args.tenantId),
          branchId: args.branchId == null ? null : checkedId('branchId', args.branchId),
        }
        const modules = args.moduleScopes ? new Set<string>(args.moduleScopes) : null
        return context.nudges({ ...scope, modules })
      },
      resolve: (nudge) => nudge,
    }),
  )
}

/** Whether the caller may hear of a branch, or (null) of every branch of the tenant; FORBIDDEN otherwise. */
export async function admitNudges(
  context: Asking,
  { tenantId, branchId }: { tenantId: string; branchId: string | null },
) {
  const ofTenant: readonly EnginePermission[] = ['nudges.tenant']
  await admitted(context, tenantId, branchId === null ? { permissions: ofTenant } : { branchId })
}
