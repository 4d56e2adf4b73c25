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

  it('a file in any order is the same file', async () => {
    const lines = (await history(5)).map((line) => JSON.stringify(line))
    expect(verify(lines.toReversed())).toEqual([])
  })
})
