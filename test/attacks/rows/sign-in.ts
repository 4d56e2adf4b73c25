/** Signing in: the one door that costs the gateway dear (scrypt) and that anybody may knock at. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { isShort, onlyAnswers, query, type Row, rounds, type Target, times } from '../tools.ts'

const mutation = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }'

const tryPin = (target: Target, staffCode: string, pin: string, deviceId = 'a-strangers') =>
  query(target, mutation, { input: { tenantId: 'demo', staffCode, pin, deviceId } })

/** Four digits; never the right ones (1234). */
const wrongPin = (i: number) => String(2000 + i)

const refused = /^200 (UNAUTHENTICATED|TOO_MANY_ATTEMPTS|RATE_LIMITED)$/

export const signIns: Row[] = [
  {
    name: '600 sign-ins of codes that nobody has',
    by: 'nobody',
    must: 'RATE_LIMITED beyond a few; those that wait for scrypt are bounded',
    attack: (target) =>
      rounds(target, () =>
        times(isShort(target) ? 20 : 600, (i) => tryPin(target, `nobody-${i}`, wrongPin(i))),
      ),
    check(outcome) {
      onlyAnswers(outcome, /^(closed|200 (UNAUTHENTICATED|TOO_MANY_ATTEMPTS|RATE_LIMITED)|429.*)$/)
      const { '200 UNAUTHENTICATED': tried = 0 } = outcome
      const all = Object.values(outcome).reduce((sum, n) => sum + n, 0)
      // Few take their turns, and are all tried; of many most are not let wait.
      assert.ok(all < 256 || tried < all / 2, `${tried} of ${all} were tried`)
    },
  },
  {
    name: 'a burst of 200 PINs of one person, the right one among them',
    by: 'nobody',
    must: 'a few are tried, and what they are told does not tell which was right',
    async attack(target) {
      await target.begin()
      const answers = await times(200, async (i) => {
        const isRight = i === 150
        const said = await tryPin(target, 'cashier-2', isRight ? '1234' : wrongPin(i))
        return `${isRight ? 'right' : 'wrong'} ${said}`
      })
      const outcome: Record<string, number> = {}
      for (const answer of answers) outcome[answer] = (outcome[answer] ?? 0) + 1
      return outcome
    },
    check(outcome) {
      const [right] = Object.keys(outcome).filter((answer) => answer.startsWith('right '))
      const said = right!.slice('right '.length)
      assert.match(said, refused)
      assert.ok((outcome[`wrong ${said}`] ?? 0) > 1, `the right PIN alone was answered ${said}`)
      const tried = outcome['wrong 200 UNAUTHENTICATED'] ?? 0
      assert.ok(tried <= 50, `${tried} PINs were tried`)
    },
  },
  {
    name: 'somebody tries to lock everybody out: 25 wrong PINs each',
    must: 'whoever comes from elsewhere with the right PIN is let in (asked at the end)',
    async attack(target) {
      await target.begin()
      const codes = ['admin', 'manager', 'cashier-1', 'cashier-2', 'barista-1']
      await Promise.all(codes.map((code) => times(25, (i) => tryPin(target, code, wrongPin(i)))))
      // The café's own tablet: another address, and devices on which they have signed in before.
      const elsewhere = { ...target, address: undefined }
      const said = await Promise.all([
        tryPin(elsewhere, 'cashier-1', '1234', 'neighbours-till'),
        tryPin(elsewhere, 'manager', '1234', 'managers-tablet'),
      ])
      return Object.fromEntries(said.map((each, i) => [`${codes[i]} ${each}`, 1]))
    },
    check: (outcome) => onlyAnswers(outcome, / 200 data$/),
  },
  {
    name: 'a barista sets PINs, 60 at once',
    must: 'ACTION_NOT_PERMITTED before anything is hashed',
    attack(target) {
      const { barista } = target.people
      const text = `mutation ($key: UUID!) { staffSave(tenantId: "demo", idempotencyKey: $key, input: {
        accountId: "demo-manager", pin: "98765" }) { status code } }`
      return rounds(target, () =>
        times(60, () => query(target, text, { key: randomUUID() }, { as: barista })),
      )
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 (data|RATE_LIMITED)|429.*)$/),
  },
]
