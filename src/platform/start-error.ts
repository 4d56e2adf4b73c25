/** The gateway cannot start. The message is one line that tells a person what to do; a stack would only hide it. */
export class StartError extends Error {
  override name = 'StartError'
}
