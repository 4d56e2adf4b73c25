/** Tokens that are not the gateway's, or not any more. */
import { generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { forgeToken } from '../support/people.ts'
import { refusalOf } from './ask.ts'

let gateway: Gateway
let good: string
let ownJwk: JWK
let ownKey: Awaited<ReturnType<typeof importJWK>>

beforeAll(async () => {
  gateway = await startGateway()
  good = (await gateway.as('admin')).token!
  const { jwk } = await gateway.app.db.own.prisma.signingKey.findUniqueOrThrow({ where: { id: 'own' } })
  ownJwk = jwk as JWK
  ownKey = await importJWK(ownJwk, 'EdDSA')
})
afterAll(() => gateway?.close())

const hour = 3_600_000
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

async function asked(client: Client): Promise<string> {
  const { errors } = await client.send('{ me(tenantId: "demo") { role } }')
  return errors ? refusalOf(errors[0]!) : 'SHOWN'
}
const with_ = (token: string) => asked(gateway.withToken(token))

/** A token with the gateway's own key and these claims beside or instead of the usual ones. */
async function signed(claims: JWTPayload, key = ownKey, alg = 'EdDSA'): Promise<string> {
  const usual = {
    sub: 'demo-admin',
    iss: 'modula-sync',
    aud: 'modula-sync',
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...{ tenant: 'demo', device: 'till-1', mg: 0, dg: 0 },
  }
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg }).sign(key)
}

it('a token made as the gateway makes them is taken, so that each of the others is refused for its own fault', async () => {
  expect(await with_(good)).toBe('SHOWN')
  expect(await with_(await forgeToken(gateway, 'demo-admin', new Date(Date.now() + hour)))).toBe('SHOWN')
  expect(await with_(await signed({}))).toBe('SHOWN')
})

describe('UNAUTHENTICATED is a token', () => {
  const part = (index: number) => good.split('.')[index]!
  const claims = () => JSON.parse(Buffer.from(part(1), 'base64url').toString()) as object

  it.each<[string, () => string | Promise<string>]>([
    ['that is no token', () => 'x'],
    ['without a signature', () => `${part(0)}.${part(1)}.`],
    [
      'with another’s name put in',
      () => `${part(0)}.${encoded({ ...claims(), sub: 'demo-manager' })}.${part(2)}`,
    ],
    ['that says it needs no signature', () => `${encoded({ alg: 'none' })}.${part(1)}.`],
    ['that ran out', () => forgeToken(gateway, 'demo-admin', new Date(Date.now() - 1000))],
    ['that never runs out', () => signed({ exp: undefined })],
    ['that is nobody’s', () => signed({ sub: undefined })],
    ['that begins later', () => signed({ nbf: Math.floor(Date.now() / 1000) + 3600 })],
    ['of another issuer', () => signed({ iss: 'somebody' })],
    ['for another audience', () => signed({ aud: 'somebody' })],
    ['for no tenant, as those of earlier versions', () => signed({ tenant: undefined })],
    ['for no device', () => signed({ device: undefined })],
    ['of no generation of its person', () => signed({ mg: undefined })],
    ['of no generation of its device', () => signed({ dg: undefined })],
    ['of another generation of its person', () => signed({ mg: 1 })],
    ['of another generation of its device', () => signed({ dg: 1 })],
    ['of another key', async () => signed({}, (await generateKeyPair('EdDSA')).privateKey)],
    [
      'signed with the public key as a secret',
      () => {
        const { d: _, ...open } = ownJwk
        return signed({}, new TextEncoder().encode(JSON.stringify(open)), 'HS256')
      },
    ],
    [
      'signed with the bytes of the public key as a secret',
      () => signed({}, Buffer.from(ownJwk.x!, 'base64url'), 'HS256'),
    ],
    ['signed with its name as a secret', () => signed({}, new TextEncoder().encode(ownJwk.x!), 'HS256')],
    ['of 100,000 characters', () => `${part(0)}.${'x'.repeat(10_000)}.${part(2)}`],
  ])('%s', async (_, make) => {
    expect(await with_(await make())).toBe('UNAUTHENTICATED')
  })

  it('in a header that is not Bearer', async () => {
    for (const authorization of [good, `Basic ${good}`, 'Bearer', 'Bearer ', `Bearer ${good} x`]) {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: '{ me(tenantId: "demo") { role } }' }),
      })
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    }
  })
})

it('a token of an account that is no member of anything is nobody’s in particular: NO_MEMBERSHIP', async () => {
  expect(await with_(await signed({ sub: 'stranger' }))).toBe('FORBIDDEN NO_MEMBERSHIP')
  expect(await with_(await signed({ tenant: 'rival' }))).toBe('FORBIDDEN NO_MEMBERSHIP')
  expect(await with_(await signed({ sub: 'demo-admin\u0000' }))).toBe('FORBIDDEN NO_MEMBERSHIP')
  expect(await with_(await signed({ sub: '\ud800' }))).toBe('FORBIDDEN NO_MEMBERSHIP')
})
