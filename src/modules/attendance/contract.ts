import * as z from 'zod/mini'
import { named, uuid } from '../primitives.ts'

/** Where the device says it was: evidence, never a gate. */
export const location = named(
  'Location',
  z.object({
    latitude: z.number().check(z.minimum(-90), z.maximum(90)),
    longitude: z.number().check(z.minimum(-180), z.maximum(180)),
    /** Metres: some ten for a satellite, hundreds of thousands for an address of the network. */
    accuracyM: z.number().check(z.minimum(0)),
  }),
)
export type Location = z.infer<typeof location>

/** What is no place is none, and no reason to refuse the work; the operation's record has it as it came. */
const evidence = z.catch(z.nullish(location), null)

export const attendanceStartWork = z.object({ attendanceId: uuid, location: evidence })
export const attendanceEndWork = z.object({ attendanceId: uuid, location: evidence })
export type AttendanceMark = z.infer<typeof attendanceStartWork>

export const attendanceEntity = z.object({
  actorId: z.string(),
  status: z.enum(['ACTIVE', 'COMPLETED']),
  startedAt: z.coerce.date(),
  endedAt: z.nullable(z.coerce.date()),
})
export type AttendanceEntity = z.infer<typeof attendanceEntity>
