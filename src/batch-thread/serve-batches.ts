/**
 * The thread of large requests, from inside: the engine and GraphQL as in the gateway's own thread, over a pool of its own. It
 * looks at each request anew, as any gateway would: that it was handed over says nothing but where it came from.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { createBatchApp } from '../app.ts'
import type { GatewayModule } from '../modules/index.ts'
import { createLogger } from '../platform/log.ts'
import { Passing } from '../sync/passing.ts'
import type { FromThread, ThreadData, ToThread } from './messages.ts'

type Batches = ThreadData['modulaBatchThread'] & { port: MessagePort }

/** What this thread was begun with; null where it is no thread of batches. */
export function batchThreadData(): Batches | null {
  const { modulaBatchThread } = (workerData ?? {}) as Partial<ThreadData>
  return modulaBatchThread && parentPort ? { ...modulaBatchThread, port: parentPort } : null
}

/** Answers what is handed over until it is told to stop, and ends the thread. */
export async function serveBatches(
  { config, databaseUrl, socketPath, passing, port }: Batches,
  modules?: readonly GatewayModule[],
): Promise<never> {
  const say = (message: FromThread) => port.postMessage(message)
  const log = createLogger(config.logLevel)
  const shared = new Passing(passing, 'other')
  const app = await createBatchApp({
    ...{ config, databaseUrl, log, modules, passing: shared },
    tell: (commit) => say({ commit }),
    charge: (caller, cost) => say({ charge: { caller, cost } }),
  })
  const stopped = new Promise<void>((stop) => {
    port.on('message', async (message: ToThread) => {
      if ('stop' in message) stop()
      else if ('askMetrics' in message) say({ metrics: await app.metrics() })
      else {
        for (const { caller, agoMs } of message.about.callers) app.company.note(caller, agoMs)
        for (const { caller, agoMs } of message.about.tenants) app.tenants.note(caller, agoMs)
      }
    })
  })
  await app.listen(socketPath)
  say({ ready: true })
  await stopped
  await app.close()
  say({ metrics: await app.metrics() })
  process.exit(0)
}
