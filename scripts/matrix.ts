/** `npm run matrix`; see test/line/matrix.ts. */
import { parseArgs } from 'node:util'
import { type Fault, faults, House, type Outcome, type State, states, tryAll } from '../test/line/matrix.ts'

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'at-once': { type: 'string', default: '8' },
  },
  allowPositionals: true,
})
const unknown = positionals.find((name) => ![...faults, ...states].includes(name as Fault & State))
if (unknown) {
  console.error(`there is no "${unknown}": ${[...faults, ...states].join(', ')}`)
  process.exit(1)
}
const named = <Name extends string>(all: readonly Name[]): readonly Name[] => {
  const some = all.filter((name) => positionals.includes(name))
  return some.length > 0 ? some : all
}

const [runs, seed, atOnce] = [Number(values.runs), Number(values.seed), Number(values['at-once'])]
console.log(`seed ${seed}`)
const house = await House.open()
const outcomes: Outcome[] = []
try {
  for (const fault of named(faults)) {
    const wanted = named(states).flatMap((state) =>
      Array.from({ length: runs }, (_, n) => ({ state, seed: seed + 1_000 * n + states.indexOf(state) })),
    )
    for (let at = 0; at < wanted.length; at += atOnce)
      outcomes.push(...(await tryAll(house, fault, wanted.slice(at, at + atOnce))))
    const here = outcomes.filter((outcome) => outcome.fault === fault)
    const wrong = here.filter((outcome) => outcome.wrong.length > 0)
    const slowest = Math.max(...here.map(({ ms }) => ms))
    console.log(
      `${fault}: ${here.length} runs, ${wrong.length} wrong, settled within ${(slowest / 1000).toFixed(1)} s`,
    )
    for (const { state, seed, wrong: what } of wrong)
      console.log(`  ${state} (seed ${seed}): ${what.join('; ')}`)
  }
} finally {
  await house.close()
}
const wrong = outcomes.filter((outcome) => outcome.wrong.length > 0).length
console.log(`${outcomes.length} runs, ${wrong} wrong`)
process.exit(wrong === 0 ? 0 : 1)
