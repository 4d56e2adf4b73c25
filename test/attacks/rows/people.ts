/** Who may do what: other people's names, other people's proofs, other tenants. What it costs is little; it must not work. */
import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { salePayload } from '../../support/cafe.ts'
import { ask, type Envelope, openDrawer, operation, type Person } from '../people.ts'
import { post, pushBody, query, type Row, type Target } from '../tools.ts'

/** $500 out of the drawer: an ADJUSTMENT is a manager's. */
const adjustment = (clientOpId: string = randomUUID()): Envelope => ({
  ...operation('cashSession.movement', 'riverside', {
    movementId: randomUUID(),
    cashSessionId: randomUUID(),
    kind: 'ADJUSTMENT',
    currency: 'USD',
    amount: -50_000,
    reason: 'x',
  }),
  clientOpId,
})

const signInMutation = 'mutation ($input: SignInInput!) { signIn(input: $input) { token actorId actorKey } }'

type SignedIn = Person & { actorId: string; actorKey: string }

async function signInAt(target: Target, tenantId: string, staffCode: string, pin: string, deviceId: string) {
  const { data, errors } = await ask(target.base, null, signInMutation, {
    input: { tenantId, staffCode, pin, deviceId },
  })
  if (!data?.signIn) throw new Error(`${staffCode} cannot sign in: ${errors?.[0]?.extensions.code}`)
  return { tenantId, deviceId, ...data.signIn } as SignedIn
}

const proofOf = ({ actorKey }: SignedIn, { clientOpId, payloadHash, occurredAt }: Envelope) =>
  createHmac('sha256', Buffer.from(actorKey, 'base64url'))
    .update(`${clientOpId}\n${payloadHash}\n${occurredAt} 0`)
    .digest('hex')

/** Each answer under what was tried. */
async function each(tried: Record<string, () => Promise<string>>) {
  const outcome: Record<string, number> = {}
  for (const [name, attempt] of Object.entries(tried)) outcome[`${name}: ${await attempt()}`] = 1
  return outcome
}

const mutation = async (target: Target, by: Person, field: string, input: object): Promise<string> => {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`
  const { data, errors } = await ask(
    target.base,
    by,
    `mutation ($input: ${type}!) { ${field}(tenantId: "${by.tenantId}", idempotencyKey: "${randomUUID()}", input: $input) { status code } }`,
    { input },
  )
  return errors?.[0]?.extensions.code ?? data[field].code ?? data[field].status
}

/** As a device's clock may say; the last is no time. */
const endsOfTime = [
  '0001-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
]

export const people: Row[] = [
  {
    name: 'sales that their device dates at the ends of time',
    must: 'booked and marked, or refused as no time; what is read of them is read as before',
    async attack(target) {
      await target.begin()
      const { base, people } = target
      const cashier = people.marketCashier
      const cashSessionId = await openDrawer(base, cashier, 'market')
      const sell = (occurredAt: string) => () =>
        post(
          target,
          pushBody(cashier, [
            { ...operation('sale.finalize', 'market', salePayload(cashSessionId)), occurredAt },
          ]),
          { as: cashier },
        )
      const sold = await each(Object.fromEntries(endsOfTime.map((time) => [time, sell(time)])))
      const marked = await ask(
        base,
        await signInAt(target, 'demo', 'admin', '1234', 'admins-desk'),
        `{ auditEvents(tenantId: "demo", branchId: "market", name: "SALE_DATED_FAR_OFF", first: 50) { edges { node { name } } }
          sales(tenantId: "demo", branchId: "market", first: 50) { edges { node { id receiptNumber } } } }`,
      )
      const said = marked.errors?.[0]?.extensions.code ?? 'data'
      return { ...sold, [`read: ${said}, ${marked.data?.auditEvents.edges.length} marked`]: 1 }
    },
    check(outcome) {
      const answers = Object.keys(outcome)
      const applied = answers.filter((answer) => answer.endsWith(': 200 APPLIED')).length
      assert.ok(applied >= 3, JSON.stringify(answers))
      assert.ok(
        answers.every((answer) => / (200 (APPLIED|BAD_USER_INPUT)|read: .*)$/.test(` ${answer}`)),
        JSON.stringify(answers),
      )
      assert.ok(answers.includes(`read: data, ${applied} marked`), JSON.stringify(answers))
    },
  },
  {
    name: "a rival's admin hires demo's admin under a PIN of their own, and signs in",
    must: "the rival's person, who has no say in demo",
    async attack(target) {
      await target.begin()
      const { rivalAdmin } = target.people
      const staffCode = `mole-${randomUUID().slice(0, 8)}`
      const person = {
        accountId: 'demo-admin',
        staffCode,
        name: 'Mole',
        role: 'ADMIN',
        branchIds: [],
        pin: '987654',
      }
      const hired = await mutation(target, rivalAdmin, 'staffSave', person)
      if (hired !== 'APPLIED') return { [`hired: ${hired}`]: 1 }
      const mole = await signInAt(target, 'rival', staffCode, '987654', 'moles-tablet')
      const demos = { ...mole, tenantId: 'demo' }
      return each({
        read: () =>
          query(target, '{ staff(tenantId: "demo") { edges { node { name } } } }', {}, { as: mole }),
        write: () => mutation(target, demos, 'staffSave', { accountId: 'demo-manager', pin: '987654' }),
        push: () => post(target, pushBody(demos, [adjustment()]), { as: mole }),
        key: () =>
          query(
            target,
            'mutation { actorKey(tenantId: "demo", deviceId: "moles-tablet") }',
            {},
            { as: mole },
          ),
      })
    },
    check(outcome) {
      const answers = Object.keys(outcome)
      assert.ok(
        answers.every((answer) => /: (200 )?FORBIDDEN$/.test(answer) || /^hired: (?!APPLIED)/.test(answer)),
        JSON.stringify(answers),
      )
    },
  },
  {
    name: 'a cashier books $500 as the manager, with every proof but the right one',
    must: 'ACTOR_PROOF_REQUIRED; with the right one it is decided for what it is',
    async attack(target) {
      await target.begin()
      const deviceId = `shared-${randomUUID()}`
      const manager = await signInAt(target, 'demo', 'manager', '1234', deviceId)
      const elsewhere = await signInAt(target, 'demo', 'manager', '1234', `${deviceId}-2`)
      const cashier = await signInAt(target, 'demo', 'cashier-1', '1234', deviceId)
      const signed = adjustment()
      const right = proofOf(manager, signed)
      const there = await signInAt(target, 'demo', 'cashier-1', '1234', `${deviceId}-2`)
      const push = (op: Envelope & { clockSkewMs?: number }, actorProof?: string) =>
        post(
          target,
          pushBody(cashier, [{ ...op, actorId: manager.actorId, ...(actorProof ? { actorProof } : {}) }]),
          {
            as: cashier,
          },
        )
      return each({
        'without a proof': () => push(adjustment()),
        'their own proof': () => push(signed, proofOf(cashier, signed)),
        'of another device': () => push(signed, proofOf(elsewhere, signed)),
        'of another operation': () => push(adjustment(), right),
        'of the same key with another payload': () => push(adjustment(signed.clientOpId), right),
        'on another device, where the manager was too': () =>
          post(target, pushBody(there, [{ ...signed, actorId: manager.actorId, actorProof: right }]), {
            as: there,
          }),
        'of another time': () => push({ ...signed, occurredAt: '2026-01-01T08:00:00.000Z' }, right),
        'of another error of the clock': () => push({ ...signed, clockSkewMs: 40_000_000 }, right),
        'cut short': () => push(signed, right.slice(0, 63)),
        'a megabyte': () => push(signed, right.repeat(16_000)),
        'in capitals': () => push(signed, right.toUpperCase()),
        right: () => push(signed, right),
      })
    },
    check(outcome) {
      const { 'right: 200 CASH_SESSION_NOT_OPEN': right, ...others } = outcome
      assert.equal(right, 1, JSON.stringify(outcome))
      const wrong = Object.keys(others).filter(
        (answer) =>
          !/: 200 (ACTOR_PROOF_REQUIRED|BAD_USER_INPUT|PAYLOAD_INVALID)$/.test(answer) &&
          !answer.startsWith('in capitals'),
      )
      assert.deepEqual(wrong, [])
    },
  },
  {
    name: 'tokens and proofs after a PIN change, a revocation that is taken back, and a device that is shut out',
    must: 'worth nothing',
    async attack(target) {
      await target.begin()
      const admin = await signInAt(target, 'demo', 'admin', '1234', 'admins-tablet')
      const staffCode = `temp-${randomUUID().slice(0, 8)}`
      const accountId = `demo-${staffCode}`
      const hire = {
        accountId,
        staffCode,
        name: 'Temp',
        role: 'MANAGER',
        branchIds: ['riverside'],
        pin: '111222',
      }
      assert.equal(await mutation(target, admin, 'staffSave', hire), 'APPLIED')
      const deviceId = `temps-${randomUUID()}`
      const barista = await signInAt(target, 'demo', 'barista-1', '1234', deviceId)
      const me = (as: Person) => query(target, '{ me(tenantId: "demo") { name } }', {}, { as })
      const act = (of: SignedIn) => {
        const op = adjustment()
        const signed = { ...op, actorId: accountId, actorProof: proofOf(of, op) }
        return post(target, pushBody(barista, [signed]), { as: barista })
      }
      const before = await signInAt(target, 'demo', staffCode, '111222', deviceId)
      const outcome = await each({ 'good before': () => me(before), 'proof before': () => act(before) })
      await mutation(target, admin, 'staffSave', { accountId, pin: '333444' })
      Object.assign(outcome, await each({ 'new PIN': () => me(before), 'new PIN, proof': () => act(before) }))
      const again = await signInAt(target, 'demo', staffCode, '333444', deviceId)
      await mutation(target, admin, 'staffSave', { accountId, status: 'REVOKED' })
      await mutation(target, admin, 'staffSave', { accountId, status: 'ACTIVE' })
      Object.assign(outcome, await each({ revived: () => me(again), 'revived, proof': () => act(again) }))
      const third = await signInAt(target, 'demo', staffCode, '333444', deviceId)
      await mutation(target, admin, 'deviceShutOut', { deviceId })
      const input = { tenantId: 'demo', staffCode, pin: '333444', deviceId }
      return {
        ...outcome,
        ...(await each({
          'shut out': () => me(third),
          'shut out, push': () => act(third),
          'shut out, sign-in': () => query(target, signInMutation, { input }),
          'let in': () => mutation(target, admin, 'deviceLetIn', { deviceId }),
          'let in, old token': () => me(third),
        })),
      }
    },
    check(outcome) {
      assert.deepEqual(Object.keys(outcome), [
        'good before: 200 data',
        'proof before: 200 CASH_SESSION_NOT_OPEN',
        'new PIN: 200 UNAUTHENTICATED',
        'new PIN, proof: 200 ACTOR_PROOF_REQUIRED',
        'revived: 200 UNAUTHENTICATED',
        'revived, proof: 200 ACTOR_PROOF_REQUIRED',
        'shut out: 200 FORBIDDEN',
        'shut out, push: 200 FORBIDDEN',
        'shut out, sign-in: 200 FORBIDDEN',
        'let in: APPLIED',
        'let in, old token: 200 UNAUTHENTICATED',
      ])
    },
  },
]
