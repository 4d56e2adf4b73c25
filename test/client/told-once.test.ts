import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createNewsDesk } from '../../client/sdk/news.ts'
import { createPulse } from '../../client/sdk/pulse.ts'
import type { Commit } from '../../client/sdk/state/commit.ts'
import { LocalState, type StateNotice } from '../../client/sdk/state/local-state.ts'
import { memoryStore } from '../../client/sdk/store/memory.ts'
import type { Store } from '../../client/sdk/store/store.ts'
import type { QueuedOperation, QueueStatus, Verdict } from '../../client/sdk/words.ts'
import { modules } from './support/modules.ts'

/** As the tabs of a browser have one. */
const sharedStore = (): Store => ({ ...memoryStore(), shared: true })

async function openTab(store: Store) {
  const notices: StateNotice[] = []
  const told: Verdict[] = []
  let lookedAgain = 0
  const news = createNewsDesk()
  news.on('stored', (notice) => notices.push(notice))
  news.on('decided', (verdict) => told.push(verdict))
  news.on('lookedAgain', () => {
    lookedAgain += 1
  })
  const state = await LocalState.open({ modules, store, newDeviceId: randomUUID, news, pulse: createPulse() })
  return { state, notices, told, lookedAgain: () => lookedAgain }
}

/** An operation's life in the queue, as the tab that leads writes it. */
function lifeOf(clientOpId: string) {
  const verdict: Verdict = {
    ...{ clientOpId, status: 'APPLIED', duplicate: false, appliedSeq: 1 },
    ...{ code: null, message: null, details: null, result: null },
  }
  const put = (status: QueueStatus, verdict: Verdict | null) => async (commit: Commit) =>
    commit.putOperation({
      ...{
        clientOpId,
        position: 1,
        deviceSeq: 1,
        tenantId: 'demo',
        branchId: 'riverside',
        actorId: 'sophea',
      },
      ...{ type: 'attendance.startWork', payload: { attendanceId: randomUUID() }, payloadVersion: 1 },
      ...{ payloadHash: 'a'.repeat(64), dependsOn: [], occurredAt: '2026-03-01T08:00:00.000Z' },
      ...{ status, attempted: status !== 'PENDING', retry: false, verdict, seen: false },
    } satisfies QueuedOperation)
  const remove = async (commit: Commit) => commit.removeOperation(clientOpId)
  return [put('PENDING', null), put('SYNCING', null), put('SYNCED', verdict), remove]
}

/** How far the store may be when each of the notices is read: as far as the notice at least, and never back. */
function paces(count: number, from = 1): number[][] {
  if (count === 0) return [[]]
  const place = 5 - count
  return [1, 2, 3, 4]
    .filter((moment) => moment >= Math.max(place, from))
    .flatMap((moment) => paces(count - 1, moment).map((rest) => [moment, ...rest]))
}

test.each(paces(4))(
  'a verdict is told once in a tab that reads at moments %i, %i, %i, %i',
  async (...moments) => {
    const store = sharedStore()
    const [leader, follower] = [await openTab(store), await openTab(store)]
    const life = lifeOf(randomUUID())
    for (const [i, moment] of moments.entries()) {
      while (leader.notices.length < moment) await leader.state.commit(life[leader.notices.length]!)
      await follower.state.heard(leader.notices[i]!)
    }
    expect([leader.told, follower.told].map(({ length }) => length)).toEqual([1, 1])
  },
)

test('what was told as another tab’s store was read again is not told again by its notice', async () => {
  const store = sharedStore()
  const [leader, follower] = [await openTab(store), await openTab(store)]
  for (const step of lifeOf(randomUUID()).slice(0, 3)) await leader.state.commit(step)
  await follower.state.reread()
  expect(follower.told).toHaveLength(1)
  await leader.state.commit(lifeOf(leader.told[0]!.clientOpId)[3]!)
  for (const notice of leader.notices) await follower.state.heard(notice)
  expect(follower.told).toHaveLength(1)
})

const kept = (tab: Awaited<ReturnType<typeof openTab>>) => [...tab.state.outbox.all()].length

test('what is written further than a notice tells is taken in with the notice of that, or without it a second later', async () => {
  const store = sharedStore()
  const [leader, follower] = [await openTab(store), await openTab(store)]
  for (const id of [randomUUID(), randomUUID(), randomUUID()]) await leader.state.commit(lifeOf(id)[0]!)
  const [first, second, third] = leader.notices
  await follower.state.heard(first!)
  expect(kept(follower)).toBe(0)
  // In whichever order they come.
  await follower.state.heard(third!)
  expect(kept(follower)).toBe(0)
  await follower.state.heard(second!)
  expect(kept(follower)).toBe(3)
  await leader.state.commit(lifeOf(randomUUID())[0]!)
  await leader.state.commit(lifeOf(randomUUID())[0]!)
  // The notice of the fourth is lost.
  await follower.state.heard(leader.notices[4]!)
  expect(kept(follower)).toBe(3)
  await expect.poll(() => kept(follower), { timeout: 10_000 }).toBe(5)
  expect([leader, follower].map((tab) => tab.lookedAgain())).toEqual([0, 1])
  // What comes late of what has been read since then makes up for none that is lost.
  await leader.state.commit(lifeOf(randomUUID())[0]!)
  await leader.state.commit(lifeOf(randomUUID())[0]!)
  await follower.state.heard(leader.notices[3]!)
  await follower.state.heard(leader.notices[6]!)
  expect(kept(follower)).toBe(5)
  await follower.state.heard(leader.notices[5]!)
  expect(kept(follower)).toBe(7)
})

test('what a tab writes itself is among what it knows of', async () => {
  const store = sharedStore()
  const [one, other] = [await openTab(store), await openTab(store)]
  await one.state.commit(lifeOf(randomUUID())[0]!)
  await other.state.commit(lifeOf(randomUUID())[0]!)
  await other.state.heard(one.notices[0]!)
  expect(kept(other)).toBe(2)
})

test('a long queue is read in slices, between which others have their turn', async () => {
  const store = sharedStore()
  const { state } = await openTab(store)
  await state.commit(async (commit) => {
    for (let i = 0; i < 2_100; i += 1) await lifeOf(randomUUID())[0]!(commit)
  })
  let turns = 0
  const count = setInterval(() => {
    turns += 1
  })
  const again = await openTab(store)
  clearInterval(count)
  expect(kept(again)).toBe(2_100)
  expect(turns).toBeGreaterThanOrEqual(3)
})
