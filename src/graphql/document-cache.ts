import { type DocumentNode, GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'

/**
 * Thousands of devices send the same few texts. What is kept stays below 30 MB: a document takes some 50 times its
 * text, and what is wrong with a text, which is why that is not kept, any amount.
 */
const MAX_ENTRIES = 256
const MAX_TEXT = 2_048

/** Valid documents by their texts: the short ones, and of those the last used. */
export class KeptDocuments {
  readonly #known = new LRUCache<string, DocumentNode>({ max: MAX_ENTRIES })

  get(text: string): DocumentNode | undefined {
    return this.#known.get(text)
  }

  /** To be called once it is known to be valid. */
  keep(document: DocumentNode): void {
    const text = document.loc?.source.body
    if (text !== undefined && text.length <= MAX_TEXT) this.#known.set(text, document)
  }
}

/** A text as it was understood, or why it was not. */
export type PreparedDocument =
  | { document: DocumentNode; errors?: never }
  | { errors: readonly GraphQLError[]; document?: never }

/**
 * Parses and validates query texts: the same text gives the same document object. A text that does not parse gives
 * its errors, like one that is not valid.
 */
export function createDocumentCache(options: {
  parse: (text: string) => DocumentNode
  validate: (document: DocumentNode) => readonly GraphQLError[]
}): (text: string) => PreparedDocument {
  const kept = new KeptDocuments()

  return (text) => {
    const known = kept.get(text)
    if (known) return { document: known }
    try {
      const document = options.parse(text)
      const errors = options.validate(document)
      if (errors.length > 0) return { errors }
      kept.keep(document)
      return { document }
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] }
      throw error
    }
  }
}
