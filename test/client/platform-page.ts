/** Runs in a page of a browser: what the platform has, and what it says. */
import { defaultEnvironment } from '../../client/sdk/platform.ts'

export type PlatformPage = {
  /** As it came; empty it at will. */
  heard: string[]
  stop(): void
  newId(): string
  has: { locks: boolean; channels: boolean }
}

const environment = defaultEnvironment()
const heard: string[] = []
const page: PlatformPage = {
  heard,
  stop: environment.watchPlatform({
    online: () => heard.push('online'),
    offline: () => heard.push('offline'),
    resume: () => heard.push('resume'),
  }),
  newId: environment.newId,
  has: { locks: environment.locks !== undefined, channels: environment.openChannel !== undefined },
}
Object.assign(window, { page })
