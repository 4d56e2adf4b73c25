import { setImmediate, setTimeout } from 'node:timers/promises'

/** So long work goes on before others have their turn. What they ask for comes around ten times until it is answered. */
const sliceMs = 2
/** A turn of the loop that takes longer had somebody else's work in it. */
const idleMs = 0.5

/** So many times as long as it held up everybody else does work rest: none has more than a third of the loop. */
export const restTimes = 2

/**
 * Milliseconds of a processor that this thread has taken (of the whole process, where Node cannot tell). What rests for the
 * sake of others rests by these: how long a thing took, others may be the reason of, and whoever asks for little would
 * wait the longer the busier they are.
 */
export function workedMs(): number {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage).call(process)
  return (user + system) / 1_000
}

let sliceBefore: Promise<unknown> = Promise.resolve()

/** Resolves in a turn of the loop that no other long work has a slice of. */
function ownTurn(): Promise<unknown> {
  const mine = sliceBefore
  sliceBefore = mine.then(() => setImmediate())
  return mine
}

/**
 * Long work in slices: returns a function to be awaited between its small steps. After each slice the event loop comes
 * around once, and where others had something to do the work rests, so that what they do next waits for nobody; of all
 * long work a turn of the loop has one slice.
 * `inCompany`: whether what was done meanwhile may have been anybody else's; `letPass`: what goes before the next slice.
 */
export function createYielding(
  inCompany: () => boolean = () => true,
  letPass: () => Promise<void> = async () => {},
): () => Promise<void> | undefined {
  let [began, worked] = [performance.now(), workedMs()]
  const yieldToOthers = async () => {
    const tookMs = workedMs() - worked
    const ended = performance.now()
    await setImmediate()
    if (performance.now() - ended > idleMs && inCompany()) await setTimeout(restTimes * tookMs)
    await letPass()
    await ownTurn()
    began = performance.now()
    worked = workedMs()
  }
  return () => (performance.now() - began < sliceMs ? undefined : yieldToOthers())
}
