import { availableParallelism } from 'node:os'
import { isMainThread } from 'node:worker_threads'

/** glibc's setting, in bytes; empty where there is another C library, which does not look at it. */
const setting = 'MALLOC_MMAP_THRESHOLD_'
const MEBIBYTE = 2 ** 20
/**
 * Of V8, which does not take them once it runs. `max-semi-space-size`, in MiB: how much of what was just made may lie about
 * until it is swept, thrice. Of a queue of 4,000 sales and its bootstraps the process held 320 MB instead of 428, at the same
 * time of the processor to 5 %; 4 took longer and held more. The other two, in MiB and percent: when it looks first at what has
 * outlived that, and again when there is so much more than was in use. By itself it lets 256 MB come together first and then four
 * times what is in use, on a machine with much memory: twenty bodies of brackets left 220 MB of garbage beside the 40 in use, and
 * the process held 419 MB instead of 328. Each of the two heaps, of which one is the batches', keeps as much more than is in
 * use: six rows of large bodies took the process to 440 MB with 100, to 384 and 390 with 60, at the same pace of pushes and
 * pulls to 6 % both ways.
 */
const heapSettings = { 'max-semi-space-size': 8, 'initial-old-space-size': 64, 'heap-growing-percent': 60 }
/**
 * Threads of V8 that collect and compile beside those that answer: four by itself, so that on two processors the garbage of
 * one tenant's batches took both, as much as reading the batches did, and who asked for little waited. As many as there are
 * processors beside the one that answers: p95 beside a flood was 17 ms instead of 20, and with nobody about 11 instead of 13.
 */
const poolSettings = { 'v8-pool-size': Math.max(1, Math.min(4, availableParallelism() - 1)) }

/** What the process is begun anew with, of what nobody has set. */
export function settledFlags(given = ''): string[] {
  return Object.entries({ ...heapSettings, ...poolSettings })
    .filter(([name]) => !given.includes(name))
    .map(([name, value]) => `--${name}=${value}`)
}
export const settledEnv = { [setting]: String(MEBIBYTE) }

/**
 * Gives large blocks back to the system when they are freed. By itself glibc keeps them once it has seen one go, for
 * each thread: the 16 MB that a PIN's hash takes, and what compiling takes, stayed with the process for ever (280 MB
 * instead of 170 for an idle gateway). glibc reads the setting when a process begins, so the process begins anew, as
 * itself: the same id, files and arguments. Returns where that is done, cannot be, or would cut off a parent that talks
 * to it (Node's IPC does not survive it). To be called before much is loaded.
 */
export function settleAllocator(): void {
  if (
    !isMainThread ||
    process.platform !== 'linux' ||
    process.env[setting] !== undefined ||
    process.connected
  )
    return
  const { execPath, execArgv, argv } = process
  const given = [...execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')
  try {
    process.execve?.(execPath, [execPath, ...settledFlags(given), ...execArgv, ...argv.slice(1)], {
      ...process.env,
      ...settledEnv,
    })
  } catch {
    // Not allowed here, or not in this version of Node: the gateway works, and holds more.
  }
}
