import { reject } from '../../sync/module.ts'
import { defineTillModule, entity, type Known, local, someEntity, thing, typeOnly } from '../../sync/till.ts'
import { close, forceClose, movement, open } from './operations.ts'
import { cashMovements, cashSessions } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

const isOpen = ({ status }: { status: string }) => status === 'OPEN'

/** The cash session that an operation names. What it refuses can be sent to another one that is open. */
export const theSession = thing(cashSessions, 'cashSessionId', {
  moves: {
    name: 'cash session',
    takes: isOpen,
    refusal: reject('CASH_SESSION_NOT_OPEN', 'That cash session is not open.'),
  },
})

/** Of whatever goes into one. */
export const withoutSession = (known: Known) =>
  someEntity(known, cashSessions, isOpen)
    ? null
    : reject('CASH_SESSION_NOT_OPEN', 'Open the cash session first.')

const dateOr = (text: string | null | undefined) => (text ? new Date(text) : null)

export const cashSessionTill = defineTillModule({
  name: 'cash-session',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  first: true,
  operations: [
    local(open, { makes: [theSession] }),
    local(movement, { uses: [theSession], blocked: withoutSession }),
    local(close, { ends: [theSession], blocked: withoutSession }),
    local(forceClose),
  ],
  entities: [
    entity(cashSessions, {
      together: true,
      row: (id, session, { branchId }) => ({
        id,
        branchId,
        status: session.status,
        openedBy: session.openedBy,
        openedAt: new Date(session.openedAt),
        openingUsd: session.openingFloat.usd,
        openingKhr: session.openingFloat.khr,
        expectedUsd: session.expected.usd,
        expectedKhr: session.expected.khr,
        countedUsd: session.counted?.usd ?? null,
        countedKhr: session.counted?.khr ?? null,
        closedBy: session.closedBy ?? null,
        closedAt: dateOr(session.closedAt),
        note: session.note ?? null,
      }),
    }),
    entity(cashMovements, {
      together: true,
      row: (id, movement, { branchId }) => ({
        id,
        branchId,
        ...movement,
        occurredAt: new Date(movement.occurredAt),
        saleId: null,
      }),
    }),
  ],
})
