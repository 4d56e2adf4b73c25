/**
 * The direct lane: one mutation for each operation. It is a batch of one operation without a device, so both
 * lanes are one road.
 */
import type { ObjectRef } from '@pothos/core'
import { payloadHashOf } from '../sync/inspect.ts'
import { type AnyOperationDefinition, type Registry, reject } from '../sync/module.ts'
import { fieldName } from '../sync/naming.ts'
import { push } from '../sync/push.ts'
import type { Verdict } from '../sync/record.ts'
import type { Json } from '../sync/words.ts'
import { admitted, admittedStill, checkedId, identityOf } from './access.ts'
import { noteProvided } from './admit-pull.ts'
import type { Builder, SchemaTypes } from './builder.ts'
import type { Context } from './context.ts'
import { forbidden } from './errors.ts'
import { createInputTypes, payloadSchema } from './inputs.ts'
import { callerKey } from './rate-limit.ts'

type DirectArgs = {
  tenantId: string
  branchId?: string
  idempotencyKey: string
  approvedFor?: string | null
  input?: unknown
}

async function direct(
  definition: AnyOperationDefinition,
  args: DirectArgs,
  context: Context,
): Promise<Verdict> {
  const { engine, clock } = context.services
  const tenantId = checkedId('tenantId', args.tenantId)
  const branchId = args.branchId === undefined ? null : checkedId('branchId', args.branchId)
  const approvedFor = args.approvedFor == null ? null : checkedId('approvedFor', args.approvedFor)
  const { accountId } = await admitted(context, tenantId)
  // Without GraphQL's null prototypes, exactly as it was given: the hash must be that of a queued twin.
  const payload = JSON.parse(JSON.stringify(args.input ?? {})) as Json
  const { type } = definition
  await checkDevice(definition, payload, { tenantId, accountId }, context)
  const [verdict] = await push(engine, {
    tenantId,
    deviceId: null,
    accountId,
    caller: callerKey(context),
    stillAdmitted: admittedStill(context, tenantId),
    lane: 'DIRECT',
    operations: [
      {
        clientOpId: args.idempotencyKey,
        type,
        branchId,
        approvedFor,
        payload,
        payloadHash: hashOrNothing({ type, branchId, payload }),
        occurredAt: clock(),
      },
    ],
  })
  return verdict!
}

/** With a provider's token whoever asks has signed in on the device that they name, as one who pushes has. */
async function checkDevice(
  { fromDevice }: AnyOperationDefinition,
  payload: Json,
  of: { tenantId: string; accountId: string },
  context: Context,
): Promise<void> {
  const { deviceId, namedDeviceId } = identityOf(context)
  if (namedDeviceId) await noteProvided(context, { ...of, deviceId: namedDeviceId })
  else if (deviceId === null && fromDevice?.(payload)) throw forbidden(namesNoDevice())
}

const namesNoDevice = () =>
  reject(
    'DEVICE_NOT_ENROLLED',
    'Say which device this is (x-device-id): only devices that are known would be let in, and this is none.',
  )

/** What cannot be hashed (half a surrogate pair) is refused by the engine for that reason, not for its hash. */
function hashOrNothing(operation: { type: string; branchId: string | null; payload: Json }): string {
  try {
    return payloadHashOf(operation)
  } catch {
    return ''
  }
}

export function addDirectLane(
  builder: Builder,
  registry: Registry,
  OperationResult: ObjectRef<SchemaTypes, Verdict>,
) {
  const inputs = createInputTypes(builder)
  for (const definition of registry.operations.values()) {
    const input = inputs.inputOf(definition)
    builder.mutationField(fieldName(definition), (t) =>
      t.field({
        type: OperationResult,
        description: definition.description,
        args: {
          tenantId: t.arg.id({ required: true }),
          ...(definition.scope === 'branch' || definition.takesBranch
            ? { branchId: t.arg.id({ required: true }) }
            : {}),
          idempotencyKey: t.arg({ type: 'UUID', required: true }),
          approvedFor: t.arg.id({ description: 'Who asked for it, where the caller approves it.' }),
          ...(input ? { input: t.arg({ type: input, required: true }) } : {}),
        },
        resolve: (_, args, context) => direct(definition, args as DirectArgs, context),
      }),
    )
  }
}

/** `operationTypes`: what can be done, with the JSON Schema of each payload. */
export function addOperationTypes(builder: Builder, registry: Registry) {
  const OperationType = builder.objectRef<AnyOperationDefinition>('OperationType').implement({
    description: 'A type of operation.',
    fields: (t) => ({
      type: t.exposeString('type'),
      description: t.exposeString('description'),
      offline: t.exposeBoolean('offline', {
        description: 'May be queued and replayed through syncPushBatch.',
      }),
      branchScoped: t.boolean({ resolve: ({ scope }) => scope === 'branch' }),
      mutation: t.string({
        description: 'Its field in the direct lane.',
        resolve: fieldName,
      }),
      // As many bytes as fifty other fields have.
      payloadSchema: t.field({
        type: 'JSON',
        complexity: 50,
        resolve: (definition) => payloadSchema(definition),
      }),
    }),
  })
  builder.queryField('operationTypes', (t) =>
    t.field({
      type: [OperationType],
      complexity: { multiplier: registry.operations.size },
      description: 'All types of operations. Needs no token: it says nothing of any tenant.',
      resolve: () => [...registry.operations.values()],
    }),
  )
}
