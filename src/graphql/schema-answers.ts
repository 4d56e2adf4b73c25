/**
 * What was answered to questions for the schema alone. All who ask in the same words are answered the same for as long as
 * the gateway runs, and to make the answer takes 15 ms, in which nobody else is served.
 */
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, Kind } from 'graphql'
import { LRUCache } from 'lru-cache'

/** Tools have a dozen texts between them, of 2 kB; what they are told of the café's schema has 170 kB. */
export const answerBounds = { count: 16, textLength: 4_096, answerLength: 1_000_000, length: 4_000_000 }

/** A result that is sent as this text. */
type TextResult = ExecutionResult & { stringify: () => string }

export class SchemaAnswers {
  /** By the text of the question and the operation's name; those used last. */
  readonly #known = new LRUCache<string, string>({
    max: answerBounds.count,
    maxSize: answerBounds.length,
    sizeCalculation: (answer, text) => text.length + answer.length,
  })

  /** The answer to a valid document; null where it asks for anything but the schema. `execute` makes it, once. */
  async answer(
    { document, operationName }: Pick<ExecutionArgs, 'document' | 'operationName'>,
    execute: () => Promise<ExecutionResult>,
  ): Promise<ExecutionResult | null> {
    const { body } = document.loc?.source ?? {}
    if (body === undefined || body.length > answerBounds.textLength) return null
    // A name that the text does not have is refused, and nothing that is refused is kept.
    const text = JSON.stringify([operationName ?? null, body])
    const known = this.#known.get(text)
    if (known !== undefined) return asText(known)
    if (!asksForSchemaAlone(document)) return null
    const result = await execute()
    if (result.errors || !result.data) return result
    const answer = JSON.stringify({ data: result.data })
    if (answer.length > answerBounds.answerLength) return result
    this.#known.set(text, answer)
    return asText(answer)
  }
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

const schemaFields = ['__schema', '__type', '__typename']
