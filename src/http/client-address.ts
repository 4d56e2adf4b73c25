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

/** An address as it is counted by: IPv4 as it is, also where it is written as IPv6, of any other the /64 network. */
export function countedAddress(address: string): string {
  if (isIP(address) !== 6) return address
  const groups = groupsOf(address)
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff')
    return groups
      .slice(6)
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
      .join('.')
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [, before = '', dotted] = /^(.*?)((?:\d+\.){3}\d+)?$/.exec(address.replace(/%.*$/, ''))!
  const [a = 0, b = 0, c = 0, d = 0] = dotted?.split('.').map(Number) ?? []
  const whole = dotted ? `${before}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}` : before
  const [head = [], tail = []] = whole.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16).toString(16))
}
