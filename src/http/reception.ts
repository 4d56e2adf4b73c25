/**
 * Where whoever comes waits to be begun with. A turn of the event loop takes whatever is ready, from whomever it is: a
 * hundred heads of one caller would be read and refused in one go, which takes 50 ms. So what comes is begun for half a
 * millisecond in a turn, callers by turns, and those who have asked for little are next but one.
 */
import { setImmediate } from 'node:timers/promises'
import { workedMs } from '../sync/yielding.ts'
import type { Rests } from './rests.ts'

/** So long strangers are begun with before the loop comes around: who is being answered waits for it in each of ten turns. */
const sliceMs = 0.5

export class Reception {
  readonly rests: Rests | undefined
  readonly #worked: () => number
  /** By caller; whose turn is next comes first. */
  readonly #waiting = new Map<string, (() => void)[]>()
  /** Those who rest. */
  readonly #resting = new Map<string, (() => void)[]>()
  #isOpen = false

  /**
   * `rests`: what who is begun with rests by; without, nobody does. `worked`: milliseconds that this thread has worked, as
   * they are reckoned.
   */
  constructor(rests?: Rests, worked = workedMs) {
    this.rests = rests
    this.#worked = worked
  }

  /** `begin` is called now, or in one of the next turns. It must not throw. */
  enter(caller: string, begin: () => void): void {
    this.rests?.note(caller)
    const queue = this.#waiting.get(caller) ?? this.#resting.get(caller)
    if (queue) queue.push(begin)
    else this.#waiting.set(caller, [begin])
    if (!this.#isOpen) void this.#serve()
  }

  /** Resolves in one of the caller's turns. */
  turn(caller: string): Promise<void> {
    return new Promise((begin) => this.enter(caller, begin))
  }

  async #serve(): Promise<void> {
    this.#isOpen = true
    while (this.#waiting.size > 0) {
      const until = performance.now() + sliceMs
      let worked = this.#worked()
      do {
        const caller = this.#beginNext()
        await settled()
        const before = worked
        worked = this.#worked()
        if (caller !== null) this.rests?.took(caller, worked - before)
      } while (this.#waiting.size > 0 && performance.now() < until)
      // Also with nobody waiting: those who come in one turn come one by one, and each found the reception empty.
      await setImmediate()
    }
    this.#isOpen = false
  }

  /** Whom it has begun with; null where the next is to rest. */
  #beginNext(): string | null {
    const [[caller, queue]] = this.#waiting as Iterable<[string, (() => void)[]]> as [
      [string, (() => void)[]],
    ]
    this.#waiting.delete(caller)
    const restMs = this.rests?.owedMs(caller) ?? 0
    if (restMs > 0) {
      this.#resting.set(caller, queue)
      setTimeout(() => this.#comeBack(caller, queue), restMs)
      return null
    }
    const begin = queue.shift()!
    if (queue.length > 0) this.#waiting.set(caller, queue)
    begin()
    return caller
  }

  #comeBack(caller: string, queue: (() => void)[]): void {
    this.#resting.delete(caller)
    this.#waiting.set(caller, queue)
    if (!this.#isOpen) void this.#serve()
  }
}

/** When all that was left to be done at once is done: after the promises that are settled by then. */
const settled = () => new Promise<void>((resolve) => process.nextTick(resolve))
