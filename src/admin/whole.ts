/**
 * Files and folders that whoever runs the gateway asks for: there as a whole, or not at all.
 */
import { rename, rm, stat } from 'node:fs/promises'
import { CommandError } from './command.ts'

/** Throws a CommandError where there is something of that name: nothing is written over. */
export async function mustBeNew(path: string): Promise<void> {
  if (await stat(path).catch(() => null)) throw new CommandError('REFUSED', `${path} is there already`)
}

/** What `write` makes has another name until it is done, and goes where that fails. `recursive`: it is a folder. */
export async function writtenWhole<T>(
  path: string,
  write: (part: string) => Promise<T>,
  { recursive = false } = {},
): Promise<T> {
  await mustBeNew(path)
  const part = `${path}.part`
  try {
    const done = await write(part)
    await rename(part, path)
    return done
  } catch (error) {
    await rm(part, { recursive, force: true })
    throw error
  }
}
