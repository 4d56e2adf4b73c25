/**
 * The SDK with a switch: a copy of it in which operations are numbered and not linked while the switch is off. So one device
 * queues with its links and without in turns, and nothing else differs, down to the compiled code.
 */
import { registerHooks } from 'node:module'
import { linked as linkedInChain } from '../../client/sdk/outbox/chain.ts'

export * from '../../client/sdk/outbox/chain.ts'

export const links = { on: true }
/** What the last one was numbered; null: it was linked. */
let last: number | null = null

/** What is left without a chain: as with one, where it has come to is remembered. */
const numbered: typeof linkedInChain = async (commit, _, operations) => {
  const positions = await commit.takePositions(operations.length)
  const made = []
  for (const [i, operation] of operations.entries()) {
    const { tenantId } = operation
    last = (last ?? (await commit.readEnd(tenantId)).deviceSeq) + 1
    commit.putDeviceSeq(tenantId, last)
    made.push({ ...operation, position: positions[i]!, deviceSeq: last })
  }
  return made as never
}

/** In the place of the SDK's own. */
export const linked: typeof linkedInChain = (commit, deviceId, operations) => {
  if (!links.on) return numbered(commit, deviceId, operations)
  last = null
  return linkedInChain(commit, deviceId, operations)
}

const mark = '?switched'
const here = import.meta.url.replace(mark, '')
const isChain = (url: string) => url.endsWith('/client/sdk/outbox/chain.ts')

/** `device.ts`, and whatever it stands on, as copies with the switch. */
export async function switchedDevice(): Promise<typeof import('./device.ts') & { links: typeof links }> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const { parentURL = '' } = context
      if (!specifier.startsWith('.') || !parentURL.endsWith(mark)) return found
      const isReplaced = isChain(found.url) && parentURL !== `${here}${mark}`
      return { ...found, url: `${isReplaced ? here : found.url}${mark}` }
    },
  })
  try {
    const copy: typeof import('./link-switch.ts') = await import(`${here}${mark}`)
    return { ...(await import(`${new URL('device.ts', here)}${mark}`)), links: copy.links }
  } finally {
    hooks.deregister()
  }
}
