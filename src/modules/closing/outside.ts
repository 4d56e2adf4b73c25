/**
 * What is known not to be here of a session: what devices have spoken of and has not come, devices that were not heard of,
 * operations that were refused and that nobody has dealt with. Pure.
 */
import { canonicalOrigin, type Run, stateOf } from '../../sync/chain.ts'
import {
  chainsOfDevice,
  chainTable,
  headOfDevice,
  headsInBranch,
  headTable,
  seenDevice,
  seenTable,
} from '../../sync/chain-tables.ts'
import type { State } from '../../sync/state.ts'
import type { Read, Row } from '../../sync/table.ts'
import { cashSessionById, cashSessions } from '../cash-session/tables.ts'
import type { HeardDevice, Outside, OutsideDevice, Tally } from './contract.ts'
import { hashOfText } from './hash.ts'
import { openRefusalsOfSession, refusals, tallies, tallyOf } from './tables.ts'

/**
 * A device that took part, or was in the branch during the session, and was not heard of for so long may hold more. One with a connection asks for news once a minute:
 * of one that has lost it, two such times are missed by then.
 */
export const silentMs = 3 * 60_000
/** Listed; all are counted. */
const maxListed = 50

type Where = {
  tenantId: string
  branchId: string
  cashSessionId: string
  at: Date
  /** The device that asks, and what it has sent so far: what it sends later is not this session's. */
  by: { deviceId: string; deviceSeq: number | null } | null
}

/** Its reads, by stages. */
export const outsideReads: readonly ((where: Where, state: State) => Read[])[] = [
  ({ branchId, cashSessionId }) => [
    tallyOf(cashSessionId),
    cashSessionById(cashSessionId),
    openRefusalsOfSession(branchId, cashSessionId),
    headsInBranch(branchId),
  ],
  // Whoever asks may take part only with what comes with the question.
  (where, state) =>
    [...devicesOf(where, state), ...(where.by ? [where.by.deviceId] : [])].flatMap((id) => [
      chainsOfDevice(id),
      headOfDevice(id),
      seenDevice(id),
    ]),
]

/** Those that took part, and those that say they work in the branch, now or while the session was open. */
function devicesOf(where: Where, state: State): string[] {
  const { branchId, cashSessionId } = where
  const parts = state.get(tallies, cashSessionId)?.tally.devices ?? []
  const here = state.filter(
    headTable,
    (head) =>
      head.branchId === branchId &&
      (head.waiting > 0 || head.chainId !== null || isSinceOpened(where, state, head.receivedAt)),
  )
  return [...new Set([...parts, ...here].map(({ deviceId }) => deviceId))].sort()
}

export function outsideOf(where: Where, state: State): Outside {
  const tally = state.get(tallies, where.cashSessionId)?.tally
  const ids = devicesOf(where, state)
  const devices = ids.flatMap((id) => deviceOutside(where, state, tally, id))
  const heard = ids
    .filter((id) => id !== where.by?.deviceId && !devices.some(({ deviceId }) => deviceId === id))
    .flatMap((id) => heardOf(where, state, tally, id))
  return {
    devices: devices.slice(0, maxListed),
    heard: heard.slice(0, maxListed),
    refused: refusedOf(where, state),
  }
}

function isSinceOpened({ cashSessionId }: Where, state: State, time: Date): boolean {
  const session = state.get(cashSessions, cashSessionId)
  return session !== undefined && time >= session.openedAt
}

function deviceOutside(
  where: Where,
  state: State,
  tally: Tally | undefined,
  deviceId: string,
): OutsideDevice[] {
  const { tenantId, at, by } = where
  const { head, heardAt } = lastWord(where, state, deviceId)
  const told = { deviceId, heardAt: heardAt.toISOString() }
  const isOwn = by?.deviceId === deviceId
  const chains = state.filter(chainTable, (chain) => chain.deviceId === deviceId)
  const found = chains.flatMap((chain) => {
    const spoken = isOwn ? ownHead(by?.deviceSeq ?? null) : headIn(head, chain.chainId)
    const origin = hashOfText(canonicalOrigin({ chain: chain.chainId, deviceId, tenantId }))
    const { missingCount, state: is } = stateOf(origin, upTo(chain, spoken), spoken)
    return missingCount > 0 ? [{ ...told, numbers: missingCount, held: is === 'WAITING' }] : []
  })
  if (found.length > 0 || isOwn) return found
  // One without a chain has only its word for what waits.
  if (chains.length === 0 && head && head.waiting > 0) return [{ ...told, numbers: head.waiting, held: true }]
  const isSilent = isOfSession(where, state, tally, deviceId) && at.getTime() - heardAt.getTime() > silentMs
  return isSilent ? [{ ...told, numbers: null, held: false }] : []
}

/** When a device was last heard of, and what it last said of itself. */
function lastWord({ at }: Where, state: State, deviceId: string) {
  const head = state.find(headTable, (each) => each.deviceId === deviceId)
  const seen = state.find(seenTable, (each) => each.deviceId === deviceId)
  return { head, heardAt: seen?.lastSeenAt ?? head?.receivedAt ?? at }
}

/** Whether it took part, or was in the branch while the session was open. */
function isOfSession(where: Where, state: State, tally: Tally | undefined, deviceId: string): boolean {
  const { head, heardAt } = lastWord(where, state, deviceId)
  const tookPart = tally?.devices.some((part) => part.deviceId === deviceId) ?? false
  return tookPart || (head?.branchId === where.branchId && isSinceOpened(where, state, heardAt))
}

/** One of which nothing is missing, as far as it was heard of: what it has recorded since nobody knows. */
function heardOf(where: Where, state: State, tally: Tally | undefined, deviceId: string): HeardDevice[] {
  if (!isOfSession(where, state, tally, deviceId)) return []
  const { head, heardAt } = lastWord(where, state, deviceId)
  return [{ deviceId, heardAt: heardAt.toISOString(), waiting: head?.waiting ?? null }]
}

const ownHead = (deviceSeq: number | null) => (deviceSeq === null ? null : { deviceSeq, link: '', held: 0 })

const headIn = (head: Row<typeof headTable> | undefined, chainId: string) =>
  head?.chainId === chainId && head.headSeq !== null && head.headLink !== null
    ? { deviceSeq: head.headSeq, link: head.headLink, held: head.headHeld ?? 0 }
    : null

/** A device's own later numbers are none of this closing's; whether its links fit is not asked here. */
const upTo = (chain: { runs: readonly Run[] }, head: { deviceSeq: number; link: string } | null) => ({
  runs: head?.link === '' ? chain.runs.filter(({ from }) => from <= head.deviceSeq) : chain.runs,
})

function refusedOf({ branchId, cashSessionId }: Where, state: State): Outside['refused'] {
  const open = state
    .filter(
      refusals,
      (each) => each.branchId === branchId && each.cashSessionId === cashSessionId && !each.settled,
    )
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.clientOpId < b.clientOpId ? -1 : 1))
  const sum = (name: 'usd' | 'khr' | 'totalUsd') => open.reduce((all, each) => all + each[name], 0)
  return {
    count: open.length,
    usd: sum('usd'),
    khr: sum('khr'),
    totalUsd: sum('totalUsd'),
    operations: open
      .slice(-maxListed)
      .map(({ clientOpId, type, code, deviceId, occurredAt, usd, khr, totalUsd }) => ({
        ...{ clientOpId, type, code, deviceId, usd, khr, totalUsd },
        occurredAt: occurredAt.toISOString(),
      })),
  }
}
