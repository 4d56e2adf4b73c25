/**
 * Step 2 of a push: each operation alone. Shape, size, hash, payload. What is broken is decided here,
 * before any transaction; it costs itself only.
 */
import { createHash } from 'node:crypto'
import type { core } from 'zod/mini'
import { canonicalOperation } from './canonical.ts'
import {
  type AnyOperationDefinition,
  type Operation,
  type Registry,
  type Rejected,
  reject,
} from './module.ts'
import type { Json, Lane } from './words.ts'

/** One operation as it came over the wire, its envelope already of the right GraphQL types. */
export type SubmittedOperation = {
  clientOpId: string
  type: string
  branchId?: string | null
  payload: unknown
  payloadHash: string
  dependsOn?: readonly string[] | null
  occurredAt: Date
  actorId?: string | null
  deviceSeq?: number | null
  retry?: boolean | null
}

/** An operation that has been looked at: ready to be decided, or with the verdict that its own faults brought it. */
export type Inspected = {
  readonly op: Operation
  readonly definition: AnyOperationDefinition | undefined
  readonly fault: Rejected | null
  /** The payload as JSON text, as it is kept; null where it is too large or too deep for that. */
  readonly payloadText: string | null
  /** As the sender claims it; `hashFits`: the payload has it indeed. */
  readonly payloadHash: string
  readonly hashFits: boolean
  readonly dependsOn: readonly string[]
  readonly deviceSeq: number | null
  readonly retry: boolean
}

export const maxPayloadBytes = 64 * 1024
const maxDepth = 32
const maxDependencies = 500

/** Text that PostgreSQL can hold: no NUL, no lone surrogates. */
export const isStorable = (text: string) => text.isWellFormed() && !text.includes('\u0000')
/** The nearest text that can be kept, of at most `max` characters, for fields that are only shown. */
export const storable = (text: string, max = 200) =>
  text.slice(0, max).toWellFormed().replaceAll('\u0000', '\uFFFD')

export type JsonFault = { path: string; problem: string }

/** The one fault with which a value is not kept for people to see either: PostgreSQL does not take any depth. */
const tooDeep: JsonFault = { path: 'payload', problem: `is nested deeper than ${maxDepth} levels` }

/** A value as JSON text; null where it is nested so deeply that printing it exhausts the stack. */
function printed(value: unknown): string | null {
  try {
    return JSON.stringify(value)
  } catch {
    return null
  }
}

/** What makes a JSON value unfit to work with, or null. Iterative: nesting must not exhaust the stack. */
export function jsonFault(value: unknown): JsonFault | null {
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value, path: 'payload', depth: 1 }]
  let fault: JsonFault | null = null
  const note = (path: string, problem: string) => {
    fault ??= { path: storable(path), problem }
  }
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, depth } = next
    if (typeof value === 'string') {
      if (!isStorable(value)) note(path, 'has a NUL or half of a surrogate pair')
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) note(path, 'is a number too large')
    } else if (typeof value === 'object' && value !== null) {
      if (depth > maxDepth) return tooDeep
      for (const [key, child] of Object.entries(value)) {
        if (!isStorable(key)) note(path, 'has a key with a NUL or half of a surrogate pair')
        waiting.push({
          value: child,
          path: Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`,
          depth: depth + 1,
        })
      }
    } else if (typeof value !== 'boolean' && value !== null) {
      note(path, 'is not JSON')
    }
  }
  return fault
}

const invalid = (message: string, path: string, problem: string): Rejected =>
  reject('PAYLOAD_INVALID', message, { issues: [{ path, message: problem }] })

const invalidJson = ({ path, problem }: JsonFault): Rejected =>
  invalid(`The operation is not well formed: ${path} ${problem}.`, path, problem)

const unknownType = (type: string): Rejected =>
  reject('OPERATION_UNKNOWN', `This server knows no operation of the type "${storable(type, 60)}".`)

/** Names that cannot be kept, and some that cannot be hashed: there is nothing and nobody of such a name. */
function nameFault({ type, branchId, actorId }: SubmittedOperation): Rejected | null {
  if (!isStorable(type)) return unknownType(type)
  if (branchId && !isStorable(branchId))
    return invalid('The operation names a branch that cannot be.', 'branchId', 'is not ordinary text')
  if (actorId && !isStorable(actorId))
    return reject('ACTOR_NOT_ALLOWED', 'The person named has never signed in on this device.')
  return null
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => text + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`),
    'payload',
  )
}

function zodFault(error: core.$ZodError): Rejected {
  const issues = error.issues.slice(0, 20).map(({ path, message }) => ({ path: pathText(path), message }))
  const first = issues[0]
  return reject('PAYLOAD_INVALID', `The operation is not well formed: ${first?.path} — ${first?.message}.`, {
    issues,
  })
}

/** SHA-256 of the operation's canonical form, lower-case hex. */
export const payloadHashOf = (operation: { type: string; branchId: string | null; payload: Json }) =>
  createHash('sha256').update(canonicalOperation(operation)).digest('hex')

export type Inspector = {
  registry: Registry
  tenantId: string
  deviceId: string | null
  /** The token's account. */
  accountId: string
  lane: Lane
  at: Date
}

/**
 * The same time, printed as JSON once: it goes into some 25 rows of a sale, and printing a Date takes as long as
 * printing four texts.
 */
export function printedOnce(time: Date): Date {
  const text = time.toJSON()
  return Object.defineProperty(new Date(time), 'toJSON', { value: () => text })
}

/** Looks at one operation. Never throws: a fault becomes its verdict. */
export async function inspect(submitted: SubmittedOperation, by: Inspector): Promise<Inspected> {
  const definition = by.registry.operations.get(submitted.type)
  const occurredAt = printedOnce(submitted.occurredAt)
  const op = {
    clientOpId: submitted.clientOpId.toLowerCase(),
    type: submitted.type,
    tenantId: by.tenantId,
    branchId: storable(submitted.branchId ?? ''),
    payload: submitted.payload as unknown,
    actorId: submitted.actorId == null ? by.accountId : storable(submitted.actorId),
    submittedBy: by.accountId,
    deviceId: by.deviceId,
    lane: by.lane,
    occurredAt,
    at: by.at,
    happenedAt: occurredAt > by.at ? by.at : occurredAt,
  }
  const inspected = {
    op,
    definition,
    payloadText: null as string | null,
    payloadHash: storable(submitted.payloadHash),
    hashFits: false,
    dependsOn: (submitted.dependsOn ?? []).slice(0, maxDependencies).map((id) => id.toLowerCase()),
    deviceSeq: submitted.deviceSeq ?? null,
    retry: submitted.retry ?? false,
  }
  const faulty = (fault: Rejected): Inspected => ({ ...inspected, fault })

  // 1. What cannot be kept or hashed. Its size first: the rest looks at every part of it.
  const text = printed(submitted.payload)
  if (text === null) return faulty(invalidJson(tooDeep))
  const bytes = Buffer.byteLength(text)
  if (bytes > maxPayloadBytes) {
    const problem = `is ${bytes} bytes; at most ${maxPayloadBytes} are accepted`
    return faulty(invalid(`The operation is too large: its payload ${problem}.`, 'payload', problem))
  }
  const jsonProblem = jsonFault(submitted.payload)
  if (jsonProblem === tooDeep) return faulty(invalidJson(tooDeep))
  inspected.payloadText = definition?.redact
    ? JSON.stringify(definition.redact(submitted.payload as Json))
    : text
  if (jsonProblem) return faulty(invalidJson(jsonProblem))
  const nameProblem = nameFault(submitted)
  if (nameProblem) return faulty(nameProblem)

  // 2. Whether it arrived as it was made.
  const actual = payloadHashOf({
    type: submitted.type,
    branchId: submitted.branchId ?? null,
    payload: submitted.payload as Json,
  })
  if (actual !== submitted.payloadHash)
    return faulty(
      reject(
        'PAYLOAD_HASH_MISMATCH',
        'The operation was damaged on its way: its hash does not fit its content.',
        { expected: actual },
      ),
    )
  inspected.hashFits = true

  // 3. What it is.
  if (!definition) return faulty(unknownType(submitted.type))
  if (by.lane === 'REPLAY' && !definition.offline)
    return faulty(
      reject(
        'OPERATION_NOT_SUPPORTED_OFFLINE',
        `"${definition.type}" works only while online; it cannot be queued.`,
      ),
    )
  if (definition.scope === 'branch' && !op.branchId)
    return faulty(reject('BRANCH_CONTEXT_REQUIRED', 'The operation does not say which branch it is about.'))
  if ((submitted.dependsOn?.length ?? 0) > maxDependencies)
    return faulty(reject('PAYLOAD_INVALID', `The operation names more than ${maxDependencies} dependencies.`))

  // 4. Its payload.
  const parsed = definition.payload.safeParse(submitted.payload)
  if (!parsed.success) return faulty(zodFault(parsed.error))
  op.payload = definition.prepare ? await definition.prepare(parsed.data) : parsed.data
  return { ...inspected, fault: null }
}
