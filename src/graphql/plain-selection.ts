/**
 * Selections that need no executor: fields of one type, reached directly or through fragments, without
 * directives. What is not so plain is for ordinary execution.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/**
 * The fields that a selection asks of the type `typeName`, by response name in order, each as `read` understands
 * it; null where `read` gives null for one of them, or anything but plain fields is in the way. Fragments on
 * other types are passed over where `typeName` is one of several (`abstractType`), as execution would.
 */
export function plainFields<T>(
  selection: SelectionSetNode,
  document: DocumentNode,
  { typeName, abstractType }: { typeName: string; abstractType?: string },
  read: (field: FieldNode) => T | null,
): Map<string, T> | null {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  const fields = new Map<string, T>()
  const visited = new Set<string>()

  function collect({ selections }: SelectionSetNode): boolean {
    return selections.every((node) => {
      if (node.directives?.length) return false
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value
        // The same object twice would have to be merged.
        if (fields.has(name)) return !node.selectionSet
        const value = read(node)
        if (value !== null) fields.set(name, value)
        return value !== null
      }
      if (node.kind === Kind.INLINE_FRAGMENT)
        return within(node.typeCondition?.name.value ?? typeName, node.selectionSet)
      const name = node.name.value
      if (visited.has(name)) return true
      visited.add(name)
      const fragment = fragments.get(name)
      if (!fragment || fragment.directives?.length) return false
      return within(fragment.typeCondition.name.value, fragment.selectionSet)
    })
  }

  function within(condition: string, selectionSet: SelectionSetNode): boolean {
    if (condition === typeName || condition === abstractType) return collect(selectionSet)
    return abstractType !== undefined
  }

  return collect(selection) ? fields : null
}

/**
 * What `compile` makes of an operation, made once. It is kept by the document's own node and never by the name that a
 * client asks for: names cost nothing to make up, and each would be kept for as long as the document.
 */
export function oncePerOperation<T>(
  compile: (operation: OperationDefinitionNode, document: DocumentNode) => T | null,
): (document: DocumentNode, operationName?: string | null) => T | null {
  const made = new WeakMap<OperationDefinitionNode, T | null>()
  return (document, operationName) => {
    const operation = getOperationAST(document, operationName)
    if (!operation) return null
    const known = made.get(operation)
    if (known !== undefined) return known
    const compiled = compile(operation, document)
    made.set(operation, compiled)
    return compiled
  }
}
