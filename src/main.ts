/** The gateway: its process is set up first, then loads what it is made of (run.ts). */
import { settleAllocator } from './platform/allocator.ts'

settleAllocator()
const { runGateway } = await import('./run.ts')
await runGateway({ entry: import.meta.url })
