/**
 * Loaded into the gateway's process before it (`node --import`), for what cannot be seen from outside: how long its
 * event loop stood still, and what its heap holds once it is collected. The gateway itself is started as it is.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export type Question = 'stall' | 'turn' | 'cpu' | 'heap'
/**
 * `stall`: the longest that the loop stood still since it was asked last, in ms. `turn`: the same by the processor's time
 * that its thread took, whoever else has the processors meanwhile. `cpu`: ms of the processors that all of the process took
 * since it was asked last. `heap`: bytes in use.
 */
export type Answer = { value: number }

/** The resolution of the histogram is part of each value. */
const RESOLUTION_MS = 5

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()

function longestStall(): number {
  const longest = Math.max(0, delay.max / 1e6 - RESOLUTION_MS)
  delay.reset()
  return longest
}

const turnEveryMs = 2
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
let [taken, longestTurn] = [cpuMs(), 0]
setInterval(() => {
  const now = cpuMs()
  longestTurn = Math.max(longestTurn, now - taken)
  taken = now
}, turnEveryMs).unref()

function takeLongestTurn(): number {
  const longest = Math.max(0, longestTurn - turnEveryMs)
  longestTurn = 0
  return longest
}

let atLast = process.cpuUsage()
function takeCpu(): number {
  const { user, system } = process.cpuUsage(atLast)
  atLast = process.cpuUsage()
  return (user + system) / 1_000
}

/** Twice, with a turn of the loop between: what finalizers let go of is collected as well. */
async function collectedHeap(): Promise<number> {
  for (let i = 0; i < 2; i += 1) {
    global.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const asked = { stall: longestStall, turn: takeLongestTurn, cpu: takeCpu, heap: collectedHeap }

process.on('message', async (question: Question) => {
  process.send?.({ value: await asked[question]() } satisfies Answer)
})
// The gateway's life does not depend on being asked, but it does not outlive who started it either.
process.channel?.unref()
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
