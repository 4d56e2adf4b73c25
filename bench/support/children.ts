/**
 * The other processes of a benchmark. A server and its load share no process: as in production, and so that
 * neither waits for the other's garbage.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')

export type Gateway = { url: string; stop(): Promise<void> }

/** A gateway as `npm start` starts it, on a database that is there already. `nodeArgs` are for Node itself. */
export async function startGateway(databaseUrl: string, nodeArgs: readonly string[] = []): Promise<Gateway> {
  const child = spawn(process.execPath, [...nodeArgs, join(root, 'src/main.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      DEMO: '0',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_SECOND: '0',
      CONNECTIONS_PER_ADDRESS: '0',
      SOCKETS_PER_ACCOUNT: '20000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWithUs(child)
  const base = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const [, address] = /^ready (\S+)$/.exec(line) ?? []
      if (address) resolve(address)
      else console.error(line)
    })
  })
  return { url: base, stop: () => end(child) }
}

export type Helper = {
  /** Sends a request and resolves with its answer; requests are answered in order. */
  ask<Answer>(request: object): Promise<Answer>
  stop(): Promise<void>
}

/** Runs a file of bench/processes, which answers messages by `answerRequests`. */
export function startHelper(name: string): Helper {
  const child = fork(join(root, 'bench/processes', name), { execArgv: [] })
  endWithUs(child)
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`)))
  ended.catch(() => {})
  return {
    async ask<Answer>(request: object) {
      const answered = once(child, 'message')
      child.send(request)
      const [answer] = await Promise.race([answered, ended])
      if (answer.failure) throw new Error(`${name}: ${answer.failure}`)
      return answer.result as Answer
    },
    stop: () => end(child),
  }
}

/** The helper's side. What the handler throws is thrown by `ask`. */
export function answerRequests<Request>(handle: (request: Request) => Promise<unknown>): void {
  process.on('message', (request) => {
    handle(request as Request).then(
      (result) => process.send!({ result }),
      (error) => process.send!({ failure: String(error?.stack ?? error) }),
    )
  })
  process.once('disconnect', () => process.exit())
}

/** A run that fails leaves nothing running. */
function endWithUs(child: ChildProcess): void {
  const onExit = () => void child.kill()
  process.on('exit', onExit)
  child.once('exit', () => process.off('exit', onExit))
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}
