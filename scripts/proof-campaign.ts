/** `npm run proof:campaign [-- COUNT]`: mutated histories (10,000) and a tenth as many clean ones against the verifier. */
import { accused, mutated } from '../test/proof/campaign.ts'

const count = Number(process.argv[2] ?? 10_000)
if (!Number.isInteger(count) || count < 1) {
  console.error(`COUNT is a whole number from 1 on, not "${process.argv[2]}"`)
  process.exit(2)
}
const began = performance.now()
const { missed, done } = await mutated(count)
const wrong = await accused(Math.ceil(count / 10), 100_000)
for (const [name, times] of done) console.log(`${String(times).padStart(6)}  ${name}`)
for (const { seed, mutation, named } of missed.slice(0, 20))
  console.log(`NOT NAMED  seed ${seed}, ${mutation}: ${named}`)
for (const { seed, faults } of wrong.slice(0, 20))
  console.log(`ACCUSED  seed ${seed}: ${faults[0]?.name} ${faults[0]?.what}`)
const seconds = ((performance.now() - began) / 1000).toFixed(0)
console.log(
  `${count} mutated, ${missed.length} not named; ${Math.ceil(count / 10)} clean, ${wrong.length} accused; ${seconds} s`,
)
if (missed.length + wrong.length > 0) process.exitCode = 1
