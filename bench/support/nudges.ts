/** A socket that subscribes to a branch's nudges, speaking graphql-transport-ws by hand: it costs the load little. */
import { once } from 'node:events'
import { WebSocket } from 'ws'

export type Subscription = { tenantId: string; branchId: string; token: string }

const query = `subscription ($tenantId: ID!, $branchId: ID!) {
  syncNudge(tenantId: $tenantId, branchId: $branchId) { tenantId branchId modules headSeq pullAfterMs at }
}`

/** Resolves when the subscription was sent; it becomes live a moment later. */
export async function subscribe(
  url: string,
  { token, ...variables }: Subscription,
  onMessage: (text: string) => void,
): Promise<WebSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false })
  await once(socket, 'open')
  const send = (message: object) => socket.send(JSON.stringify(message))
  send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
  const [acknowledged] = await once(socket, 'message')
  if (JSON.parse(String(acknowledged)).type !== 'connection_ack') throw new Error(String(acknowledged))
  socket.on('message', (data) => onMessage(String(data)))
  send({ id: '1', type: 'subscribe', payload: { query, variables } })
  return socket
}

/** When the gateway had committed what a nudge tells of, in ms since 1970. */
export function committedAt(text: string): number {
  const [, at] = /"at":"([^"]+)"/.exec(text) ?? []
  if (!at) throw new Error(`no nudge, but ${text}`)
  return Date.parse(at)
}
