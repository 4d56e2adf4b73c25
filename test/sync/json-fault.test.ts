import { describe, expect, it } from 'vitest'
import { lookThrough, maxDepth, maxPayloadValues } from '../../src/sync/json-fault.ts'

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

describe('a payload is looked through', () => {
  it.each([
    [
      { lines: [{ a: 1 }, { note: '\u0000' }] },
      'payload.lines[1].note',
      'has a NUL or half of a surrogate pair',
    ],
    [{ lines: { '\ud800': 1 } }, 'payload.lines', 'has a key with a NUL or half of a surrogate pair'],
    [[[Number.POSITIVE_INFINITY]], 'payload[0][0]', 'is a number too large'],
    [{ a: 'x', b: ['\ud800', '\u0000'] }, 'payload.b[0]', 'has a NUL or half of a surrogate pair'],
    [{ a: undefined }, 'payload', 'is not JSON'],
  ])('%j: the first fault, where it is', (payload, path, problem) => {
    expect(lookThrough(payload).fault).toEqual({ path, problem })
  })

  it('counts its values, containers and all', () => {
    expect(lookThrough({ a: [1, 'x', null], b: { c: true } })).toEqual({ fault: null, values: 7 })
  })

  it(`of ${maxPayloadValues} values at most`, () => {
    const list = Array(maxPayloadValues - 1).fill(0)
    expect(lookThrough(list)).toEqual({ fault: null, values: maxPayloadValues })
    expect(lookThrough([...list, 0]).fault?.problem).toBe(`has more than ${maxPayloadValues} values`)
  })

  it('no further than one past the bound, whatever its size', () => {
    expect(lookThrough(Array(5_000_000).fill([])).values).toBe(maxPayloadValues + 1)
  })

  it(`of ${maxDepth} levels at most, and of any depth without a fall`, () => {
    expect(lookThrough(nested(maxDepth)).fault).toBeNull()
    expect(lookThrough(nested(maxDepth + 1)).fault?.problem).toBe(`is nested deeper than ${maxDepth} levels`)
    let deep: unknown = 1
    for (let n = 0; n < 1_000_000; n += 1) deep = [deep]
    expect(lookThrough(deep).fault?.problem).toBe(`is nested deeper than ${maxDepth} levels`)
  })
})
