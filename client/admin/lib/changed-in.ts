/** Only what differs from what is, so that two people who change different things do not undo each other. */
export function changedIn<Values extends object>(values: Values, now: object): Partial<Values> {
  const before = now as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => before[name] !== value),
  ) as Partial<Values>
}
