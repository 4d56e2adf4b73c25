/** Puts a value somewhere inside of another, in place of what is there. */

/** Each step of the way takes one of the members that there are. */
export function replaceInside(whole: unknown, [step = 0, ...way]: readonly number[], value: unknown): void {
  const inside = whole as Record<string, unknown>
  const names = Object.keys(inside)
  const name = names[step % names.length]!
  const next = inside[name]
  if (way.length > 0 && typeof next === 'object' && next !== null && Object.keys(next).length > 0)
    replaceInside(next, way, value)
  else inside[name] = value
}
