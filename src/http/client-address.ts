import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * Where a request comes from, as tries and limits are counted by: an IPv4 address, or the /64 network of an IPv6 one
 * (a household gets at least that many addresses). Behind `proxies` proxies it is what the outermost of them has seen:
 * each appends to X-Forwarded-For whoever it was asked by, and what stands further left is anybody's word.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const direct = request.socket.remoteAddress ?? ''
  if (proxies === 0) return countedAddress(direct)
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',')
  const seen = [...forwarded.map((each) => each.trim()).filter(isIP), direct]
  return countedAddress(seen.at(-1 - proxies) ?? seen[0]!)
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
