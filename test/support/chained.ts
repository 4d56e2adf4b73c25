/** A device's chain, as a client in any language would make it: docs/proof.md, by Node's own means. */
import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Envelope } from './gateway.ts'

const hashOf = (content: object) => createHash('sha256').update(canonicalize(content)!).digest('hex')

export class Chained {
  readonly id: string
  head: { deviceSeq: number; link: string }
  readonly #deviceId: string
  readonly #actorId: string

  constructor(deviceId: string, actorId: string, of: { id?: string; tenantId?: string } = {}) {
    const { id = randomUUID(), tenantId = 'demo' } = of
    this.id = id
    this.#deviceId = deviceId
    this.#actorId = actorId
    this.head = { deviceSeq: 0, link: hashOf({ chain: id, deviceId, tenantId }) }
  }

  /** These operations as the next of the chain. */
  links(operations: readonly Envelope[]): Envelope[] {
    return operations.map((operation) => {
      const { clientOpId, payloadHash, occurredAt, actorId = this.#actorId } = operation
      const prev = this.head.link
      const deviceSeq = this.head.deviceSeq + 1
      const content = { clientOpId, payloadHash, occurredAt, actorId, deviceSeq }
      this.head = { deviceSeq, link: hashOf({ ...content, chain: this.id, prev }) }
      return { ...operation, deviceSeq, chain: { id: this.id, prev } }
    })
  }

  /** Its end, as a device reports it. */
  get end() {
    return { id: this.id, ...this.head }
  }

  /** The same store on another tablet. */
  clone(): Chained {
    const copy = new Chained(this.#deviceId, this.#actorId, { id: this.id })
    copy.head = { ...this.head }
    return copy
  }
}
