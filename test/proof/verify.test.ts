/** The verifier against histories of a café: `npm run proof:campaign` tries 10,000 (docs/proof.md). */
import { describe, expect, it } from 'vitest'
import { verify } from '../../scripts/verify.ts'
import { accused, mutated } from './campaign.ts'
import { history } from './history.ts'
import { mutations } from './mutations.ts'

describe('verify', () => {
  it('accuses no clean history', async () => {
    expect(await accused(20)).toEqual([])
  })

  it('names what was done, of each kind, in some histories', async () => {
    const { missed, done } = await mutated(6 * mutations.length)
    expect(missed).toEqual([])
    expect(mutations.map(({ name }) => name).filter((name) => !done.has(name))).toEqual([])
  })

  it('reads what is no export', () => {
    expect(verify(['{', 'null', '{"kind":"other"}']).map(({ name }) => name)).toEqual(
      Array(4).fill('LINE_UNREADABLE'),
    )
  })

  it('ends with no fault of its own, whatever a line lacks', async () => {
    const lines = (await history(5)).map((line) => JSON.stringify(line))
    const kinds = new Set<string>()
    for (const [i, text] of lines.entries()) {
      const line = JSON.parse(text) as Record<string, unknown>
      if (kinds.has(String(line.kind))) continue
      kinds.add(String(line.kind))
      for (const name of Object.keys(line)) {
        const { [name]: _, ...lacking } = line
        const faults = verify(lines.with(i, JSON.stringify(lacking)))
        if (['statement', 'supplement'].includes(String(line.kind)) || name === 'kind')
          expect(faults, `${line.kind} without ${name}`).not.toEqual([])
      }
    }
    expect(kinds.size).toBeGreaterThan(5)
  })

  it('a file in any order is the same file', async () => {
    const lines = (await history(5)).map((line) => JSON.stringify(line))
    expect(verify(lines.toReversed())).toEqual([])
  })
})
