import { isatty } from 'node:tty'
import {
  type DestinationStream,
  type Logger,
  pino,
  type SerializedError,
  stdSerializers,
  stdTimeFunctions,
} from 'pino'
import { currentRequestId } from './request-id.ts'

export type { Logger }

/** What must not be in a log, wherever it stands in the first four levels of what is logged. */
const secrets = ['authorization', 'pin', 'password', 'token', 'cookie']
const redact = ['', '*.', '*.*.', '*.*.*.'].flatMap((depth) => secrets.map((name) => depth + name))

/** What else an error may tell of itself. Drivers hang their connections on theirs, and PostgreSQL the values of the row. */
const told = ['code', 'severity', 'table', 'constraint'] as const

/** An error's name, message, trace and what is told of it; `value` itself where it is none. */
function errorOf(value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const all: SerializedError = stdSerializers.err(value)
  const { type, message, stack } = all
  const aggregateErrors = value instanceof AggregateError ? value.errors.map(errorOf) : undefined
  return {
    type,
    message,
    stack,
    aggregateErrors,
    ...Object.fromEntries(told.map((name) => [name, all[name]])),
  }
}

/**
 * A pino logger: a JSON object per line, or at a terminal a line for a person. `level` is one of pino's, or silent.
 * `destination` is standard output unless given, written at once so that lines stay in order with the program's own.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      mixin() {
        const requestId = currentRequestId()
        return requestId === undefined ? {} : { requestId }
      },
      redact: { paths: redact, censor: '[redacted]' },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorOf, error: errorOf },
    },
    // Not pino's own: it may write after what the program itself prints, and a start ends with its `ready` line. Whether it
    // is a terminal only the descriptor tells in each thread.
    destination ?? (isatty(1) ? terminal : process.stdout),
  )
}

/** `12:34:56 info  message key=value` */
const terminal: DestinationStream = {
  write(line) {
    const { level, time, pid: _pid, hostname: _hostname, msg = '', err, ...rest } = JSON.parse(line)
    const fields = Object.entries(rest).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
    const trace = err ? `\n${err.stack ?? err.message}` : ''
    process.stdout.write(`${time.slice(11, 19)} ${level.padEnd(5)} ${msg}${fields.join('')}${trace}\n`)
  },
}
