/** A request that is refused for what it is as HTTP, before anybody has understood it. */
export class HttpFault extends Error {
  override name = 'HttpFault'
  readonly status: number
  readonly headers: Record<string, string>

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}
