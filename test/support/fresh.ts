/**
 * Before each file: the files of a worker share its globals, and what the one before changed in them is changed back.
 */
import { vi } from 'vitest'

vi.useRealTimers()
vi.unstubAllEnvs()
vi.unstubAllGlobals()
// Prisma's client makes one for all modules; a plugin of Vite's takes it for its own.
Reflect.deleteProperty(globalThis, '__dirname')
