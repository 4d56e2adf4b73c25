/**
 * An app's listener: what it throws is the app's own fault, and is told as the platform tells of a rejection that nobody
 * handles. It ends no run, refuses no sign-in, and keeps the news from nobody else.
 */
export const apart =
  <Told extends unknown[]>(listener: (...told: Told) => void) =>
  async (...told: Told): Promise<void> =>
    listener(...told)
