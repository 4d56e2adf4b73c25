/**
 * Writes docs/vectors/chain.json and closing.json. The canonical texts were written by hand, from docs/proof.md; writing
 * stops where they are not what the code makes.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { canonicalLink, canonicalOrigin } from '../src/sync/chain.ts'

const folder = join(import.meta.dirname, '../docs/vectors')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function agree(what: string, byHand: string, computed: string | undefined) {
  if (byHand !== computed) throw new Error(`${what}: by hand ${byHand}, computed ${computed}`)
}

/* A chain of a tenant, a device and an id: [name, origin by hand, links: content and canonical text by hand, with PREV] */
type Content = {
  deviceSeq: number
  clientOpId: string
  payloadHash: string
  actorId: string
  occurredAt: string
}
const hash = (fill: string) => fill.repeat(64).slice(0, 64)

const chains: {
  name: string
  of: { tenantId: string; deviceId: string; chain: string }
  origin: string
  links: { content: Content; canonical: string }[]
}[] = [
  {
    name: 'a till from its first operation on',
    of: { tenantId: 'demo', deviceId: 'till-1', chain: '0f1e2d3c-4b5a-4697-8877-665544332211' },
    origin: '{"chain":"0f1e2d3c-4b5a-4697-8877-665544332211","deviceId":"till-1","tenantId":"demo"}',
    links: [
      {
        content: {
          deviceSeq: 1,
          clientOpId: '5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a001',
          payloadHash: hash('0a'),
          actorId: 'demo-cashier-1',
          occurredAt: '2026-03-01T01:00:00.000Z',
        },
        canonical: `{"actorId":"demo-cashier-1","chain":"0f1e2d3c-4b5a-4697-8877-665544332211","clientOpId":"5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a001","deviceSeq":1,"occurredAt":"2026-03-01T01:00:00.000Z","payloadHash":"${hash('0a')}","prev":"PREV"}`,
      },
      {
        content: {
          deviceSeq: 2,
          clientOpId: '5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a002',
          payloadHash: hash('1b'),
          actorId: 'demo-cashier-1',
          occurredAt: '2026-03-01T01:02:03.456Z',
        },
        canonical: `{"actorId":"demo-cashier-1","chain":"0f1e2d3c-4b5a-4697-8877-665544332211","clientOpId":"5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a002","deviceSeq":2,"occurredAt":"2026-03-01T01:02:03.456Z","payloadHash":"${hash('1b')}","prev":"PREV"}`,
      },
    ],
  },
  {
    name: 'a till that learnt to chain at its 5,000th operation, with names that have to be escaped',
    of: { tenantId: 'ហាង "A"', deviceId: 'till\\2', chain: 'ffffffff-ffff-4fff-bfff-ffffffffffff' },
    origin:
      '{"chain":"ffffffff-ffff-4fff-bfff-ffffffffffff","deviceId":"till\\\\2","tenantId":"ហាង \\"A\\""}',
    links: [
      {
        content: {
          deviceSeq: 5000,
          clientOpId: '00000000-0000-4000-8000-000000000001',
          payloadHash: hash('f'),
          actorId: 'សុភា',
          occurredAt: '1999-12-31T23:59:59.999Z',
        },
        canonical: `{"actorId":"សុភា","chain":"ffffffff-ffff-4fff-bfff-ffffffffffff","clientOpId":"00000000-0000-4000-8000-000000000001","deviceSeq":5000,"occurredAt":"1999-12-31T23:59:59.999Z","payloadHash":"${hash('f')}","prev":"PREV"}`,
      },
    ],
  },
]

const chainVectors = chains.map(({ name, of, origin, links }) => {
  agree(`${name}, origin`, origin, canonicalOrigin(of))
  agree(`${name}, origin as RFC 8785`, origin, canonicalize(of))
  let prev = sha256(origin)
  const first = prev
  const made = links.map(({ content, canonical: byHand }) => {
    const canonical = byHand.replace('PREV', prev)
    const entry = { ...content, chain: of.chain, prev }
    agree(`${name}, link ${content.deviceSeq}`, canonical, canonicalLink(entry))
    agree(`${name}, link ${content.deviceSeq} as RFC 8785`, canonical, canonicalize(entry))
    const link = sha256(canonical)
    prev = link
    return { ...entry, canonical, link }
  })
  return { name, ...of, originCanonical: origin, origin: first, links: made }
})

await writeFile(join(folder, 'chain.json'), `${JSON.stringify(chainVectors, null, 2)}\n`)
