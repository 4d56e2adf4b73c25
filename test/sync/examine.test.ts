/** The batch as a whole: its bytes and values are bounded, and looking at it lets others have their turn. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { registry } from '../../src/modules/index.ts'
import { BatchTooLargeError, inspectAll, maxBatchValues } from '../../src/sync/examine.ts'
import { maxPayloadBytes, type SubmittedOperation } from '../../src/sync/inspect.ts'
import { maxPayloadValues } from '../../src/sync/json-fault.ts'

const submitted = (payload: unknown): SubmittedOperation => ({
  clientOpId: randomUUID(),
  type: 'sale.finalize',
  branchId: 'riverside',
  payload,
  payloadHash: '',
  occurredAt: new Date(),
})
const inspectBatch = (payloads: readonly unknown[], maxBytes = 4_000_000) =>
  inspectAll(
    payloads.map(submitted),
    { registry, tenantId: 'demo', deviceId: 'till-1', accountId: 'a', lane: 'REPLAY', at: new Date() },
    maxBytes,
  )
/** A text whose JSON has so many bytes. */
const text = (bytes: number) => 'x'.repeat(bytes - 2)
const list = (values: number) => Array(values - 1).fill(0)

describe('a batch', () => {
  it('is taken at its bound of bytes, and refused as a whole a byte past it', async () => {
    const parts = [text(40_000), text(40_000), text(20_000)]
    expect(await inspectBatch(parts, 100_000)).toHaveLength(3)
    const refused = inspectBatch([...parts.slice(0, 2), text(20_001)], 100_000)
    await expect(refused).rejects.toMatchObject({ name: 'BatchTooLargeError', maxBytes: 100_000 })
  })

  it('of one operation, which cannot be sent in parts, is never too large: the operation is', async () => {
    const [alone] = await inspectBatch([text(200_000)], 100_000)
    expect(alone!.fault).toMatchObject({ code: 'PAYLOAD_INVALID' })
  })

  it('is taken at its bound of values, and refused past it', async () => {
    const full = Array.from({ length: maxBatchValues / maxPayloadValues }, () => list(maxPayloadValues))
    expect(await inspectBatch(full)).toHaveLength(full.length)
    await expect(inspectBatch([...full, 0])).rejects.toThrow(BatchTooLargeError)
  })

  it('a payload of too many values is refused by itself, before it is printed, and is not kept', async () => {
    const [most, over] = await inspectBatch([list(maxPayloadValues), list(maxPayloadValues + 1)])
    expect(most!.fault).toMatchObject({ code: 'PAYLOAD_HASH_MISMATCH' })
    expect(over).toMatchObject({ fault: { code: 'PAYLOAD_INVALID' }, payloadText: null })
  })

  it('others have their turn while it is inspected', async () => {
    const busy = { done: false }
    let turns = 0
    const count = () => {
      turns += 1
      if (!busy.done) setImmediate(count)
    }
    setImmediate(count)
    // As many values as may be, in as many bytes: whatever the machine, more than a slice of work.
    await inspectBatch(Array.from({ length: 60 }, () => Array(4_000).fill('x'.repeat(10))))
    busy.done = true
    expect(turns).toBeGreaterThan(3)
  })

  it('its largest payload is 64 KiB still', async () => {
    const [most, over] = await inspectBatch([text(maxPayloadBytes), text(maxPayloadBytes + 1)])
    expect(most!.fault).toMatchObject({ code: 'PAYLOAD_HASH_MISMATCH' })
    expect(over!.fault).toMatchObject({ code: 'PAYLOAD_INVALID' })
  })
})
