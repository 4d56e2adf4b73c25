/**
 * Step 7 of a push: decide the operations one after the other, each seeing the state that the one before
 * it left. Pure: no SQL, no clock, no GraphQL.
 */
import type { Written } from './feed.ts'
import type { Inspected } from './inspect.ts'
import { storable } from './json-fault.ts'
import {
  type Accepted,
  type Decision,
  type Operation,
  type Registry,
  type Rejected,
  reject,
} from './module.ts'
import type { Known, Verdict } from './record.ts'
import type { State } from './state.ts'
import type { EngineCode } from './words.ts'

/** One operation with what became of it. `fresh`: decided now, and to be kept. */
export type Decided = {
  readonly inspected: Inspected
  readonly verdict: Verdict
  readonly fresh: boolean
}

export type Decisions = {
  readonly decided: readonly Decided[]
  readonly written: readonly Written[]
}

export function rejection(clientOpId: string, { code, message, details }: Rejected): Verdict {
  return {
    clientOpId,
    status: 'REJECTED',
    duplicate: false,
    code,
    message,
    details: details ?? null,
    result: null,
    appliedSeq: null,
  }
}

function application(clientOpId: string, { result, duplicate = false }: Accepted): Verdict {
  const nothing = { code: null, message: null, details: null, appliedSeq: null }
  return { clientOpId, status: 'APPLIED', duplicate, result, ...nothing }
}

export function deferral(clientOpId: string, code: EngineCode, message: string): Verdict {
  const nothing = { details: null, result: null, appliedSeq: null }
  return { clientOpId, status: 'DEFERRED', duplicate: false, code, message, ...nothing }
}

const plainVerdict = ({
  branchId: _branch,
  payloadHash: _hash,
  chainId: _chain,
  unkept: _unkept,
  ...verdict
}: Known): Verdict => verdict

/** The hash covers the branch, but it is claimed by the sender: who may see this branch may not see that one's. */
const isSame = (known: Known, { op, payloadHash }: Inspected) =>
  known.payloadHash === payloadHash && known.branchId === (op.branchId || null)

/** What speaks of who brought an operation: never its own verdict, for somebody else may bring it. */
const aboutTheBringer: ReadonlySet<string> = new Set<EngineCode>([
  'ACTOR_NOT_ALLOWED',
  'ACTOR_PROOF_REQUIRED',
  'NO_BRANCH_ACCESS',
])

/** Whether the stored verdict answers this submission; null where it is to be decided (anew). */
function fromRecord(known: Known, inspected: Inspected): Verdict | null {
  const { op, hashFits, fault, retry } = inspected
  if (!isSame(known, inspected))
    return rejection(
      op.clientOpId,
      reject(
        'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
        'This operation id was already used for something else; nothing was changed.',
      ),
    )
  // The hash is claimed by the sender: another payload under a known hash gets no stored result, and replaces none.
  if (fault && !hashFits && known.code !== fault.code) return rejection(op.clientOpId, fault)
  if (known.status === 'REJECTED' && retry) return null
  return { ...plainVerdict(known), duplicate: true }
}

function brokenDependency(
  dependsOn: readonly string[],
  verdicts: ReadonlyMap<string, Known>,
): Rejected | null {
  for (const id of dependsOn) {
    const verdict = verdicts.get(id)
    if (!verdict)
      return reject('DEPENDENCY_MISSING', 'An operation that this one builds on has not arrived.', {
        dependsOn: id,
      })
    if (verdict.status !== 'APPLIED')
      return reject('DEPENDENCY_FAILED', 'An operation that this one builds on was not applied.', {
        dependsOn: id,
      })
  }
  return null
}

/** A rejection that is answered, but not kept: of who brought the operation, or of who brought what it builds on. */
const isUnkept = (
  { code }: Rejected,
  dependsOn: readonly string[],
  verdicts: ReadonlyMap<string, Known>,
): boolean =>
  aboutTheBringer.has(code) ||
  (code === 'DEPENDENCY_FAILED' && dependsOn.some((id) => verdicts.get(id)?.unkept))

/** What clients and people rely on is written down: a code or an audit name that is not is a fault of its module. */
function checkWords({ codes, audits }: Registry, { type }: Operation, decision: Decision): void {
  const unknown = decision.accepted
    ? decision.audit.map(({ name }) => name).find((name) => !audits.has(name))
    : codes.has(decision.code)
      ? undefined
      : decision.code
  if (unknown !== undefined) throw new Error(`${type} says ${unknown}, which no module has among its words`)
}

/**
 * Decides a chunk. `known` holds the record's answers for its keys and dependencies, `state` the rows that
 * it names; both are moved along.
 */
export function decideAll(
  registry: Registry,
  chunk: readonly Inspected[],
  known: ReadonlyMap<string, Known>,
  state: State,
): Decisions {
  const verdicts = new Map(known)
  const written: Written[] = []
  const decided: Decided[] = []
  state.hear((clientOpId) => {
    const found = verdicts.get(clientOpId)
    return found?.unkept ? undefined : found
  })
  const answerOnly = (inspected: Inspected, rejected: Rejected) => {
    const { op, payloadHash } = inspected
    const verdict = rejection(op.clientOpId, rejected)
    decided.push({ inspected, verdict, fresh: false })
    if (!verdicts.has(op.clientOpId))
      verdicts.set(op.clientOpId, { ...verdict, branchId: op.branchId || null, payloadHash, unkept: true })
  }

  for (const inspected of chunk) {
    const { op, definition, fault, dependsOn, payloadHash, notAdmitted, notAllowed } = inspected
    const branchId = op.branchId || null
    const earlier = verdicts.get(op.clientOpId)

    // The caller must be let into the branch before anything is said about the key.
    const denied = notAdmitted ?? registry.gate.admit(state, op, definition)
    if (denied) {
      answerOnly(inspected, denied)
      continue
    }
    const stored = earlier && !earlier.unkept ? fromRecord(earlier, inspected) : null
    if (stored) {
      decided.push({ inspected, verdict: stored, fresh: false })
      continue
    }

    const decision =
      fault ??
      brokenDependency(dependsOn, verdicts) ??
      notAllowed ??
      registry.gate.check(state, op, definition!) ??
      definition!.decide(state, op)
    checkWords(registry, op, decision)
    if (!decision.accepted && isUnkept(decision, dependsOn, verdicts)) {
      answerOnly(inspected, decision)
      continue
    }
    const was = earlier && !earlier.unkept && earlier.status === 'REJECTED' ? earlier : null
    if (!decision.accepted || (was && !decision.duplicate)) {
      const rejected = decision.accepted ? null : decision
      const { deviceSeq } = inspected
      for (const write of registry.keeps({
        op: { ...op, type: storable(op.type, 100) },
        rejected,
        was,
        deviceSeq,
        sound: !fault && definition !== undefined,
      })) {
        state.put(write)
        written.push({ write, op })
      }
    }
    let verdict: Verdict
    if (decision.accepted) {
      verdict = application(op.clientOpId, decision)
      for (const write of [...decision.writes, ...registry.audit(op, decision.audit)]) {
        // Only an operation of the whole tenant holds all of its streams.
        if (write.table.change?.scope === 'tenant' && definition!.scope === 'branch')
          throw new Error(
            `${op.type} is about a branch, and writes to ${write.table.name}, which all branches see`,
          )
        state.put(write)
        written.push({ write, op })
      }
    } else {
      verdict = rejection(op.clientOpId, decision)
    }
    verdicts.set(op.clientOpId, { ...verdict, branchId, payloadHash })
    decided.push({ inspected, verdict, fresh: true })
  }
  return { decided, written }
}
