/**
 * How an operation's type is written in the direct lane: one rule for both sides. Pure: the client imports this file.
 */

/** The mutation's field: `menuItem.save` is `menuItemSave`. */
export function fieldName(type: string): string {
  // The wire names recording a movement by its verb.
  if (type === 'cashSession.movement') return 'cashSessionRecordMovement'
  return type.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** The type of its `input`: `MenuItemSaveInput`. */
export function inputTypeName(type: string): string {
  const name = fieldName(type)
  return `${name[0]!.toUpperCase()}${name.slice(1)}Input`
}
