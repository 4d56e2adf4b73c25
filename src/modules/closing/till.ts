import { type Discarded, defineTillModule, entity, local, online, typeOnly } from '../../sync/till.ts'
import type { CashSessionBookRefused, CashSessionSupplement, OperationGiveUp } from './contract.ts'
import { giveUp } from './give-up/operations.ts'
import { refusals, statements, supplements } from './tables.ts'
import { type codes, permissions } from './words.ts'

/** A payload that is longer is not told: what it came to is not known then, that it was given up is. */
const longestPayload = 32_000

function had({ clientOpId, type, actorId, occurredAt, payload, payloadHash, deviceSeq, chain }: Discarded) {
  return {
    ...{ clientOpId, type, actorId, payloadHash, deviceSeq },
    occurredAt: new Date(occurredAt).toISOString(),
    ...(JSON.stringify(payload).length > longestPayload ? {} : { payload: payload as Record<string, never> }),
    ...(chain ? { prev: chain.prev, madeAs: chain.madeAs } : {}),
  }
}

export const closingTill = defineTillModule({
  name: 'closing',
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  operations: [local(giveUp)],
  discards: {
    type: giveUp.type,
    payload: (operation, reason): OperationGiveUp => ({
      clientOpIds: [operation.clientOpId],
      reason: reason.slice(0, 500),
      operations: [had(operation)],
    }),
  },
  online: {
    'cashSession.supplement': online<CashSessionSupplement>('branch'),
    'cashSession.bookRefused': online<CashSessionBookRefused>('branch'),
  },
  entities: [entity(statements), entity(supplements), entity(refusals, { settles: true })],
})
