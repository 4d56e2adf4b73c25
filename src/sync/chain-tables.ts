/**
 * The rows of a device's chains, and of what it says of itself: for the engine, and for deciders that look at where a device is.
 */
import type { GivenUp, Run } from './chain.ts'
import { col, defineFinder, defineTable, nullable, type Row } from './table.ts'

export const chainTable = defineTable({
  name: 'sync_chain',
  key: ['deviceId', 'chainId'],
  write: 'upsert',
  columns: {
    deviceId: col.text,
    chainId: col.uuid,
    runs: col.json<Run[]>(),
    untracked: col.int,
    givenUp: col.json<GivenUp[]>(),
    firstSeenAt: col.time,
    lastSeenAt: col.time,
  },
})
export const chainsOfDevice = defineFinder(chainTable, ['deviceId'])
export type Chain = Row<typeof chainTable>

/** What is known of devices, for deciders that look at where one is: read by them, written by nobody of them. */
export const seenTable = defineTable({
  name: 'sync_device',
  key: ['deviceId'],
  write: 'upsert',
  columns: { deviceId: col.text, lastSeenAt: col.time },
})
export const seenDevice = defineFinder(seenTable, ['deviceId'])

export const headTable = defineTable({
  name: 'sync_device_report',
  key: ['deviceId'],
  write: 'upsert',
  columns: {
    deviceId: col.text,
    branchId: nullable(col.text),
    receivedAt: col.time,
    waiting: col.int,
    chainId: nullable(col.uuid),
    headSeq: nullable(col.bigint),
    headLink: nullable(col.text),
    headHeld: nullable(col.int),
  },
})
export const headOfDevice = defineFinder(headTable, ['deviceId'])
export const headsInBranch = defineFinder(headTable, ['branchId'])
