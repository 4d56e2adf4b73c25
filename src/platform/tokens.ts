/**
 * Who the caller is: the gateway's own tokens (EdDSA, key kept in the database), or an identity provider's.
 */
import {
  createRemoteJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose'
import type { IdentityProvider } from '../config.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'

/** What the gateway's own tokens are for: the tenant and the device where a PIN was checked, as these were then. */
export type SignedInAs = {
  accountId: string
  tenantId: string
  deviceId: string
  /** Generations end tokens before their time: a new PIN and a revocation the member's, shutting it out the device's. */
  memberGeneration: number
  deviceGeneration: number
}

/** Who a token speaks for. A provider's speaks for the person in all their tenants, on any device: both null. */
export type Identity = Omit<SignedInAs, 'tenantId' | 'deviceId'> & {
  tenantId: string | null
  deviceId: string | null
  /** Where a provider's token says of none: the device that the request names itself (`x-device-id`). */
  namedDeviceId?: string | null
  /** Ms since 1970. */
  expiresAt: number
}

/** Whose share of what is counted a request takes: account ids are names within a tenant where the gateway issues tokens. */
export const accountKey = ({ tenantId, accountId }: Pick<Identity, 'tenantId' | 'accountId'>): string =>
  JSON.stringify([tenantId, accountId])

/** The provider's keys cannot be had: nothing is known about the token, good or bad. */
export class KeysAway extends Error {
  override name = 'KeysAway'
}

export interface Tokens {
  /**
   * The caller, or null for a token that is not ours, not valid or run out. Never throws for what a client sent;
   * throws KeysAway where the provider's keys are wanted and cannot be had.
   */
  verify(token: string): Promise<Identity | null>
  /** Null where an identity provider issues the tokens. */
  readonly issue: ((as: SignedInAs) => Promise<{ token: string; expiresAt: Date }>) | null
}

const issuer = 'modula-sync'
const audience = 'modula-sync'
const keyId = 'own'
const cacheSize = 10_000

/**
 * Remembers tokens that were verified, until they run out, or for `forMs`: a signature costs more than the rest of a small
 * request.
 */
function remembering(
  check: (token: string) => Promise<JWTPayload>,
  scopeOf: (claims: JWTPayload) => Omit<Identity, 'accountId' | 'expiresAt'> | null,
  accountOf: (claims: JWTPayload) => string | null = ({ sub }) => sub || null,
  forMs = Number.POSITIVE_INFINITY,
): Tokens['verify'] {
  const known = new Map<string, { identity: Identity; until: number }>()
  return async (token) => {
    const cached = known.get(token)
    if (cached && cached.until > Date.now())
      return cached.identity.expiresAt > Date.now() ? cached.identity : null
    try {
      const claims = await check(token)
      const accountId = accountOf(claims)
      const scope = scopeOf(claims)
      // To the second, whatever difference between clocks is tolerated elsewhere.
      const expiresAt = (claims.exp ?? 0) * 1000
      if (accountId === null || !scope || expiresAt <= Date.now()) return null
      const identity = { accountId, expiresAt, ...scope }
      if (known.size >= cacheSize) known.delete(known.keys().next().value ?? '')
      known.set(token, { identity, until: Date.now() + forMs })
      return identity
    } catch (error) {
      if (error instanceof KeysAway) throw error
      return null
    }
  }
}

/** Tokens of the gateway's own. Several gateways on one database share the key: the first one makes it. */
export async function ownTokens(prisma: PrismaClient, ttlSeconds: number): Promise<Tokens> {
  const jwk = await ownKey(prisma)
  const privateKey = await importJWK(jwk, 'EdDSA')
  const { d: _, ...publicJwk } = jwk
  const publicKey = await importJWK(publicJwk as JWK, 'EdDSA')
  return {
    verify: remembering(async (token) => {
      const { payload } = await jwtVerify(token, publicKey, { issuer, audience, algorithms: ['EdDSA'] })
      return payload
    }, ownScope),
    async issue({ accountId, tenantId, deviceId, memberGeneration, deviceGeneration }) {
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + ttlSeconds) * 1000)
      const claims = { tenant: tenantId, device: deviceId, mg: memberGeneration, dg: deviceGeneration }
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA' })
        .setSubject(accountId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(privateKey)
      return { token, expiresAt }
    },
  }
}

/** Null for a token that does not say what it is for, as those of earlier versions. */
function ownScope({ tenant, device, mg, dg }: JWTPayload) {
  if (typeof tenant !== 'string' || typeof device !== 'string') return null
  if (typeof mg !== 'number' || typeof dg !== 'number') return null
  return { tenantId: tenant, deviceId: device, memberGeneration: mg, deviceGeneration: dg }
}

const everywhere = () => ({ tenantId: null, deviceId: null, memberGeneration: 0, deviceGeneration: 0 })

async function ownKey(prisma: PrismaClient): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const jwk = await exportJWK(privateKey)
  await prisma.signingKey.createMany({ data: [{ id: keyId, jwk: { ...jwk } }], skipDuplicates: true })
  const stored = await prisma.signingKey.findUniqueOrThrow({ where: { id: keyId } })
  return stored.jwk as JWK
}

/** A provider's clock may be ahead of ours by so much: its tokens are not yet valid, and are taken. */
const clockToleranceSeconds = 30

/** Tokens of an identity provider, checked against its published keys: asked for again when a token names a new one. */
export function providerTokens({ jwksUrl, accountClaim, ...must }: IdentityProvider): Tokens {
  const published = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration: keysCooldownMs,
    cacheMaxAge: keysKeptMs,
  })
  const keys: JWTVerifyGetKey = (header, token) =>
    published(header, token).catch((error: unknown) => {
      if (isAboutToken(error)) throw error
      throw new KeysAway('the keys of the identity provider cannot be had', { cause: error })
    })
  const check = async (token: string) => {
    const { issuer, audience, algorithms } = must
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer, audience, algorithms: [...algorithms] },
      clockTolerance: clockToleranceSeconds,
    })
    return payload
  }
  return {
    verify: remembering(check, everywhere, (claims) => textAt(claims, accountClaim), keysKeptMs),
    issue: null,
  }
}

/** Whoever sends tokens of made-up keys has the provider asked so often, and who rotates has its tokens refused so long. */
const keysCooldownMs = 5_000
/** A key that the provider takes back is good for as long, and so is a token that was signed by it. */
const keysKeptMs = 300_000

/** A claim by its name, or by the way to it (`app_metadata.account_id`); null where it is no text. */
function textAt(claims: JWTPayload, name: string): string | null {
  const within = (of: unknown, key: string) => (of as Record<string, unknown> | null | undefined)?.[key]
  const value = claims[name] ?? name.split('.').reduce<unknown>(within, claims)
  return typeof value === 'string' && value !== '' ? value : null
}

/** Whether the keys are there, and the token names none of them. */
const isAboutToken = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported
