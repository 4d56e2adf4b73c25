/** The replay cannot go on. The message is one line for the person who started it. */
export class ReplayError extends Error {
  override name = 'ReplayError'
}
