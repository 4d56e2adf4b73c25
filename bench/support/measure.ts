/**
 * Numbers from rounds. The machine is never quiet, so variants take turns within each round and medians are
 * compared: what slows one down for a while slows down the others as well.
 */

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * Runs every variant once a round, in turn, and returns the median of what each measured. A first round, in which
 * code is compiled and caches fill, does not count. `warm`: whoever calls has seen to that.
 */
export async function takeTurns<Name extends string>(
  rounds: number,
  variants: Record<Name, () => Promise<number>>,
  { warm = false } = {},
): Promise<Record<Name, number>> {
  const names = Object.keys(variants) as Name[]
  const measured = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = warm ? 1 : 0; round <= rounds; round += 1)
    for (const name of names) {
      const value = await variants[name]()
      if (round > 0) measured.get(name)!.push(value)
    }
  return Object.fromEntries(names.map((name) => [name, median(measured.get(name)!)])) as Record<Name, number>
}
