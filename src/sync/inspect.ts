/**
 * Step 2 of a push: each operation alone. Shape, size, hash, payload. What is broken is decided here,
 * before any transaction; it costs itself only.
 */
import { hash } from 'node:crypto'
import type { core } from 'zod/mini'
import { canonicalOperation } from './canonical.ts'
import { canonicalLink, type LinkContent } from './chain.ts'
import { placedAt } from './clock.ts'
import { contractIssues } from './contract-issues.ts'
import {
  isStorable,
  isUnkeepable,
  type JsonFault,
  type JsonLook,
  lookThrough,
  maxPayloadBytes,
  pathText,
  storable,
} from './json-fault.ts'
import {
  type AnyOperationDefinition,
  type Operation,
  type Registry,
  type Rejected,
  reject,
} from './module.ts'
import { holdsSecret, maskedText } from './secrecy.ts'
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
  clockSkewMs?: number | null
  actorId?: string | null
  /** Whose act it is that the actor approved. */
  approvedFor?: string | null
  deviceSeq?: number | null
  /** The link before its own in the device's chain, and the payload hash that it was queued with. */
  chain?: { id: string; prev: string; madeAs?: string | null } | null
  retry?: boolean | null
  /** The actor's signature; docs/protocol.md, *Proof*. */
  actorProof?: string | null
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
  /** As it came: `op.link` is its own. */
  readonly chain: { readonly prev: string; readonly madeAs: string | null } | null
  readonly retry: boolean
  /** The gate's word before anything was waited for: on knowing of the branch, and on doing this. Null: no denial. */
  readonly notAdmitted: Rejected | null
  readonly notAllowed: Rejected | null
}

const maxDependencies = 500
/** Of a person's id, as of any other. */
const maxIdLength = 128

export { isStorable, maxPayloadBytes, storable }

/** A payload as it weighs: what was seen in it, its text (null where there is too much of it to print), its bytes. */
export type Weighed = { readonly look: JsonLook; readonly text: string | null; readonly bytes: number }

/** Looks through a payload before it is printed. One that is not printed has a byte for each value at the least. */
export function weigh(payload: unknown): Weighed {
  const look = lookThrough(payload)
  const text = isUnkeepable(look.fault) ? null : JSON.stringify(payload)
  return { look, text, bytes: text === null ? look.values : Buffer.byteLength(text) }
}

const invalid = (message: string, path: string, problem: string): Rejected =>
  reject('PAYLOAD_INVALID', message, { issues: [{ path, message: problem }] })

const invalidJson = ({ path, problem }: JsonFault): Rejected =>
  invalid(`The operation is not well formed: ${path} ${problem}.`, path, problem)

const unknownType = (type: string): Rejected =>
  reject('OPERATION_UNKNOWN', `This server knows no operation of the type "${storable(type, 60)}".`)

/** Names that cannot be kept, and some that cannot be hashed: there is nothing and nobody of such a name. */
function nameFault({ type, branchId, actorId, approvedFor }: SubmittedOperation): Rejected | null {
  if (!isStorable(type)) return unknownType(type)
  if (branchId && !isStorable(branchId))
    return invalid('The operation names a branch that cannot be.', 'branchId', 'is not ordinary text')
  if (actorId && !isStorable(actorId))
    return reject('ACTOR_NOT_ALLOWED', 'The person named has never signed in on this device.')
  if (approvedFor && (approvedFor.length > maxIdLength || !isStorable(approvedFor)))
    return invalid('The operation was approved for somebody who cannot be.', 'approvedFor', 'is no id')
  return null
}

function zodFault(error: core.$ZodError): Rejected {
  const issues = contractIssues(error)
    .slice(0, 20)
    .map(({ path, message }) => ({ path: pathText(path), message }))
  const first = issues[0]
  return reject('PAYLOAD_INVALID', `The operation is not well formed: ${first?.path} — ${first?.message}.`, {
    issues,
  })
}

/** SHA-256 of the operation's canonical form, lower-case hex. */
export const payloadHashOf = (operation: { type: string; branchId: string | null; payload: Json }) =>
  hash('sha256', canonicalOperation(operation))

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

/** What is kept of a payload with a secret in it: of a type that has them, only what its contract can read. */
function keptSecret(
  registry: Registry,
  definition: AnyOperationDefinition | undefined,
  payload: unknown,
): string | null {
  if (!definition?.secrets) return maskedText(registry, payload as Json)
  const read = definition.payload.safeParse(payload)
  return read.success ? maskedText(registry, read.data) : null
}

const isHash = (text: string) => /^[0-9a-f]{64}$/.test(text)

/**
 * Its link in the device's chain; null where it has none, or one that cannot be: evidence, never a fault. What holds a
 * secret has none: a link is a hash over the payload's, and whoever reads it could try the few PINs that there are.
 */
function linkOf(
  { deviceSeq, chain, payloadHash }: SubmittedOperation,
  op: Pick<Operation, 'clientOpId' | 'actorId' | 'occurredAt' | 'deviceId'>,
): Operation['link'] {
  if (!chain || !deviceSeq || deviceSeq < 1 || op.deviceId === null) return null
  const madeAs = chain.madeAs ?? payloadHash
  if (!isHash(chain.prev) || !isHash(madeAs)) return null
  const of = {
    chain: chain.id.toLowerCase(),
    deviceSeq,
    prev: chain.prev,
    clientOpId: op.clientOpId,
    payloadHash: madeAs,
    actorId: op.actorId,
    occurredAt: op.occurredAt.toISOString(),
  }
  return { chain: of.chain, deviceSeq, link: hashOfLink(of) }
}

/** A link by its content: SHA-256 in lower-case hex. In one call, which takes two thirds of a hash made in parts. */
export const hashOfLink = (of: LinkContent): string => hash('sha256', canonicalLink(of))

/** Looks at one operation. Never throws: a fault becomes its verdict. */
export function inspect(
  submitted: SubmittedOperation,
  by: Inspector,
  weighed: Weighed = weigh(submitted.payload),
): Inspected {
  const definition = by.registry.operations.get(submitted.type)
  const isSecret = holdsSecret(by.registry, definition, weighed.text)
  const inspected = unexamined(submitted, by, { definition, isSecret })
  const fault = faultIn(inspected, submitted, by, { ...weighed, isSecret })
  return { ...inspected, fault }
}

/** What is kept of an operation whatever is wrong with it. */
function unexamined(
  submitted: SubmittedOperation,
  by: Inspector,
  { definition, isSecret }: { definition: AnyOperationDefinition | undefined; isSecret: boolean },
) {
  const occurredAt = printedOnce(submitted.occurredAt)
  const clockSkewMs = submitted.clockSkewMs ?? null
  const placed = placedAt(occurredAt, clockSkewMs)
  const op = {
    clientOpId: submitted.clientOpId.toLowerCase(),
    type: submitted.type,
    tenantId: by.tenantId,
    branchId: storable(submitted.branchId ?? ''),
    payload: submitted.payload as unknown,
    actorId: submitted.actorId == null ? by.accountId : storable(submitted.actorId),
    submittedBy: by.accountId,
    approvedFor: submitted.approvedFor == null ? null : storable(submitted.approvedFor, maxIdLength),
    deviceId: by.deviceId,
    lane: by.lane,
    occurredAt,
    clockSkewMs,
    at: by.at,
    link: null as Operation['link'],
    happenedAt: placed > by.at ? by.at : placed === occurredAt ? occurredAt : printedOnce(placed),
    proof:
      submitted.actorProof == null
        ? null
        : { payloadHash: submitted.payloadHash, actorProof: submitted.actorProof },
  }
  if (!isSecret) op.link = linkOf(submitted, op)
  return {
    op,
    definition,
    payloadText: null as string | null,
    payloadHash: isSecret ? by.registry.keyedHash(submitted.payloadHash) : storable(submitted.payloadHash),
    hashFits: false,
    dependsOn: (submitted.dependsOn ?? []).slice(0, maxDependencies).map((id) => id.toLowerCase()),
    deviceSeq: submitted.deviceSeq ?? null,
    chain: op.link ? { prev: submitted.chain!.prev, madeAs: submitted.chain!.madeAs ?? null } : null,
    retry: submitted.retry ?? false,
    notAdmitted: null,
    notAllowed: null,
  }
}

/** What is wrong with it, if anything; on the way `inspected` is given what is found out. */
function faultIn(
  inspected: ReturnType<typeof unexamined>,
  submitted: SubmittedOperation,
  by: Inspector,
  { look, text, bytes, isSecret }: Weighed & { isSecret: boolean },
): Rejected | null {
  const { op, definition } = inspected
  // 1. What cannot be kept or hashed. How much it is first: the rest looks at every part of it.
  if (look.fault && text === null) return invalidJson(look.fault)
  if (bytes > maxPayloadBytes) {
    const problem = `is ${bytes} bytes; at most ${maxPayloadBytes} are accepted`
    return invalid(`The operation is too large: its payload ${problem}.`, 'payload', problem)
  }
  inspected.payloadText = isSecret ? keptSecret(by.registry, definition, submitted.payload) : text
  if (look.fault) return invalidJson(look.fault)
  const nameProblem = nameFault(submitted)
  if (nameProblem) return nameProblem

  // 2. Whether it arrived as it was made.
  const actual = payloadHashOf({
    type: submitted.type,
    branchId: submitted.branchId ?? null,
    payload: submitted.payload as Json,
  })
  if (actual !== submitted.payloadHash)
    return reject(
      'PAYLOAD_HASH_MISMATCH',
      'The operation was damaged on its way: its hash does not fit its content.',
      isSecret ? undefined : { expected: actual },
    )
  inspected.hashFits = true

  // 3. What it is.
  if (!definition) return unknownType(submitted.type)
  if (by.lane === 'REPLAY' && !definition.offline)
    return reject(
      'OPERATION_NOT_SUPPORTED_OFFLINE',
      `"${definition.type}" works only while online; it cannot be queued.`,
    )
  if (definition.scope === 'branch' && !op.branchId)
    return reject('BRANCH_CONTEXT_REQUIRED', 'The operation does not say which branch it is about.')
  if ((submitted.dependsOn?.length ?? 0) > maxDependencies)
    return reject('PAYLOAD_INVALID', `The operation names more than ${maxDependencies} dependencies.`)

  // 4. Its payload.
  const parsed = definition.payload.safeParse(submitted.payload)
  if (!parsed.success) return zodFault(parsed.error)
  op.payload = parsed.data
  return null
}

/** Slow work on a payload (hashing a PIN), done for whom the operation is allowed. */
export async function prepare(inspected: Inspected): Promise<Inspected> {
  const { op, definition } = inspected
  if (!definition?.prepare || !takesTurn(inspected)) return inspected
  return { ...inspected, op: { ...op, payload: await definition.prepare(op.payload, op) } }
}

const isDenied = ({ notAdmitted, notAllowed }: Inspected) => notAdmitted !== null || notAllowed !== null

/** Whether it changes anything but the record, as far as can be told: what is broken or refused waits for nobody. */
export const takesTurn = (inspected: Inspected) => inspected.fault === null && !isDenied(inspected)
