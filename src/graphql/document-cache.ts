import { type DocumentNode, GraphQLError } from 'graphql'

/** A text as it was understood, or why it was not. */
export type PreparedDocument =
  | { document: DocumentNode; errors?: never }
  | { errors: readonly GraphQLError[]; document?: never }

/**
 * Thousands of devices send the same few texts. What is kept stays below 30 MB: a document takes some 50 times its
 * text, and what is wrong with a text may take any amount.
 */
const MAX_ENTRIES = 256
const MAX_TEXT = 2_048

/**
 * Parses and validates query texts: the same text gives the same document object. A text that does not parse gives
 * its errors, like one that is not valid. Only what is valid is kept, and only short texts.
 */
export function createDocumentCache(options: {
  parse: (text: string) => DocumentNode
  validate: (document: DocumentNode) => readonly GraphQLError[]
}): (text: string) => PreparedDocument {
  const known = new Map<string, DocumentNode>()

  function prepare(text: string): PreparedDocument {
    try {
      const document = options.parse(text)
      const errors = options.validate(document)
      return errors.length > 0 ? { errors } : { document }
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] }
      throw error
    }
  }

  return (text) => {
    const kept = known.get(text)
    const prepared = kept ? { document: kept } : prepare(text)
    if (!prepared.document || text.length > MAX_TEXT) return prepared
    // Last used, last in the map: the first one is the one to forget.
    known.delete(text)
    known.set(text, prepared.document)
    if (known.size > MAX_ENTRIES) known.delete(known.keys().next().value!)
    return prepared
  }
}
