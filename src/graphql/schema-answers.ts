/**
 * What was answered to questions for the schema alone. All who ask in the same words are answered the same for as long as
 * the gateway runs, and to make the answer takes 15 ms, in which nobody else is served.
 */
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, Kind } from 'graphql'
import { LRUCache } from 'lru-cache'
import { gzipped, takesGzip } from '../http/gzip.ts'
import { costOfDocument } from './query-bounds.ts'

/** Tools have a dozen texts between them, of 2 kB; what they are told of the café's schema has 170 kB. */
export const answerBounds = { count: 16, textLength: 4_096, answerLength: 1_000_000, length: 4_000_000 }

/** A result that is sent as this text. */
type TextResult = ExecutionResult & { stringify: () => string }

/** An answer that is there already, as its bytes. */
export type ReadyAnswer = {
  readonly text: string
  /** What the question costs, as costOfDocument. */
  readonly cost: number
  readonly bytes: Buffer
  /** The same as gzip, made once. */
  zipped: Promise<Buffer | null> | null
}

export class SchemaAnswers {
  /** By the text of the question and the operation's name; those used last. */
  readonly #known = new LRUCache<string, ReadyAnswer>({
    max: answerBounds.count,
    maxSize: answerBounds.length,
    sizeCalculation: ({ text }, key) => key.length + text.length,
  })

  /** The answer to what a body of JSON asks, where it was made before. */
  ready(body: unknown): ReadyAnswer | undefined {
    const { query, operationName = null } = (body ?? {}) as { query?: unknown; operationName?: unknown }
    if (typeof query !== 'string' || query.length > answerBounds.textLength) return undefined
    return this.#known.get(keyOf(query, operationName))
  }

  /** The answer to a valid document; null where it asks for anything but the schema. `execute` makes it, once. */
  async answer(
    { document, operationName }: Pick<ExecutionArgs, 'document' | 'operationName'>,
    execute: () => Promise<ExecutionResult>,
  ): Promise<ExecutionResult | null> {
    const { body } = document.loc?.source ?? {}
    if (body === undefined || body.length > answerBounds.textLength) return null
    // A name that the text does not have is refused, and nothing that is refused is kept.
    const key = keyOf(body, operationName)
    const known = this.#known.get(key)
    if (known !== undefined) return asText(known.text)
    if (!asksForSchemaAlone(document)) return null
    const result = await execute()
    if (result.errors || !result.data) return result
    const text = JSON.stringify({ data: result.data })
    if (text.length > answerBounds.answerLength) return result
    this.#known.set(key, { text, cost: costOfDocument(document), bytes: Buffer.from(text), zipped: null })
    return asText(text)
  }
}

const keyOf = (query: string, operationName: unknown) => JSON.stringify([operationName ?? null, query])

/** The answer's bytes, and what is said of them: as gzip where that is taken. */
export async function bytesOf(
  answer: ReadyAnswer,
  acceptEncoding: string | undefined,
): Promise<{ bytes: Buffer; headers: Record<string, string> }> {
  if (takesGzip(acceptEncoding)) answer.zipped ??= gzipped(answer.text)
  const zipped = takesGzip(acceptEncoding) ? await answer.zipped : null
  return zipped
    ? { bytes: zipped, headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' } }
    : { bytes: answer.bytes, headers: {} }
}

/** `data` only says that there is some: what is sent is the text. */
const asText = (text: string): TextResult => ({ data: {}, stringify: () => text })

/** One query without variables, whose fields are all questions for the schema. */
function asksForSchemaAlone({ definitions }: DocumentNode): boolean {
  const operations = definitions.filter(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION)
  const [operation] = operations
  return (
    operations.length === 1 &&
    operation?.kind === Kind.OPERATION_DEFINITION &&
    operation.operation === 'query' &&
    !operation.variableDefinitions?.length &&
    operation.selectionSet.selections.every(
      (node) => node.kind === Kind.FIELD && schemaFields.includes(node.name.value),
    )
  )
}

/** What `operationTypes` says is of the modules, and the same for everybody. */
const schemaFields = ['__schema', '__type', '__typename', 'operationTypes']
