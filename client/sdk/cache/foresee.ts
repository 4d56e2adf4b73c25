/**
 * What the server will say to an operation, as far as the device can tell: the server's own gate and decider, run on
 * what is known here. Where the device does not know enough (a revision that it no longer has), the payload is taken at
 * its word; the server looks again.
 */
import { createGate, nothingProven } from '../../../src/modules/access/gate.ts'
import { mayBy } from '../../../src/modules/access/roles.ts'
import { members } from '../../../src/modules/access/tables.ts'
import { usableSession } from '../../../src/modules/cash-session/drawer.ts'
import { menuItemRevision, menuItemRevisions, menuItems } from '../../../src/modules/menu/tables.ts'
import { policies } from '../../../src/modules/policy/tables.ts'
import { bookSale } from '../../../src/modules/sale/book-sale.ts'
import type { SaleFinalize } from '../../../src/modules/sale/contract.ts'
import type { PricedSale } from '../../../src/modules/sale/priced-sale.ts'
import { unitPrice } from '../../../src/modules/sale/pricing.ts'
import { permissions } from '../../../src/modules/words.ts'
import { placedAt } from '../../../src/sync/clock.ts'
import {
  type AnyOperationDefinition,
  type Decision,
  isDecision,
  type Operation,
  type Rejected,
} from '../../../src/sync/module.ts'
import { readsByStage } from '../../../src/sync/stages.ts'
import { State } from '../../../src/sync/state.ts'
import type { Read, Write } from '../../../src/sync/table.ts'
import { operationDefinitions } from '../cafe/operations.ts'
import { type Known, rowsFor } from '../cafe/rows.ts'
import type { EntityKind, Json, QueuedOperation } from '../words.ts'

/** A device has no secret: it decides for the person at work alone. */
const gate = createGate({ may: mayBy(permissions), isProven: nothingProven })

/** What an operation would make of an entity; null: it would go. */
export type Effect = { kind: EntityKind; id: string; payload: Json }

export type Foreseen = { decision: Decision; effects: readonly Effect[] }

type Intent = Pick<
  QueuedOperation,
  'clientOpId' | 'type' | 'tenantId' | 'branchId' | 'actorId' | 'payload' | 'occurredAt'
> &
  Partial<Pick<QueuedOperation, 'verdict' | 'met' | 'clockSkewMs'>>

/** The gateway has done it: whether its actor may is no longer a question, whatever has become of them since. */
const isApplied = ({ verdict, met }: Intent) => verdict?.status === 'APPLIED' || met === true

/** The payload as its contract reads it (trimmed, lower-cased); as given where it does not fit. Parsed once. */
const parsedPayloads = new WeakMap<object, unknown>()
function parsed(definition: AnyOperationDefinition, intent: Intent): unknown {
  const known = parsedPayloads.get(intent)
  if (known !== undefined) return known
  const payload = definition.payload.safeParse(intent.payload).data ?? intent.payload
  parsedPayloads.set(intent, payload)
  return payload
}

function operationOf(definition: AnyOperationDefinition, intent: Intent): Operation {
  const occurredAt = new Date(intent.occurredAt)
  const clockSkewMs = intent.clockSkewMs ?? null
  const happenedAt = placedAt(occurredAt, clockSkewMs)
  const { clientOpId, type, tenantId, branchId, actorId } = intent
  return {
    clientOpId,
    type,
    tenantId,
    branchId,
    payload: parsed(definition, intent),
    actorId,
    submittedBy: actorId,
    deviceId: null,
    lane: 'REPLAY',
    occurredAt,
    clockSkewMs,
    at: happenedAt,
    happenedAt,
  }
}

function load(state: State, known: Known, reads: readonly Read[]): void {
  for (const read of reads)
    if (state.claim(read))
      for (const row of rowsFor(read, known)) state.put({ table: read.finder.table, row })
}

/**
 * Whether the person may do this here and now: a denial or null. A device that does not know its people, or not all of
 * them yet, lets them.
 */
function denial(
  state: State,
  known: Known,
  op: Operation,
  definition: AnyOperationDefinition,
): Rejected | null {
  load(state, known, gate.reads(op))
  const knowsNobody = known.ids('staffMember')[Symbol.iterator]().next().done
  if (knowsNobody || !(known.isWhole || known.get('staffMember', op.actorId)))
    state.put(
      members.row({
        accountId: op.actorId,
        staffCode: '',
        name: '',
        role: 'ADMIN',
        status: 'ACTIVE',
        branchIds: [op.branchId],
        tokenGeneration: 0,
      }),
    )
  return gate.check(state, op, definition)
}

/** Why the actor could not do this now, whatever the payload; null where they could. */
export function foreseeDenial(
  known: Known,
  definition: AnyOperationDefinition,
  by: { tenantId: string; branchId: string; actorId: string; at: Date },
): Rejected | null {
  const intent = {
    ...by,
    clientOpId: '',
    type: definition.type,
    payload: {},
    occurredAt: by.at.toISOString(),
  }
  return denial(new State(), known, operationOf(definition, intent), definition)
}

/** Decides an operation on what is known. The definition must be one that a queue may carry. */
export function foresee(known: Known, intent: Intent): Foreseen {
  const definition = operationDefinitions.get(intent.type)
  if (!definition?.offline) throw new TypeError(`no queue carries operations of the type ${intent.type}`)
  const op = operationOf(definition, intent)
  const state = new State()
  const denied = denial(state, known, op, definition)
  if (denied && !isApplied(intent)) return { decision: denied, effects: [] }
  for (const reads of readsByStage([{ op, definition }], state)) load(state, known, reads)
  const decision = atItsWord(state, known, op, definition.decide(state, op))
  return { decision, effects: decision.accepted ? effectsOf(decision.writes) : [] }
}

/** Codes that mean "this device does not have it (any more)", where they come from its own decision. */
const cannotTell = new Set(['MENU_ITEM_UNKNOWN', 'MENU_REVISION_UNKNOWN', 'POLICY_REVISION_UNKNOWN'])

function atItsWord(state: State, known: Known, op: Operation, decision: Decision): Decision {
  if (decision.accepted || !cannotTell.has(decision.code)) return decision
  const sale = op as Operation<SaleFinalize>
  const session = usableSession(state, op.branchId, sale.payload.cashSessionId)
  return isDecision(session) ? session : bookSale(state, sale, session, claimed(state, known, sale))
}

/** The sale as its payload claims it, with the names that are known now. */
function claimed(state: State, known: Known, { branchId, payload }: Operation<SaleFinalize>): PricedSale {
  const lines = payload.lines.map((line) => {
    const item = state.get(menuItems, line.menuItemId)
    if (item) load(state, known, [menuItemRevision(item.id, item.revision)])
    const newest = item && state.get(menuItemRevisions, item.id, item.revision)
    const options = (newest?.modifierGroups ?? [])
      .flatMap((group) => group.options)
      .filter(({ id }) => line.modifierOptionIds.includes(id))
    const unitUsd = unitPrice(
      item?.priceUsd ?? 0,
      options.map(({ priceUsd }) => priceUsd),
    )
    return {
      sold: {
        menuItemId: line.menuItemId,
        menuItemRevision: line.menuItemRevision,
        name: item?.name ?? line.menuItemId,
        categoryId: item?.categoryId ?? '',
        categoryName: newest?.categoryName ?? '',
        quantity: line.quantity,
        unitUsd,
        lineUsd: unitUsd * line.quantity,
        modifiers: options.map(({ id, name, priceUsd }) => ({ id, name, priceUsd })),
      },
      uses: [],
    }
  })
  const {
    branchId: _,
    updatedAt: __,
    revision: ___,
    ...policy
  } = state.get(policies, branchId) ?? {
    branchId,
    updatedAt: null,
    revision: 0,
  }
  return {
    lines,
    totals: payload.totals,
    policy: policy as PricedSale['policy'],
    stale: true,
    staleSince: null,
  }
}

/** Rows as the entities that the server's feed would make of them. */
function effectsOf(writes: readonly Write[]): Effect[] {
  return writes.flatMap(({ table, row }) => {
    const { change } = table
    if (!change || change.when?.(row) === false) return []
    const payload = wire(change.payload(row))
    const kind = change.kind as EntityKind
    return [{ kind, id: change.id(row) as string, payload: kind === 'sale' ? provisional(payload) : payload }]
  })
}

/** As `JSON.parse(JSON.stringify(value))` makes it, of plain values and times: of a sale, in a tenth of its time. */
export function wire(value: unknown): Json {
  if (value instanceof Date) return value.toJSON()
  if (Array.isArray(value)) return value.map((each) => wire(each ?? null))
  if (typeof value !== 'object' || value === null)
    return typeof value === 'number' && !Number.isFinite(value) ? null : (value as Json)
  const plain: { [name: string]: Json } = {}
  for (const name in value) {
    const of = (value as { [name: string]: unknown })[name]
    if (of !== undefined) plain[name] = wire(of)
  }
  return plain
}

/** Only the server gives receipt numbers. */
const provisional = (sale: Json): Json => ({ ...(sale as { [name: string]: Json }), receiptNumber: null })
