/**
 * How old the revisions are that a sale names. What was published stays valid; a tenant may say for how long after it was
 * replaced, by the server's clock, as a device's says nothing.
 */
import { placedAt } from '../../sync/clock.ts'
import { type Operation, type Rejected, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Read } from '../../sync/table.ts'
import { menuItemRevision, menuItemRevisions, menuItems } from '../menu/tables.ts'
import { policies, policyRevision, policyRevisions } from '../policy/tables.ts'
import { tenants } from '../tenant/tables.ts'
import type { SaleFinalize } from './contract.ts'

type Sale = Operation<SaleFinalize>

const msOfDay = 86_400_000

/** Whole days from one time to another. */
export const daysBetween = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / msOfDay)

const isOldPolicy = (state: State, { branchId, payload }: Sale) =>
  payload.policyRevision !== state.get(policies, branchId)?.revision
const oldLines = (state: State, { payload }: Sale) =>
  payload.lines.filter((line) => line.menuItemRevision !== state.get(menuItems, line.menuItemId)?.revision)

/** The revisions that replaced what the sale names, where it is not the current one. */
export function replacements(op: Sale, state: State): Read[] {
  const { branchId, payload } = op
  return [
    ...(isOldPolicy(state, op) ? [policyRevision(branchId, payload.policyRevision + 1)] : []),
    ...oldLines(state, op).map((line) => menuItemRevision(line.menuItemId, line.menuItemRevision + 1)),
  ]
}

/**
 * `stale`: a price or the policy was published anew since the till priced the sale; `since`: the time of the first such
 * publication, null where it is not known (on a device).
 */
export function stalenessOf(state: State, op: Sale): { stale: boolean; since: Date | null } {
  const { policy, lines } = replacedAt(state, op)
  const times = [policy, ...lines.map(({ at }) => at)].filter((at) => at !== undefined)
  const stale = isOldPolicy(state, op) || lines.length > 0
  return { stale, since: times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null }
}

function replacedAt(state: State, op: Sale) {
  const { branchId, payload } = op
  return {
    policy: isOldPolicy(state, op)
      ? state.get(policyRevisions, branchId, payload.policyRevision + 1)?.publishedAt
      : undefined,
    lines: oldLines(state, op).map(({ menuItemId, menuItemRevision: revision }) => ({
      menuItemId,
      at: state.get(menuItemRevisions, menuItemId, revision + 1)?.publishedAt,
    })),
  }
}

/** A rejection where something that the sale names was replaced longer ago than the tenant takes. */
export function tooOld(state: State, op: Sale): Rejected | null {
  const days = state.get(tenants)?.refuseRevisionsOlderDays ?? null
  if (days === null) return null
  const isTooOld = (at: Date | undefined) =>
    at !== undefined && op.at.getTime() - at.getTime() > days * msOfDay
  const { policy, lines } = replacedAt(state, op)
  if (isTooOld(policy))
    return reject(
      'POLICY_REVISION_TOO_OLD',
      `The sale was priced with a policy that was replaced more than ${days} days ago.`,
      { policyRevision: op.payload.policyRevision, replacedAt: policy!.toISOString(), days },
    )
  const line = lines.find(({ at }) => isTooOld(at))
  return line
    ? reject(
        'MENU_REVISION_TOO_OLD',
        `The sale has an item at a price that was replaced more than ${days} days ago.`,
        { menuItemId: line.menuItemId, replacedAt: line.at!.toISOString(), days },
      )
    : null
}

/** A sale that the device dates so many days before it came, or days after: its clock is wrong, or it was kept back. */
const farOffDays = { before: 31, after: 1 }

/**
 * How many days off the device's date is (below zero: in the past), beyond what it knew of its error; null where that is
 * nothing to be told.
 */
export function daysFarOff({
  occurredAt,
  clockSkewMs,
  at,
}: Pick<Operation, 'occurredAt' | 'clockSkewMs' | 'at'>): number | null {
  const days = (placedAt(occurredAt, clockSkewMs).getTime() - at.getTime()) / msOfDay
  return days < -farOffDays.before || days > farOffDays.after ? Math.trunc(days) : null
}
