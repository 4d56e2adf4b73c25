/** The other till: the SDK with a socket, in a process of its own, which says when its screen has shown a sale. */
import { sqliteStore } from '../../client/sdk/index.ts'
import { answerRequests } from '../support/children.ts'
import { wallClock } from '../support/clock.ts'
import { type Device, openDevice, type Place } from '../support/device.ts'

type Request = { open: Place; path: string } | { shown: string } | { sync: true } | { close: true }

const patienceMs = 10_000

let device: Device
/** When each sale was shown first, in ms since 1970. */
const shownAt = new Map<string, number>()
let onShown: () => void = () => {}

async function open(place: Place, path: string): Promise<number> {
  device = await openDevice(place, sqliteStore(path), { nudged: true })
  await device.join()
  device.client.watch('sale', undefined, (sales) => {
    const at = wallClock()
    for (const { id } of sales) if (!shownAt.has(id)) shownAt.set(id, at)
    onShown()
  })
  return shownAt.size
}

async function shown(saleId: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const late = setTimeout(() => reject(new Error(`the sale ${saleId} is not shown`)), patienceMs)
  onShown = () => shownAt.has(saleId) && resolve()
  onShown()
  await promise.finally(() => clearTimeout(late))
  return shownAt.get(saleId)!
}

answerRequests(async (request: Request) => {
  if ('open' in request) return open(request.open, request.path)
  if ('shown' in request) return shown(request.shown)
  if ('close' in request) return device.client.close()
  const begun = performance.now()
  await device.client.sync()
  return performance.now() - begun
})
