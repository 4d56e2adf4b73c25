/** Who comes is begun with by turns, and half a millisecond at a time. */
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Reception } from '../../src/http/reception.ts'

/** Holds the event loop for so long. */
function hold(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

describe('the reception', () => {
  it('begins at once with who comes first, and with another next but one, however many the first has sent', async () => {
    const reception = new Reception()
    const begun: string[] = []
    for (let i = 0; i < 50; i += 1) reception.enter('flood', () => begun.push(`flood ${i}`))
    expect(begun).toEqual(['flood 0'])
    reception.enter('till', () => begun.push('till'))
    while (begun.length < 51) await setImmediate()
    expect(begun.slice(0, 4)).toEqual(['flood 0', 'flood 1', 'till', 'flood 2'])
    expect(begun.filter((each) => each !== 'till')).toEqual(
      Array.from({ length: 50 }, (_, i) => `flood ${i}`),
    )
  })

  it('lets the event loop come around while many are begun with, also with what they leave to be done at once', async () => {
    const reception = new Reception()
    let begun = 0
    for (let i = 0; i < 60; i += 1)
      reception.enter('flood', () => {
        void Promise.resolve().then(() => {
          hold(1)
          begun += 1
        })
      })
    let turns = 0
    for (; begun < 60; turns += 1) await setImmediate()
    expect(turns).toBeGreaterThan(50)
  })

  it('lets it come around also where each comes when the one before has been begun with', async () => {
    const reception = new Reception()
    let begun = 0
    for (let i = 0; i < 60; i += 1) {
      reception.enter('flood', () => {
        begun += 1
      })
      // As after each of the events that one turn of the loop finds ready.
      await new Promise<void>(process.nextTick)
    }
    expect(begun).toBe(1)
    while (begun < 60) await setImmediate()
  })

  it('begins with who comes when all are gone', async () => {
    const reception = new Reception()
    const begun: number[] = []
    for (let i = 0; i < 3; i += 1) {
      reception.enter('till', () => begun.push(i))
      await setImmediate()
    }
    expect(begun).toEqual([0, 1, 2])
  })
})
