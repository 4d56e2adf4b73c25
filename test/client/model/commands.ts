/** What people, networks and gateways do in the model test. */
import fc from 'fast-check'
import { office } from './commands/office.ts'
import { people } from './commands/people.ts'
import { running } from './commands/running.ts'
import { selling } from './commands/selling.ts'
import { surroundings } from './commands/surroundings.ts'

export const commands = fc.oneof(...selling, ...running, ...people, ...surroundings, ...office)
