/** `npm start`: start-gateway.ts, where Node can read it. */
import { requireNode } from './node-version.js'

requireNode()
await import('./start-gateway.ts')
