/** Tokens of an identity provider, checked against the keys that it publishes. */

import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoInternals } from '../support/answers.ts'
import { movement, openSession, startWork } from '../support/cafe.ts'
import { actorProof, type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey']
type Keys = { alg: string; privateKey: Key; jwk: JWK }

const issuer = 'https://login.example'
const audience = 'pos'

let provider: Server
let jwksUrl: string
/** What the provider answers when it is asked for its keys. */
let published: { status: number; body: string }
let keys: Keys
let gateway: Gateway

const makeKeys = async (alg: string): Promise<Keys> => {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid: randomUUID(), alg, use: 'sig' } }
}
const publish = (...of: Keys[]) => {
  published = { status: 200, body: JSON.stringify({ keys: of.map(({ jwk }) => jwk) }) }
}

async function token(claims: JWTPayload = {}, { alg, privateKey, jwk }: Keys = keys): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 600
  return new SignJWT({ sub: 'demo-cashier-1', iss: issuer, aud: audience, exp, ...claims })
    .setProtectedHeader({ alg, kid: jwk.kid })
    .sign(privateKey)
}

const withProvider = (more: Record<string, string> = {}) =>
  startGateway({
    env: { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, ...more },
  })

beforeAll(async () => {
  provider = createServer((_, response) => {
    response.writeHead(published.status, { 'content-type': 'application/json' }).end(published.body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => provider.once('listening', resolve))
  jwksUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`
  keys = await makeKeys('RS256')
  publish(keys)
  gateway = await withProvider()
})
afterAll(async () => {
  await gateway?.close()
  provider?.close()
})

/** SHOWN, or the code of the refusal. */
async function asked(client: Client): Promise<string> {
  const { errors } = await client.send('{ me(tenantId: "demo") { role } }')
  for (const { message } of errors ?? []) expectNoInternals(message)
  return errors ? errors[0]!.extensions.code : 'SHOWN'
}
const with_ = (text: string) => asked(gateway.withToken(text))

it('its tokens are taken, and say who somebody is, not what they may', async () => {
  expect(await with_(await token())).toBe('SHOWN')
  expect(await with_(await token({ aud: ['other', audience] }))).toBe('SHOWN')
  expect(await with_(await token({ sub: 'stranger', role: 'ADMIN', tenantId: 'demo' }))).toBe('FORBIDDEN')
})

describe('UNAUTHENTICATED is a token', () => {
  it.each<[string, () => Promise<string>]>([
    ['of another issuer', () => token({ iss: 'https://login.example.evil' })],
    ['without an issuer', () => token({ iss: undefined })],
    ['for another audience', () => token({ aud: 'posh' })],
    ['without an audience', () => token({ aud: undefined })],
    ['that ran out', () => token({ exp: Math.floor(Date.now() / 1000) - 1 })],
    ['that never runs out', () => token({ exp: undefined })],
    ['that is nobody’s', () => token({ sub: undefined })],
    ['of a key under another’s name', async () => token({}, { ...(await makeKeys('RS256')), jwk: keys.jwk })],
    ['of a key that is not published', async () => token({}, await makeKeys('RS256'))],
    ['of another kind of key', async () => token({}, { ...(await makeKeys('ES256')), jwk: keys.jwk })],
    [
      'signed with the public key as a secret',
      () =>
        new SignJWT({ sub: 'demo-cashier-1', iss: issuer, aud: audience, exp: 9_999_999_999 })
          .setProtectedHeader({ alg: 'HS256', kid: keys.jwk.kid })
          .sign(new TextEncoder().encode(JSON.stringify(keys.jwk))),
    ],
    [
      'that nobody signed',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
        const claims = { sub: 'demo-cashier-1', iss: issuer, aud: audience, exp: 9_999_999_999 }
        return `${part({ alg: 'none', kid: keys.jwk.kid })}.${part(claims)}.`
      },
    ],
    ['that is no token', async () => 'x'],
  ])('%s', async (_, make) => {
    expect(await with_(await make())).toBe('UNAUTHENTICATED')
  })

  it('of the gateway’s own, which it does not issue now', async () => {
    const own = await startGateway()
    const { token: issued } = await own.as('cashier-1')
    await own.close()
    expect(await with_(issued!)).toBe('UNAUTHENTICATED')
  })
})

it('there is no signIn, and no other field is missing', async () => {
  const names = async ({ withToken }: Gateway) => {
    const { __schema } = await withToken(null).data<{
      __schema: { mutationType: { fields: { name: string }[] } }
    }>('{ __schema { mutationType { fields { name } } } }')
    return __schema.mutationType.fields.map(({ name }) => name).sort()
  }
  const own = await startGateway()
  const all = await names(own)
  await own.close()
  expect(await names(gateway)).toEqual(all.filter((name) => name !== 'signIn'))
  const { errors } = await gateway
    .withToken(null)
    .send(
      'mutation { signIn(input: { tenantId: "demo", staffCode: "admin", pin: "1234", deviceId: "d" }) { token } }',
    )
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
})

it('who pushes from a device has signed in on it: later their work may come under another’s token', async () => {
  const deviceId = randomUUID()
  const tablet = async (sub: string) => gateway.withToken(await token({ sub }), { deviceId })
  const barista = await tablet('demo-barista-1')
  const cashier = await tablet('demo-cashier-1')
  const start = { ...startWork(), actorId: 'demo-barista-1' }
  expect(await cashier.push([start])).toMatchObject([{ code: 'ACTOR_NOT_ALLOWED' }])
  expect(await barista.push([startWork()])).toMatchObject([{ status: 'APPLIED' }])
  expect(await cashier.push([{ ...start, retry: true }])).toMatchObject([
    { code: 'ATTENDANCE_ALREADY_ACTIVE' },
  ])
})

it('so has who pulls on it: what they record in the outage that follows may come under another’s token', async () => {
  const deviceId = randomUUID()
  const tablet = async (sub: string) => gateway.withToken(await token({ sub }), { deviceId })
  const barista = await tablet('demo-barista-1')
  await barista.pull({ moduleScopes: ['MENU'] })
  const start = { ...startWork(), actorId: 'demo-barista-1' }
  const [verdict] = await (await tablet('demo-cashier-1')).push([start])
  expect(['ATTENDANCE_ALREADY_ACTIVE', null]).toContain(verdict!.code)
})

it('its tokens speak for the person in all their tenants, on any device; a device that is shut out is for them too', async () => {
  const rival = gateway.withToken(await token({ sub: 'rival-admin' }), { tenantId: 'rival' })
  const person = {
    accountId: 'demo-cashier-1',
    staffCode: 'guest',
    name: 'Guest',
    role: 'STAFF',
    branchIds: ['rival-1'],
  }
  expect(await rival.direct('staffSave', person, { branchId: null })).toMatchObject({ status: 'APPLIED' })
  const me = 'query ($tenantId: ID!) { me(tenantId: $tenantId) { role } }'
  const cashier = gateway.withToken(await token())
  expect(await cashier.data(me, { tenantId: 'demo' })).toEqual({ me: { role: 'CASHIER' } })
  expect(await cashier.data(me, { tenantId: 'rival' })).toEqual({ me: { role: 'STAFF' } })

  const deviceId = randomUUID()
  const key = 'mutation ($deviceId: ID!) { actorKey(tenantId: "demo", deviceId: $deviceId) }'
  const manager = gateway.withToken(await token({ sub: 'demo-manager' }))
  const { actorKey } = await manager.data<{ actorKey: string }>(key, { deviceId })
  const till = gateway.withToken(await token(), { deviceId })
  const session = openSession()
  const { cashSessionId } = session.payload as { cashSessionId: string }
  const op = movement(cashSessionId, { kind: 'ADJUSTMENT' }, { actorId: 'demo-manager' })
  expect(await till.push([session, op])).toMatchObject([
    { status: 'APPLIED' },
    { code: 'ACTOR_PROOF_REQUIRED' },
  ])
  expect(await till.push([{ ...op, actorProof: actorProof(actorKey, op) }])).toMatchObject([
    { status: 'APPLIED' },
  ])

  await manager.direct('deviceShutOut', { deviceId }, { branchId: null })
  const { errors } = await till.send(till.pushMutation, {
    input: { tenantId: 'demo', deviceId, operations: [startWork()] },
  })
  expect(errors![0]!.extensions).toEqual({ code: 'FORBIDDEN', reason: 'DEVICE_SHUT_OUT' })
  expect(await cashier.push([startWork()])).toHaveLength(1)
})

it('sockets take its tokens, and no others', async () => {
  const query = '{ me(tenantId: "demo") { role } }'
  const good = listen(gateway.withToken(await token()), query)
  expect((await good.first).data).toEqual({ me: { role: 'CASHIER' } })
  good.stop()
  const bad = listen(gateway.withToken(await token({ aud: 'other' })), query)
  expect(await bad.closed).toBe(4403)
})

it('where devices are enrolled, a token is good on those that were let in alone, whatever it asks for', async () => {
  const desk = gateway.withToken(await token({ sub: 'demo-admin' }), { named: 'desk' })
  const enrolment = (deviceEnrolment: string, client = desk) =>
    client.direct('tenantSave', { deviceEnrolment }, { branchId: null })
  // Who names no device would be kept out with everybody else; the one that is named is known from then on.
  const nowhere = gateway.withToken(await token({ sub: 'demo-admin' }))
  await expect(enrolment('APPROVED', nowhere)).rejects.toThrow('DEVICE_NOT_ENROLLED')
  await enrolment('APPROVED')
  try {
    const deviceId = randomUUID()
    const till = gateway.withToken(await token(), { deviceId, named: deviceId })
    const unnamed = gateway.withToken(await token(), { deviceId })
    const asked = (client: Client, query: string, variables = {}) =>
      client.send(query, variables).then(({ errors }) => errors?.[0]?.extensions?.reason ?? 'SHOWN')
    const of = { tenantId: 'demo', deviceId }
    const everything = async (client: Client) => [
      await asked(client, client.pushMutation, { input: { ...of, operations: [startWork()] } }),
      await asked(client, client.pullQuery, {
        input: { ...of, branchId: 'riverside', moduleScopes: ['MENU'] },
      }),
      await asked(
        client,
        'mutation ($deviceId: ID!) { actorKey(tenantId: "demo", deviceId: $deviceId) }',
        of,
      ),
      await asked(client, '{ me(tenantId: "demo") { role } }'),
    ]
    const nudges = 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { headSeq } }'
    for (const client of [till, unnamed]) {
      expect(await everything(client)).toEqual(Array(4).fill('DEVICE_NOT_ENROLLED'))
      const socket = listen(client, nudges)
      expect((await socket.first).errors![0]!.extensions).toMatchObject({ reason: 'DEVICE_NOT_ENROLLED' })
      socket.stop()
    }
    const { deviceRequests } = await desk.data<{ deviceRequests: object[] }>(
      '{ deviceRequests(tenantId: "demo") { deviceId accountId } }',
    )
    expect(deviceRequests).toEqual([{ deviceId, accountId: 'demo-cashier-1' }])
    const enrol = (client: Client, code: string) =>
      asked(
        client,
        `mutation ($deviceId: ID!, $code: String!) {
          enrolDevice(tenantId: "demo", deviceId: $deviceId, enrolmentCode: $code) }`,
        { deviceId, code },
      )
    await desk.direct('deviceInvite', { enrolmentCode: 'QWER2345' }, { branchId: null })
    expect(await enrol(till, 'WRNG2345')).toBe('ENROLMENT_CODE_WRONG')
    expect(await enrol(till, 'qwer-2345')).toBe('SHOWN')
    expect(await everything(till)).toEqual(Array(4).fill('SHOWN'))
    // What names no device is still nobody's.
    expect((await everything(unnamed)).at(-1)).toBe('DEVICE_NOT_ENROLLED')
  } finally {
    await enrolment('OPEN')
  }
})

describe('tokens as providers make them', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const others: Gateway[] = []
  const under = async (env: Record<string, string>) => {
    others.push(await withProvider(env))
    return others.at(-1)!
  }
  afterAll(() => Promise.all(others.map((other) => other.close())))

  it("Supabase's: ES256, the account in its app_metadata", async () => {
    const supabase = await makeKeys('ES256')
    publish(keys, supabase)
    const iss = 'https://abcdefghijkl.supabase.co/auth/v1'
    const env = { AUTH_ISSUER: iss, AUTH_AUDIENCE: 'authenticated' }
    const other = await under({ ...env, AUTH_ACCOUNT_CLAIM: 'app_metadata.account_id' })
    const claims = {
      ...{ iss, aud: 'authenticated', sub: randomUUID(), iat: now(), role: 'authenticated', aal: 'aal1' },
      ...{ email: 'sophea@example.com', session_id: randomUUID(), is_anonymous: false },
      app_metadata: { provider: 'email', providers: ['email'], account_id: 'demo-cashier-1' },
    }
    const ask = async (more: object) => asked(other.withToken(await token({ ...claims, ...more }, supabase)))
    expect(await ask({})).toBe('SHOWN')
    for (const app_metadata of [{}, { account_id: 7 }, { account_id: '' }, 'demo-cashier-1', null])
      expect(await ask({ app_metadata })).toBe('UNAUTHENTICATED')
  })

  it("Keycloak's: RS256, the account as the name that people sign in with", async () => {
    publish(keys)
    const iss = 'https://keycloak.example/realms/brew'
    const other = await under({
      AUTH_ISSUER: iss,
      AUTH_AUDIENCE: 'pos',
      AUTH_ACCOUNT_CLAIM: 'preferred_username',
    })
    const claims = {
      ...{
        iss,
        aud: ['pos', 'account'],
        sub: randomUUID(),
        iat: now(),
        typ: 'Bearer',
        azp: 'pos-till',
        acr: '1',
      },
      ...{ realm_access: { roles: ['offline_access'] }, scope: 'openid profile', sid: randomUUID() },
      preferred_username: 'demo-cashier-1',
    }
    expect(await asked(other.withToken(await token(claims)))).toBe('SHOWN')
    // The role in the token is not asked; another realm's token is another's.
    const elsewhere = await token({ ...claims, iss: 'https://keycloak.example/realms/other' })
    expect(await asked(other.withToken(elsewhere))).toBe('UNAUTHENTICATED')
  })

  it('are taken when its clock is ahead a little, and not much; once run out they are not, by any clock', async () => {
    publish(keys)
    expect(await with_(await token({ nbf: now() + 20, iat: now() + 20 }))).toBe('SHOWN')
    expect(await with_(await token({ nbf: now() + 120 }))).toBe('UNAUTHENTICATED')
    expect(await with_(await token({ exp: now() - 1 }))).toBe('UNAUTHENTICATED')
  })

  it('are refused when signed otherwise than they may be', async () => {
    const [rsa, curve] = [await makeKeys('RS256'), await makeKeys('ES256')]
    publish(rsa, curve)
    const strict = await under({ AUTH_ALGORITHMS: 'ES256' })
    expect(await asked(strict.withToken(await token({}, curve)))).toBe('SHOWN')
    expect(await asked(strict.withToken(await token({}, rsa)))).toBe('UNAUTHENTICATED')
    publish(keys)
  })

  it('of a new key are taken while old ones still are, and of one that is published no more are not', async () => {
    const [old, young] = [await makeKeys('RS256'), await makeKeys('ES256')]
    publish(old)
    const other = await under({})
    const ask = async (of: Keys) => asked(other.withToken(await token({ jti: randomUUID() }, of)))
    expect(await ask(old)).toBe('SHOWN')
    publish(old, young)
    await expect.poll(() => ask(young), { timeout: 20_000 }).toBe('SHOWN')
    expect(await ask(old)).toBe('SHOWN')
    publish(young)
    // What makes it ask again is a key that it does not know.
    const unknown = await makeKeys('ES256')
    await expect
      .poll(async () => [await ask(unknown), await ask(old)], { timeout: 20_000 })
      .toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
    expect(await ask(young)).toBe('SHOWN')
    publish(keys)
  })
})

describe('a provider whose keys', () => {
  it('are several is asked by their names', async () => {
    const [one, two] = [await makeKeys('ES256'), await makeKeys('EdDSA')]
    publish(keys, one, two)
    const other = await withProvider()
    for (const each of [keys, one, two])
      expect(await asked(other.withToken(await token({}, each)))).toBe('SHOWN')
    await other.close()
    publish(keys)
  })

  it.each<[string, () => void]>([
    [
      'are not to be had',
      () => {
        published = { status: 503, body: 'later' }
      },
    ],
    [
      'are no JSON',
      () => {
        published = { status: 200, body: '<html>' }
      },
    ],
    [
      'are no keys',
      () => {
        published = { status: 200, body: '{"hello":"world"}' }
      },
    ],
  ])(
    '%s makes it SERVICE_UNAVAILABLE: a good token is not called a bad one; then it is taken',
    async (_, break_) => {
      break_()
      const other = await withProvider()
      const client = other.withToken(await token())
      expect(await asked(client)).toBe('SERVICE_UNAVAILABLE')
      const socket = listen(client, '{ me(tenantId: "demo") { role } }')
      // Come back later: 4403 would make a client give up for good.
      expect(await socket.closed).toBe(1013)
      expect(await asked(other.withToken(null))).toBe('UNAUTHENTICATED')
      publish(keys)
      expect(await asked(client)).toBe('SHOWN')
      await other.close()
    },
  )

  it('are nowhere makes it SERVICE_UNAVAILABLE too', async () => {
    const other = await withProvider({ AUTH_JWKS_URL: 'http://127.0.0.1:9/keys' })
    expect(await asked(other.withToken(await token()))).toBe('SERVICE_UNAVAILABLE')
    expect(await asked(other.withToken('x'))).toBe('UNAUTHENTICATED')
    await other.close()
  })
})
