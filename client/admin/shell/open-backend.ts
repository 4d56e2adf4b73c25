import { openGateway } from '../gateway.ts'
import type { Backend } from '../live/console.ts'
import { Live } from '../live/live.ts'
import { createReadings } from '../live/readings.ts'

/** All that a signed-in tab has running; `close` ends it. */
export function openBackend(tenantId: string): { backend: Backend; close: () => void } {
  const readings = createReadings()
  const gateway = openGateway(tenantId, (event) => live.heard(event))
  const live = new Live(gateway.transport, tenantId, readings)
  live.start()
  return {
    backend: { gateway, readings, live },
    close() {
      live.stop()
      readings.stop()
      gateway.close()
    },
  }
}
