/** The gateway and its PostgreSQL, in processes of theirs, which can be killed and come back at the same address. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { registry } from '../../src/modules/index.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'
import { rebuildStream } from '../../src/sync/stream.ts'
import { type Clients, clientsOf } from '../support/gateway.ts'
import { type Line, openLine } from './line.ts'

const root = join(import.meta.dirname, '../..')

/** A process of the project's, whose first lines are waited for. */
async function spawned(file: string, args: string[], env: Record<string, string>, says: RegExp) {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = says.exec(line)
      if (found) resolve(found[1]!)
    })
  })
  return { child, said: await said }
}

/** Ends it by SIGKILL; resolves when it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

export class House {
  url = ''
  clients: Clients = clientsOf('')
  #folder = ''
  #port = 0
  readonly #devices = new Map<string, Promise<{ deviceId: string; token: string }>>()
  #postgres!: ChildProcess
  #gateway!: ChildProcess
  /** Between the gateway and PostgreSQL, whose port is another after each start. */
  #pipe!: Line

  static async open(): Promise<House> {
    const house = new House()
    house.#folder = await mkdtemp(join(tmpdir(), 'modula-matrix-'))
    house.#port = await freePort()
    await house.startPostgres()
    await house.startGateway()
    house.url = `http://127.0.0.1:${house.#port}/graphql`
    house.clients = clientsOf(house.url)
    return house
  }

  async startPostgres(): Promise<void> {
    const says = /^(postgres\S+)$/
    const { child, said } = await spawned('test/support/hold-postgres.ts', [this.#folder], {}, says)
    this.#postgres = child
    if (this.#pipe) this.#pipe.aim(said)
    else this.#pipe = await openLine(said)
  }

  async startGateway(): Promise<void> {
    const env = { DATABASE_URL: this.#pipe.url, PORT: String(this.#port), DEMO: '1' }
    const quiet = { LOG_LEVEL: 'fatal', RATE_LIMIT_PER_SECOND: '0' }
    this.#gateway = (await spawned('src/main.ts', [], { ...env, ...quiet }, /^ready (\S+)$/)).child
  }

  /** A device that signs in once: a PIN is slow to try. What it pushes, it pushes in turn. */
  device(name: string): Promise<{ deviceId: string; token: string }> {
    const signedIn =
      this.#devices.get(name) ??
      this.clients.as('admin', { deviceId: name }).then(({ token }) => ({ deviceId: name, token: token! }))
    this.#devices.set(name, signedIn)
    return signedIn
  }

  killGateway = () => killed(this.#gateway)

  /** The postmaster and all that work for it. */
  async killPostgres(): Promise<void> {
    const [pid] = (await readFile(join(this.#folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGKILL')
    await killed(this.#postgres)
    this.#pipe.reset()
  }

  /** As after a restored backup: whoever has a cursor of this branch begins anew. */
  async rebuild(branchId: string): Promise<void> {
    const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: 10_000 }
    const db = openDatabase({ url: this.#pipe.url, poolSize: 1, ...limits })
    try {
      const times = { at: new Date(), finishedSince: new Date(0) }
      await db.tenant('demo').transaction((tx) => rebuildStream(tx, registry, 'demo', branchId, times))
    } finally {
      await db.close()
    }
  }

  async close(): Promise<void> {
    await this.killGateway()
    this.#postgres.kill('SIGTERM')
    await once(this.#postgres, 'exit')
    await this.#pipe.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
