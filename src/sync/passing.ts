/**
 * Requests for little that are being answered, which long work of other tenants lets pass. In memory that threads share: what
 * one of them answers, the long work of another stands in the way of all the same, in the database.
 */

/** Whoever is not answered by then waits for something else than processors. */
const passingMs = 100
/** Tenants are told apart by a number below this. Where two have the same, they do not let each other pass. */
const slots = 255

const bytes = (slots + 1) * Int32Array.BYTES_PER_ELEMENT

export class Passing {
  /** To be given to another thread's. */
  readonly shared: SharedArrayBuffer
  /** Of each thread: all, and then those of each number. */
  readonly #ofThreads: readonly [own: Int32Array, other: Int32Array]
  readonly #counts: Int32Array

  /** `of`: which of the two threads that share it this one is. */
  constructor(shared = new SharedArrayBuffer(2 * bytes), of: 'own' | 'other' = 'own') {
    this.shared = shared
    this.#ofThreads = [new Int32Array(shared, 0, slots + 1), new Int32Array(shared, bytes, slots + 1)]
    this.#counts = this.#ofThreads[of === 'own' ? 0 : 1]
  }

  /** The other thread has ended: nobody is being answered there any more. */
  forgetOther(): void {
    this.#ofThreads[1].fill(0)
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
    const slot = slotOf(tenantId)
    return this.#ofThreads.some((counts) => Atomics.load(counts, 0) > Atomics.load(counts, slot))
  }
}

/** 1 to `slots`. */
function slotOf(tenantId: string): number {
  let hash = 0
  for (let i = 0; i < tenantId.length; i += 1) hash = (Math.imul(hash, 31) + tenantId.charCodeAt(i)) | 0
  return 1 + ((hash >>> 0) % slots)
}
