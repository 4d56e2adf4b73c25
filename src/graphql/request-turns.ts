/**
 * Turns of requests: whoever sends a thousand at once is answered a few at a time, so that the others' requests stand
 * behind a few of them and not behind a thousand.
 */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Seats } from '../http/seats.ts'
import type { Company } from '../sync/company.ts'
import { FairTurns, inTurn } from '../sync/fair-turns.ts'
import { RestedTurns } from '../sync/rested-turns.ts'
import type { TenantShare } from '../sync/tenant-share.ts'
import { createTurns, type Turns } from '../sync/turns.ts'
import { restTimes, workedMs } from '../sync/yielding.ts'

/** Of one caller: in hand at once, and with those that wait. An integrator's account may have a hundred tills. */
export const requestBounds = { inHand: 8, atMost: 256 }

/** What nobody notices. */
const leastMs = 1
/** A body that is there is taken in within that; one that comes slowly lets the caller's next be taken in beside it. */
const bodyPatienceMs = 50
/** Whoever has no token rests so many times as long as a request of theirs held everybody up: a sixth of the loop is theirs. */
const restTimesOfNobody = 5

/** Whom a request is of: the tenant whose share it takes, where a token says that, and what it costs of it. */
type Asking = { of: { tenantId: string; costMs: number } | null; isNobody: boolean }

export class RequestTurns {
  readonly #company: Company
  readonly #share: TenantShare
  readonly #turns = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: requestBounds.inHand })
  readonly #receiving = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: requestBounds.inHand })
  readonly #resting = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: 1 })
  /**
   * Reading a query holds the event loop for milliseconds: where several are about to begin, each has a turn of the
   * loop to itself, and answers, probes and other callers come in between.
   */
  readonly #beginning = new FairTurns({ most: 1 })
  /** Of all who have no token a request at a time. */
  readonly #nobodys = new FairTurns({ most: 1 })
  /** A body comes out of its gzip on another thread. */
  readonly #inflating = new FairTurns({ most: 1 })
  readonly #inflated = new RestedTurns()
  readonly #sent = new Seats({ each: requestBounds.atMost })

  constructor({ company, share }: Pick<Turns, 'company' | 'share'> = createTurns(1)) {
    this.#company = company
    this.#share = share
  }

  /** Takes in a body: of a caller a few in a turn of the loop, and not the hundreds that are there already. */
  receive<T>(caller: string, read: () => Promise<T>): Promise<T> {
    const andLeave = () => read().finally(() => setImmediate())
    return inTurn((turn) => this.#receiving.run(caller, turn), bodyPatienceMs, andLeave)
  }

  /** Inflates a body, one at a time, the callers by turns; in company the caller's next one is rested before. */
  inflate<T>(caller: string, inflate: () => Promise<T>): Promise<T> {
    const queue = (turn: () => Promise<void>) => this.#inflating.run(caller, turn)
    return this.#inflated.run(caller, queue, inflate, () => this.#company.isAbout(caller))
  }

  /** A place among the caller's requests until `over`, or until it is given back; null where too many have one. */
  seat(caller: string, over: Promise<void>): (() => void) | null {
    const leave = this.#sent.take(caller)
    if (leave) void over.then(leave)
    return leave
  }

  /**
   * True when the caller's turn has come, which lasts until `over`; false, at once, where too many wait already. Before,
   * what was sent is read, of one request of a caller at a time; `read` never throws.
   */
  async begin(
    caller: string,
    over: Promise<void>,
    read = async () => {},
    { of, isNobody }: Asking = { of: null, isNobody: false },
  ): Promise<boolean> {
    if (!this.seat(caller, over)) return false
    this.#company.note(caller)
    if (of) void over.then(this.#share.pass(of.tenantId, caller, of.costMs))
    return new Promise((begin) => {
      void this.#turns.run(caller, async () => {
        await (isNobody ? this.#nobodys : this.#resting).run(caller, async () => {
          const first = async () => {
            await read()
            return this.#beginning.run(caller, () => heldBy(() => begin(true)))
          }
          const heldMs = await (of
            ? this.#share.run(of.tenantId, caller, of.costMs, first, { begins: true })
            : first())
          if ((isNobody || heldMs > leastMs) && this.#company.isAbout(caller))
            await setTimeout((isNobody ? restTimesOfNobody : restTimes) * heldMs)
        })
        await over
      })
    })
  }
}

/** Milliseconds that this worked, with what it left to be done at once. Resolves when the loop has come around. */
async function heldBy(begin: () => void): Promise<number> {
  const before = workedMs()
  const held = new Promise<number>((tell) => {
    // After all promises that are settled by then.
    process.nextTick(() => tell(workedMs() - before))
  })
  begin()
  await setImmediate()
  return held
}
