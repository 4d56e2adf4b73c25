import { defineOperation } from '../../../sync/module.ts'
import { operationGiveUp } from '../contract.ts'
import { refusalById } from '../tables.ts'
import { decideGiveUp } from './decide.ts'

export const giveUp = defineOperation({
  type: 'operation.giveUp',
  description:
    'Gives up operations that were refused, or that their device will never send, with a reason. Their numbers are not missing.',
  payload: operationGiveUp,
  offline: true,
  scope: 'branch',
  permission: 'refusals.giveUp',
  reads: [({ payload }) => payload.clientOpIds.map((id) => refusalById(id))],
  asksAbout: ({ clientOpIds }) => clientOpIds,
  givesUp: ({ operations = [] }) =>
    operations.flatMap(({ clientOpId, deviceSeq, prev, madeAs, payloadHash, actorId, occurredAt }) =>
      deviceSeq && prev
        ? [{ clientOpId, deviceSeq, prev, payloadHash: madeAs ?? payloadHash, actorId, occurredAt }]
        : [],
    ),
  decide: decideGiveUp,
})
