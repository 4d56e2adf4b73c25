/**
 * Requests for little that are being answered, which long work of other tenants lets pass. In memory that threads share: what
 * one of them answers, the long work of another stands in the way of all the same, in the database.
 */

/** Whoever is not answered by then waits for something else than processors. */
const passingMs = 100
/** Tenants are told apart by a number below this. Where two have the same, they do not let each other pass. */
const slots = 255

export class Passing {
  /** To be given to another thread's. */
  readonly shared: SharedArrayBuffer
  /** All, and then those of each number. */
  readonly #counts: Int32Array

  constructor(shared = new SharedArrayBuffer((slots + 1) * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared
    this.#counts = new Int32Array(shared)
  }

  /** Somebody of the tenant asks for something; returns what says that they have it. */
  enter(tenantId: string): () => void {
    const slot = slotOf(tenantId)
    const add = (n: number) => {
      Atomics.add(this.#counts, 0, n)
      Atomics.add(this.#counts, slot, n)
    }
    add(1)
    let timer: NodeJS.Timeout | null = setTimeout(() => leave(), passingMs).unref()
    const leave = () => {
      if (timer === null) return
      clearTimeout(timer)
      timer = null
      add(-1)
    }
    return leave
  }

  /** Whether anybody of another tenant asks. */
  isBeside(tenantId: string): boolean {
    return Atomics.load(this.#counts, 0) > Atomics.load(this.#counts, slotOf(tenantId))
  }
}

/** 1 to `slots`. */
function slotOf(tenantId: string): number {
  let hash = 0
  for (let i = 0; i < tenantId.length; i += 1) hash = (Math.imul(hash, 31) + tenantId.charCodeAt(i)) | 0
  return 1 + ((hash >>> 0) % slots)
}
