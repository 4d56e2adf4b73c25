import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * Where a request comes from, as tries and limits are counted by: an IPv4 address, or the /64 network of an IPv6 one
 * (a household gets at least that many addresses). Behind `proxies` proxies it is what the outermost of them has seen:
 * each appends to X-Forwarded-For whoever it was asked by, and what stands further left is anybody's word. Entries count
 * by their place; one that names no address (a proxy may write `unknown`) stands for whoever passed it on.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const direct = request.socket.remoteAddress ?? ''
  if (proxies === 0) return countedAddress(direct)
  const header = String(request.headers['x-forwarded-for'] ?? '').trim()
  const forwarded = header === '' ? [] : header.split(',').map(addressIn)
  const seen = [...forwarded, direct].slice(-1 - proxies)
  return countedAddress(seen.find((each) => each !== null)!)
}

/** An entry as proxies write it: an address, also with a port (`192.0.2.7:443`, `[2001:db8::1]:443`); null: none. */
function addressIn(entry: string): string | null {
  const text = entry.trim()
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? []
  const address = bracketed ?? dotted ?? text
  return isIP(address) ? address : null
}

/** An address as it is counted by: IPv4 as it is, of IPv6 the /64 network. */
export function countedAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '')
  return isIP(plain) === 6 ? `${network(plain)}::/64` : plain
}

/** The first four groups of an IPv6 address, without leading zeros. */
function network(address: string): string {
  const [left = '', right = ''] = address.replace(/%.*$/, '').split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === '' ? [] : right.split(':')
  const dotted = tail.at(-1)?.includes('.') ? 1 : 0
  const zeros = address.includes('::') ? Math.max(0, 8 - head.length - tail.length - dotted) : 0
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
