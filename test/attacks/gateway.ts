/**
 * The gateway under attack: a process of its own, started as production starts it, with the settings that nobody sets.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { settledEnv, settledFlags } from '../../src/platform/allocator.ts'
import type { Answer, Question } from './probe.ts'

const root = join(import.meta.dirname, '../..')

export type Attacked = {
  /** `http://127.0.0.1:41234`. */
  base: string
  alive(): boolean
  /** The longest that its event loop stood still since this was asked last, in ms. */
  stallMs(): Promise<number>
  /** The same by the time of the processor that its thread took. */
  turnMs(): Promise<number>
  /** Milliseconds of the processors that its process took since this was asked last. */
  cpuMs(): Promise<number>
  /** Bytes of heap and buffers in use after a collection. */
  heapBytes(): Promise<number>
  /** The most memory that the process held at a time since this was asked last, in bytes; null where no system tells. */
  peakBytes(): number | null
  /** What it holds now, in bytes; null where no system tells. */
  heldBytes(): number | null
  stop(): Promise<void>
}

/** Starts one on a migrated database; `env` as in the README. */
export async function startAttacked(env: Record<string, string>): Promise<Attacked> {
  const own = { PATH: process.env.PATH, PORT: '0', DEMO: '1', LOG_LEVEL: 'fatal' }
  // With what it settles for itself where nobody talks to it.
  const flags = [...settledFlags(), '--expose-gc', '--import', join(import.meta.dirname, 'probe.ts')]
  const child = spawn(process.execPath, [...flags, join(root, 'src/main.ts')], {
    cwd: root,
    env: { ...own, ...settledEnv, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const onExit = () => void child.kill()
  process.on('exit', onExit)
  child.once('exit', () => process.off('exit', onExit))
  const base = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
  })
  const alive = () => child.exitCode === null && child.signalCode === null
  return {
    base,
    alive,
    stallMs: () => ask(child, 'stall'),
    turnMs: () => ask(child, 'turn'),
    cpuMs: () => ask(child, 'cpu'),
    heapBytes: () => ask(child, 'heap'),
    peakBytes: () => takePeak(child.pid!),
    heldBytes: () => bytesIn(child.pid!, 'VmRSS'),
    async stop() {
      if (!alive()) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function ask(child: ChildProcess, question: Question): Promise<number> {
  const answered = once(child, 'message', { signal: AbortSignal.timeout(60_000) })
  child.send(question)
  const [{ value }] = (await answered) as [Answer]
  return value
}

/** Linux keeps the peak of a process (VmHWM) and begins anew when 5 is written. */
function takePeak(pid: number): number | null {
  const peak = bytesIn(pid, 'VmHWM')
  if (peak !== null) writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return peak
}

function bytesIn(pid: number, name: 'VmHWM' | 'VmRSS'): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024
  } catch {
    return null
  }
}
