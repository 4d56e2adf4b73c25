import { type DocumentNode, GraphQLError } from 'graphql'

/** `text` is what it was made from: the same string object for all who sent the same text. */
export type PreparedDocument =
  | { text: string; document: DocumentNode; errors?: never }
  | { text: string; errors: readonly GraphQLError[]; document?: never }

/** Thousands of devices send the same few texts. Longer ones are not kept, so that what is kept stays below 30 MB. */
const MAX_ENTRIES = 256
const MAX_TEXT = 2_048

/**
 * Parses and validates query texts, each once: the same text gives the same document object. A text that does not
 * parse gives its errors, like one that is not valid.
 */
export function createDocumentCache(options: {
  parse: (text: string) => DocumentNode
  validate: (document: DocumentNode) => readonly GraphQLError[]
}): (text: string) => PreparedDocument {
  const known = new Map<string, PreparedDocument>()

  function prepare(text: string): PreparedDocument {
    try {
      const document = options.parse(text)
      const errors = options.validate(document)
      return errors.length > 0 ? { text, errors } : { text, document }
    } catch (error) {
      if (error instanceof GraphQLError) return { text, errors: [error] }
      throw error
    }
  }

  return (text) => {
    const prepared = known.get(text) ?? prepare(text)
    if (text.length > MAX_TEXT) return prepared
    // Last used, last in the map: the first one is the one to forget.
    known.delete(text)
    known.set(text, prepared)
    if (known.size > MAX_ENTRIES) known.delete(known.keys().next().value!)
    return prepared
  }
}
