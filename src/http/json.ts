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
/** Containers one in the other, and those that are taken apart: a hundred bytes each, with the list that comes of it. */
const maxLevels = 120_000
const maxLongs = 120_000

/**
 * Where a text is taken apart, in its order: at commas, and where containers begin and end that are longer than a piece;
 * before each that begins, where the member of another begins that it is. Numbers alone: of a hundred thousand levels, as
 * objects, a collection had so much to move that others waited for it.
 */
type Marks = number[]
const [member, begin, cut, end] = [0, 1, 2, 3]
const mark = (at: number, kind: number) => at * 4 + kind
const atOf = (marked: number) => marked >> 2
const kindOf = (marked: number) => marked & 3

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
  const marks = await takeApart(text, maxValues, yielding)
  return marks.length > 0 ? join(text, marks, yielding) : JSON.parse(text)
}

/** The marks of a text; none where nothing in it is longer than a piece. */
async function takeApart(text: string, maxValues: number, yielding: Yielding): Promise<Marks> {
  const marks: Marks = []
  /** How many of them hold: those of a container that turned out to be short do not. */
  let held = 0
  /** Of each container that is open, where its marks begin. */
  const open: number[] = []
  let [memberFrom, values, longs] = [0, 1, 0]
  for (let i = 0, next = pieceLength; i < text.length; i += 1) {
    if (i >= next) {
      next = i + pieceLength
      await yielding()
      if (values > maxValues) throw tooMany(maxValues)
      if (open.length > maxLevels) throw tooDeep()
    }
    const code = text.charCodeAt(i)
    if (code === quote) i = endOfString(text, i)
    else if (code === comma) {
      values += 1
      memberFrom = i + 1
      if (open.length > 0 && endsPiece(marks[held - 1]!, i)) marks[held++] = mark(i, cut)
    } else if (code === 91 || code === 123) {
      values += 1
      open.push(held)
      marks[held++] = mark(memberFrom, member)
      marks[held++] = mark(i, begin)
      memberFrom = i + 1
    } else if (code === 93 || code === 125) {
      const first = open.pop()
      if (first === undefined) throw new SyntaxError()
      const from = atOf(marks[first + 1]!)
      if (closing[text.charCodeAt(from)] !== code) throw new SyntaxError()
      memberFrom = atOf(marks[first]!)
      if (i - from <= pieceLength) held = first
      else {
        marks[held++] = mark(i, end)
        longs += 1
        if (longs > maxLongs) throw tooDeep()
      }
    }
  }
  if (open.length > 0) throw new SyntaxError()
  if (values > maxValues) throw tooMany(maxValues)
  marks.length = held
  return marks
}

/** Whether a piece ends at this comma: it is long enough, or its only member was taken apart. */
const endsPiece = (last: number, at: number) => kindOf(last) === end || at - atOf(last) > pieceLength

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

type Container = unknown[] | Record<string, unknown>

/** The value of what was taken apart. Without calling itself: nesting must not exhaust the stack. */
async function join(text: string, marks: Marks, yielding: Yielding): Promise<unknown> {
  /** Of each container that has begun: where, its key in an object, and what it holds until now. */
  const begun: number[] = []
  const keys: (string | null)[] = []
  const holds: (Container | undefined)[] = []
  let root: Container | undefined
  let [from, before] = [0, begin]
  for (let n = 0; n < marks.length; n += 1) {
    const marked = marks[n]!
    const at = atOf(marked)
    const kind = kindOf(marked)
    // Looking at the clock takes longer than a level of which there is nothing but the bracket.
    const turn = at > from || n % 64 === 0 ? yielding() : undefined
    if (turn) await turn
    const top = begun.length - 1
    const start = begun[top] ?? 0
    const isList = text.charCodeAt(start) === 91
    if (kind === member) {
      if (at < from || (top < 0 && at > from)) throw new SyntaxError()
      if (at > from) holds[top] = withPiece(holds[top], isList, text.slice(from, at - 1))
    } else if (kind === begin) {
      keys.push(top < 0 || isList ? blank(text.slice(from, at)) : keyOf(text.slice(from, at)))
      begun.push(at)
      holds.push(undefined)
    } else if (before === end) blank(text.slice(from, at))
    else if (kind === end && !holds[top]) holds[top] = JSON.parse(text.slice(start, at + 1))
    else holds[top] = withPiece(holds[top], isList, text.slice(from, at))
    if (kind === end) {
      begun.pop()
      const [key, value] = [keys.pop()!, holds.pop()!]
      if (top > 0) holds[top - 1] = withMember(holds[top - 1], key, value)
      else root = value
    }
    before = kind
    from = kind === member ? at : at + 1
  }
  blank(text.slice(from))
  return root
}

function withPiece(into: Container | undefined, isList: boolean, piece: string): Container {
  if (isBlank(piece)) throw new SyntaxError()
  const read = JSON.parse(isList ? `[${piece}]` : `{${piece}}`)
  if (!into) return read
  if (Array.isArray(into)) for (const value of read) into.push(value)
  else for (const [key, value] of Object.entries(read)) set(into, key, value)
  return into
}

/** `key` is null in a list. */
function withMember(into: Container | undefined, key: string | null, value: Container): Container {
  // With room for itself alone, where push makes it for seventeen.
  if (key === null && !into) return [value]
  const container = into ?? {}
  if (Array.isArray(container)) container.push(value)
  else set(container, key!, value)
  return container
}

function blank(text: string): null {
  if (!isBlank(text)) throw new SyntaxError()
  return null
}

const isBlank = (text: string) => text === '' || /^[ \t\n\r]*$/.test(text)

/** The key of a member, from what stands before its value. */
function keyOf(before: string): string {
  const [, key] = /^(.*):[ \t\n\r]*$/s.exec(before) ?? []
  const parsed: unknown = JSON.parse(key ?? '')
  if (typeof parsed !== 'string') throw new SyntaxError()
  return parsed
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
