/** Histories that were mutated, one thing each, and clean ones: which were not named, and which were accused. */
import { type Fault, verify } from '../../scripts/verify.ts'
import type { Line } from '../../src/modules/closing/lines.ts'
import { dice, history } from './history.ts'
import { type Mutation, mutations } from './mutations.ts'

const printed = (lines: readonly Line[]) => lines.map((line) => JSON.stringify(line))
export type Miss = { seed: number; mutation: string; named: string[] }

/** Mutates `count` histories; those in which nothing, or the wrong thing, was named. */
export async function mutated(
  count: number,
  firstSeed = 1,
): Promise<{ missed: Miss[]; done: Map<string, number> }> {
  const missed: Miss[] = []
  const done = new Map<string, number>()
  for (let i = 0, seed = firstSeed; i < count; seed += 1) {
    // A history is as good for many mutations as for one.
    const lines = await history(seed, 3)
    for (const mutation of mutations) {
      if (i >= count) break
      const faults = faultsOf(mutation, lines, seed)
      if (!faults) continue
      i += 1
      done.set(mutation.name, (done.get(mutation.name) ?? 0) + 1)
      const named = [...new Set(faults.map(({ name }) => name))]
      if (!mutation.as.some((name) => named.includes(name)))
        missed.push({ seed, mutation: mutation.name, named })
    }
  }
  return { missed, done }
}

function faultsOf(mutation: Mutation, lines: Line[], seed: number): Fault[] | null {
  const changed = mutation.mutate(lines, dice(seed * 7919))
  return changed && verify(printed(changed))
}

/** Clean histories that were accused of something. */
export async function accused(count: number, firstSeed = 1): Promise<{ seed: number; faults: Fault[] }[]> {
  const found: { seed: number; faults: Fault[] }[] = []
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const faults = verify(printed(await history(seed, 1 + (seed % 4))))
    if (faults.length > 0) found.push({ seed, faults })
  }
  return found
}
