/**
 * What comes too late, decided by a person: booked into the session in which it was made or into the one that is open, by the
 * deciders of the operations themselves, or given up.
 */
import {
  type Accepted,
  type AuditEntry,
  accept,
  alreadyApplied,
  type Decision,
  type Operation,
  reject,
} from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row, Write } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import { members } from '../access/tables.ts'
import { decideMovement } from '../cash-session/decide.ts'
import { usableSession } from '../cash-session/drawer.ts'
import { cashSessions } from '../cash-session/tables.ts'
import { decideFinalize } from '../sale/decide.ts'
import {
  aboutPerson,
  type CashSessionBookRefused,
  type CashSessionSupplement,
  type Outcome,
  type SupplementContent,
  type SupplementEntry,
} from './contract.ts'
import { hashOf } from './hash.ts'
import { openOf } from './refusals.ts'
import { settled } from './settled.ts'
import { headOf } from './statement.ts'
import { closingHeads, type Refusal, refusals, statements, supplements } from './tables.ts'
import { codes } from './words.ts'

type Session = Row<typeof cashSessions>
type SessionFor = typeof usableSession

const deciders: Record<string, (state: State, op: never, sessionFor: SessionFor) => Decision> = {
  'sale.finalize': decideFinalize,
  'cashSession.movement': decideMovement,
}

/** The refused operation as it would be decided now, for another session where one is given. */
export function asRefused(
  op: Operation,
  refusal: Refusal,
  cashSessionId = refusal.cashSessionId,
  actorId = refusal.actorId,
): Operation {
  const { clientOpId, type, deviceId, occurredAt, happenedAt, payload } = refusal
  return {
    ...op,
    ...{ clientOpId, type, actorId, deviceId, occurredAt, happenedAt },
    payload: { ...(payload as object), cashSessionId },
    link: null,
    proof: null,
  }
}

/** What came of several refused operations: each is booked, known already, or refused once more. */
type Booked = {
  writes: Write[]
  audit: AuditEntry[]
  entries: SupplementEntry[]
  already: Json[]
  refused: { clientOpId: string; code: string; message: string }[]
}

function bookAll(
  state: State,
  op: Operation<{ clientOpIds: readonly string[]; actorId?: string | undefined }>,
  cashSessionId: string,
  how: {
    sessionFor: SessionFor
    outcome: Outcome
    isHere: (refusal: Refusal) => boolean
    reason?: string | null
  },
): Booked {
  const booked: Booked = { writes: [], audit: [], entries: [], already: [], refused: [] }
  const own = state.copy()
  const write = (writes: readonly Write[]) => {
    for (const each of writes) own.put(each)
    booked.writes.push(...writes)
  }
  for (const clientOpId of new Set(op.payload.clientOpIds)) {
    const refusal = own.get(refusals, clientOpId)
    const decide = refusal && deciders[refusal.type]
    if (!refusal?.payload || !decide || refusal.branchId !== op.branchId || !how.isHere(refusal)) {
      booked.refused.push({ clientOpId, code: 'REFUSAL_UNKNOWN', message: codes.REFUSAL_UNKNOWN })
      continue
    }
    const other = op.payload.actorId === refusal.actorId ? undefined : op.payload.actorId
    const doubt = other && personFault(own, refusal, other)
    if (doubt) {
      booked.refused.push({ clientOpId, ...doubt })
      continue
    }
    const decision = decide(own, asRefused(op, refusal, cashSessionId, other) as never, how.sessionFor)
    if (!decision.accepted) {
      booked.refused.push({ clientOpId, code: decision.code, message: decision.message })
      continue
    }
    const { thingId } = refusal
    const open = openOf(
      own.filter(refusals, () => true),
      thingId,
      op.branchId,
    )
    // Where another was faster, it is in the books: how it came there is what is told.
    const outcome = decision.duplicate ? 'BOOKED' : how.outcome
    const bookedAs = decision.duplicate ? null : (other ?? null)
    const settling = { outcome, by: op.actorId, at: op.at, reason: how.reason ?? null, bookedAs }
    const reopened = refusal.settled && !decision.duplicate ? [refusal] : []
    write([...decision.writes, ...[...open, ...reopened].map((each) => settled(each, settling))])
    if (decision.duplicate) {
      booked.already.push({ clientOpId, ...decision.result })
      continue
    }
    booked.audit.push(...decision.audit)
    booked.entries.push(entryOf({ ...refusal, actorId: other ?? refusal.actorId }, decision))
  }
  return booked
}

/** Why it cannot be booked as this person's; null: it can. */
function personFault(state: State, { code }: Refusal, actorId: string) {
  if (!aboutPerson.includes(code))
    return {
      code: 'PERSON_NOT_IN_DOUBT',
      message: 'It was not refused because of the person: nobody else can have done it.',
    }
  return state.get(members, actorId)?.status === 'ACTIVE'
    ? null
    : { code: 'NO_MEMBERSHIP', message: 'There is nobody of this id in the business.' }
}

function entryOf(refusal: Refusal, { result }: Accepted): SupplementEntry {
  const { clientOpId, type, thingId, actorId, deviceId, occurredAt, usd, khr, totalUsd } = refusal
  return {
    ...{ clientOpId, type, id: thingId!, actorId, deviceId, usd, khr, totalUsd },
    receiptNumber: typeof result.receiptNumber === 'number' ? result.receiptNumber : null,
    occurredAt: occurredAt.toISOString(),
  }
}

/** Nothing was booked: it was before, or it cannot be. */
function nothingBooked({ already, refused }: Booked, result: Record<string, Json>): Decision | null {
  const [first] = refused
  if (already.length > 0 || !first) return null
  return reject(first.code, first.message, { ...result, refused })
}

const sumsOf = (entries: readonly SupplementEntry[]) => ({
  usd: entries.reduce((sum, { usd }) => sum + usd, 0),
  khr: entries.reduce((sum, { khr }) => sum + khr, 0),
  totalUsd: entries.reduce((sum, { totalUsd }) => sum + totalUsd, 0),
})

/** Whom somebody has named. */
const personOf = ({
  payload: { actorId },
}: Operation<{ actorId?: string | undefined }>): Record<string, Json> =>
  actorId === undefined ? {} : { actorId }

const toldOf = ({ entries, already, refused }: Booked): Record<string, Json> => ({
  booked: entries.map(({ clientOpId, id, receiptNumber }) => ({ clientOpId, id, receiptNumber })),
  already,
  refused,
})

export function decideSupplement(state: State, op: Operation<CashSessionSupplement>): Decision {
  const { cashSessionId, reason = null } = op.payload
  const session = state.get(cashSessions, cashSessionId)
  if (session?.branchId !== op.branchId)
    return reject('CASH_SESSION_NOT_OPEN', 'This branch has no such cash session.', { cashSessionId })
  if (session.status === 'OPEN')
    return reject(
      'CASH_SESSION_STILL_OPEN',
      'The cash session is still open: what belongs to it can simply be sent again.',
      { cashSessionId },
    )
  const booked = bookAll(state, op, cashSessionId, {
    sessionFor: (own) => own.get(cashSessions, cashSessionId) as Session,
    outcome: 'SUPPLEMENTED',
    // One whose session was never opened was made in whichever was.
    isHere: (refusal) =>
      refusal.cashSessionId === cashSessionId ||
      (refusal.cashSessionId !== null && !state.get(cashSessions, refusal.cashSessionId)),
    reason,
  })
  const told = { cashSessionId, ...toldOf(booked) }
  if (booked.entries.length === 0) return nothingBooked(booked, told) ?? settledOnly(booked, told)

  const head = headOf(state, op)
  const statement = state.find(statements, (each) => each.cashSessionId === cashSessionId)
  const { tenantId, branchId, clientOpId } = op
  const content: SupplementContent = {
    kind: 'supplement',
    version: 1,
    ...{ tenantId, branchId },
    number: head.supplementNumber + 1,
    prev: head.supplementHash,
    cashSessionId,
    recordedAt: op.at.toISOString(),
    statement: statement ? { number: statement.number, hash: statement.hash } : null,
    by: op.actorId,
    reason: reason ?? null,
    entries: booked.entries,
    ...sumsOf(booked.entries),
  }
  const hash = hashOf(content)
  const { number } = content
  return accept({
    writes: [
      ...booked.writes,
      supplements.row({ branchId, number, clientOpId, cashSessionId, content, hash, recordedAt: op.at }),
      closingHeads.row({ ...head, supplementNumber: number, supplementHash: hash }),
    ],
    audit: [
      ...booked.audit,
      {
        name: 'CASH_SESSION_SUPPLEMENTED',
        data: {
          ...{ cashSessionId, number, reason: reason ?? null, ...personOf(op) },
          ...sumsOf(booked.entries),
          ...toldOf(booked),
        },
      },
    ],
    result: { ...told, number, hash },
  })
}

/** All of it was in the books: what was still open of it is dealt with, and nothing else changes. */
const settledOnly = ({ writes }: Booked, result: Record<string, Json>): Accepted => ({
  ...alreadyApplied(result),
  writes,
})

export function decideBookRefused(state: State, op: Operation<CashSessionBookRefused>): Decision {
  const { cashSessionId } = op.payload
  const booked = bookAll(state, op, cashSessionId, {
    sessionFor: usableSession,
    outcome: 'BOOKED',
    isHere: () => true,
  })
  const told = { cashSessionId, ...toldOf(booked) }
  if (booked.entries.length === 0) return nothingBooked(booked, told) ?? settledOnly(booked, told)
  return accept({
    writes: booked.writes,
    audit: [
      ...booked.audit,
      {
        name: 'REFUSED_OPERATIONS_BOOKED',
        data: { ...told, ...personOf(op), ...sumsOf(booked.entries) },
      },
    ],
    result: told,
  })
}
