/**
 * The gateway as people run it: a process of its own, with nothing in its environment but what is given.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach } from 'vitest'

const root = join(import.meta.dirname, '../..')

export type Ended = { code: number | null; stdout: string[]; stderr: string[] }
export type Running = {
  child: ChildProcess
  /** `http://127.0.0.1:41234`, as its last line says. */
  url: string
  stdout: readonly string[]
  /** What became of it, once it has ended. */
  ended: Promise<Ended>
  /** Sends the signal and waits for the end. */
  stop: (signal?: NodeJS.Signals) => Promise<Ended>
}

/** No setting of the gateway: where programs are, and where Node keeps what it has compiled. */
const { PATH, NODE_COMPILE_CACHE } = process.env

const running = new Set<ChildProcess>()
const folders: string[] = []

/** Whatever a test leaves behind goes with it. */
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** A folder that is there until the test ends, and nothing in it. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modula-start-'))
  folders.push(folder)
  return folder
}

let used: Promise<string> | undefined

/** A folder as a first start with the demo café has left it, in less time than that takes: what is about a later one. */
export async function usedFolder(): Promise<string> {
  used ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modula-used-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    const { stop } = await run({ DATA_DIR: folder })
    await stop()
    return folder
  })()
  const folder = await newFolder()
  // Its PostgreSQL's files stay those of whoever it runs as.
  execFileSync('cp', ['-a', `${await used}/.`, folder])
  return folder
}

/** Starts `node src/main.ts` (or another script) on any free port. */
export function start(
  env: Record<string, string>,
  script = 'src/main.ts',
  args: readonly string[] = [],
): {
  child: ChildProcess
  ended: Promise<Ended>
  ready: Promise<string>
  stdout: string[]
} {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { PATH, NODE_COMPILE_CACHE, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const [stdout, stderr]: [string[], string[]] = [[], []]
  createInterface({ input: child.stderr! }).on('line', (line) => stderr.push(line))
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      stdout.push(line)
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
    child.once('close', () => reject(new Error(`it ended before it was ready: ${stderr.join('\n')}`)))
  })
  ready.catch(() => {})
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return { code, stdout, stderr }
  })
  return { child, ended, ready, stdout }
}

/** Starts it and waits until it is ready. */
export async function run(env: Record<string, string>, script?: string): Promise<Running> {
  const { child, ended, ready, stdout } = start(env, script)
  const url = await ready
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  return { child, url, stdout, ended, stop }
}

/** The embedded database of a data folder: the process, and how to get in. */
export function embeddedIn(folder: string): { pid: number; url: string } {
  const [pid, , , port] = readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')
  const password = readFileSync(join(folder, 'postgres.password'), 'utf8').trim()
  return { pid: Number(pid), url: `postgresql://modula:${password}@127.0.0.1:${port}/postgres` }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
