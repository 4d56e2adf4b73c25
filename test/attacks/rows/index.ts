/** The table of attacks. docs/threats.md says it in words. */
import type { Row } from '../tools.ts'
import { bodies } from './bodies.ts'
import { floods } from './floods.ts'
import { people } from './people.ts'
import { pushes } from './pushes.ts'
import { queries } from './queries.ts'
import { reads } from './reads.ts'
import { shapes } from './shapes.ts'
import { signIns } from './sign-in.ts'
import { sockets } from './sockets.ts'

export const rows: readonly Row[] = [
  ...bodies,
  ...queries,
  ...pushes,
  ...people,
  ...sockets,
  ...floods,
  ...signIns,
  ...shapes,
  ...reads,
]
