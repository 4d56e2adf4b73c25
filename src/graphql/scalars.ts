/**
 * Scalars of the wire. What does not fit fails the request with the place named, before anything is done.
 */
import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { isKept } from '../sync/clock.ts'
import type { Builder } from './builder.ts'

const uuid = z.guid()
/** RFC 3339 with an offset. */
const dateTime = z.iso.datetime({ offset: true }).refine((text) => isKept(new Date(text)))

function parsed<T>(name: string, expected: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (!result.success)
    // Not what it was: it may be a PIN.
    throw new GraphQLError(`Not a ${name}; ${expected} is expected`)
  return result.data
}

export function addScalars(builder: Builder) {
  builder.scalarType('UUID', {
    description: 'A UUID of any version; lower-case on the way out.',
    serialize: (value) => String(value),
    // Kept as it came: a payload's hash is that of its letters.
    parseValue: (value) => parsed('UUID', 'a UUID', uuid, value),
  })
  builder.scalarType('DateTime', {
    description: 'A point in time, ISO 8601 with an offset, such as 2026-03-01T08:30:00.000Z.',
    serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
    parseValue: (value) => new Date(parsed('DateTime', 'an ISO 8601 time with an offset', dateTime, value)),
  })
  builder.scalarType('SafeInt', {
    description: 'A whole number between -(2^53 - 1) and 2^53 - 1.',
    serialize: (value) => Number(value),
    parseValue: (value) => parsed('SafeInt', 'a whole number below 2^53', z.int(), value),
  })
  builder.scalarType('JSON', {
    description: 'Any JSON value.',
    serialize: (value) => value,
    parseValue: (value) => value,
  })
}
