/** Takes from this process what React Native does not have, or has otherwise (0.76, Hermes); before the SDK is loaded. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'

const native = { URL }

/** As `Libraries/Blob/URL.js`: whatever it is given ends in a slash, nothing can be set, and there is no `canParse`. */
class GettersOnly {
  readonly #text: string
  constructor(text: string, base?: string) {
    this.#text = `${base ? new native.URL(text, base).href : text}/`.replace(/\/+$/, '/')
  }
  get href() {
    return this.#text
  }
  get protocol() {
    return new native.URL(this.#text).protocol
  }
}

/** As the package abort-controller: no reason, no throwIfAborted. */
class BareSignal extends EventTarget {
  aborted = false
}
class BareController {
  readonly signal = new BareSignal()
  abort(): void {
    if (this.signal.aborted) return
    this.signal.aborted = true
    this.signal.dispatchEvent(new Event('abort'))
  }
}

/** Over XMLHttpRequest: a body is there as a whole or not at all, and no stream can be read. */
function wholeFetch(
  input: string,
  init: { method?: string; headers?: object; body?: string; signal?: unknown } = {},
) {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers, body } = init
    const asked = request(input, { method, headers: { ...headers } }, async (answer) => {
      const answered = await text(answer)
      const { statusCode: status = 0, statusMessage: statusText } = answer
      resolve({
        ...{ status, statusText, ok: status >= 200 && status < 300, body: null },
        headers: new Headers(answer.headers as Record<string, string>),
        text: async () => answered,
        json: async () => JSON.parse(answered),
      })
    })
    asked.once('error', (cause) => reject(new TypeError('Network request failed', { cause })))
    const signal = init.signal as BareSignal | undefined
    signal?.addEventListener('abort', () => asked.destroy())
    asked.end(body)
  })
}

const { getRandomValues } = crypto
const theirs: Record<string, unknown> = {
  URL: GettersOnly,
  AbortController: BareController,
  fetch: wholeFetch,
  // Node's own looks at the global URL.
  WebSocket,
  // By react-native-get-random-values.
  crypto: { getRandomValues: getRandomValues.bind(crypto) },
  navigator: { product: 'ReactNative' },
}
for (const name of ['BroadcastChannel', 'CompressionStream', 'DecompressionStream', 'indexedDB', 'location'])
  theirs[name] = undefined
for (const [name, value] of Object.entries(theirs))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
// It has a window without any of what windows do.
Object.defineProperty(globalThis, 'window', { value: globalThis })
