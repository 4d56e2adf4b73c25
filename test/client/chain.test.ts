/** Where the chain of a device goes on: at its end as the store has it, whoever has queued last, and whatever memory remembers. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createNewsDesk } from '../../client/sdk/news.ts'
import { linked } from '../../client/sdk/outbox/chain.ts'
import { createPulse } from '../../client/sdk/pulse.ts'
import { LocalState } from '../../client/sdk/state/local-state.ts'
import { type ChainHead, keys } from '../../client/sdk/store/layout.ts'
import { memoryStore } from '../../client/sdk/store/memory.ts'
import type { Store } from '../../client/sdk/store/store.ts'
import { hashOfLink } from '../../src/sync/inspect.ts'
import { modules } from './support/modules.ts'

const open = (store: Store) =>
  LocalState.open({
    ...{ modules, store, deviceId: randomUUID(), newDeviceId: randomUUID },
    ...{ news: createNewsDesk(), pulse: createPulse() },
  })

const operation = (tenantId: string) => ({
  ...{
    clientOpId: randomUUID(),
    tenantId,
    branchId: 'riverside',
    actorId: 'sophea',
    type: 'attendance.startWork',
  },
  ...{
    payload: { attendanceId: randomUUID() },
    payloadVersion: 1,
    payloadHash: 'a'.repeat(64),
    dependsOn: [],
  },
  ...{ occurredAt: '2026-03-01T08:00:00.000Z', status: 'PENDING' as const, attempted: false, retry: false },
  ...{ verdict: null, seen: false },
})

async function queue(state: LocalState, tenantId: string, fails = false) {
  const [made] = await state.record(async (commit) => {
    const links = await linked(commit, state.deviceId, [operation(tenantId)])
    for (const each of links) commit.putOperation(each)
    if (fails) throw new Error('not kept')
    return links
  })
  const { clientOpId, payloadHash, actorId, occurredAt, deviceSeq, chain } = made!
  const of = { clientOpId, payloadHash, actorId, occurredAt, deviceSeq }
  return { deviceSeq, prev: chain.prev, link: hashOfLink({ ...of, chain: chain.id, prev: chain.prev }) }
}

const meta = <T>(store: Store, key: string) => store.transact('read', (tx) => tx.get<T>('meta', key))

test('each holds the one before, by whichever tab that was queued, and whatever was not kept in between', async () => {
  const store = memoryStore()
  const one = await open(store)
  const other = await LocalState.open({
    ...{ modules, store, newDeviceId: randomUUID, news: createNewsDesk(), pulse: createPulse() },
  })
  const made = []
  for (const who of 'aabbabaababb') {
    await expect(queue(who === 'a' ? one : other, 'demo', true)).rejects.toThrow('not kept')
    if (who === 'a') await queue(one, 'another')
    made.push(await queue(who === 'a' ? one : other, 'demo'))
  }
  expect(made.map(({ deviceSeq }) => deviceSeq)).toEqual(made.map((_, i) => i + 1))
  expect(made.slice(1).map(({ prev }) => prev)).toEqual(made.slice(0, -1).map(({ link }) => link))
  expect(await meta<ChainHead>(store, keys.chain('demo'))).toMatchObject({
    ...{ deviceSeq: made.length, link: made.at(-1)!.link },
  })
})

test('an older version that is put back finds number and head, and what it has numbered is not numbered again', async () => {
  const store = memoryStore()
  const state = await open(store)
  const [first, second] = [await queue(state, 'demo'), await queue(state, 'demo')]
  expect(second.prev).toBe(first.link)
  // As the first edition queued: a place and a number, and no chain.
  expect(await meta<number>(store, keys.deviceSeq('demo'))).toBe(2)
  await store.transact('write', async (tx) => {
    await tx.put('meta', keys.position, (await tx.get<number>('meta', keys.position))! + 1)
    await tx.put('meta', keys.deviceSeq('demo'), 3)
  })
  expect(await queue(state, 'demo')).toMatchObject({ deviceSeq: 4, prev: second.link })
  const again = await open(store)
  expect(await queue(again, 'demo')).toMatchObject({ deviceSeq: 5 })
})
