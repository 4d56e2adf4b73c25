/** When what is silent is given up: never for its length, and for its silence only as far as others are answered. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSilences } from '../../client/sdk/transport/silence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Silences, with what became of those that wait. */
function silences() {
  const given: Record<string, 'late' | 'dead'> = {}
  const suspicions: number[] = []
  const all = createSilences(() => suspicions.push(performance.now()))
  return {
    given,
    suspicions,
    answered: all.answered,
    begin: (name: string, { suspectMs = 6_000, limitMs = 20_000 } = {}) =>
      all.begin({
        suspectMs,
        limitMs,
        giveUp: (isDead) => {
          given[name] = isDead ? 'dead' : 'late'
        },
      }),
  }
}

describe('want of progress', () => {
  it('after the limit it is given up, once, and not a moment before', () => {
    const { begin, given, suspicions } = silences()
    begin('a request')
    vi.advanceTimersByTime(19_999)
    expect(given).toEqual({})
    vi.advanceTimersByTime(1)
    expect(given).toEqual({ 'a request': 'late' })
    expect(suspicions).toHaveLength(1)
  })

  it('each sign of life begins anew, however long it lasts in all', () => {
    const { begin, given, suspicions } = silences()
    const wait = begin('a long answer')
    for (let part = 0; part < 100; part += 1) {
      vi.advanceTimersByTime(5_900)
      wait.heard()
    }
    expect([given, suspicions]).toEqual([{}, []])
    vi.advanceTimersByTime(20_000)
    expect(given).toEqual({ 'a long answer': 'late' })
  })

  it('a sign of life may say how long the next may take', () => {
    const { begin, given } = silences()
    begin('a large body').heard(60_000)
    vi.advanceTimersByTime(59_999)
    expect(given).toEqual({})
    vi.advanceTimersByTime(1)
    expect(given).toEqual({ 'a large body': 'late' })
  })

  it('what has ended is neither suspected nor given up', () => {
    const { begin, given, suspicions, answered } = silences()
    const wait = begin('answered')
    vi.advanceTimersByTime(7_000)
    wait.end()
    answered(performance.now())
    vi.advanceTimersByTime(60_000)
    expect(given).toEqual({})
    expect(suspicions).toHaveLength(1)
  })
})

describe('a dead connection', () => {
  it('is given up when somebody who asked after the suspicion is answered', () => {
    const { begin, given, answered } = silences()
    begin('dead')
    vi.advanceTimersByTime(6_000)
    expect(given).toEqual({})
    answered(performance.now())
    expect(given).toEqual({ dead: 'dead' })
  })

  it('not by an answer to what was asked before: it may have come over a line that was whole then', () => {
    const { begin, given, answered } = silences()
    begin('silent')
    vi.advanceTimersByTime(5_999)
    const askedAt = performance.now()
    vi.advanceTimersByTime(2_000)
    answered(askedAt)
    expect(given).toEqual({})
  })

  it('costs only itself: what has just been heard of, and what is never suspected, goes on', () => {
    const { begin, given, answered } = silences()
    begin('dead')
    const alive = begin('alive')
    begin('patient', { suspectMs: Infinity })
    vi.advanceTimersByTime(5_000)
    alive.heard()
    vi.advanceTimersByTime(2_000)
    answered(performance.now())
    expect(given).toEqual({ dead: 'dead' })
  })
})
