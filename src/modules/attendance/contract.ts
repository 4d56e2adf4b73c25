import { z } from 'zod'
import { uuid } from '../primitives.ts'

/** Where the device says it was: evidence, never a gate. */
export const location = z
  .object({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    /** Metres. */
    accuracyM: z.number().min(0).max(100_000),
  })
  .meta({ id: 'Location' })
export type Location = z.infer<typeof location>

export const attendanceStartWork = z.object({ attendanceId: uuid, location: location.nullish() })
export const attendanceEndWork = z.object({ attendanceId: uuid, location: location.nullish() })
export type AttendanceMark = z.infer<typeof attendanceStartWork>

export const attendanceEntity = z.object({
  actorId: z.string(),
  status: z.enum(['ACTIVE', 'COMPLETED']),
  startedAt: z.coerce.date(),
  endedAt: z.coerce.date().nullable(),
})
export type AttendanceEntity = z.infer<typeof attendanceEntity>
