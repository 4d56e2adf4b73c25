import { describe, expect, it } from 'vitest'
import { backOffMs, NotNow, persist } from '../../replay/persistence.ts'
import { ReplayError } from '../../replay/replay-error.ts'

describe('back-off', () => {
  it('doubles up to five seconds, and half of it is chance', () => {
    const shortest = [1, 2, 3, 4, 5, 6, 7, 30].map((failures) => backOffMs(failures, () => 0))
    const longest = [1, 2, 3, 4, 5, 6, 7, 30].map((failures) => backOffMs(failures, () => 1))
    expect(shortest).toEqual([100, 200, 400, 800, 1600, 2500, 2500, 2500])
    expect(longest).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000])
  })
})

describe('persisting', () => {
  const fails = (times: number, error: Error) => {
    let calls = 0
    return async () => {
      calls += 1
      if (calls <= times) throw error
      return calls
    }
  }
  const withWaits = (tries: number) => {
    const waits: number[] = []
    const sleep = async (ms: number) => waits.push(ms)
    return { waits, persistence: { tries, sleep, random: () => 1 } }
  }

  it('tries again until it goes', async () => {
    const { waits, persistence } = withWaits(5)
    expect(await persist(persistence, fails(3, new NotNow('away')))).toBe(4)
    expect(waits).toEqual([200, 400, 800])
  })

  it('waits as long as it was asked to', async () => {
    const { waits, persistence } = withWaits(5)
    await persist(persistence, fails(2, new NotNow('slow down', 700)))
    expect(waits).toEqual([700, 700])
  })

  it('gives up in one clear line', async () => {
    const { waits, persistence } = withWaits(3)
    await expect(persist(persistence, fails(3, new NotNow('it is away')))).rejects.toThrow(
      new ReplayError(
        'given up after 3 tries: it is away. Run it again: what was applied is not applied twice.',
      ),
    )
    expect(waits).toHaveLength(2)
  })

  it('does not try again what will not go better later', async () => {
    const { waits, persistence } = withWaits(5)
    await expect(persist(persistence, fails(1, new ReplayError('no')))).rejects.toThrow('no')
    expect(waits).toEqual([])
  })
})
