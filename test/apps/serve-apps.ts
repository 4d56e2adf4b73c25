import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApps } from '../../src/apps.ts'

/** Apps of a folder, served as the gateway does, and nothing beside them: anything else is 418. */
export async function serveApps(folder: string): Promise<{ server: Server; url: string }> {
  const apps = createApps(folder)
  const server = createServer((request, response) => {
    const answered = apps(request, response, request.url!.split('?', 1)[0]!)
    if (!answered) response.writeHead(418).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
