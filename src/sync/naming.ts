/**
 * How an operation's type is written in the direct lane: one rule for both sides. Pure: the client imports this file.
 */
type Named = { readonly type: string; readonly mutation?: string | undefined }

/** The mutation's field: the type without its dot, `thing.doIt` as `thingDoIt`, where the definition names no other. */
export const fieldName = ({ type, mutation }: Named): string =>
  mutation ?? type.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())

/** The type of its `input`: `ThingDoItInput`. */
export function inputTypeName(of: Named): string {
  const name = fieldName(of)
  return `${name[0]!.toUpperCase()}${name.slice(1)}Input`
}
