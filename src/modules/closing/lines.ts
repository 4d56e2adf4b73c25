/**
 * The lines of an export, from rows as they are kept (docs/proof.md): what `scripts/verify.ts` reads. Pure.
 */
import type { GivenUp, Run } from '../../sync/chain.ts'
import type { Row } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import type { cashMovements } from '../cash-session/tables.ts'
import type { sales } from '../sale/tables.ts'
import type { Refusal, statements, supplements } from './tables.ts'

export type Line = { kind: string } & Record<string, unknown>

/** Of an operation's record; `payload` null where it is another branch's. */
export type Recorded = {
  clientOpId: string
  type: string
  branchId: string | null
  payload: Json
  payloadHash: string
  madeHash: string | null
  status: string
  code: string | null
  actorId: string
  deviceId: string
  deviceSeq: number
  chainId: string
  prevLink: string
  occurredAt: Date
  decidedAt: Date
}

/** A device's chain with what the device last said of it. */
export type ChainRow = {
  deviceId: string
  chainId: string
  runs: Run[]
  untracked: number
  givenUp: GivenUp[]
  headSeq: number | null
  headLink: string | null
  headHeld: number | null
  rolledBackAt: Date | null
  /** The numbers of which the export has all that came; `to` null: to the end. */
  from: number
  to: number | null
}

export const statementLine = ({ content, hash }: Row<typeof statements>): Line => ({ ...content, hash })
export const supplementLine = ({ content, hash }: Row<typeof supplements>): Line => ({ ...content, hash })
export const saleLine = (row: Row<typeof sales>): Line => ({ kind: 'sale', ...row })
export const movementLine = ({ kind, ...row }: Row<typeof cashMovements>): Line => ({
  kind: 'movement',
  movement: kind,
  ...row,
})
export function refusalLine({ payload: _, ...row }: Refusal): Line {
  return { kind: 'refusal', ...row }
}
/** Of another branch's what its link is of, and no more. */
export const operationLine = (branchId: string, { payload, type, status, code, ...row }: Recorded): Line =>
  row.branchId === branchId
    ? { kind: 'operation', ...row, type, status, code, payload }
    : { kind: 'operation', ...row, branchId: null, elsewhere: true }
export const chainLine = ({ headSeq, headLink, headHeld, ...row }: ChainRow): Line => ({
  kind: 'chain',
  ...row,
  head:
    headSeq === null || headLink === null
      ? null
      : { deviceSeq: headSeq, link: headLink, held: headHeld ?? 0 },
})
