/**
 * By which names the gateway may be asked for. A page of another site can point a name of its own at the gateway's
 * address and would then be of the same origin (DNS rebinding): what no such site can own is let in, and what
 * ALLOWED_HOSTS names.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

export type AllowsHost = (request: IncomingMessage) => boolean

/** Whether an address or name to listen on is of this machine alone. */
export const isLoopback = (host: string): boolean =>
  host === '::1' || host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'))

/**
 * Let in are addresses, `localhost`, HOST itself and what is named; beyond the loopback also this machine's name, names
 * without a dot, and `.local` and `.internal`, which nobody can own in the public DNS. `*`: every name.
 */
export function allowsHost({
  host,
  allowedHosts,
}: {
  host: string
  allowedHosts: readonly string[]
}): AllowsHost {
  const named = new Set([host, hostname(), ...allowedHosts].map((name) => name.toLowerCase()))
  const isLocal = isLoopback(host)
  return ({ headers }) => {
    const name = nameOf(headers.host)
    if (named.has('*') || named.has(name) || isIP(name)) return true
    if (name === 'localhost' || name.endsWith('.localhost')) return true
    return !isLocal && name !== '' && (!name.includes('.') || /\.(local|internal)$/.test(name))
  }
}

/** The name in a Host header, in small letters, without its port and the brackets of an IPv6 address. */
const nameOf = (header = '') =>
  header
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
