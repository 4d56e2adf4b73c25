/**
 * `npm run matrix`: test/line/matrix.ts, as many runs as wanted. `--runs` of each pair of fault and state with a till in
 * Node (6), `--chromium` of them with one in Chromium (1), `--seed`, `--at-once` (8), and names of faults, states and
 * places to try those alone.
 */
import { parseArgs } from 'node:util'
import { House } from '../test/line/house.ts'
import { type Case, faults, type Outcome, places, states, tryAll } from '../test/line/matrix.ts'

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '6' },
    chromium: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'at-once': { type: 'string', default: '8' },
  },
  allowPositionals: true,
})
const names: readonly string[] = [...faults, ...states, ...places]
const unknown = positionals.find((name) => !names.includes(name))
if (unknown) {
  console.error(`there is no "${unknown}": ${names.join(', ')}`)
  process.exit(1)
}
const named = <Name extends string>(all: readonly Name[]): readonly Name[] => {
  const some = all.filter((name) => positionals.includes(name))
  return some.length > 0 ? some : all
}

const [seed, atOnce] = [Number(values.seed), Number(values['at-once'])]
const counts = { Node: Number(values.runs), Chromium: Number(values.chromium) }
const most = (of: Outcome[], what: 'emptyMs' | 'hearsMs') =>
  (Math.max(...of.map((each) => each[what])) / 1000).toFixed(1)

/** Runs of one fault, as many at once as the machine is to carry; browsers are heavy. */
async function tryFault(house: House, fault: Case['fault']): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const place of named(places)) {
    const together = place === 'Chromium' ? Math.ceil(atOnce / 4) : atOnce
    const wanted = named(states).flatMap((state) =>
      Array.from({ length: counts[place] }, (_, n): Case => {
        const own = seed + 1_000 * n + states.indexOf(state)
        return { fault, state, place, seed: own }
      }),
    )
    for (let at = 0; at < wanted.length; at += together)
      outcomes.push(...(await tryAll(house, wanted.slice(at, at + together))))
  }
  return outcomes
}

console.log(`seed ${seed}`)
const house = await House.open()
const all: Outcome[] = []
try {
  for (const fault of named(faults)) {
    const outcomes = await tryFault(house, fault)
    all.push(...outcomes)
    const wrong = outcomes.filter((outcome) => outcome.wrong.length > 0)
    console.log(
      `${fault}: ${outcomes.length} runs, ${wrong.length} wrong; ` +
        `empty within ${most(outcomes, 'emptyMs')} s, hears within ${most(outcomes, 'hearsMs')} s`,
    )
    for (const { state, place, seed, wrong: what } of wrong)
      console.log(`  ${state}, ${place} (seed ${seed}): ${what.join('; ')}`)
  }
} finally {
  await house.close()
}
const wrong = all.filter((outcome) => outcome.wrong.length > 0).length
console.log(`${all.length} runs, ${wrong} wrong`)
process.exit(wrong === 0 ? 0 : 1)
