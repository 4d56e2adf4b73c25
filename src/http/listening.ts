import type { Server } from 'node:http'
import type { ListenOptions } from 'node:net'
import { StartError } from '../platform/start-error.ts'

/** Resolves when it listens there. */
export const listening = (server: Server, where: ListenOptions) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(where, resolve)
  })

type Address = { host: string; port: number }

/** Where HOST and PORT say. Throws a StartError that names the one that is wrong. */
export const listenForAll = (server: Server, { host, port }: Address) =>
  listening(server, { host, port }).catch(({ code }: NodeJS.ErrnoException) => {
    // An address that is not this machine's, or a name that is none, is HOST's fault; all else the port's.
    throw new StartError(
      /^(EADDRNOTAVAIL|ENOTFOUND|EAI_\w+)$/.test(code ?? '')
        ? `HOST is "${host}", which is no address of this machine (${code}); 127.0.0.1, 0.0.0.0 for every one, or a name of it is accepted`
        : `PORT is ${port}, where ${host} cannot listen (${code}); a free port, or 0 for any, is accepted`,
    )
  })

/** Where METRICS_ADDRESS says. Throws a StartError. */
export const listenForMetrics = (server: Server, { host, port }: Address) =>
  listening(server, { host, port }).catch(({ code }: NodeJS.ErrnoException) => {
    throw new StartError(
      `METRICS_ADDRESS is "${host}:${port}", where nobody can listen (${code}); a free one is accepted`,
    )
  })
