/** Where a request comes from, with proxies in front and without. */
import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress } from '../../src/http/client-address.ts'

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

describe('the address of a client', () => {
  it.each([
    ['without proxies, of the connection', 0, from('192.0.2.7'), '192.0.2.7'],
    ['without proxies, whatever it claims', 0, from('192.0.2.7', '203.0.113.9'), '192.0.2.7'],
    ['behind one proxy, what that one has seen', 1, from('10.0.0.1', '203.0.113.9'), '203.0.113.9'],
    ['whatever it had claimed to the proxy', 1, from('10.0.0.1', '198.51.100.1, 203.0.113.9'), '203.0.113.9'],
    ['behind two', 2, from('10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2'), '203.0.113.9'],
    ['who came past one of two', 2, from('10.0.0.1', '203.0.113.9'), '203.0.113.9'],
    ['of the proxy itself', 1, from('10.0.0.1'), '10.0.0.1'],
    ['where what is forwarded is no address', 1, from('10.0.0.1', 'unknown, <b>'), '10.0.0.1'],
    ['with a port', 1, from('10.0.0.1', '203.0.113.9:4711'), '203.0.113.9'],
    ['of IPv6 with a port', 1, from('10.0.0.1', '[2001:db8:0:12::5]:4711'), '2001:db8:0:12::/64'],
    ['of IPv6 in brackets', 1, from('10.0.0.1', '[2001:db8:0:12::5]'), '2001:db8:0:12::/64'],
    ['nobody’s word beside one that names none', 1, from('10.0.0.1', '203.0.113.9, unknown'), '10.0.0.1'],
    ['an IPv4 one as IPv6', 0, from('::ffff:192.0.2.7'), '192.0.2.7'],
    ['the same in hexadecimal', 1, from('10.0.0.1', '::FFFF:c000:207'), '192.0.2.7'],
    ['the same with all its groups', 1, from('10.0.0.1', '[0:0:0:0:0:ffff:192.0.2.7]:443'), '192.0.2.7'],
    ['an IPv6 one by its network', 0, from('2001:db8:0:12::5'), '2001:db8:0:12::/64'],
    ['another of the same', 0, from('2001:0db8::12:a:b:c:d'), '2001:db8:0:12::/64'],
    ['the loopback', 0, from('::1'), '0:0:0:0::/64'],
    ['with a zone', 0, from('fe80::1%eth0'), 'fe80:0:0:0::/64'],
  ])('%s', (_, proxies, request, address) => {
    expect(clientAddress(request, proxies)).toBe(address)
  })
})

it('whatever somebody claims to the proxies, and however these write, it is what the outermost has seen', () => {
  const port = fc.nat(65_535)
  /** The same address as proxies write it. */
  const written = fc.oneof(
    fc.ipV4().map((address) => [address, address]),
    fc.ipV6().map((address) => [address, address]),
    fc.tuple(fc.ipV4(), port).map(([address, at]) => [`${address}:${at}`, address]),
    fc.tuple(fc.ipV6(), port).map(([address, at]) => [`[${address}]:${at}`, address]),
  )
  const claim = fc.oneof(
    fc.string().map((text) => text.replaceAll(',', '')),
    written.map(([entry]) => entry!),
  )
  fc.assert(
    fc.property(fc.array(claim), fc.array(written, { minLength: 1, maxLength: 4 }), (claims, seen) => {
      const header = [...claims, ...seen.map(([entry]) => entry)].join(',')
      const expected = clientAddress(from(seen[0]![1]!), 0)
      expect(clientAddress(from('10.0.0.1', header), seen.length)).toBe(expected)
    }),
  )
})
