/**
 * How far a replay has come, for the person who waits: a bar on a terminal, plain lines elsewhere. On stderr; the
 * summary alone is on stdout.
 */
import { Presets, SingleBar } from 'cli-progress'

export type Progress = {
  note: (text: string) => void
  start: (rows: number) => void
  advance: (rows: number) => void
  stop: () => void
}

export const createProgress = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY ? bar(stream) : plainLines((text) => stream.write(`${text}\n`))

function bar(stream: NodeJS.WriteStream): Progress {
  const format = '{bar} {percentage} % | {value} of {total} rows | {eta_formatted} left'
  const single = new SingleBar({ stream, format, clearOnComplete: true }, Presets.shades_classic)
  return {
    note: (text) => stream.write(`${text}\n`),
    start: (rows) => single.start(rows, 0),
    advance: (rows) => single.increment(rows),
    stop: () => single.stop(),
  }
}

/** A line for each tenth of the way. */
export function plainLines(write: (text: string) => void): Progress {
  let total = 0
  let done = 0
  let written = 0
  return {
    note: write,
    start(rows) {
      total = rows
      write(`replaying ${rows} rows`)
    },
    advance(rows) {
      done += rows
      const tenth = Math.floor((done / total) * 10)
      if (tenth > written) write(`${done} of ${total} rows`)
      written = tenth
    },
    stop: () => {},
  }
}
