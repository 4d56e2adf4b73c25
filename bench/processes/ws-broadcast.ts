/** A bare server: `ws` alone, which sends one text to every socket. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { answerRequests } from '../support/children.ts'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
const listening = once(server, 'listening')

answerRequests(async (request: { address: true } | { memory: true } | { send: string }) => {
  await listening
  if ('address' in request) return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  if ('memory' in request) return process.memoryUsage.rss()
  const text = request.send.replace('AT', new Date().toISOString())
  for (const socket of server.clients) socket.send(text)
  return server.clients.size
})
