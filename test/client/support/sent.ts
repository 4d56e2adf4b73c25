import { gunzipSync } from 'node:zlib'

/** What a request of the SDK says, compressed or not. */
export const textOf = ({ body }: RequestInit = {}): string =>
  body instanceof Uint8Array ? textIn(Buffer.from(body)) : String(body)

/** Of a body as it is sent. */
export const textIn = (body: Buffer | null): string =>
  (body?.readUInt16BE() === 0x1f8b ? gunzipSync(body) : (body ?? '')).toString()
