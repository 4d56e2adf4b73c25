/**
 * One till's connection: keep-alive, one request at a time, the answer as it came. What a client does with it is
 * not the gateway's time, so nothing is decoded here.
 */
import { Agent, request } from 'node:http'

export type Line = {
  post(body: string): Promise<Buffer>
  close(): void
}

/** `gzip`: asks for answers so compressed. */
export function openLine(url: string, token?: string, { gzip = false } = {}): Line {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = {
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(gzip ? { 'accept-encoding': 'gzip' } : {}),
  }
  const send = (body: string, isAgain = false): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const length = { 'content-length': Buffer.byteLength(body) }
      const sent = request(url, { agent, method: 'POST', headers: { ...headers, ...length } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const answer = Buffer.concat(chunks)
          if (response.statusCode === 200) resolve(answer)
          else reject(new Error(`${url} answered ${response.statusCode}: ${answer.toString().slice(0, 300)}`))
        })
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // While others had their turn, the server may have closed the connection for being idle.
        const wasIdle = sent.reusedSocket && error.code === 'ECONNRESET' && !isAgain
        if (wasIdle) send(body, true).then(resolve, reject)
        else reject(error)
      })
      sent.end(body)
    })
  return { post: (body) => send(body), close: () => agent.destroy() }
}

/** The data of a GraphQL answer; throws what its errors say. */
export function dataOf<Data>(answer: Buffer): Data {
  const { data, errors } = JSON.parse(answer.toString()) as { data: Data; errors?: { message: string }[] }
  if (errors?.length) throw new Error(errors.map(({ message }) => message).join('; '))
  return data
}
