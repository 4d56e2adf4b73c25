import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOnline, type LinkEvent, type LinkState, next } from '../../client/sdk/link/connectivity.ts'

/** State x event; `!`: probe; empty: stays. The comment of `connectivity.ts` shows the same. */
const table = `
  | event          | unknown  | online     | doubtful | offline    |
  |----------------|----------|------------|----------|------------|
  | answered       | online   |            | online   | online     |
  | failed         |          | doubtful ! |          |            |
  | probeFailed    | offline  | doubtful ! | offline  |            |
  | socketOpen     | online   |            | online   | online     |
  | socketClosed   |          | doubtful ! |          |            |
  | browserOnline  |          | doubtful ! |          | unknown !  |
  | browserOffline |          | doubtful ! |          |            |
`
const lines = table
  .trim()
  .split('\n')
  .map((line) => line.trim())
const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
const [, ...states] = cells(lines[0]!) as [string, ...LinkState[]]
const rows = lines.slice(2).map(cells) as [LinkEvent, ...string[]][]
const events = rows.map(([event]) => event)

describe.each(rows)('%s', (event, ...outcomes) => {
  test.each(states.map((state, at) => [state, outcomes[at]!] as const))('%s: %s', (state, outcome) => {
    const [after = state, probe] = outcome.split(' ').filter((word) => word !== '')
    expect(next(state, event)).toEqual({ state: after, probe: probe === '!' })
  })
})

test('the comment of the machine shows this table', () => {
  const source = readFileSync(new URL('../../client/sdk/link/connectivity.ts', import.meta.url), 'utf8')
  const shown = source.split('\n').filter((line) => line.startsWith(' *   |'))
  expect(shown.map((line) => line.slice(2).trim())).toEqual(lines)
})

test('online and doubtful are shown as online, unknown and offline are not', () => {
  expect(states.filter(isOnline)).toEqual(['online', 'doubtful'])
})

/** The steps of a link from the start on, where a probe is under way. */
function run(sequence: readonly LinkEvent[]) {
  let state: LinkState = 'unknown'
  return sequence.map((event) => {
    const before = state
    const after = next(state, event)
    state = after.state
    return { event, before, ...after }
  })
}
const sequenceOf = (...some: LinkEvent[]) => fc.array(fc.constantFrom(...some), { maxLength: 40 })
const anySequence = sequenceOf(...events)

test('only the gateway makes it online: the word of the browser and failures never do', () => {
  const silent = events.filter((event) => event !== 'answered' && event !== 'socketOpen')
  fc.assert(
    fc.property(sequenceOf(...silent), (sequence) => {
      for (const { state } of run(sequence)) expect(isOnline(state)).toBe(false)
    }),
  )
})

test('one answered request always makes it online, whatever was before', () => {
  fc.assert(
    fc.property(anySequence, (sequence) => {
      expect(run([...sequence, 'answered']).at(-1)).toMatchObject({ state: 'online', probe: false })
    }),
  )
})

test('a probe is never asked for while another that was asked for is under way', () => {
  fc.assert(
    fc.property(anySequence, (sequence) => {
      let underWay = true
      for (const { event, probe } of run(sequence)) {
        if (event === 'answered' || event === 'socketOpen' || event === 'probeFailed') underWay = false
        if (probe) expect(underWay).toBe(false)
        underWay ||= probe
      }
    }),
  )
})

test('in unknown and in doubtful a probe is under way, so neither lasts', () => {
  fc.assert(
    fc.property(anySequence, (sequence) => {
      for (const { before, state, probe } of run(sequence))
        if (state !== before && (state === 'unknown' || state === 'doubtful')) expect(probe).toBe(true)
    }),
  )
})

test('once the gateway has spoken, only a probe that fails makes it offline', () => {
  fc.assert(
    fc.property(anySequence, (sequence) => {
      for (const { event, before, state } of run(sequence))
        if (isOnline(before) && !isOnline(state)) expect(event).toBe('probeFailed')
    }),
  )
})

test('a single lost request on a good line is never shown', () => {
  expect(run(['answered', 'failed', 'answered']).map(({ state }) => isOnline(state))).toEqual([
    true,
    true,
    true,
  ])
})

test('flight mode is shown as soon as a request and the probe after it have failed', () => {
  expect(run(['answered', 'failed', 'probeFailed']).map(({ state }) => state)).toEqual([
    'online',
    'doubtful',
    'offline',
  ])
  expect(run(['answered', 'browserOffline', 'probeFailed']).at(-1)?.state).toBe('offline')
})
