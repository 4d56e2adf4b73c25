/** Whoever sends nothing but what is refused waits longer each time. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { Fruitless } from '../../src/sync/fruitless.ts'
import { push } from '../../src/sync/push.ts'
import { operation, startGateway } from '../support/gateway.ts'

describe('what comes to nothing', () => {
  it('waits longer each time, up to four times; what is of some use ends that', () => {
    const fruitless = new Fruitless()
    const waits = (count: number) => Array.from({ length: count }, () => fruitless.times('barista', true))
    expect(waits(6)).toEqual([1, 2, 3, 4, 4, 4])
    expect(fruitless.times('barista', false)).toBe(0)
    expect(waits(2)).toEqual([1, 2])
  })

  it('is each one its own', () => {
    const fruitless = new Fruitless()
    for (let i = 0; i < 3; i += 1) fruitless.times('barista', true)
    expect(fruitless.times('cashier', true)).toBe(1)
  })

  it('is counted of what is pushed', async () => {
    const gateway = await startGateway()
    onTestFinished(() => gateway.close())
    const { engine } = gateway.app.services
    const counted: boolean[] = []
    class Counting extends Fruitless {
      override times(who: string, isForNothing: boolean): number {
        counted.push(isForNothing)
        return super.times(who, isForNothing)
      }
    }
    const op = operation('cashSession.open', { nothing: 'of it' })
    const [verdict] = await push(
      { ...engine, turns: { ...engine.turns, fruitless: new Counting() } },
      {
        ...{ tenantId: 'demo', deviceId: 'till-1', accountId: 'demo-admin', lane: 'REPLAY' },
        operations: [{ ...op, occurredAt: new Date(op.occurredAt) }],
      },
    )
    expect(verdict).toMatchObject({ status: 'REJECTED', code: 'PAYLOAD_INVALID' })
    expect(counted).toEqual([true])
  })
})
