/**
 * What the gateway knows and nobody else: one random secret, from which a key for each purpose is derived. Several
 * gateways on one database share it: the first one makes it.
 */
import { hkdfSync, randomBytes } from 'node:crypto'
import type { PrismaClient } from '../generated/prisma/client.ts'

/** A key of 32 bytes for a purpose; keys of two purposes say nothing of each other. */
export type Secrets = (purpose: string) => Buffer

const secretId = 'secret'

export async function ownSecrets(prisma: PrismaClient): Promise<Secrets> {
  const jwk = { kty: 'oct', k: randomBytes(32).toString('base64url') }
  await prisma.signingKey.createMany({ data: [{ id: secretId, jwk }], skipDuplicates: true })
  const stored = await prisma.signingKey.findUniqueOrThrow({ where: { id: secretId } })
  return secretsFrom(Buffer.from((stored.jwk as typeof jwk).k, 'base64url'))
}

const secretsFrom =
  (secret: Buffer): Secrets =>
  (purpose) =>
    Buffer.from(hkdfSync('sha256', secret, '', `modula-sync ${purpose}`, 32))
