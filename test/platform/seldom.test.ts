import { expect, it } from 'vitest'
import { seldom } from '../../src/platform/seldom.ts'

it('what comes a thousand times a second is told of at once, then once in a while with how often it came', () => {
  const told: [string, number][] = []
  let now = 0
  const tell = seldom<string>(
    60_000,
    (latest, times) => told.push([latest, times]),
    () => now,
  )
  for (let i = 0; i < 1_000; i += 1) tell(`at ${i}`)
  expect(told).toEqual([['at 0', 1]])
  now = 59_999
  tell('nearly')
  expect(told).toHaveLength(1)
  now = 60_000
  tell('then')
  expect(told[1]).toEqual(['then', 1_001])
})
