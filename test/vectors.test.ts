/** The vectors that clients in other languages are built against, run on the project's own code. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { describe, expect, it } from 'vitest'
import { proofOf } from '../client/sdk/outbox/proof.ts'
import { actorProof } from '../src/modules/access/actor-key.ts'
import type { PolicyValues } from '../src/modules/policy/contract.ts'
import {
  changeOf,
  type LinePrice,
  mixedChangeOf,
  type Totals,
  totalsOf,
} from '../src/modules/sale/pricing.ts'
import { canonicalOperation } from '../src/sync/canonical.ts'
import { canonicalLink, canonicalOrigin, type LinkContent } from '../src/sync/chain.ts'
import { payloadHashOf } from '../src/sync/inspect.ts'

type Named<T> = T & { name: string }
const read = <T>(name: string): Named<T>[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../docs/vectors/${name}.json`), 'utf8'))

type Hash = {
  type: string
  branchId: string | null
  payloadText: string
  canonical: string
  payloadHash: string
}
type Price = { lines: LinePrice[]; policy: PolicyValues; totals: Totals }
type Change = {
  tender: { currency: 'USD' | 'KHR'; received: number }
  totals: Pick<Totals, 'totalUsd' | 'totalKhr'>
  policy: PolicyValues
  change: { usd: number; khr: number } | null
}

type MixedChange = Pick<Change, 'policy' | 'change'> & {
  tender: { received: { usd: number; khr: number } }
  totals: { totalUsd: number }
}

type Proof = {
  actorKey: string
  clientOpId: string
  payloadHash: string
  occurredAt?: string
  clockSkewMs?: number
  approvedFor?: string
  actorProof: string
}

const proofs = read<Proof>('actor-proof')
const hashes = read<Hash>('payload-hash')
const prices = read<Price>('price-arithmetic')
const changes = read<Change>('change')
const mixedChanges = read<MixedChange>('mixed-change')

describe('payload hash', () => {
  it.each(hashes)('$name', ({ type, branchId, payloadText, canonical, payloadHash }) => {
    const operation = { type, branchId, payload: JSON.parse(payloadText) }
    expect(canonicalOperation(operation)).toBe(canonical)
    expect(payloadHashOf(operation)).toBe(payloadHash)
  })

  it('every vector is an operation of its own', () => {
    expect(new Set(hashes.map(({ payloadHash }) => payloadHash)).size).toBe(hashes.length)
  })
})

describe('actor proof', () => {
  it.each(proofs)('$name', ({ actorKey, actorProof: proof, occurredAt, ...signed }) => {
    const at = occurredAt && { occurredAt: new Date(occurredAt) }
    expect(actorProof(Buffer.from(actorKey, 'base64url'), { ...signed, ...at })).toBe(proof)
    if (occurredAt && signed.clockSkewMs !== undefined)
      expect(proofOf(actorKey, { ...signed, occurredAt })).toBe(proof)
  })

  it('the worked example of the protocol is the first of them', () => {
    const text = readFileSync(join(import.meta.dirname, '../docs/protocol.md'), 'utf8')
    for (const value of Object.values(proofs[0]!).slice(1)) expect(text).toContain(String(value))
  })
})

describe('the chain of a device', () => {
  type Chain = {
    tenantId: string
    deviceId: string
    chain: string
    originCanonical: string
    origin: string
  } & {
    links: (LinkContent & { canonical: string; link: string })[]
  }
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

  it.each(read<Chain>('chain'))('$name', ({ name: _, originCanonical, origin, links, ...of }) => {
    expect(canonicalOrigin(of)).toBe(originCanonical)
    expect(canonicalize(of)).toBe(originCanonical)
    expect(sha256(originCanonical)).toBe(origin)
    expect(links[0]!.prev).toBe(origin)
    links.forEach(({ canonical, link, ...content }, i) => {
      expect(content.prev).toBe(i === 0 ? origin : links[i - 1]!.link)
      expect(canonicalLink(content)).toBe(canonical)
      expect(canonicalize(content)).toBe(canonical)
      expect(sha256(canonical)).toBe(link)
    })
  })
})

describe('price arithmetic', () => {
  it.each(prices)('$name', ({ lines, policy, totals }) => {
    expect(totalsOf(lines, policy)).toEqual(totals)
  })
})

describe('change', () => {
  it.each(changes)('$name', ({ tender, totals, policy, change }) => {
    expect(changeOf(tender, totals, policy)).toEqual(change)
  })
})

describe('change of dollars and riel together', () => {
  it.each(mixedChanges)('$name', ({ tender, totals, policy, change }) => {
    expect(mixedChangeOf(tender.received, totals.totalUsd, policy)).toEqual(change)
  })
})
