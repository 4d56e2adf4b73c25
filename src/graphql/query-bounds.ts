/**
 * What a document may hold, counted before it is validated: some rules of validation take the square of what they are
 * given (fragments and fields of one name are compared with each other: 0.3 s for 21 kB), and nobody needs a token to
 * be validated. What it costs to execute is counted afterwards, by Pothos's complexity; introspection is not, so it is
 * held to what tools ask for.
 */
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** The introspection of tools is 15 levels deep, and has 3 fragments with 13 spreads. */
export const queryBounds = {
  levels: 16,
  fields: 1_000,
  aliases: 250,
  /** Fields of one name are compared with each other: the squares of how many there are of each; 158 of one name. */
  alike: 25_000,
  fragments: 30,
  spreads: 100,
  inlineFragments: 100,
  operations: 50,
  variables: 250,
  directives: 100,
  introspections: 5,
} as const

type Bound = keyof typeof queryBounds

const words: Record<Bound, string> = {
  levels: 'levels of fields',
  fields: 'fields',
  aliases: 'aliases',
  alike: 'comparisons of fields of one name',
  fragments: 'fragments',
  spreads: 'uses of fragments',
  inlineFragments: 'fragments in place',
  operations: 'operations',
  variables: 'variables',
  directives: 'directives',
  introspections: 'questions for the schema',
}

/** Throws what a document has too much of. */
export function checkBounds(document: DocumentNode): void {
  const counted = Object.fromEntries(Object.keys(queryBounds).map((bound) => [bound, 0])) as Record<
    Bound,
    number
  >
  const names = new Map<string, number>()

  function count(bound: Bound, more = 1): void {
    counted[bound] += more
    if (counted[bound] > queryBounds[bound]) throw tooMuch(bound)
  }

  function selection({ selections }: SelectionSetNode, level: number, inSchema: boolean): void {
    if (level > queryBounds.levels) throw tooMuch('levels')
    for (const node of selections) {
      count('directives', node.directives?.length ?? 0)
      one(node, level, inSchema)
    }
  }

  function one(node: SelectionNode, level: number, inSchema: boolean): void {
    if (node.kind === Kind.FRAGMENT_SPREAD) count('spreads')
    else if (node.kind === Kind.INLINE_FRAGMENT) {
      count('inlineFragments')
      selection(node.selectionSet, level, inSchema)
    } else {
      count('fields')
      const name = (node.alias ?? node.name).value
      const before = names.get(name) ?? 0
      count('alike', 2 * before + 1)
      names.set(name, before + 1)
      if (node.alias) count('aliases')
      if (node.alias && inSchema)
        throw new GraphQLError('Questions for the schema take no aliases inside.', { nodes: node })
      if (isIntrospection(node)) count('introspections')
      if (node.selectionSet) selection(node.selectionSet, level + 1, inSchema || isIntrospection(node))
    }
  }

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      count('operations')
      count('variables', definition.variableDefinitions?.length ?? 0)
      count('directives', definition.directives?.length ?? 0)
      selection(definition.selectionSet, 1, false)
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      count('fragments')
      count('directives', definition.directives?.length ?? 0)
      selection(definition.selectionSet, 1, definition.typeCondition.name.value.startsWith('__'))
    }
  }
}

const isIntrospection = ({ name: { value } }: FieldNode) => value === '__schema' || value === '__type'

/**
 * What fields cost that their questions do not show, beside what any does: the whole schema takes 15 ms and 170 kB, a PIN
 * 60 ms of a core.
 */
const hiddenCosts: Readonly<Record<string, number>> = { __schema: 10, __type: 10, signIn: 4 }
const hiddenCost = ({ name: { value } }: FieldNode): number => hiddenCosts[value] ?? 0

/**
 * What executing a valid document costs beside what its length does, in requests: each field at the root of its
 * operations is a question of its own, to the database as a rule.
 */
export function costOfDocument({ definitions }: DocumentNode): number {
  const fragments = new Map<string, SelectionSetNode>()
  const waiting: SelectionSetNode[] = []
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) waiting.push(definition.selectionSet)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet)
  }
  let cost = -1
  for (let next = waiting.pop(); next; next = waiting.pop())
    for (const node of next.selections) {
      if (node.kind === Kind.FIELD) cost += 1 + hiddenCost(node)
      else if (node.kind === Kind.INLINE_FRAGMENT) waiting.push(node.selectionSet)
      else {
        const spread = fragments.get(node.name.value)
        if (spread) waiting.push(spread)
        // Spread again, it asks for the same.
        fragments.delete(node.name.value)
      }
    }
  return Math.max(0, cost)
}

const tooMuch = (bound: Bound) =>
  new GraphQLError(`The query asks for too much at once: at most ${queryBounds[bound]} ${words[bound]}.`)
