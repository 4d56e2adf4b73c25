/**
 * What the server will say to an operation, as far as the device can tell: the server's own gate and decider, run on
 * what is known here. Where the device does not know enough (its module says by which codes it knows that), the payload
 * is taken at its word; the server looks again.
 */
import { placedAt } from '../../../src/sync/clock.ts'
import type { AnyOperationDefinition, Decision, Operation, Rejected } from '../../../src/sync/module.ts'
import { readsByStage } from '../../../src/sync/stages.ts'
import { State } from '../../../src/sync/state.ts'
import { holds, type Read, type Write } from '../../../src/sync/table.ts'
import type { Known } from '../../../src/sync/till.ts'
import type { Modules } from '../modules/modules.ts'
import { rowsFor } from '../modules/rows.ts'
import type { EntityKind, Json, QueuedOperation } from '../words.ts'

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

/** Puts what is known into a state, as it is asked for. */
const loader = (modules: Modules, known: Known, state: State) => (reads: readonly Read[]) => {
  for (const read of reads)
    if (state.claim(read))
      for (const row of rowsFor(read, known, modules)) state.put({ table: read.finder.table, row })
}

/**
 * Whether the person may do this here and now: a denial or null. A device that does not know its people, or not all of
 * them yet, lets them.
 */
function denial(
  { gate, people }: Modules,
  known: Known,
  op: Operation,
  definition: AnyOperationDefinition,
  { state, load }: { state: State; load: (reads: readonly Read[]) => void },
): Rejected | null {
  load(gate.reads(op))
  const knowsNobody = known.ids(people.kind)[Symbol.iterator]().next().done
  if (knowsNobody || !(known.isWhole || known.get(people.kind, op.actorId))) state.put(people.stranger(op))
  return gate.check(state, op, definition)
}

/** Why the actor could not do this now, whatever the payload; null where they could. */
export function foreseeDenial(
  modules: Modules,
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
  const state = new State()
  const load = loader(modules, known, state)
  return denial(modules, known, operationOf(definition, intent), definition, { state, load })
}

/** Decides an operation on what is known. The definition must be one that a queue may carry. */
export function foresee(modules: Modules, known: Known, intent: Intent): Foreseen {
  const { definition, atItsWord } = modules.operation(intent.type) ?? {}
  if (!definition?.offline) throw new TypeError(`no queue carries operations of the type ${intent.type}`)
  const op = operationOf(definition, intent)
  const state = new State()
  const load = loader(modules, known, state)
  const denied = denial(modules, known, op, definition, { state, load })
  if (denied && !isApplied(intent)) return { decision: denied, effects: [] }
  for (const reads of readsByStage([{ op, definition }], state)) load(reads)
  const decided = definition.decide(state, op)
  const cannotTell = !decided.accepted && atItsWord?.codes.includes(decided.code)
  const decision = cannotTell && atItsWord ? atItsWord.decide(state, op, load) : decided
  return { decision, effects: decision.accepted ? effectsOf(modules, decision.writes) : [] }
}

/** Rows as the entities that the server's feed would make of them. */
function effectsOf(modules: Modules, writes: readonly Write[]): Effect[] {
  return writes.flatMap(({ table, row }) => {
    const { change } = table
    if (!change || !holds(change.when, row)) return []
    const payload = wire(change.payload(row))
    return [{ kind: change.kind, id: change.id(row), payload: modules.provisional(change.kind, payload) }]
  })
}

/** As `JSON.parse(JSON.stringify(value))` makes it, of plain values and times: of a sale, in a tenth of its time. */
function wire(value: unknown): Json {
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
