/** What there is to look at in a device, from what the server knows and what the device has said of itself. */
import type { DevicesQuery } from '../generated/graphql.ts'

export type Device = DevicesQuery['devices']['edges'][number]['node']
type ConcernKind =
  | 'gaps'
  | 'forked'
  | 'failed'
  | 'waiting'
  | 'storage'
  | 'space'
  | 'clock'
  | 'behind'
  | 'silent'
/** `bad`: something is lost, or about to be; `warn`: somebody should look; `note`: it is so, and needs nobody. */
export type Concern = { readonly kind: ConcernKind; readonly severity: 'bad' | 'warn' | 'note' }

const minute = 60_000
const day = 24 * 60 * minute

export const limits = {
  waitingMs: 15 * minute,
  waitingBadMs: day,
  behindMs: 5 * minute,
  silentMs: day,
  clockMs: 2 * minute,
  clockBadMs: day,
  space: 0.8,
  spaceBad: 0.95,
} as const

/** The worst first. `now`: the server's time in ms. */
export function concernsOf(device: Device, now: number): Concern[] {
  const { report } = device
  const found: (Concern | null)[] = [
    concern('gaps', isMissing(device), true),
    concern(
      'forked',
      device.chains.some(({ state }) => state === 'FORKED'),
      true,
    ),
    concern('failed', (report?.failed ?? 0) > 0),
    waitingConcern(device, now),
    note('storage', report?.storage === 'BEST_EFFORT'),
    concern('space', usedShare(report) > limits.space, usedShare(report) > limits.spaceBad),
    concern('clock', skewOf(report) > limits.clockMs, skewOf(report) > limits.clockBadMs),
    note(
      'behind',
      device.checkpoints.some(
        ({ behind, pulledAt }) => behind > 0 && now - Date.parse(pulledAt) > limits.behindMs,
      ),
    ),
    note('silent', now - Date.parse(device.lastSeenAt) > limits.silentMs),
  ]
  return found.filter((each) => each !== null).sort((a, b) => weight[b.severity] - weight[a.severity])
}

const weight = { bad: 2, warn: 1, note: 0 } as const

/** Those that need a person. */
export const needsOf = (device: Device, now: number): Concern[] =>
  concernsOf(device, now).filter(({ severity }) => severity !== 'note')

/** Its chain knows what waits and what was given up; numbers alone, where it has none, only what lies between. */
const isMissing = ({ chains, gaps }: Device): boolean =>
  chains.length > 0 ? chains.some(({ state }) => state === 'MISSING') : gaps.length > 0

const concern = (kind: ConcernKind, is: boolean, isBad = false): Concern | null =>
  is ? { kind, severity: isBad ? 'bad' : 'warn' } : null
const note = (kind: ConcernKind, is: boolean): Concern | null => (is ? { kind, severity: 'note' } : null)

function waitingConcern({ report }: Device, now: number): Concern | null {
  const since = waitingSince(report)
  const waits = since === null ? 0 : now - since
  return concern('waiting', waits > limits.waitingMs, waits > limits.waitingBadMs)
}

type Report = Device['report']

/** When the oldest operation that waits was made, by the server's clock, in ms; null: nothing waits. */
export function waitingSince(report: Report): number | null {
  if (!report?.oldestWaitingAt || report.waiting === 0) return null
  return Date.parse(report.oldestWaitingAt) - report.clockSkewMs
}

/** 0 to 1; 0 where it is not known. */
export const usedShare = (report: Report): number =>
  report?.quotaBytes ? (report.usageBytes ?? 0) / report.quotaBytes : 0

const skewOf = (report: Report): number => Math.abs(report?.clockSkewMs ?? 0)

/** How far it is behind in all branches together. */
export const behindOf = ({ checkpoints }: Device): number =>
  checkpoints.reduce((sum, { behind }) => sum + behind, 0)

/** Those that need a look come first, the worst at the top; then the ones that were seen last. */
export const byNeed = (devices: readonly Device[], now: number): Device[] =>
  devices
    .map((device) => ({ device, need: needOf(concernsOf(device, now)) }))
    .sort((a, b) => b.need - a.need || Date.parse(b.device.lastSeenAt) - Date.parse(a.device.lastSeenAt))
    .map(({ device }) => device)

const needOf = ([worst]: readonly Concern[]): number => (worst === undefined ? 0 : weight[worst.severity])

/** `4.2 MB`, in the language of the units themselves. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = count === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3))
  return `${(count / 1000 ** step).toLocaleString('en-US', { maximumFractionDigits: 1 })} ${units[step]}`
}
