/**
 * JSON.parse for bodies of megabytes, which would hold up everybody: 4 MB of sales take it 60 ms, 4 MB of objects with
 * ever new keys more than a second. The text is gone through once; containers that are longer than a piece are taken
 * apart between their members, and the pieces are parsed one by one, with turns for others in between. What comes out,
 * and what is refused, is what JSON.parse says.
 */
import { createYielding } from '../sync/yielding.ts'
import { HttpFault } from './http-fault.ts'

/** Characters that are parsed at once. */
const pieceLength = 32_768
/** Characters of one text in it, which nothing can take apart. */
const maxTextLength = 1_048_576
/** JSON.parse takes 0.3 µs for each, of those that it gets at once. */
const maxLevels = 120_000
/** Below so many levels a piece may be longer: each level that is taken apart takes 600 bytes, and no payload has so many. */
const deepLevels = 64
const deepLength = 131_072
/** Containers that are taken apart. A body of 4 MB, all of whose levels are of some use, has some thousands. */
const maxLongs = 50_000

/** Of a container that is not taken apart, as nearly all are: there may be a hundred thousand, one in the other. */
const noParts: readonly Part[] = []

/** Members next to each other, or a single long one that is taken apart itself. */
type Part = { from: number; to: number; long?: Long }
/** A container that is longer than a piece: where its brackets are, and what is between them. */
type Long = { from: number; to: number; parts: readonly Part[] }
type Open = Long & { partFrom: number; memberFrom: number; long: Long | null }

const quote = 34
const comma = 44
const closing: Record<number, number> = { 91: 93, 123: 125 }

type Yielding = ReturnType<typeof createYielding>

/** Throws a SyntaxError for what is no JSON, an HttpFault for more than `maxValues` values. `yields`: how, as it goes. */
export async function parseJson(
  text: string,
  maxValues: number,
  ...yields: Parameters<typeof createYielding>
): Promise<unknown> {
  if (text.length <= pieceLength) return JSON.parse(text)
  const yielding = createYielding(...yields)
  const root = await takeApart(text, maxValues, yielding)
  if (!root) return JSON.parse(text)
  if (!isBlank(text.slice(0, root.from)) || !isBlank(text.slice(root.to + 1))) throw new SyntaxError()
  return join(text, root, yielding)
}

/** The text's outermost container, taken apart; null where nothing in it is longer than a piece. */
async function takeApart(text: string, maxValues: number, yielding: Yielding): Promise<Long | null> {
  const open: Open[] = []
  let root: Long | null = null
  let values = 1
  let longs = 0
  for (let i = 0, next = pieceLength; i < text.length; i += 1) {
    if (i >= next) {
      next = i + pieceLength
      await yielding()
      if (values > maxValues) throw tooMany(maxValues)
      if (open.length > maxLevels) throw tooDeep()
    }
    const code = text.charCodeAt(i)
    const top = open.at(-1)
    if (code === quote) i = endOfString(text, i)
    else if (code === comma) {
      values += 1
      if (top && (top.long || i - top.partFrom > pieceLength)) endPart(top, i)
      if (top) top.memberFrom = i + 1
    } else if (code === 91 || code === 123) {
      values += 1
      open.push({ from: i, to: 0, parts: noParts, partFrom: i + 1, memberFrom: i + 1, long: null })
    } else if (code === 93 || code === 125) {
      const closed = open.pop()
      if (!closed || closing[text.charCodeAt(closed.from)] !== code) throw new SyntaxError()
      const long = endContainer(closed, i, open.length)
      if (long) longs += 1
      if (longs > maxLongs) throw tooDeep()
      const parent = open.at(-1)
      if (!parent) root = root ? throwSyntax() : long
      else if (long) beginLong(parent, long)
    }
  }
  if (open.length > 0) throw new SyntaxError()
  if (values > maxValues) throw tooMany(maxValues)
  return root
}

const throwSyntax = (): never => {
  throw new SyntaxError()
}

/** Where the string that begins here ends. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === 92) escapes += 1
    if (at - from > maxTextLength) break
    if (escapes % 2 === 0) return at
  }
  if (text.length - from > maxTextLength)
    throw new HttpFault(400, `The body holds a text of more than ${maxTextLength} characters.`)
  throw new SyntaxError()
}

function endPart(open: Open, at: number): void {
  const part = { from: open.partFrom, to: at, ...(open.long && { long: open.long }) }
  if (open.parts === noParts) open.parts = [part]
  else (open.parts as Part[]).push(part)
  open.partFrom = at + 1
  open.long = null
}

/** The container as one to take apart; null where it is short, or all of it is one piece below many levels. */
function endContainer(open: Open, at: number, level: number): Long | null {
  const length = at - open.from
  if (length <= pieceLength) return null
  if (level > deepLevels && length <= deepLength && open.parts.length === 0 && !open.long) return null
  endPart(open, at)
  return { from: open.from, to: at, parts: open.parts }
}

/** A member that is long stands alone: what came before it ends. */
function beginLong(parent: Open, long: Long): void {
  if (parent.memberFrom > parent.partFrom) endPart(parent, parent.memberFrom - 1)
  parent.partFrom = parent.memberFrom
  parent.long = long
}

/** What is being put together: a container, how far it is, and what it holds until now. */
type Unfinished = { long: Long; next: number; value: unknown[] | Record<string, unknown> }

const begin = (text: string, long: Long): Unfinished => ({
  long,
  next: 0,
  value: text[long.from] === '[' ? [] : {},
})

/** The value of a container from those of its parts. Without calling itself: nesting must not exhaust the stack. */
async function join(text: string, root: Long, yielding: Yielding): Promise<unknown> {
  const unfinished = [begin(text, root)]
  for (;;) {
    const turn = yielding()
    if (turn) await turn
    const top = unfinished.at(-1)!
    const part = top.long.parts[top.next]
    if (part?.long) unfinished.push(begin(text, part.long))
    else if (part) {
      addPiece(top.value, text.slice(part.from, part.to))
      top.next += 1
    } else {
      unfinished.pop()
      const parent = unfinished.at(-1)
      if (!parent) return top.value
      addLong(parent.value, text, parent.long.parts[parent.next]!, top)
      parent.next += 1
    }
  }
}

function addPiece(into: Unfinished['value'], piece: string): void {
  if (isBlank(piece)) throw new SyntaxError()
  if (Array.isArray(into)) for (const value of JSON.parse(`[${piece}]`)) into.push(value)
  else for (const [key, value] of Object.entries(JSON.parse(`{${piece}}`))) set(into, key, value)
}

function addLong(into: Unfinished['value'], text: string, part: Part, { long, value }: Unfinished): void {
  const before = text.slice(part.from, long.from)
  if (!isBlank(text.slice(long.to + 1, part.to))) throw new SyntaxError()
  if (!Array.isArray(into)) set(into, keyOf(before), value)
  else if (isBlank(before)) into.push(value)
  else throw new SyntaxError()
}

const isBlank = (text: string) => /^[ \t\n\r]*$/.test(text)

/** The key of a member, from what stands before its value. */
function keyOf(before: string): string {
  const [, key] = /^(.*):[ \t\n\r]*$/s.exec(before) ?? []
  const parsed: unknown = JSON.parse(key ?? '')
  return typeof parsed === 'string' ? parsed : throwSyntax()
}

/** As JSON.parse does it: `__proto__` is a member like any other. */
function set(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true })
  else object[key] = value
}

const tooDeep = () => new HttpFault(400, 'The body is nested too deeply.')

const tooMany = (maxValues: number) =>
  new HttpFault(413, `The body holds more than ${maxValues} values; send it in parts.`)
