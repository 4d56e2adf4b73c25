import { defineOperation } from '../../sync/module.ts'
import * as contract from './contract.ts'
import { decideClose, decideForceClose, decideMovement, decideOpen } from './decide.ts'
import { cashMovementById, cashSessionById, openCashSessionOf } from './tables.ts'

export const open = defineOperation({
  type: 'cashSession.open',
  description: "Opens the branch's cash session with what is in the drawer; at most one is open in a branch.",
  payload: contract.cashSessionOpen,
  offline: true,
  scope: 'branch',
  permission: 'cashSession.operate',
  reads: [(op) => [openCashSessionOf(op.branchId), cashSessionById(op.payload.cashSessionId)]],
  decide: decideOpen,
})

export const movement = defineOperation({
  type: 'cashSession.movement',
  mutation: 'cashSessionRecordMovement',
  description: 'Records cash put into the drawer or taken out of it; an adjustment takes a manager.',
  payload: contract.cashSessionMovement,
  offline: true,
  scope: 'branch',
  permission: ({ kind }) => (kind === 'ADJUSTMENT' ? 'cashSession.adjust' : 'cashSession.operate'),
  reads: [({ payload }) => [cashSessionById(payload.cashSessionId), cashMovementById(payload.movementId)]],
  decide: decideMovement,
})

export const close = defineOperation({
  type: 'cashSession.close',
  description: 'Closes the cash session with what was counted; the difference to what was expected is kept.',
  payload: contract.cashSessionClose,
  offline: true,
  scope: 'branch',
  permission: 'cashSession.operate',
  reads: [({ payload }) => [cashSessionById(payload.cashSessionId)]],
  decide: decideClose,
})

export const forceClose = defineOperation({
  type: 'cashSession.forceClose',
  description: 'Closes a session whose till cannot do it any more.',
  payload: contract.cashSessionForceClose,
  offline: false,
  scope: 'branch',
  permission: 'cashSession.forceClose',
  reads: [({ payload }) => [cashSessionById(payload.cashSessionId)]],
  decide: decideForceClose,
})
