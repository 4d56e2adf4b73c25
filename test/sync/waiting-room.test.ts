import { describe, expect, it } from 'vitest'
import { places, WaitingRoom } from '../../src/sync/waiting-room.ts'

const guest = (tenantId: string, n: number) => ({
  tenantId,
  accountId: `account-${n}`,
  deviceId: `till-${n}`,
})
/** How many of these get a place. */
const entered = (room: WaitingRoom, guests: Parameters<WaitingRoom['enter']>[0][]) =>
  guests.filter((each) => room.enter(each) !== null).length
const crowd = (tenantId: string, size: number) => Array.from({ length: size }, (_, n) => guest(tenantId, n))

describe('the waiting room', () => {
  it('a tenant takes at most what it leaves free: each that comes finds as many again', () => {
    const room = new WaitingRoom()
    const most = places.all / 2
    expect(entered(room, crowd('first', 2000))).toBe(most)
    expect(entered(room, crowd('second', 2000))).toBe(most / 2)
    expect(entered(room, crowd('third', 2000))).toBe(most / 4)
    expect(entered(room, crowd('small', 1))).toBe(1)
  })

  it('a person and a device have a bound of their own, and so has the same name in another tenant', () => {
    const room = new WaitingRoom()
    const ofOne = Array.from({ length: 200 }, (_, n) => ({ ...guest('demo', n), accountId: 'staff' }))
    expect(entered(room, ofOne)).toBe(places.ofAccount)
    const onOne = Array.from({ length: 200 }, (_, n) => ({ ...guest('demo', n), deviceId: 'shared' }))
    expect(entered(room, onOne)).toBe(places.ofDevice)
    expect(room.enter({ tenantId: 'rival', accountId: 'staff', deviceId: 'shared' })).not.toBeNull()
  })

  it('the direct lane has no device to be counted by', () => {
    const room = new WaitingRoom()
    const direct = Array.from({ length: 50 }, (_, n) => ({ ...guest('demo', n), deviceId: null }))
    expect(entered(room, direct)).toBe(50)
  })

  it('a place that is given back is free', () => {
    const room = new WaitingRoom({ all: 2, ofAccount: 1, ofDevice: 1 })
    const leave = room.enter(guest('demo', 1))
    expect(room.enter(guest('demo', 1))).toBeNull()
    leave!()
    expect(room.enter(guest('demo', 1))).not.toBeNull()
  })
})
