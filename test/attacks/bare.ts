/**
 * A server of Node alone that refuses every request and every socket at once, in a process of its own: what an attacker
 * costs a victim that shares two processors with it, even if the one attacked did nothing.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Bare = { base: string; stop(): void }

export async function startBare(): Promise<Bare> {
  const child = fork(import.meta.filename, ['serve'], { execArgv: [] })
  const [port] = (await once(child, 'message')) as [number]
  return { base: `http://127.0.0.1:${port}`, stop: () => child.disconnect() }
}

function serve(): void {
  const refusal = JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'RATE_LIMITED' } }] })
  const server = createServer((_, response) => {
    response.writeHead(503, { 'content-type': 'application/json', connection: 'close' }).end(refusal)
  })
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'))
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))
  process.once('disconnect', () => process.exit())
}

if (process.argv[2] === 'serve') serve()
