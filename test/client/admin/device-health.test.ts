/** What there is to look at in a device. */
import { describe, expect, it } from 'vitest'
import {
  behindOf,
  byNeed,
  bytes,
  concernsOf,
  type Device,
  limits,
  usedShare,
  waitingSince,
} from '../../../client/admin/lib/device-health.ts'

const now = Date.parse('2027-05-04T10:00:00Z')
const at = (msAgo: number) => new Date(now - msAgo).toISOString()

type Report = NonNullable<Device['report']>
const report = (change: Partial<Report> = {}): Report => ({
  accountId: 'demo-cashier-1',
  branchId: 'riverside',
  at: at(0),
  receivedAt: at(0),
  clockSkewMs: 0,
  waiting: 0,
  failed: 0,
  oldestWaitingAt: null,
  storage: 'PERSISTENT',
  usageBytes: 1_000_000,
  quotaBytes: 1_000_000_000,
  appVersion: '1.0.0',
  ...change,
})
const device = (change: Partial<Device> = {}): Device => ({
  deviceId: 'till-1',
  firstSeenAt: at(1e9),
  lastSeenAt: at(1000),
  shutOutAt: null,
  lastPushAt: at(1000),
  gaps: [],
  chains: [],
  name: null,
  checkpoints: [checkpoint()],
  report: report(),
  ...change,
})
const checkpoint = (change: Partial<Device['checkpoints'][number]> = {}) => ({
  branchId: 'riverside',
  accountId: 'demo-cashier-1',
  pulledSeq: 10,
  pulledAt: at(1000),
  behind: 0,
  ...change,
})
const chain = (state: Device['chains'][number]['state']): Device['chains'][number] => ({
  ...{ id: 'c', state, wholeTo: 1, missing: [], missingCount: 0, givenUp: [] },
})
const kinds = (of: Device) => concernsOf(of, now).map(({ kind, severity }) => `${kind} ${severity}`)

describe('a device', () => {
  it('that is well gives no concern, also where it has never reported', () => {
    expect(kinds(device())).toEqual([])
    expect(kinds(device({ report: null }))).toEqual([])
  })

  it.each<[string, Partial<Device>, string[]]>([
    ['numbers missing', { gaps: [{ from: 3, to: 4 }] }, ['gaps bad']],
    ['a chain with what nobody holds', { chains: [chain('MISSING')] }, ['gaps bad']],
    [
      'a chain with what waits, whatever lies between its numbers',
      { chains: [chain('WAITING')], gaps: [{ from: 3, to: 4 }] },
      [],
    ],
    ['a chain with one number twice', { chains: [chain('FORKED')] }, ['forked bad']],
    ['rejected ones on it', { report: report({ failed: 1 }) }, ['failed warn']],
    ['storage not promised', { report: report({ storage: 'BEST_EFFORT' }) }, ['storage note']],
    ['storage not told', { report: report({ storage: null }) }, []],
    ['space at 80 %', { report: report({ usageBytes: 8e8 }) }, []],
    ['space at 81 %', { report: report({ usageBytes: 8.1e8 }) }, ['space warn']],
    ['space at 96 %', { report: report({ usageBytes: 9.6e8 }) }, ['space bad']],
    ['space not told', { report: report({ quotaBytes: null }) }, []],
    ['clock a minute off', { report: report({ clockSkewMs: -60_000 }) }, []],
    ['clock three minutes slow', { report: report({ clockSkewMs: -180_000 }) }, ['clock warn']],
    ['clock two days ahead', { report: report({ clockSkewMs: 172_800_000 }) }, ['clock bad']],
    ['behind just now', { checkpoints: [checkpoint({ behind: 5 })] }, []],
    [
      'behind for long in one branch',
      { checkpoints: [checkpoint(), checkpoint({ behind: 1, pulledAt: at(limits.behindMs + 1) })] },
      ['behind note'],
    ],
    ['not behind, however long ago it pulled', { checkpoints: [checkpoint({ pulledAt: at(1e9) })] }, []],
    ['not seen for a day', { lastSeenAt: at(limits.silentMs + 1) }, ['silent note']],
  ])('%s', (_, change, expected) => expect(kinds(device(change))).toEqual(expected))

  it('whose operations wait: by the server’s clock, although they were made by the device’s', () => {
    const waiting = (msAgo: number, clockSkewMs = 0) =>
      device({
        report: report({ waiting: 2, clockSkewMs, oldestWaitingAt: at(msAgo - clockSkewMs) }),
      })
    expect(waitingSince(waiting(1000, 600_000).report)).toBe(now - 1000)
    expect(kinds(waiting(limits.waitingMs))).toEqual([])
    expect(kinds(waiting(limits.waitingMs + 1))).toEqual(['waiting warn'])
    expect(kinds(waiting(limits.waitingBadMs + 1))).toEqual(['waiting bad'])
    expect(kinds(waiting(1000, 90_000))).toEqual([])
  })

  it('says the worst first', () => {
    const worst = device({ gaps: [{ from: 1, to: 1 }], report: report({ failed: 1, usageBytes: 9.9e8 }) })
    expect(kinds(worst)).toEqual(['gaps bad', 'space bad', 'failed warn'])
  })
})

it('devices: those in need first, the worst of them on top, then by when they were seen', () => {
  const well = device({ deviceId: 'well', lastSeenAt: at(2000) })
  const justSeen = device({ deviceId: 'just seen', lastSeenAt: at(0) })
  const warned = device({ deviceId: 'warned', report: report({ failed: 1 }) })
  const bad = device({ deviceId: 'bad', gaps: [{ from: 1, to: 1 }], lastSeenAt: at(5000) })
  expect(byNeed([well, justSeen, warned, bad], now).map(({ deviceId }) => deviceId)).toEqual([
    'bad',
    'warned',
    'just seen',
    'well',
  ])
})

it('figures', () => {
  expect(behindOf(device({ checkpoints: [checkpoint({ behind: 2 }), checkpoint({ behind: 3 })] }))).toBe(5)
  expect(usedShare(report({ usageBytes: 250, quotaBytes: 1000 }))).toBe(0.25)
  expect([0, 999, 1000, 4_200_000, 2e9, 1e15].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '4.2 MB',
    '2 GB',
    '1,000 TB',
  ])
})
